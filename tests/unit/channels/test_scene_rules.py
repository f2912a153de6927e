"""When an item of a playlist shows, and whose turn it is."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon.channels.board import scene
from nguon.channels.board.document import MOST_BYTES, TooLarge
from nguon.channels.board.scene import Item, Kind, Region
from nguon.channels.board.scene_rules import Why, turn, why, why_alone
from nguon.kit.clock import LOCAL, ms
from nguon.wire.messages import Area, Document

PAGE = Document(url="/api/1/content/" + "a" * 64, sha256="a" * 64, size=100)
MONDAY = datetime(2026, 11, 23, 0, 0, tzinfo=LOCAL)


def item(**more: Any) -> Item:
    return Item(page=PAGE, length=more.pop("length", 10_000), **more)


def at(hours: float, day: int = 0) -> int:
    """A moment of the week that begins on Monday, 23/11/2026, by the clock on the wall."""
    return ms(MONDAY + timedelta(days=day, hours=hours))


@pytest.mark.parametrize(
    ("hours", "moment", "expected"),
    [
        ((6, 8), 5.99, Why.HOURS),
        ((6, 8), 6, Why.SHOWS),
        ((6, 8), 7.99, Why.SHOWS),
        ((6, 8), 8, Why.HOURS),
        ((22, 2), 21.9, Why.HOURS),
        ((22, 2), 23, Why.SHOWS),
        ((22, 2), 1.9, Why.SHOWS),
        ((22, 2), 2, Why.HOURS),
        ((9, 9), 3, Why.SHOWS),
    ],
)
def test_the_part_of_the_day(hours: tuple[int, int], moment: float, expected: Why) -> None:
    assert why_alone(item(begins=hours[0] * 60, ends=hours[1] * 60), at(moment)) is expected


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    monday_night = item(begins=22 * 60, ends=2 * 60, weekdays=(0,))
    assert why_alone(monday_night, at(23)) is Why.SHOWS
    assert why_alone(monday_night, at(1, day=1)) is Why.SHOWS
    assert why_alone(monday_night, at(1)) is Why.WEEKDAY  # of Sunday
    assert why_alone(monday_night, at(23, day=1)) is Why.WEEKDAY


def test_dates_hold_from_the_first_to_before_the_last_moment() -> None:
    dated = item(since=at(6), until=at(7))
    assert [why_alone(dated, moment) for moment in (at(6) - 1, at(6), at(7) - 1, at(7))] == [
        Why.BEFORE,
        Why.SHOWS,
        Why.SHOWS,
        Why.AFTER,
    ]


def test_only_the_highest_priority_that_holds_now_shows() -> None:
    items = [item(), item(priority=5, begins=6 * 60, ends=8 * 60), item(priority=5)]
    assert why(items, at(7)) == [Why.OUTRANKED, Why.SHOWS, Why.SHOWS]
    assert why(items[:2], at(9)) == [Why.SHOWS, Why.HOURS]


@given(st.lists(st.integers(1, 90_000), min_size=1, max_size=8), st.integers(0, 10**13))
def test_the_clock_alone_says_whose_turn_it_is(lengths: list[int], now: int) -> None:
    items = [item(length=length) for length in lengths]
    found = turn(items, now)
    assert found is not None
    assert (found.left, found.moment + found.left) == (items[found.index].length - found.moment, lengths[found.index])
    following = turn(items, now + found.left)
    assert following is not None
    assert (following.index, following.moment) == ((found.index + 1) % len(items), 0)


def test_nothing_holds_nobody_has_a_turn() -> None:
    assert turn([item(until=1)], at(1)) is None
    assert turn([], at(1)) is None


def test_the_document_is_the_same_of_the_same_and_refuses_what_is_none() -> None:
    region = Region(kind=Kind.MAIN, area=Area(left=0, top=0, width=100, height=100), items=(item(),))
    assert scene.scene((region,)) == scene.scene((region,))
    assert scene.read(scene.scene((region,))).regions == (region,)
    with pytest.raises(msgspec.ValidationError):
        scene.scene(())
    with pytest.raises(msgspec.ValidationError):
        scene.scene((msgspec.structs.replace(region, items=(item(),) * (scene.MOST_ITEMS + 1)),))
    with pytest.raises(TooLarge):
        scene.read(b" " * (MOST_BYTES + 1))
