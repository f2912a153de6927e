"""A site that is closed: its addresses lead on to the one in its place, or say in words that it is closed."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from nguon.journal.models import Entry
from nguon.portal import actions, leading
from nguon.portal.errors import PortalError
from nguon.portal.models import Site
from tests.app import desk as desks
from tests.app import onsite
from tests.app.desk import Desk
from tests.app.postings import as_
from tests.app.siting import ABOUT

pytestmark = pytest.mark.django_db
OLD, NEW = "/trang/phuoc-thuan/", "/trang/tuy-phuoc/"
SERVER = "http://testserver"


@pytest.fixture
def desk() -> Desk:
    return desks.make_desk()


@pytest.fixture
def old(desk: Desk) -> Site:
    """The site of the commune, with an article."""
    site = onsite.site(desk.here, desk.now)
    onsite.posted(desk, site, slug="cat-dien")
    return site


@pytest.fixture
def new(desk: Desk, old: Site) -> Site:
    """The site of the district, which has the same article under another path, and one of the same name that is not."""
    site = onsite.site(desk.root, desk.now, slug="tuy-phuoc", name="Trang huyện Tuy Phước")
    bulletin = old.postings.get().bulletin
    both = desks.person("ca", "Cả Huyện", desk.root, "editor")
    moved = onsite.posted(Desk(**{**vars(desk), "editor": both}), site, bulletin, slug="cat-dien-dien-rong")
    assert moved.bulletin == bulletin
    return site


def close(site: Site, desk: Desk, successor: Site | None = None) -> None:
    actions.close_site(site=site, successor=successor, actor="test", now=desk.now)


def leads(path: str, **how: str) -> tuple[int, str]:
    answer = Client(headers=how).get(path)
    return answer.status_code, answer.headers.get("Location", "")


def test_old_addresses_lead_to_the_same_thing_on_the_site_in_its_place(old: Site, new: Site, desk: Desk) -> None:
    new.sections.create(key="gioi-thieu", kind="link", title="Giới thiệu", target="https://a.example")
    close(old, desk, new)
    expected = {
        "": "",
        "tin/cat-dien": "tin/cat-dien-dien-rong",
        "tin/cat-dien/nghe": "tin/cat-dien-dien-rong/nghe",
        "tin/khong-co": "",
        "muc/gioi-thieu/": "muc/gioi-thieu/",
        "muc/khong-co/": "",
        "lich-phat-thanh/": "lich-phat-thanh/",
        "tin-moi.rss": "tin-moi.rss",
        "phan-anh/tai/ABC?x=1": "phan-anh/tai/ABC?x=1",
        "khong/co/gi": "",
    }
    found = {path: leads(OLD + path) for path in expected}
    assert found == {path: (301, f"{SERVER}{NEW}{to}") for path, to in expected.items()}
    assert leads("/trang/phuoc-thuan") == (301, f"{SERVER}{NEW}")
    assert Client().get(OLD).headers["Cache-Control"] == "max-age=3600"
    assert "Content-Security-Policy" in Client().get(OLD).headers


def test_a_form_that_was_open_is_sent_on_with_what_was_written(old: Site, new: Site, desk: Desk) -> None:
    close(old, desk, new)
    answer = Client(enforce_csrf_checks=True).post(f"{OLD}phan-anh/gui", {"words": "Đèn hỏng"})
    assert (answer.status_code, answer.headers["Location"]) == (308, f"{SERVER}{NEW}phan-anh/gui")


def test_names_of_their_own_lead_to_each_other(old: Site, new: Site, desk: Desk) -> None:
    Site.objects.filter(pk=old.pk).update(host="thuan.example")
    Site.objects.filter(pk=new.pk).update(host="phuoc.example")
    cache.clear()
    new.refresh_from_db()
    close(old, desk, new)
    assert leads("/tin/cat-dien", host="thuan.example") == (301, "http://phuoc.example/tin/cat-dien-dien-rong")
    assert leads(f"{OLD}tin/cat-dien") == (301, "http://phuoc.example/tin/cat-dien-dien-rong")
    assert Client(headers={"host": "thuan.example"}).get("/static/ui/public.css").status_code == 200


def test_without_another_it_says_that_it_is_closed_and_where_the_nearest_is(
    old: Site, new: Site, desk: Desk, settings: Settings
) -> None:
    close(old, desk)
    answer = Client().get(f"{OLD}tin/cat-dien")
    assert answer.status_code == 410
    assert "Trang này đã đóng" in answer.text
    assert "Trang huyện Tuy Phước" in answer.text
    assert f'href="{SERVER}{NEW}"' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    Site.objects.filter(pk=new.pk).update(opened_at=None)
    answer = Client().get(OLD)
    assert answer.status_code == 410
    assert "liên hệ Ủy ban nhân dân" in answer.text


def test_the_code_on_a_pole_and_the_warning_in_force_work_all_the_same(old: Site, desk: Desk) -> None:
    Site.objects.update(host="thuan.example")
    cache.clear()
    close(old, desk)
    assert leads(f"{OLD}phan-anh/tai/ABC") == (301, f"{SERVER}/phan-anh/tai/ABC")
    own = Client(headers={"host": "thuan.example"})
    assert own.get("/phan-anh/").status_code == 200
    assert own.get("/canh-bao-hien-co/").status_code == 200
    assert own.get("/tin/cat-dien").status_code == 410
    assert own.get("/ban-tin/").status_code == 410


def test_one_in_the_place_of_another_and_none_in_a_circle(old: Site, new: Site, desk: Desk) -> None:
    third = onsite.site(desk.there, desk.now, slug="phuoc-son")
    close(old, desk, new)
    close(new, desk, third)
    assert leads(OLD) == (301, f"{SERVER}/trang/phuoc-son/")
    Site.objects.filter(pk=third.pk).update(opened_at=None, closed_at=desk.now, successor=new)
    assert leads(OLD)[0] == 410
    old.refresh_from_db()
    assert leading.successor(old) is None


def test_what_takes_its_place_is_another_that_is_open(old: Site, new: Site, desk: Desk) -> None:
    with pytest.raises(PortalError, match="một trang khác đang mở"):
        close(old, desk, old)
    Site.objects.filter(pk=new.pk).update(opened_at=desk.now + timedelta(days=1))
    new.refresh_from_db()
    with pytest.raises(PortalError, match="một trang khác đang mở"):
        close(old, desk, new)
    Site.objects.filter(pk=new.pk).update(opened_at=None)
    new.refresh_from_db()
    with pytest.raises(PortalError, match="chưa từng mở"):
        close(new, desk)


def test_the_owner_closes_names_another_and_opens_again(old: Site, new: Site, desk: Desk) -> None:
    web = as_(desks.person("web", "Đỗ Biên Tập", desk.here, "web"))
    page, there = reverse("portal:site", args=[old.pk]), reverse("portal:close", args=[old.pk])
    assert there in web.get(page).text
    assert "Trang huyện Tuy Phước" in web.get(there).text
    refused = web.post(there, {"successor": str(old.pk)})
    assert refused.status_code == 422
    assert "Hãy chọn trang khác" in refused.text
    assert web.post(there, {}).status_code == 302
    assert "được báo là trang đã đóng" in web.get(page).text
    web.post(there, {"successor": str(new.pk)})
    assert leads(OLD) == (301, f"{SERVER}{NEW}")
    assert "Trang huyện Tuy Phước" in web.get(page).text
    verbs = list(Entry.objects.filter(subject__startswith="portal.site").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["portal.close", "portal.lead-on"]
    actions.describe(site=old, about=ABOUT, actor="test", now=desk.now)
    web.post(reverse("portal:open", args=[old.pk]))
    assert Client().get(OLD).status_code == 200
    old.refresh_from_db()
    assert (old.closed_at, old.successor) == (None, None)


def test_nobody_else_closes_it(old: Site, new: Site, desk: Desk) -> None:
    other = as_(desks.person("ke", "Hàng Xóm", desk.there, "web", "editor"))
    there = reverse("portal:close", args=[old.pk])
    assert other.get(there).status_code == 404
    assert other.post(there, {}).status_code == 404
    old.refresh_from_db()
    assert old.opened_at is not None


def test_one_that_was_never_open_is_not_there(old: Site, desk: Desk) -> None:
    Site.objects.update(opened_at=None, closed_at=None)
    assert leads(OLD)[0] in (302, 404)
