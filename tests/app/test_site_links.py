"""Links of a site that lead nowhere: looked for at night, told to the owner alone."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from nguon.channels.site import concerns
from nguon.channels.site.broken import looking, queries
from nguon.channels.site.broken.gathering import anchors, links
from nguon.channels.site.models import Broken, Look
from nguon.kit.clock import LOCAL
from nguon.outside.addresses import Fault
from nguon.outside.fetching import Answer, FetchFailed, Limits
from nguon.portal import markup
from nguon.portal.models import Site
from tests.app import desk as desks
from tests.app import onsite, siting
from tests.app.desk import Desk
from tests.app.postings import as_

pytestmark = pytest.mark.django_db
BASE = "https://nguon.example"
TEXT = (
    "Xem [bài cũ](https://nguon.example/trang/phuoc-thuan/tin/khong-co), "
    "[bài đang đăng](https://nguon.example/trang/phuoc-thuan/tin/cat-dien#dau), "
    "[văn bản cấp trên](https://mat.example/a.pdf) và [thư](mailto:a@b.vn)."
)
Asked = dict[str, Fault | str | None]


@pytest.fixture
def desk(settings: Settings) -> Desk:
    settings.NGUON_PUBLIC_URL = BASE
    return desks.make_desk()


@pytest.fixture
def site(desk: Desk) -> Site:
    site = onsite.site(desk.here, desk.now)
    onsite.posted(desk, site, slug="cat-dien")
    site.sections.create(key="gioi-thieu", kind="page", title="Giới thiệu", number=1)
    web = desks.person("web", "Đỗ Biên Tập", desk.here, "web")
    edition = siting.written(site, web, desk, TEXT)
    siting.approve(edition.review, desk)
    return site


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """What other servers answer: a fault, the status they refuse with, or None if all is well."""
    said: Asked = {}

    def answer(address: str, limits: Limits) -> Answer:
        fault = said.get(address)
        if fault is None:
            return Answer(b"x", address)
        raise FetchFailed(fault) if isinstance(fault, Fault) else FetchFailed(Fault.STATUS, fault)

    monkeypatch.setattr(looking, "get", answer)
    return said


def look(site: Site, now: datetime) -> list[str]:
    """The addresses that the owner is told of after a look."""
    looking.look(site=site, base=BASE, now=now)
    return [one.address for one in queries.told(site)]


def test_the_links_of_a_page_are_read_as_people_see_them() -> None:
    page = markup.html("[**Cổng** dịch vụ](https://a.example/?x=1&y=2) [](https://b.example)")
    assert anchors(page) == [("https://a.example/?x=1&y=2", "Cổng dịch vụ"), ("https://b.example", "")]


def test_an_own_link_to_nowhere_is_told_at_once_and_goes_when_it_is_mended(
    site: Site, desk: Desk, outside: Asked
) -> None:
    assert look(site, desk.now) == ["https://nguon.example/trang/phuoc-thuan/tin/khong-co"]
    row = Broken.objects.get()
    assert (row.where, row.words, row.fault, row.foreign) == ("Giới thiệu", "bài cũ", "missing", False)
    assert row.mend == reverse("portal:section", args=[site.sections.get().pk])
    onsite.posted(desk, site, desk.approved(), slug="khong-co")
    assert look(site, desk.now) == []
    assert Look.objects.get().links == 3


def test_what_was_taken_down_is_said_so(site: Site, desk: Desk, outside: Asked) -> None:
    site.postings.update(withdrawn_at=desk.now, seen_at=desk.now)
    look(site, desk.now)
    assert set(Broken.objects.values_list("fault", flat=True)) == {"missing", "gone"}


def test_another_server_is_told_of_only_when_it_fails_on_two_days(site: Site, desk: Desk, outside: Asked) -> None:
    there = "https://mat.example/a.pdf"
    outside[there] = Fault.NAME
    assert there not in look(site, desk.now)
    assert there not in look(site, desk.now), "twice on one day is one day"
    assert there in look(site, desk.now + timedelta(days=1))
    outside[there] = None
    assert there not in look(site, desk.now + timedelta(days=2))
    outside[there] = Fault.LATE
    assert there not in look(site, desk.now + timedelta(days=3)), "it is counted anew"


@pytest.mark.parametrize(
    ("answer", "told"), [("404", True), ("500", True), ("403", False), ("429", False), (Fault.LARGE, False)]
)
def test_what_refuses_programs_or_sends_much_is_there(
    site: Site, desk: Desk, outside: Asked, answer: Fault | str, told: bool
) -> None:
    outside["https://mat.example/a.pdf"] = answer
    looking.look(site=site, base=BASE, now=desk.now)
    assert Broken.objects.filter(foreign=True).exists() is told


def test_papers_articles_and_the_menu_are_looked_at_too(site: Site, desk: Desk) -> None:
    site.sections.create(key="cong", kind="link", title="Cổng dịch vụ", target="https://cong.example", number=2)
    site.sections.create(key="van-ban", kind="papers", title="Văn bản", number=3)
    review = site.postings.get().review
    site.sections.get(key="van-ban").papers.create(
        title="Kế hoạch",
        url="https://vb.example",
        folded="",
        digest="d",
        review=review,
        created_by=desk.editor,
        created_at=desk.now,
    )
    found = {one.address: one.source.partition(":")[0] for one in links(site, desk.now)}
    assert found["https://cong.example"] == "menu"
    assert found["https://vb.example"] == "paper"


def test_it_is_done_at_night_once_a_site(site: Site, desk: Desk, outside: Asked) -> None:
    night = datetime(2026, 11, 27, 2, 0, tzinfo=LOCAL)
    Site.objects.update(opened_at=night - timedelta(days=1))
    assert looking.turn(night.replace(hour=14), BASE) == 0
    assert looking.turn(night, BASE) == 1
    assert looking.turn(night + timedelta(minutes=5), BASE) == 0
    assert looking.turn(night + timedelta(days=1), BASE) == 1


def test_the_owner_sees_which_and_nobody_else(site: Site, desk: Desk, outside: Asked) -> None:
    page, owner = reverse("site-office:broken", args=[site.pk]), as_(desk.editor)
    assert "Chưa thử lần nào" in owner.get(page).text
    look(site, desk.now)
    shown = owner.get(page).text
    assert "bài cũ" in shown
    assert "Trên trang không có địa chỉ này." in shown
    assert page in owner.get(reverse("portal:site", args=[site.pk])).text
    (concern,) = concerns.of(desk.editor, desk.now)
    assert concern.url == page
    other = desks.person("ke", "Hàng Xóm", desk.there, "editor", "web", "admin")
    assert as_(other).get(page).status_code == 404
    assert list(concerns.of(other, desk.now)) == []
    assert "không có địa chỉ này" not in Client().get("/trang/phuoc-thuan/muc/gioi-thieu/").text
    Broken.objects.all().delete()
    assert "Liên kết nào cũng mở được" in owner.get(page).text
