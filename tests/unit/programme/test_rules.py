"""Whom a choice means, and how moments and names are told."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from nguon.programme import rules
from nguon.wire.ladder import Level


def place(n: int) -> UUID:
    return UUID(int=n)


@st.composite
def forests(draw: st.DrawFn) -> dict[UUID, UUID]:
    """Parents of up to 20 places; a parent has a smaller number, so there is no circle."""
    size = draw(st.integers(2, 20))
    chosen = [(n, draw(st.integers(0, n - 1))) for n in range(1, size)]
    return {place(n): place(up) for n, up in chosen if draw(st.booleans())}


def chain(one: UUID, parents: dict[UUID, UUID]) -> list[UUID]:
    found = [one]
    while found[-1] in parents:
        found.append(parents[found[-1]])
    return found


@given(forests(), st.sets(st.integers(0, 19)))
def test_outermost_covers_the_same_and_nothing_twice(parents: dict[UUID, UUID], numbers: set[int]) -> None:
    chosen = [place(n) for n in sorted(numbers)]
    kept = set(rules.outermost(chosen, parents))
    assert kept <= set(chosen)
    for one in chosen:
        assert len(kept & set(chain(one, parents))) == 1


def test_outermost_keeps_the_order_and_drops_repeats() -> None:
    assert rules.outermost([place(2), place(1), place(2)], {}) == (place(2), place(1))


@given(st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)), st.integers(1, 10**6))
def test_the_offered_end_is_after_the_start_and_within_validity(start: datetime, minutes: int) -> None:
    valid_to = start + timedelta(minutes=minutes)
    assert start < rules.default_expiry(start, valid_to) <= valid_to
    assert rules.default_expiry(start, None) >= start + timedelta(hours=2)


def test_names_are_joined_as_one_says_them() -> None:
    assert rules.joined([], "và") == ""
    assert rules.joined(["a"], "và") == "a"
    assert rules.joined(["a", "b"], "và") == "a và b"
    assert rules.joined(["a", "b", "c"], "và", more="%d nơi khác") == "a, b và c"
    assert rules.joined(["a", "b", "c", "d"], "và", more="%d nơi khác") == "a, b và 2 nơi khác"
    assert rules.joined(["a", "b", "c", "d"], "và") == "a, b, c và d"


def test_a_priority_bulletin_stands_above_an_ordinary_one_and_no_emergency_is_placed() -> None:
    assert rules.LEVELS == {"priority": Level.PRIORITY, "ordinary": Level.ORDINARY}
