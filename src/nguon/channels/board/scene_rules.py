"""What shows in a region at a moment, and why the rest does not. Pure; times are ms UTC.

The board has the same rules once more (`static/board/show/scene/rules.js`); a test drives both with the same scenes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from nguon.channels.board.scene import Item

MINUTE = 60_000
DAY = 1440 * MINUTE
ZONE = 420 * MINUTE  # of the people before the board
THURSDAY = 3  # 1970-01-01 was one; Monday is 0


class Why(StrEnum):
    """Why an item does not show, or that it does."""

    SHOWS = ""
    BEFORE = "before"
    AFTER = "after"
    HOURS = "hours"
    WEEKDAY = "weekday"
    OUTRANKED = "outranked"


@dataclass(frozen=True)
class Turn:
    """Whose turn it is: the number of the item, how long (ms) it has been on, and how long it still will be."""

    index: int
    moment: int
    left: int


def why_alone(item: Item, at: int) -> Why:
    """Whether an item holds at a moment, were there no other."""
    if at < item.since:
        return Why.BEFORE
    if item.until and at >= item.until:
        return Why.AFTER
    day, within = divmod(at + ZONE, DAY)
    minute = within // MINUTE
    if item.begins < item.ends and not item.begins <= minute < item.ends:
        return Why.HOURS
    if item.begins > item.ends:
        if item.ends <= minute < item.begins:
            return Why.HOURS
        if minute < item.ends:
            day -= 1  # its hours began yesterday
    if item.weekdays and (day + THURSDAY) % 7 not in item.weekdays:
        return Why.WEEKDAY
    return Why.SHOWS


def why(items: Sequence[Item], at: int) -> list[Why]:
    """The same for all items of a region, each seen beside the others."""
    alone = [why_alone(item, at) for item in items]
    first = max((item.priority for item, one in zip(items, alone, strict=True) if one is Why.SHOWS), default=0)
    return [
        Why.OUTRANKED if one is Why.SHOWS and item.priority < first else one
        for item, one in zip(items, alone, strict=True)
    ]


def turn(items: Sequence[Item], at: int) -> Turn | None:
    """Whose turn it is; None if no item holds. By the clock alone, so that all boards of a place show the same."""
    running = [index for index, one in enumerate(why(items, at)) if one is Why.SHOWS]
    if not running:
        return None
    within = at % sum(items[index].length for index in running)
    for index in running:
        if within < items[index].length:
            return Turn(index, within, items[index].length - within)
        within -= items[index].length
    raise AssertionError("a moment after the end of the round")
