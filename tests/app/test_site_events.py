"""Events for everybody: by month, on the front page, in calendars, for search engines, found by words."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import icalendar
import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from nguon.kit import clock
from nguon.portal.events import actions, words
from nguon.portal.models import EventWording, Site
from tests.app import desk as desks
from tests.app import onsite
from tests.app.desk import Desk
from tests.app.happening import plan, standing, written
from tests.app.siting import approve

pytestmark = pytest.mark.django_db
AT = "/trang/phuoc-thuan"
ROOT = f"https://nguon.example{AT}"


@pytest.fixture
def desk(settings: Settings) -> Desk:
    settings.NGUON_PUBLIC_URL = "https://nguon.example"
    return desks.make_desk()


@pytest.fixture
def site(desk: Desk) -> Site:
    return onsite.site(desk.here, desk.now)


def read(path: str) -> str:
    cache.clear()
    answer = Client().get(f"{AT}/{path}")
    assert answer.status_code == 200, path
    return answer.text


def events(path: str = "su-kien.ics") -> list[Any]:
    cache.clear()
    answer = Client().get(f"{AT}/{path}")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    made = icalendar.Calendar.from_ical(answer.content)
    assert made.errors == []
    return [one for one in made.walk("VEVENT") if one.errors == []]


def test_the_front_page_has_the_next_three_and_nothing_without_any(desk: Desk, site: Site) -> None:
    assert "Sự kiện sắp tới" not in read("")
    for number in (5, 4, 3, 2):
        standing(desk, site, desk.editor, number, title=f"Hội nghị số {number}")
    standing(desk, site, desk.editor, 0, title="Hôm nay còn")
    page = read("")
    assert "Sự kiện sắp tới" in page
    found = [page.find(words) for words in ("Hôm nay còn", "Hội nghị số 2", "Hội nghị số 3")]
    assert -1 not in found
    assert found == sorted(found)
    assert "Hội nghị số 4" not in page


def test_what_is_over_stands_under_its_own_link(desk: Desk, site: Site) -> None:
    made = standing(desk, site, desk.editor, 0, title="Họp dân thôn Lộc Hạ")
    assert "Sự kiện đã qua" not in read("su-kien/")
    assert "Chưa có sự kiện nào đã qua" in read("su-kien/da-qua/")
    over = made.first - timedelta(days=40)
    EventWording.objects.update(first=over, last=over)
    page = read("su-kien/")
    assert "Họp dân" not in page
    assert f'href="{AT}/su-kien/da-qua/"' in page
    past = read("su-kien/da-qua/")
    assert "Họp dân" in past
    assert f"Tháng {over.month}/{over.year}" in past
    assert "Sự kiện này đã qua." in read(f"su-kien/{made.event.slug}")


def test_what_goes_on_stands_under_today(desk: Desk, site: Site) -> None:
    made = standing(desk, site, desk.editor, 0, title="Triển lãm ảnh")
    today = clock.local_day(desk.now)
    EventWording.objects.update(first=today - timedelta(days=70), last=today + timedelta(days=2))
    assert f"Tháng {today.month}/{today.year}" in read("su-kien/")
    made.refresh_from_db()
    assert "Từ " in words.when(made)


@pytest.mark.parametrize(
    ("days", "begins", "ends", "said"),
    [
        (0, None, None, "Thứ Bảy, 05/12/2026, cả ngày"),
        (0, time(7, 30), None, "Thứ Bảy, 05/12/2026, từ 07:30"),
        (0, time(7, 30), time(11), "Thứ Bảy, 05/12/2026, 07:30 – 11:00"),
        (1, None, None, "Từ thứ Bảy, 05/12/2026 đến chủ nhật, 06/12/2026, cả ngày"),
        (1, time(7), time(9), "Từ thứ Bảy, 05/12/2026 đến chủ nhật, 06/12/2026, mỗi ngày 07:00 – 09:00"),
    ],
)
def test_when_it_is_in_words(days: int, begins: time | None, ends: time | None, said: str) -> None:
    day = date(2026, 12, 5)
    wording = EventWording(first=day, last=day + timedelta(days=days), begins=begins, ends=ends)
    assert words.when(wording) == said


def test_all_day_in_the_calendar_ends_the_day_after(desk: Desk, site: Site) -> None:
    made = standing(desk, site, desk.editor, contact="Văn phòng xã, 0256 000 011", body="# Ai đến\n\n- Người **già**")
    (one,) = events()
    assert one["DTSTART"].dt == made.first
    assert one["DTEND"].dt == made.first + timedelta(days=1)
    assert one["SUMMARY"] == made.title
    assert one["LOCATION"] == "Trạm Y tế xã"
    assert one["STATUS"] == "CONFIRMED"
    assert one["URL"] == f"{ROOT}/su-kien/{made.event.slug}"
    assert "Người già" in one["DESCRIPTION"]
    assert "0256 000 011" in one["DESCRIPTION"]


def test_hours_are_in_utc_and_come_back_each_day(desk: Desk, site: Site) -> None:
    day = plan(desk).first
    standing(desk, site, desk.editor, begins=time(5, 30), ends=time(11), last=day + timedelta(days=2))
    (one,) = events()
    assert one["DTSTART"].dt == datetime.combine(day, time(5, 30), clock.LOCAL)
    assert one["DTSTART"].dt.tzinfo in (UTC, one["DTSTART"].dt.tzinfo)
    assert b"Z" in one["DTSTART"].to_ical()
    assert one["DTEND"].dt - one["DTSTART"].dt == timedelta(hours=5, minutes=30)
    assert one["RRULE"]["FREQ"] == ["DAILY"]
    assert one["RRULE"]["COUNT"] == [3]


def test_a_change_and_a_cancelling_raise_the_sequence_and_keep_the_uid(desk: Desk, site: Site) -> None:
    made = standing(desk, site, desk.editor)
    (first,) = events()
    later = plan(desk, where="Nhà văn hóa")
    second = actions.write(plan=later, sites=[site], actor=desk.editor, now=desk.now, event=made.event, seen=1)
    assert events()[0]["SEQUENCE"] == first["SEQUENCE"] == 0, "nobody approved it yet"
    approve(second.review, desk)
    (changed,) = events()
    when = desk.now + timedelta(minutes=1)
    actions.cancel(event=made.event, why="Bão", actor=desk.editor, now=when)
    (cancelled,) = events()
    assert first["UID"] == changed["UID"] == cancelled["UID"]
    assert (changed["SEQUENCE"], cancelled["SEQUENCE"]) == (1, 2)
    assert changed["LOCATION"] == "Nhà văn hóa"
    assert cancelled["STATUS"] == "CANCELLED"
    assert cancelled["DTSTAMP"].dt == when.replace(microsecond=0)


def test_the_calendar_of_the_site_and_that_of_one_event_have_it_too(desk: Desk, site: Site) -> None:
    made = standing(desk, site, desk.editor)
    written(desk, site, desk.editor, title="Chưa duyệt")
    assert [one["SUMMARY"] for one in events("lich-phat-thanh.ics")] == [made.title]
    assert [one["SUMMARY"] for one in events(f"su-kien/{made.event.slug}.ics")] == [made.title]
    assert Client().get(f"{AT}/su-kien/chua-duyet.ics").status_code == 404


def test_the_calendar_is_the_same_bytes_until_something_changes(desk: Desk, site: Site) -> None:
    standing(desk, site, desk.editor)
    cache.clear()
    first = Client().get(f"{AT}/su-kien.ics")
    cache.clear()
    assert Client().get(f"{AT}/su-kien.ics", headers={"if-none-match": first["ETag"]}).status_code == 304


def test_programs_and_search_find_it(desk: Desk, site: Site) -> None:
    made = standing(desk, site, desk.editor, begins=time(7), ends=time(11), body="Mang theo <b>sổ</b>.")
    page = read(f"su-kien/{made.event.slug}")
    assert 'itemtype="https://schema.org/Event"' in page
    assert f'itemprop="startDate" content="{made.first}T07:00:00+07:00"' in page
    assert f'itemprop="endDate" content="{made.first}T11:00:00+07:00"' in page
    assert "EventScheduled" in page
    assert "&lt;b&gt;" in page
    assert f"{ROOT}/su-kien/{made.event.slug}" in read("sitemap.xml")
    assert f"{ROOT}/su-kien/<" in read("sitemap.xml")
    assert made.title in read("tim/?q=kham+benh")
    assert made.title not in read("tim/?q=bong+da")


def test_no_site_shows_the_events_of_another(desk: Desk, site: Site) -> None:
    other = onsite.site(desk.there, desk.now, slug="phuoc-son")
    made = written(desk, other, desk.neighbour, title="Ngày hội Phước Sơn")
    approve(made.review, desk, by=desks.person("ldson", "Lãnh Đạo", desk.there, "approver"))
    assert "Ngày hội" not in read("su-kien/")
    assert events() == []
    assert Client().get(f"{AT}/su-kien/{made.event.slug}").status_code == 404
    assert Client().get(f"/trang/phuoc-son/su-kien/{made.event.slug}").status_code == 200
