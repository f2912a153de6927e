"""The lunar calendar beside dates that are known, and beside itself."""

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nguon.programme.lunar import LunarDay, lunar

KNOWN = {
    date(1985, 1, 21): LunarDay(1985, 1, 1),  # a month before the Chinese new year
    date(2007, 2, 17): LunarDay(2007, 1, 1),  # a day before it
    date(2014, 10, 24): LunarDay(2014, 9, 1, leap=True),
    date(2017, 7, 23): LunarDay(2017, 6, 1, leap=True),
    date(2020, 5, 23): LunarDay(2020, 4, 1, leap=True),
    date(2023, 3, 22): LunarDay(2023, 2, 1, leap=True),
    date(2025, 7, 25): LunarDay(2025, 6, 1, leap=True),
    date(2026, 9, 25): LunarDay(2026, 8, 15),
    date(2033, 12, 22): LunarDay(2033, 11, 1, leap=True),
}


@pytest.mark.parametrize("day", KNOWN, ids=str)
def test_known_days(day: date) -> None:
    assert lunar(day) == KNOWN[day]


def test_the_new_years_and_kings_days_of_the_public_holidays() -> None:
    for day, name in holidays.country_holidays("VN", years=range(1990, 2080), language="vi").items():
        if name == "Tết Nguyên Đán":
            assert (lunar(day).month, lunar(day).day) == (1, 1), day
        if name == "Ngày Giỗ Tổ Hùng Vương":
            assert (lunar(day).month, lunar(day).day) == (3, 10), day


@given(st.dates(date(1901, 1, 1), date(2150, 12, 31)))
@example(date(2054, 5, 6))  # new moons a day and more after the mean one
@example(date(2062, 4, 8))
def test_days_follow_each_other(day: date) -> None:
    today, tomorrow = lunar(day), lunar(day + timedelta(days=1))
    assert 1 <= today.day <= 30
    if tomorrow.day == 1:
        assert today.day in (29, 30)
        assert (tomorrow.month == today.month and tomorrow.leap) or tomorrow.month == today.month % 12 + 1
        assert tomorrow.year == today.year + (today.month == 12 and tomorrow.month == 1)
    else:
        assert tomorrow == LunarDay(today.year, today.month, today.day + 1, today.leap)
