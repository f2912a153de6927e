"""What is pasted, read, picked and passes by: the pure part of sources for boards."""

import contextlib
import unicodedata
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon.channels.board.document import Table, document, read
from nguon.channels.board.feeds import pasted, picking, reading, rules, timetable
from nguon.channels.board.feeds.pasted import CannotRead, cells_of, squared, text_of
from nguon.channels.board.feeds.rules import Broken, Timetable
from nguon.channels.board.feeds.timetable import BadTable, Wrong, day_of, minute_of, standing
from nguon.kit.clock import LOCAL
from tests.app import feeding

WRITTEN = date(2026, 11, 26)
SHEET = "Ngày\tGiờ\tThôn\n27/11\t7:30 – 11:00\t“Quảng Vân”\n"


def at(hour: int, minute: int = 0, day: int = 26) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=LOCAL)


@pytest.mark.parametrize(
    "coding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"], ids=["plain", "marked", "16", "little", "big"]
)
def test_a_file_is_read_in_every_usual_writing(coding: str) -> None:
    assert text_of(SHEET.encode(coding)) == SHEET


def test_windows_letters_with_their_marks_apart_are_one() -> None:
    """`ế` is ê and a mark of its own in Windows-1258."""
    data = "Lịch tiêm chủng thôn Kế Xuyên".encode().decode()
    apart = "".join(_apart(letter) for letter in data)
    assert text_of(apart.encode("cp1258")) == data


def _apart(letter: str) -> str:
    """As Windows-1258 writes it: the letter with its form, then its tone."""
    try:
        letter.encode("cp1258")
    except UnicodeEncodeError:
        full = unicodedata.normalize("NFD", letter)
        tones = "".join(mark for mark in full if mark in "\u0300\u0301\u0303\u0309\u0323")
        base = unicodedata.normalize("NFC", "".join(mark for mark in full if mark not in tones))
        return base + tones
    return letter


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", pasted.Unread.EMPTY),
        (b" \n", pasted.Unread.EMPTY),
        (b"PK\x03\x04...", pasted.Unread.SPREADSHEET),
        (b"\xd0\xcf\x11\xe0....", pasted.Unread.SPREADSHEET),
        (b"a" * (pasted.MOST + 1), pasted.Unread.LARGE),
        (b"\xd2\xff\xfe\x00a", pasted.Unread.LETTERS),
    ],
)
def test_what_is_no_table_is_told(data: bytes, why: pasted.Unread) -> None:
    with pytest.raises(CannotRead) as caught:
        text_of(data)
    assert caught.value.why == why


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a\tb, c; d\n\n1\t2", [["a", "b, c; d"], ["1", "2"]]),
        ("a;b\n1,5;2", [["a", "b"], ["1,5", "2"]]),
        ('a,b\n"1, 2",3', [["a", "b"], ["1, 2", "3"]]),
        ('a\tb\n"hai\ndòng"\tx', [["a", "b"], ["hai dòng", "x"]]),
        ("một cột\nhai", [["một cột"], ["hai"]]),
    ],
)
def test_cells_are_found_by_the_mark_of_the_first_line(text: str, rows: list[list[str]]) -> None:
    assert cells_of(text) == rows


def test_rows_are_made_equally_wide() -> None:
    assert squared([["a", "", "b"], ["1"]]) == [["a", "b"], ["1", ""]]
    assert squared([]) == []


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("27/11/2026", date(2026, 11, 27)),
        ("Thứ sáu, 27-11", date(2026, 11, 27)),
        ("25/11 – 27/11", date(2026, 11, 27)),
        ("2026-11-27", date(2026, 11, 27)),
        ("1.2.27", date(2027, 2, 1)),
        ("15/01", date(2027, 1, 15)),
        ("20/11", date(2026, 11, 20)),
        ("31/02", None),
        ("mai", None),
        ("", None),
    ],
)
def test_a_day_is_read(cell: str, found: date | None) -> None:
    assert day_of(cell, WRITTEN) == found


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("7:30", 450),
        ("7h", 420),
        ("7 giờ 05", 425),
        ("7:30 – 11:00", 660),
        ("24:00", 1440),
        ("25:00", None),
        ("sáng", None),
    ],
)
def test_an_hour_is_read(cell: str, found: int | None) -> None:
    assert minute_of(cell) == found


def test_rows_vanish_with_their_day_and_what_is_still_to_come_goes_first() -> None:
    places = [
        [row[2] for row in standing(feeding.VACCINES, WRITTEN, now).rows] for now in (at(8), at(12), at(0, day=27))
    ]
    assert places[0] == ["Lộc Hạ", "Vinh Quang", "Kỳ Sơn"]
    assert places[1] == ["Vinh Quang", "Kỳ Sơn", "Lộc Hạ"]
    assert places[2] == ["Kỳ Sơn"]
    assert standing(feeding.VACCINES, WRITTEN, at(12, day=28)).rows == ()


def test_it_is_known_when_to_look_again() -> None:
    assert standing(feeding.VACCINES, WRITTEN, at(8)).until == at(11, 1)
    assert standing(feeding.VACCINES, WRITTEN, at(11)).until == at(11, 1)
    assert standing(feeding.VACCINES, WRITTEN, at(18)).until == at(0, day=27)
    assert standing(feeding.BUS, WRITTEN, at(8)).until is None  # neither day nor hour was said to be one
    daily = Timetable(feeding.BUS.head, feeding.BUS.rows, hour=True)
    assert [row[0] for row in standing(daily, WRITTEN, at(8)).rows] == ["17:15", "5:30"]
    assert [row[0] for row in standing(daily, WRITTEN, at(0, day=27)).rows] == ["5:30", "17:15"]


