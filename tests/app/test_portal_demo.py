"""The websites of the demonstration: one for each commune, with something to read and something to do."""

import pytest
from django.test import Client

from nguon.config import reform
from nguon.config.demo import sites
from nguon.config.demo.load import ACTOR, facts, paper
from nguon.journal.queries import verify
from nguon.kit.clock import local_day
from nguon.people.models import Person
from nguon.portal import documents, editions, office, queries
from nguon.portal.events import actions as writing
from nguon.portal.events import queries as events
from nguon.portal.events.actions import Plan
from nguon.portal.models import EventWording, Paper, Section, Site
from nguon.portal.rules import Fill
from nguon.portal.seeds import rows
from nguon.review.models import State
from tests.app import district
from tests.app.district import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _made() -> None:
    district.stand()
    sites.make(now=NOW)


def test_each_commune_has_an_open_site_with_every_section() -> None:
    communes = {district.place(row["codes"]["gso"]).pk for row in facts()["communes"]}
    assert set(Site.objects.filter(opened_at__lte=NOW).values_list("place", flat=True)) == communes
    assert len(communes) == 13
    assert Section.objects.count() == 13 * len(rows())
    assert len(set(Site.objects.values_list("colour", flat=True))) == 6
    assert all("000 0" in phone for phone in Site.objects.values_list("phone", flat=True)), "nobody's number"


def test_what_stands_there_is_for_everybody_and_looks_different() -> None:
    for site in Site.objects.all():
        page = Client().get(f"/trang/{site.slug}/")
        assert page.status_code == 200
        assert f"look-{site.colour}" in page.text
        assert site.responsible in page.text


def test_some_is_there_some_is_empty_and_one_is_overdue_on_purpose() -> None:
    found = office.standings(office.seen(Person.objects.get(username="bt.huyen")), NOW)
    assert len(found) == 13
    overdue = [(one.site.slug, row.section.key) for one in found for row in one.rows if row.fill == Fill.OVERDUE]
    assert overdue == [("phuoc-thuan", "lich-tiep-cong-dan")]
    assert all(one.empty for one in found)
    written = {row.section.key for one in found for row in one.rows if row.newest}
    assert {"gioi-thieu", "tro-nang", "van-ban"} <= written


def test_its_papers_are_documents_and_approved_by_another() -> None:
    papers = Paper.objects.select_related("file", "review")
    states = [one.review.state for one in papers if one.review]
    assert (states.count(State.APPROVED), states.count(State.SUBMITTED)) == (7, 1)
    assert sorted(one.sites.count() for one in papers)[-2:] == [0, 12], "one of the district stands on all sites"
    for one in papers:
        assert one.file is not None
        assert documents.ENDINGS[one.file.mime] == "odt"
        assert one.review is not None
        assert one.review.decided_by_id != one.created_by_id
    assert verify().sound


def test_there_are_events_to_come_one_of_them_cancelled_and_one_that_waits() -> None:
    sites_of = {one.slug: list(events.coming(one, local_day(NOW))) for one in Site.objects.all()}
    assert sum(map(bool, sites_of.values())) >= 3
    assert [one.title for one in sites_of["dieu-tri"] if one.event.cancelled_at] == ["Giải bóng chuyền các khu phố"]
    assert {slug for slug, found in sites_of.items() if "Phiên chợ" in str(found)} == {
        "phuoc-thuan",
        "phuoc-son",
        "dieu-tri",
    }
    waiting = EventWording.objects.filter(review__state=State.SUBMITTED)
    assert [one.title for one in waiting] == ["Hội nghị đối thoại giữa Chủ tịch UBND xã và nhân dân"]


def test_there_is_a_consultation_that_people_answer() -> None:
    page = Client().get("/trang/phuoc-thuan/y-kien/gop-y-du-thao-quy-uoc-thon-van-hoa").text
    assert "5 người đã trả lời" in page
    assert "Đọc dự thảo: du-thao.odt" in page


def test_no_basis_is_said_to_be_read_that_was_not() -> None:
    assert not Section.objects.filter(verified=True).exists()
    assert Section.objects.exclude(basis="").count() == 13 * sum(bool(row.get("basis")) for row in rows())


def test_after_the_reform_whoever_answers_for_a_commune_looks_after_its_site() -> None:
    reform.carry_out(paper=paper(), actor=ACTOR, now=NOW)
    editor = Person.objects.get(username="bt.phuocthuan")
    slugs = set(queries.sites(editor).values_list("slug", flat=True))
    assert slugs == {"thi-tran-tuy-phuoc", "dieu-tri", "phuoc-loc", "phuoc-nghia", "phuoc-thuan"}
    page = Section.objects.get(site__slug="dieu-tri", key="lich-tiep-cong-dan")
    assert editions.write(section=page, body="Thứ Ba hằng tuần", seen=0, actor=editor, now=NOW).number == 1
    assert Client().get("/trang/dieu-tri/").status_code == 200
    day = local_day(NOW)
    plan = Plan(title="Đêm hội trăng rằm", where="Sân vận động", first=day, last=day)
    both = list(Site.objects.filter(slug__in=("dieu-tri", "phuoc-thuan")))
    event = writing.write(plan=plan, sites=both, actor=editor, now=NOW)
    assert event.review is not None
    assert str(event.review.place) == "xã Tuy Phước", "what both became"
