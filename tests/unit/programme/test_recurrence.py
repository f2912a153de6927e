"""Recurrences: every choice becomes a rule and comes back as the same choice; any other rule is kept and said."""

from datetime import date, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from nguon.programme import words
from nguon.programme.recurrence import DAYS, WORKING, Every, Repeat, parts_of, read, shifted

MONDAY = datetime(2026, 11, 23, 5)
weekdays = st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days)))
choices = st.one_of(
    st.just(Repeat(Every.ONCE)),
    st.just(Repeat(Every.DAILY)),
    weekdays.map(lambda days: Repeat(Every.WORKING) if days == WORKING else Repeat(Every.WEEKLY, weekdays=days)),
    st.sets(st.integers(1, 31), min_size=1).map(lambda days: Repeat(Every.MONTHLY, month_days=tuple(sorted(days)))),
    st.sets(st.integers(1, 30), min_size=1).map(lambda days: Repeat(Every.LUNAR, lunar_days=tuple(sorted(days)))),
)


@given(choices)
def test_what_is_chosen_is_read_back(chosen: Repeat) -> None:
    assert read(chosen.as_rule(), chosen.lunar_days) == chosen
    assert words.repeat(chosen)


@given(weekdays, st.integers(-6, 6))
def test_a_weekly_rule_moves_as_its_days_do(days: tuple[int, ...], by: int) -> None:
    chosen = Repeat(Every.WEEKLY, weekdays=days)
    week = rrulestr(f"RRULE:{chosen.as_rule()};COUNT=20", dtstart=MONDAY)
    moved = rrulestr(f"RRULE:{shifted(chosen, by).as_rule()}", dtstart=MONDAY - timedelta(days=7))
    given_ = {at + timedelta(days=by) for at in week}
    assert given_ <= set(moved.between(min(given_) - timedelta(days=1), max(given_) + timedelta(days=1)))


@pytest.mark.parametrize("every", [Every.ONCE, Every.DAILY, Every.MONTHLY, Every.LUNAR, Every.OTHER])
def test_what_is_no_matter_of_weekdays_is_not_shifted(every: Every) -> None:
    with pytest.raises(ValueError):
        shifted(Repeat(every), 1)


@pytest.mark.parametrize(
    ("rule", "lunar", "said"),
    [
        ("", (), "Một lần, 23/11/2026"),
        ("FREQ=DAILY", (), "Hằng ngày"),
        ("FREQ=DAILY;INTERVAL=1;WKST=MO", (), "Hằng ngày"),
        ("FREQ=DAILY", (1, 15), "Ngày 1 và 15 âm lịch"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", (), "Thứ Hai đến thứ Sáu"),
        ("FREQ=WEEKLY;BYDAY=FR,MO,WE", (), "Thứ Hai, thứ Tư và thứ Sáu hằng tuần"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15", (), "Ngày 1 và 15 hằng tháng"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", (), "Cứ 2 tuần một lần, vào thứ Hai"),
        ("FREQ=MONTHLY;BYDAY=-1FR", (), "Hằng tháng, vào thứ Sáu cuối cùng"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", (), "Hằng tháng, ngày cuối cùng"),
        ("FREQ=DAILY;UNTIL=20261231", (), "Hằng ngày, đến 31/12/2026"),
        ("FREQ=YEARLY;BYMONTH=9;BYMONTHDAY=2;COUNT=3", (), "Hằng năm, ngày 2, tháng 9, tất cả 3 lần"),
        ("FREQ=WEEKLY;BYDAY=SU", (15,), "Hằng tuần, vào Chủ nhật, ngày 15 âm lịch"),
    ],
)
def test_in_words(rule: str, lunar: tuple[int, ...], said: str) -> None:
    assert words.repeat(read(rule, lunar), date(2026, 11, 23)) == said


@given(st.text(alphabet="FREQ=DAILYWKOMBYHUNST;,-0123456789", max_size=60))
def test_any_rule_is_said_and_kept(rule: str) -> None:
    found = read(rule)
    assert words.repeat(found)
    if found.every is Every.OTHER:
        assert found.as_rule() == rule
    else:
        assert parts_of(found.as_rule()).keys() <= {"FREQ", "BYDAY", "BYMONTHDAY"}
    assert len(DAYS) == 7
