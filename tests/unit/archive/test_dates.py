"""Dates as Vietnamese write them into names of files and folders; and what only looks like one."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nguon.archive.dates import LEAST, Dated, find

TODAY = date(2026, 11, 25)
MAY_12 = date(2019, 5, 12)


def found(path: str) -> Dated | None:
    return find(path.split("|"), TODAY)


@pytest.mark.parametrize(
    "path",
    [
        "BTT 12-5-2019 thu 2",
        "2019_05_12",
        "Bản tin trưa ngày 12.5.19",
        "ban tin trua ngay 12 thang 5 nam 2019",
        "Bản tin ngày 12 tháng 5, 2019",
        "ngày 12 tháng 5/2019",
        "Bản tin ngày 12 tháng 05 năm 19",
        "BTS 12.05.2019",
        "TS toi_12_5_2019",
        "thoi su toi 12 5 2019",
        "ngay 12 5 19",
        "BTS 120519",
        "20190512_0730",
        "20190512073000",
        "12052019",
        "12/5/2019",
        "12 - 5 - 2019",
        "12,5,2019",
        "17h30 ngày 12-5-2019 128kbps",
        "Chủ nhật 12-5-2019",
        "2019|Tháng 5|ngày 12",
        "2019|05|12",
        "Năm 2019|BTT 12-5",
        "Tháng 5-2019|12",
        "băng 1|T5.2019|ngay 12",
        "2019|Bản tin ngày 12/5",
        "5-12-2019|bản tin 12-5-2019",
    ],
)
def test_one_day_in_every_spelling(path: str) -> None:
    one = found(path)
    assert one is not None
    assert (one.first, one.last) == (MAY_12, MAY_12)
    assert LEAST <= one.confidence < 1


@pytest.mark.parametrize(
    ("path", "first", "last"),
    [
        ("T5-2019", date(2019, 5, 1), date(2019, 5, 31)),
        ("Tháng 2 năm 2020", date(2020, 2, 1), date(2020, 2, 29)),
        ("05.2019", date(2019, 5, 1), date(2019, 5, 31)),
        ("2019-05", date(2019, 5, 1), date(2019, 5, 31)),
        ("2019|Tháng 5", date(2019, 5, 1), date(2019, 5, 31)),
        ("2019|05|BTT 12", date(2019, 5, 1), date(2019, 5, 31)),
        ("Quý 2 năm 2019", date(2019, 4, 1), date(2019, 6, 30)),
        ("quy iv 2019", date(2019, 10, 1), date(2019, 12, 31)),
        ("Năm 2019", date(2019, 1, 1), date(2019, 12, 31)),
        ("2019|Ca nhạc", date(2019, 1, 1), date(2019, 12, 31)),
        ("Tết Kỷ Hợi 2019", date(2019, 1, 1), date(2019, 12, 31)),
        ("BTT 12-18.5.2019", MAY_12, date(2019, 5, 18)),
        ("từ ngày 12.5 đến 18.5.2019", MAY_12, date(2019, 5, 18)),
        ("tu 28.4 den 4.5.2019", date(2019, 4, 28), date(2019, 5, 4)),
        ("2019|2019-05-12", MAY_12, MAY_12),
        ("2019-05-12|2019", MAY_12, MAY_12),
    ],
)
def test_a_period_stays_a_period(path: str, first: date, last: date) -> None:
    one = found(path)
    assert one is not None
    assert (one.first, one.last) == (first, last)


@pytest.mark.parametrize(
    "path",
    [
        "BTT",
        "",
        "Track 01",
        "REC0012",
        "0905123456",
        "12-5",  # no year anywhere
        "ngày 12 tháng 5",
        "mùng 3 tết",
        "Kỷ niệm 44 năm ngày 30-4-1975",
        "Chào mừng ngày 2-9-1945",
        "Nhiệm kỳ 2020-2025",
        "KH 12-2019",
        "31.2.2019",
        "32-13-2019",
        "99-12-31",
        "12.5.2031",  # to come
        "25-12-2026",
        "1.1.1900",
        "17h30",
        "320kbps 44.1khz",
        "số 5-2019",
        "bài 12",
        "Bài hát 1985 bài hay nhất 00:12:05|x"[:8],
    ],
)
def test_what_is_no_date_is_not_made_one(path: str) -> None:
    assert found(path) is None


@pytest.mark.parametrize(
    ("surer", "less"),
    [
        ("Chủ nhật 12-5-2019", "12-5-2019"),
        ("12-5-2019", "thứ 2 12-5-2019"),  # it was a Sunday
        ("2019|12-5-2019", "2018|12-5-2019"),
        ("12-5-2019", "120519"),
        ("ngày 12.5.19", "12.5.19"),
        ("12-5-2019", "5-13-2019"),
    ],
)
def test_how_sure_it_is_follows_what_stands_beside(surer: str, less: str) -> None:
    one, two = found(surer), found(less)
    assert one is not None
    assert two is not None
    assert one.confidence > two.confidence


DAYS = st.dates(date(1950, 1, 1), TODAY)
WAYS = (
    "{d:%d-%m-%Y}",
    "{d:%d.%m.%Y}",
    "{d:%d_%m_%Y}",
    "{d:%Y-%m-%d}",
    "{d:%Y%m%d}",
    "ngày {d.day} tháng {d.month} năm {d.year}",
    "ngay {d.day} thang {d.month} nam {d.year}",
    "{d.day}-{d.month}-{d.year}",
    "Bản tin sáng {d.day}.{d.month}.{d.year} - phần 2",
)


@given(DAYS, st.sampled_from(WAYS))
def test_every_day_that_is_written_whole_is_read(day: date, way: str) -> None:
    one = find([way.format(d=day)], TODAY)
    assert one is not None
    assert one.first == one.last == day


@given(st.lists(st.text(max_size=40), max_size=4))
@example(["0-0-2019"])
@example(["00.00.0000"])
@example(["quy iv 19999"])
@example(["İ 12-5-2019"])
def test_it_never_fails_and_never_finds_what_is_to_come(parts: list[str]) -> None:
    one = find(parts, TODAY)
    assert one is None or date(1945, 1, 1) <= one.first <= one.last
    assert one is None or one.first <= TODAY


@given(DAYS)
def test_a_year_of_two_figures_is_the_nearest_that_was(day: date) -> None:
    one = find([f"ngày {day.day}.{day.month}.{day:%y}"], TODAY)
    assert one is not None
    assert one.first <= TODAY
    assert one.first > TODAY - timedelta(days=366 * 100)
    assert one.first.year % 100 == day.year % 100
