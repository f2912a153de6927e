"""Who is on duty, who answers for a place, when a telling is tried again."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon.alerts import duty_rules as rules
from nguon.alerts.duty_rules import Shift
from nguon.ports import notice
from nguon.ports.notice import FINAL, Failure

MONDAY = date(2026, 11, 23)
TIMES = st.times()
MOMENTS = st.integers(0, 2 * 365 * 86_400).map(lambda second: datetime(2026, 1, 1) + timedelta(seconds=second))


def at(hour: int, minute: int = 0, day: int = 0) -> datetime:
    return datetime.combine(MONDAY + timedelta(days=day), time(hour, minute))


@pytest.mark.parametrize(
    ("shift", "moment", "expected"),
    [
        (Shift(), at(3), True),
        (Shift(days=(0, 1)), at(3), True),
        (Shift(days=(0, 1)), at(3, day=2), False),
        (Shift(begins=time(7), ends=time(17)), at(6, 59), False),
        (Shift(begins=time(7), ends=time(17)), at(7), True),
        (Shift(begins=time(7), ends=time(17)), at(17), False),
        (Shift(begins=time(17), ends=time(7)), at(23), True),
        (Shift(begins=time(17), ends=time(7)), at(6, 59), True),
        (Shift(begins=time(17), ends=time(7)), at(7), False),
        # the small hours belong to the evening before
        (Shift(days=(0,), begins=time(17), ends=time(7)), at(3), False),
        (Shift(days=(0,), begins=time(17), ends=time(7)), at(3, day=1), True),
        (Shift(first=MONDAY, last=MONDAY, begins=time(17), ends=time(7)), at(3, day=1), True),
        (Shift(first=MONDAY, last=MONDAY, begins=time(17), ends=time(7)), at(3), False),
        (Shift(first=MONDAY), at(23, day=-1), False),
        (Shift(last=MONDAY), at(0, day=1), False),
        (Shift(begins=time(8), ends=time(8)), at(7), True),  # from eight to eight: round the clock
    ],
)
def test_when_somebody_is_on_duty(shift: Shift, moment: datetime, expected: bool) -> None:
    assert shift.holds(moment) is expected


@given(TIMES, TIMES, MOMENTS)
def test_of_two_who_take_turns_one_is_on_duty(begins: time, ends: time, moment: datetime) -> None:
    day, night = Shift(begins=begins, ends=ends), Shift(begins=ends, ends=begins)
    if begins != ends:
        assert day.holds(moment) is not night.holds(moment)
    else:
        assert day.holds(moment)


@given(st.sets(st.integers(0, 6)), TIMES, TIMES, MOMENTS)
def test_of_two_who_share_the_week_one_is_on_duty(chosen: set[int], begins: time, ends: time, moment: datetime) -> None:
    rest = set(range(7)) - chosen
    hours: dict[str, Any] = {"begins": begins, "ends": ends}
    together = Shift(**hours).holds(moment)
    one = Shift(days=tuple(chosen), **hours).holds(moment) if chosen else False
    other = Shift(days=tuple(rest), **hours).holds(moment) if rest else False
    assert together is (one or other)
    assert not (one and other)


ROOT, COMMUNE, HAMLET, BESIDE = (uuid4() for _ in range(4))
CHAIN = (ROOT, COMMUNE, HAMLET)


@pytest.mark.parametrize(
    ("on_duty", "expected"),
    [
        ({HAMLET, COMMUNE, ROOT}, HAMLET),
        ({COMMUNE, ROOT, BESIDE}, COMMUNE),
        ({ROOT}, ROOT),
        ({BESIDE}, None),
        (set(), None),
    ],
)
def test_the_nearest_place_with_somebody_on_duty_answers(on_duty: set[UUID], expected: UUID | None) -> None:
    assert rules.answering(HAMLET, CHAIN, on_duty) == expected


@given(st.dictionaries(st.uuids(), st.sampled_from([COMMUNE, HAMLET, BESIDE])))
def test_each_silent_cluster_is_told_of_once(silent: dict[UUID, UUID]) -> None:
    groups = rules.grouped(silent, lambda place: None if place == BESIDE else ROOT)
    assert sorted(device for devices in groups.values() for device in devices) == sorted(silent)
    assert set(groups.get(None, ())) == {device for device, place in silent.items() if place == BESIDE}


@given(st.integers(1, 50), st.sampled_from(list(Failure)), st.floats(0, 1e6))
def test_it_is_tried_again_ever_later_and_given_up(tries: int, failure: Failure, after: float) -> None:
    wait = notice.again(tries, failure, after)
    if failure in FINAL or tries >= notice.TRIES:
        assert wait is None
    else:
        assert wait is not None
        assert timedelta(seconds=min(after, 3600)) <= wait <= timedelta(hours=1)
        assert wait >= notice.FIRST_TRY_AGAIN


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("0905 000 123", "0905000123"),
        ("+84 (905) 000-123", "+84905000123"),
        ("113", "113"),
        ("0256.3123.456", "02563123456"),
    ],
)
def test_a_number_as_it_is_dialled(written: str, expected: str) -> None:
    assert notice.telephone(written) == expected


@pytest.mark.parametrize("written", ["", "12", "0905x", "9" * 16, "0905,1", "+", "٠٩٠٥٠٠", "tel:113", "+84+905"])
def test_what_is_no_number(written: str) -> None:
    with pytest.raises(ValueError):
        notice.telephone(written)


def test_every_failure_has_words() -> None:
    assert all(rules.words(failure) for failure in (*Failure, "none"))
