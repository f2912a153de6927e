"""The life of an alert: what may follow what, who signs, when it is said again."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon.alerts import rules
from nguon.alerts.rules import Act, Reach, State

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@given(st.lists(st.sampled_from(Act), max_size=12))
def test_what_is_over_stays_over_and_nothing_is_live_without_approval(acts: list[Act]) -> None:
    state, done = State.DRAFT, list[Act]()
    for act in acts:
        after = rules.step(state, act)
        if state in rules.OVER:
            assert after is None
        if after is not None:
            state = after
            done.append(act)
    if state in (State.LIVE, State.REPLACED, State.CANCELLED):
        assert Act.APPROVE in done
        assert done.index(Act.SUBMIT) < done.index(Act.APPROVE)


@pytest.mark.parametrize(
    ("reach", "drill", "wanted"),
    [
        (Reach(3, 1), False, 2),
        (Reach(3, 1), True, 1),
        (Reach(3, 2), False, 2),
        (Reach(3, 2, authorities=2), False, 3),
        (Reach(51, 1), False, 3),
        (Reach(51, 4, authorities=3), True, 2),
    ],
)
def test_who_signs(reach: Reach, drill: bool, wanted: int) -> None:
    assert rules.signers(reach, drill=drill, most_devices=50) == wanted


@given(st.lists(st.tuples(st.uuids(), st.sampled_from(["a", "b"])), max_size=6), st.integers(1, 3))
def test_only_distinct_people_who_agreed_to_the_same_count(signed: list[tuple[UUID, str]], needed: int) -> None:
    people = {person for person, what in signed if what == "a"}
    assert rules.complete(needed, signed, "a") is (len(people) >= needed)


def test_one_person_twice_is_one() -> None:
    one = uuid4()
    assert not rules.complete(2, [(one, "a"), (one, "a")], "a")
    assert not rules.complete(2, [(one, "a"), (uuid4(), "b")], "a")


def test_the_digest_is_of_what_is_said_and_not_of_how_it_was_written_down() -> None:
    one = rules.digest({"text": "Lũ", "places": ["b"], "level": 3})
    assert one == rules.digest({"level": 3, "places": ["b"], "text": "Lũ"})
    assert one != rules.digest({"level": 4, "places": ["b"], "text": "Lũ"})


def test_a_tsunami_is_said_thrice_in_ten_minutes_and_then_every_half_hour() -> None:
    cadence = {"quick": 2, "quick_every": 300, "every": 1800}
    times = [rules.next_saying(NOON, said, **cadence) for said in range(5)]
    assert times == [NOON + timedelta(minutes=minutes) for minutes in (0, 5, 10, 40, 70)]


def test_an_earthquake_is_said_once() -> None:
    assert rules.next_saying(NOON, 0, quick=0, quick_every=0, every=0) == NOON
    assert rules.next_saying(NOON, 1, quick=0, quick_every=0, every=0) is None


@given(st.integers(0, 5), st.integers(60, 3_600), st.integers(600, 86_400), st.integers(1, 40))
def test_each_saying_is_after_the_one_before(quick: int, quick_every: int, every: int, said: int) -> None:
    cadence = {"quick": quick, "quick_every": quick_every, "every": every}
    before, after = (rules.next_saying(NOON, number, **cadence) for number in (said - 1, said))
    assert before is not None
    assert after is not None
    assert after > before


SQUARE = [(13.0, 109.0), (13.0, 109.2), (13.2, 109.2), (13.2, 109.0)]


def test_a_notch_is_not_inside() -> None:
    notched = [*SQUARE[:3], (13.1, 109.1), SQUARE[3]]
    assert rules.inside((13.05, 109.1), notched)
    assert not rules.inside((13.18, 109.1), notched)


@given(st.floats(12.9, 13.3), st.floats(108.9, 109.3))
def test_inside_a_square_is_between_its_sides(latitude: float, longitude: float) -> None:
    wanted = 13.0 < latitude < 13.2 and 109.0 < longitude < 109.2
    on_edge = latitude in (13.0, 13.2) or longitude in (109.0, 109.2)
    assert on_edge or rules.inside((latitude, longitude), SQUARE) is wanted
    assert on_edge or rules.inside((latitude, longitude), [*SQUARE[2:], *SQUARE[:2]]) is wanted
