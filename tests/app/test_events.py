"""Events of a site: written by one, approved by another, changed, cancelled, taken down; never lost on the way."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nguon.journal.queries import verify
from nguon.people.models import Person
from nguon.people.scope import Forbidden
from nguon.portal import actions as sites
from nguon.portal import concerns
from nguon.portal.errors import Conflict, PortalError
from nguon.portal.events import actions, queries
from nguon.portal.models import Event, EventWording, Site
from nguon.review import actions as reviews
from nguon.review import queries as waiting
from nguon.review.models import Review
from tests.app import desk as desks
from tests.app.desk import Desk
from tests.app.happening import plan, standing, written
from tests.app.siting import ABOUT, approve, client_of
from tests.app.webdesk import desk, site, web

__all__ = ["desk", "site", "web"]
pytestmark = pytest.mark.django_db
LIST = "/trang/phuoc-thuan/su-kien/"


@pytest.fixture
def opened(site: Site, desk: Desk) -> Site:
    sites.describe(site=site, about=ABOUT, actor="test", now=desk.now)
    return sites.open_site(site=site, actor="test", now=desk.now)


def pages(site: Site) -> set[str]:
    return set(queries.public(site).values_list("title", flat=True))


def test_an_event_is_public_when_another_approved_it(opened: Site, desk: Desk, web: Person) -> None:
    made = written(desk, opened, web)
    address = f"/trang/phuoc-thuan/su-kien/{made.event.slug}"
    assert made.event.slug == "kham-benh-cho-nguoi-cao-tuoi"
    assert Client().get(address).status_code == 404
    assert "Hiện chưa có sự kiện nào" in Client().get(LIST).text
    assert waiting.waiting(desk.approver).get().title == "Sự kiện: Khám bệnh cho người cao tuổi"
    with pytest.raises(Forbidden):
        approve(made.review, desk, by=web)
    approve(made.review, desk)
    assert "Khám bệnh cho người cao tuổi" in Client().get(LIST).text
    assert "Trạm Y tế xã" in Client().get(address).text
    assert verify().sound


def test_who_wrote_it_does_not_approve_it(opened: Site, desk: Desk) -> None:
    made = written(desk, opened, desk.both)
    with pytest.raises(reviews.NotTheirs):
        approve(made.review, desk, by=desk.both)


def test_what_is_wrong_is_told_and_nothing_is_kept(opened: Site, desk: Desk, web: Person) -> None:
    day = plan(desk).first
    for wrong in (
        {"title": " "},
        {"where": ""},
        {"last": day - timedelta(days=1)},
        {"first": day - timedelta(days=9), "last": day - timedelta(days=8)},
        {"begins": time(8), "ends": time(7)},
        {"ends": time(7)},
        {"title": "TỐI MẬT: diễn tập"},
    ):
        with pytest.raises(PortalError):
            written(desk, opened, web, **wrong)
    with pytest.raises(PortalError):
        actions.write(plan=plan(desk), sites=[], actor=web, now=desk.now)
    assert not Event.objects.exists()


def test_a_change_waits_for_approval_while_the_old_words_stand(opened: Site, desk: Desk, web: Person) -> None:
    first = standing(desk, opened, web)
    event, later = first.event, plan(desk, where="Nhà văn hóa thôn Quảng Vân")
    second = actions.write(plan=later, sites=[opened], actor=web, now=desk.now, event=event, seen=1)
    address = f"/trang/phuoc-thuan/su-kien/{event.slug}"
    assert "Trạm Y tế xã" in Client().get(address).text
    with pytest.raises(Conflict):
        actions.write(plan=later, sites=[opened], actor=desk.editor, now=desk.now, event=event, seen=1)
    assert second.review is not None
    shown = client_of(desk.approver).get(reverse("review:detail", args=[second.review.pk])).text
    assert "Trạm Y tế xã" in shown, "what it was before"
    approve(second.review, desk)
    page = Client().get(address).text
    assert "Nhà văn hóa thôn Quảng Vân" in page
    assert "Sửa lúc" in page
    with pytest.raises(PortalError, match="Chưa đổi gì"):
        actions.write(plan=later, sites=[opened], actor=web, now=desk.now, event=event, seen=2)


def test_a_cancelled_event_says_so_and_changes_no_more(opened: Site, desk: Desk, web: Person) -> None:
    event = standing(desk, opened, web).event
    with pytest.raises(PortalError, match="vì sao"):
        actions.cancel(event=event, why=" ", actor=web, now=desk.now)
    actions.cancel(event=event, why="Bác sĩ bận: lý do riêng", actor=web, now=desk.now)
    page = Client().get(f"/trang/phuoc-thuan/su-kien/{event.slug}").text
    assert "Sự kiện này đã hủy." in page
    assert "EventCancelled" in page
    assert "lý do riêng" not in page, "nobody approved those words"
    assert "Đã hủy" in Client().get(LIST).text
    with pytest.raises(PortalError, match="đã hủy"):
        actions.write(plan=plan(desk, where="Nơi khác"), sites=[opened], actor=web, now=desk.now, event=event, seen=1)
    actions.withdraw(event=event, why="Đăng nhầm", actor=web, now=desk.now)
    assert Client().get(f"/trang/phuoc-thuan/su-kien/{event.slug}").status_code == 404


def test_what_nobody_saw_is_only_taken_back(opened: Site, desk: Desk, web: Person) -> None:
    made = written(desk, opened, web)
    actions.cancel(event=made.event, why="Soạn nhầm", actor=web, now=desk.now)
    assert not pages(opened)
    assert not waiting.waiting(desk.approver).exists()
    assert Event.objects.get().cancelled_at is None


def test_what_was_cancelled_meanwhile_is_not_approved(opened: Site, desk: Desk, web: Person) -> None:
    made = written(desk, opened, web)
    Event.objects.update(withdrawn_at=desk.now)
    with pytest.raises(reviews.Changed):
        approve(made.review, desk)


def test_an_event_of_several_communes_is_approved_above_them(opened: Site, desk: Desk) -> None:
    other = sites.create_site(place=desk.there, slug="phuoc-son", name="Trang Phước Sơn", actor="test", now=desk.now)
    writer = desks.person("huyen", "Hà Huyện", desk.root, "web")
    leader = desks.person("pho", "Phúc Huyện", desk.root, "approver")
    made = actions.write(plan=plan(desk), sites=[opened, other], actor=writer, now=desk.now)
    assert made.review is not None
    assert made.review.place == desk.root
    with pytest.raises(Forbidden):
        approve(made.review, desk)
    approve(made.review, desk, by=leader)
    assert pages(opened) == pages(other) == {"Khám bệnh cho người cao tuổi"}
    with pytest.raises(Forbidden):
        actions.cancel(event=made.event, why="Không phải của mình", actor=desk.both, now=desk.now)
    mine = client_of(desk.both)
    assert mine.get(reverse("portal:events:detail", args=[made.event_id])).status_code == 200
    assert mine.get(reverse("portal:events:edit", args=[made.event_id])).status_code == 404


def test_the_writer_hears_that_it_came_back(opened: Site, desk: Desk, web: Person) -> None:
    made = written(desk, opened, web)
    assert made.review is not None
    reviews.return_(review=made.review, reason="Ghi rõ giờ", actor=desk.approver, now=desk.now)
    assert [one.why for one in concerns.of(web, desk.now) if "Khám bệnh" in one.title] == ["Ghi rõ giờ"]
    page = client_of(web).get(reverse("portal:events:detail", args=[made.event_id])).text
    assert "Ghi rõ giờ" in page
    actions.write(plan=plan(desk, begins=time(8)), sites=[opened], actor=web, now=desk.now, event=made.event, seen=1)
    assert not [one for one in concerns.of(web, desk.now) if "Khám bệnh" in one.title]


# In the office


def filled(desk: Desk, site: Site, **other: Any) -> dict[str, Any]:
    day = plan(desk).first.isoformat()
    return {"title": "Hội nghị", "where": "Hội trường", "first": day, "sites": [site.pk], "seen": 0, **other}


def test_an_officer_writes_it_and_nothing_typed_is_lost(opened: Site, desk: Desk, web: Person) -> None:
    client = client_of(web)
    page = client.get(reverse("portal:events:new"))
    assert page.status_code == 200
    given = filled(desk, opened, begins="09:00", ends="08:00", body="Mang theo sổ khám bệnh")
    refused = client.post(reverse("portal:events:new"), given)
    assert refused.status_code == 422
    assert "Giờ kết thúc phải sau giờ bắt đầu" in refused.text
    assert "Mang theo sổ khám bệnh" in refused.text
    sent = client.post(reverse("portal:events:new"), given | {"ends": "10:00"}, follow=True)
    assert "Đã lưu và gửi duyệt" in sent.text
    made = EventWording.objects.get()
    assert (made.begins, made.ends, made.last) == (time(9), time(10), made.first)
    assert "Hội nghị" in client.get(reverse("portal:events:list")).text
    edited = client.get(reverse("portal:events:edit", args=[made.event_id])).text
    assert f'value="{made.first.isoformat()}"' in edited
    assert 'value="09:00"' in edited


def test_nobody_puts_it_on_a_site_of_others(opened: Site, desk: Desk, web: Person) -> None:
    other = sites.create_site(place=desk.there, slug="phuoc-son", name="Trang Phước Sơn", actor="test", now=desk.now)
    refused = client_of(web).post(reverse("portal:events:new"), filled(desk, other))
    assert refused.status_code == 422
    with pytest.raises(Forbidden):
        actions.write(plan=plan(desk), sites=[opened, other], actor=web, now=desk.now)
    assert not Review.objects.exists()


def test_it_is_cancelled_and_taken_down_from_its_page(opened: Site, desk: Desk, web: Person) -> None:
    event, client = standing(desk, opened, web).event, client_of(web)
    here = reverse("portal:events:detail", args=[event.pk])
    assert "Hủy sự kiện" in client.get(here).text
    assert f"/trang/phuoc-thuan/su-kien/{event.slug}" in client.get(here).text
    again = client.post(reverse("portal:events:cancel", args=[event.pk]), {"why": ""}, follow=True)
    assert "Hãy ghi vì sao hủy sự kiện." in again.text
    done = client.post(reverse("portal:events:cancel", args=[event.pk]), {"why": "Bão"}, follow=True)
    assert "Trên trang ghi rõ là đã hủy" in done.text
    assert client.get(reverse("portal:events:edit", args=[event.pk])).status_code == 404
    gone = client.post(reverse("portal:events:withdraw", args=[event.pk]), {"why": "Nhầm"}, follow=True)
    assert "Dân không thấy nữa" in gone.text
    assert "Đã rút" in gone.text
