"""The pure rules of the chain of voices."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon.media import chain
from nguon.media.chain import Turn
from nguon.ports.voice import Failure, VoiceInfo

voices = st.builds(
    VoiceInfo,
    id=st.sampled_from("abcd"),
    name=st.just("x"),
    region=st.sampled_from(["bac", "trung", "nam"]),
    gender=st.sampled_from(["nam", "nu"]),
)
sources = st.lists(
    st.tuples(st.sampled_from(["p", "q", "r"]), st.lists(voices, max_size=4, unique_by=lambda v: v.id)), max_size=6
)
names = st.one_of(st.just(""), st.builds("{}/{}".format, st.sampled_from("pqrs"), st.sampled_from("abcd")))


@given(sources, names)
def test_each_source_has_one_turn_and_those_with_the_asked_voice_come_first(
    found: list[tuple[str, list[VoiceInfo]]], name: str
) -> None:
    turns = chain.turns(found, name)
    assert sorted(turn.source for turn in turns) == [n for n, (_key, offered) in enumerate(found) if offered]
    for turn in turns:
        key, offered = found[turn.source]
        assert turn.voice in {voice.id for voice in offered}
        assert turn.asked == (f"{key}/{turn.voice}" == name)
    flags = [turn.asked for turn in turns]
    assert flags == sorted(flags, reverse=True)
    for asked in (True, False):  # the order of the place is kept among each
        order = [turn.source for turn in turns if turn.asked is asked]
        assert order == sorted(order)


@given(st.lists(voices, min_size=1, max_size=6), st.one_of(st.none(), voices))
def test_the_nearest_is_of_the_region_if_there_is_one_then_of_the_gender(
    offered: list[VoiceInfo], asked: VoiceInfo | None
) -> None:
    near = chain.nearest(offered, asked)
    assert near in offered
    if asked is None:
        assert near == offered[0]
        return
    if any(voice.region == asked.region for voice in offered):
        assert near.region == asked.region
    alike = [voice for voice in offered if voice.region == near.region]
    assert near.gender == asked.gender or not any(voice.gender == asked.gender for voice in alike)


def test_without_the_asked_voice_the_first_of_each_is_taken() -> None:
    one, two = VoiceInfo("a", "A", "bac", "nam"), VoiceInfo("b", "B", "nam", "nu")
    assert chain.turns([("p", [one, two]), ("q", [])], "x/y") == [Turn(0, "a", False)]


@given(st.sampled_from(Failure), st.integers(1, 500))
def test_rests_grow_and_end(failure: Failure, times: int) -> None:
    now, later = chain.rest(failure, times), chain.rest(failure, times + 1)
    if now is None:
        return
    assert later is not None
    assert timedelta(minutes=1) <= now <= later <= timedelta(hours=6)


@pytest.mark.parametrize(
    ("failure", "minutes"),
    [
        (Failure.KEY, [15, 30, 60, 120]),
        (Failure.CREDIT, [15, 30, 60, 120]),
        (Failure.BUSY, [1, 2, 4, 8]),
        (Failure.AWAY, [None, 1, 2, 4]),
        (Failure.LATE, [None, 1, 2, 4]),
        (Failure.SOUND, [None, None, 5, 10]),
        (Failure.TEXT, [None] * 4),
    ],
)
def test_how_long_each_failure_makes_an_account_rest(failure: Failure, minutes: list[int | None]) -> None:
    found = [chain.rest(failure, times) for times in range(1, 5)]
    assert found == [one and timedelta(minutes=one) for one in minutes]


@given(st.floats(1, 600), st.integers(0, 500_000))
def test_a_longer_text_gets_more_time_up_to_a_limit(seconds: float, characters: int) -> None:
    given_ = chain.patience(seconds, characters)
    assert min(seconds, chain.LONGEST) <= given_ <= chain.LONGEST
    assert given_ <= chain.patience(seconds, characters + 1)
    assert chain.patience(seconds, chain.SHORT) == min(seconds, chain.LONGEST)


@pytest.mark.parametrize(
    ("used", "budget", "share"),
    [(0, None, None), (5, None, None), (0, 0, 100), (0, 10, 0), (799, 1000, 79), (800, 1000, 80), (999, 1000, 99)],
)
def test_the_share_of_a_budget(used: int, budget: int | None, share: int | None) -> None:
    assert chain.percent(used, budget) == share


def test_cost_and_month() -> None:
    assert chain.cost(12_500, Decimal("440.50")) == 5506
    assert chain.cost(12_500, None) is None
    assert chain.month_of(date(2026, 11, 25)) == date(2026, 11, 1)