@given(st.datetimes(datetime(2026, 11, 20), datetime(2026, 12, 1)))
def test_nothing_changes_before_it_is_looked_at_again(moment: datetime) -> None:
    now = moment.replace(tzinfo=LOCAL, second=0, microsecond=0)
    found = standing(feeding.VACCINES, WRITTEN, now)
    assert found.until is not None
    assert found.until > now
    just = found.until - (found.until - now) / 1000
    assert standing(feeding.VACCINES, WRITTEN, just).rows == found.rows


@pytest.mark.parametrize(
    ("rows", "wrong", "row"),
    [
        ((), Wrong.NO_ROWS, 0),
        ((("1/1/2026", "7:00"),) * 201, Wrong.MANY_ROWS, 0),
        ((("1/1/2026", "7:00", *"abcde"),), Wrong.MANY_COLUMNS, 0),
        ((("1/1/2026", "7:00", "a" * 81),), Wrong.LONG_CELL, 1),
        ((("1/1/2026", "7:00"), ("mai", "7:00")), Wrong.NO_DAY, 2),
        ((("1/1/2026", "sáng"),), Wrong.NO_HOUR, 1),
        ((("1/1/2026",),), Wrong.NO_HOUR, 1),
        ((("1/1/2026", "7:00", *("a" * 80,) * 4),) * 150, Wrong.TOO_MUCH, 0),
    ],
)
def test_a_bad_table_says_in_which_row(rows: Any, wrong: Wrong, row: int) -> None:
    with pytest.raises(BadTable) as caught:
        timetable.checked(Timetable((), rows, day=True, hour=True), WRITTEN)
    assert (caught.value.wrong, caught.value.row) == (wrong, row)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        *((28.5, "28,5"), (28.0, "28"), (85_000, "85.000"), (999, "999"), (1234567.891, "1.234.567,89"), (-3, "-3")),
        *((" a  b ", "a b"), ("&amp;", "&"), (True, ""), (None, ""), ([], ""), ({}, "")),
    ],
)
def test_values_are_said_as_here(value: Any, said: str) -> None:
    assert picking.words(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (500, "▲ 500"),
        (-1200, "▼ 1.200"),
        ("-1.500", "▼ 1.500"),
        ("+0,5", "▲ 0,5"),
        (0, "–"),
        ("0", "–"),
        ("giảm", "giảm"),
    ],
)
def test_a_change_has_its_way(value: Any, said: str) -> None:
    assert picking.more_or_less(value) == said


def test_what_came_is_offered_by_paths() -> None:
    offers = picking.leaves(feeding.WEATHER)
    assert {one.path: one.sample for one in offers}["current.temperature"] == "27,4"
    assert picking.guessed(offers, ("temp", "nhiet")) == "current.temperature"
    assert picking.lists(feeding.WEATHER) == ["hourly"]
    for one in offers:
        assert picking.words(picking.at(feeding.WEATHER, one.path)).startswith(one.sample)
    assert picking.at(feeding.WEATHER, "hourly.7.temperature") is None
    assert picking.at(feeding.WEATHER, "current.temperature.x") is None


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("2026-11-26T14:00", datetime(2026, 11, 26, 7, tzinfo=UTC)),
        ("2026-11-26T07:00:00Z", datetime(2026, 11, 26, 7, tzinfo=UTC)),
        ("14:00 26/11/2026", datetime(2026, 11, 26, 7, tzinfo=UTC)),
        ("Thu, 26 Nov 2026 07:00:00 GMT", datetime(2026, 11, 26, 7, tzinfo=UTC)),
        (1_795_676_400, datetime(2026, 11, 26, 7, tzinfo=UTC)),
        (1_795_676_400_000, datetime(2026, 11, 26, 7, tzinfo=UTC)),
        ("hôm nay", None),
        ("26/11/2026", None),
        ("2026-11-26", None),
        (1e300, None),
        (None, None),
    ],
)
def test_the_hour_of_values_is_read(value: Any, found: datetime | None) -> None:
    assert picking.moment(value) == found


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_whatever_comes_is_read_or_refused(body: bytes) -> None:
    try:
        form, data = reading.read(body)
    except Broken:
        return
    picking.lists(data)
    for one in picking.leaves(data):
        assert len(one.sample) <= picking.SAMPLE
    feed = rules.Feed("titles", "https://a.example/", form, 5, 60)
    with contextlib.suppress(Broken):
        assert all(len(line) <= rules.LONGEST_TITLE + 1 for line in picking.take(feed, form, data).lines)


def test_a_document_with_a_table_is_as_the_boards_know_it() -> None:
    table = Table(("Mặt hàng", "Giá"), (("Lúa", "7.200"),))
    data = document("Giá", "", "Xã Phước Thuận", table=table, as_of="Cập nhật 14:05 26/11")
    assert data == document("Giá", "", "Xã Phước Thuận", table=table, as_of=" Cập nhật  14:05 26/11 ")
    assert read(data).table == table
    with pytest.raises(ValueError):
        document("Giá", "", "", table=Table(("a",), (("a", "b"),)))
    with pytest.raises(ValueError):
        document("Giá", "", "", table=Table((), (("a" * 81,),)))
    assert b"table" not in document("Giá", "", "")


def test_the_usual_age_is_three_rhythms_and_an_hour_at_least() -> None:
    assert [rules.usual_oldest(every) for every in (5, 30, 1440)] == [60, 90, 4320]
    now = at(8)
    waits = [(rules.next_look(now, 60, failures) - now).total_seconds() / 60 for failures in (0, 1, 2, 3, 9, 99)]
    assert waits == [60, 5, 10, 20, 60, 60]
