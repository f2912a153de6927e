"""Directives open to the public: one list on each site, those from above too, without copying; what holds no more."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from nguon.channels.site.searching import search
from nguon.journal.models import Entry
from nguon.people.models import Person, Role
from nguon.people.scope import Forbidden
from nguon.portal import office, papers, queries
from nguon.portal.errors import PortalError
from nguon.portal.models import Paper, Site
from nguon.portal.papers import Said
from nguon.review.models import State
from tests.app import district, sited
from tests.app.district import NOW
from tests.app.sited import Hands
from tests.app.siting import client_of

pytestmark = pytest.mark.django_db
STORM = "Công điện về việc chủ động ứng phó bão số 13"
DISTRICT = "UBND huyện Tuy Phước"


@pytest.fixture
def site() -> Site:
    district.stand()
    return sited.open_site(district.place("21982"), NOW)


@pytest.fixture
def other(site: Site) -> Site:
    return sited.open_site(district.place("21970"), NOW, slug="phuoc-son")


@pytest.fixture
def by(site: Site) -> Hands:
    return sited.hands(NOW)


@pytest.fixture
def above(site: Site) -> Person:
    """Who writes for the sites of the whole district."""
    made = Person.objects.create_user("web.huyen", full_name="Đỗ Thị Huyện")
    Role.objects.create(person=made, kind="web", place=Person.objects.get(username="bt.huyen").roles.get().place)
    return made


@pytest.fixture(autouse=True)
def _at_that_time() -> Iterator[None]:
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        yield


def storm(site: Site, by: Hands, **other: Any) -> Paper:
    made = sited.paper(site, by, STORM, date(2026, 11, 1), sign="05/CĐ-UBND", kind="directive", **other)
    Paper.objects.filter(pk=made.pk).update(issuer=DISTRICT)
    made.refresh_from_db()
    return made


def page(slug: str, query: str = "") -> str:
    answer = Client().get(f"/trang/{slug}/muc/van-ban/{query}")
    assert answer.status_code == 200, answer
    return answer.text


def test_a_directive_from_above_stands_on_each_chosen_site_without_copying(
    site: Site, other: Site, by: Hands, above: Person
) -> None:
    made = storm(site, by)
    assert "van-ban" not in [one.key for one in queries.filled(other)]
    assert STORM not in page("phuoc-son")
    papers.give(paper=made, sites=[other], actor=above, now=NOW)
    assert Paper.objects.count() == 1
    for slug in ("phuoc-thuan", "phuoc-son"):
        assert page(slug).count(STORM) == 1
        assert STORM in Client().get(f"/trang/{slug}/").text
        assert Client().get(f"/trang/{slug}/tai-lieu/{made.pk}").status_code == 200
    assert "van-ban" in [one.key for one in queries.filled(other)]
    assert search(other, "cong dien bao", NOW).papers == (made,)
    papers.withdraw(paper=made, why="Đã có công điện mới", actor=above, now=NOW)
    assert STORM not in page("phuoc-thuan") + page("phuoc-son")
    assert Client().get(f"/trang/phuoc-son/tai-lieu/{made.pk}").status_code == 404


def test_what_is_not_approved_stands_nowhere(site: Site, other: Site, by: Hands, above: Person) -> None:
    made = storm(site, by)
    papers.give(paper=made, sites=[other], actor=above, now=NOW)
    review = made.review
    assert review is not None
    review.state = State.SUBMITTED
    review.save()
    assert STORM not in page("phuoc-son")
    assert not office.given(other.sections.get(key="van-ban")).exists()


def test_who_has_a_say_on_one_site_neither_gives_to_another_nor_takes_down_there(
    site: Site, other: Site, by: Hands, above: Person
) -> None:
    made = storm(site, by)
    with pytest.raises(Forbidden):
        papers.give(paper=made, sites=[other], actor=by.author, now=NOW)
    papers.give(paper=made, sites=[other], actor=above, now=NOW)
    with pytest.raises(Forbidden):
        papers.give(paper=made, sites=[], actor=by.author, now=NOW)
    with pytest.raises(Forbidden):
        papers.withdraw(paper=made, why="Nhầm", actor=by.author, now=NOW)
    entry = Entry.objects.get(verb="portal.paper-give")
    assert (entry.before, entry.after) == ({"sites": []}, {"sites": ["phuoc-son"]})


def test_by_the_page(site: Site, other: Site, by: Hands, above: Person) -> None:
    made = storm(site, by)
    address = reverse("portal:paper-give", args=[made.pk])
    assert address in client_of(above).get(reverse("portal:paper", args=[made.pk])).text
    assert client_of(above).post(address, {"sites": [str(site.pk)]}).status_code == 302
    assert not made.sites.exists(), "it is no other site"
    client_of(above).post(address, {"sites": [str(other.pk)]})
    assert list(made.sites.all()) == [other]
    theirs = client_of(Person.objects.get(username="bt.phuocson"))
    assert STORM in theirs.get(reverse("portal:section", args=[other.sections.get(key="van-ban").pk])).text
    assert theirs.post(address, {"sites": []}).status_code == 404
    assert address not in client_of(by.author).get(reverse("portal:paper", args=[made.pk])).text


def test_the_list_is_filtered_by_year_issuer_and_kind(site: Site, by: Hands) -> None:
    storm(site, by)
    sited.paper(site, by, "Thông báo kết luận giao ban", date(2025, 10, 9), sign="98/TB-UBND", kind="directive")
    sited.paper(site, by, "Quy định về quản lý đê", date(2025, 3, 9), sign="7/2025/QĐ-UBND", kind="law")

    def found(query: str) -> list[str]:
        text = page("phuoc-thuan", query)
        return [sign for sign in ("05/CĐ-UBND", "98/TB-UBND", "7/2025/QĐ-UBND") if f"<td>{sign}</td>" in text]

    assert found("") == ["05/CĐ-UBND", "98/TB-UBND", "7/2025/QĐ-UBND"]
    assert found(f"?noi={DISTRICT}") == ["05/CĐ-UBND"]
    assert found("?nam=2025&loai=directive") == ["98/TB-UBND"]
    assert found("?loai=law&tim=de") == ["7/2025/QĐ-UBND"]
    assert found("?noi=khong-co") == []
    assert found("?loai=%00") == ["05/CĐ-UBND", "98/TB-UBND", "7/2025/QĐ-UBND"]


def test_what_was_replaced_leads_to_what_holds_now_and_what_ran_out_says_so(
    site: Site, other: Site, by: Hands, above: Person
) -> None:
    old = storm(site, by)
    newer = sited.paper(site, by, "Công điện số 2", date(2026, 11, 2), sign="06/CĐ-UBND", replaces=old)
    text = page("phuoc-thuan")
    assert "Đã được thay bằng" in text
    assert text.count(f"/tai-lieu/{newer.pk}") == 2
    papers.give(paper=old, sites=[other], actor=above, now=NOW)
    assert "Đã được thay bằng" not in page("phuoc-son"), "the newer one is not there"
    Paper.objects.filter(pk=newer.pk).update(valid_to=NOW.date() - timedelta(days=1))
    assert "Đã hết hiệu lực" in page("phuoc-thuan")
    Paper.objects.filter(pk=newer.pk).update(valid_to=NOW.date() + timedelta(days=9))
    assert "Có hiệu lực đến hết ngày" in page("phuoc-thuan")


def test_what_does_not_fit_is_refused(site: Site, other: Site, by: Hands, above: Person) -> None:
    section, url = site.sections.get(key="van-ban"), "https://a.example/1.pdf"
    elsewhere = storm(other, by)
    day = date(2026, 11, 1)
    for wrong in (
        {"issued_on": day, "valid_to": day - timedelta(days=1)},
        {"replaces": elsewhere},
    ):
        with pytest.raises(PortalError):
            papers.add(section=section, said=Said(title="Kế hoạch", url=url, **wrong), actor=above, now=NOW)


def test_the_form_keeps_all_that_is_said(site: Site, by: Hands) -> None:
    old = storm(site, by)
    given = {"title": "Công điện số 2", "sign": "06/CĐ-UBND", "issuer": DISTRICT, "kind": "directive"}
    given |= {"issued_on": "2026-11-02", "valid_to": "2026-12-31", "url": "https://a.example/2.pdf"}
    address = reverse("portal:paper-add", args=[site.sections.get(key="van-ban").pk])
    answer = client_of(by.author).post(address, given | {"replaces": str(old.pk)})
    assert answer.status_code == 302, answer.text
    made = Paper.objects.get(sign="06/CĐ-UBND")
    assert (made.replaces, made.kind, made.valid_to) == (old, "directive", date(2026, 12, 31))
