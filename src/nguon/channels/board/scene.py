"""The scene of a board, version 1: the regions of its screen, and what each shows when no order is on.

Pure: the same regions give the same bytes. Which item shows at a moment is in `scene_rules`, and again on the board.
"""

from enum import StrEnum
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from nguon.channels.board.document import MOST_BYTES, TooLarge
from nguon.wire.messages import Area, Document, Length, Millis, Words

MIME = "application/json"
MOST_REGIONS = 8
MOST_ITEMS = 80  # of one region: all regions full are still a document
MOST_LINES = 4
Minute = Annotated[int, Meta(ge=0, le=1439, description="minutes of the local day")]
Weekday = Annotated[int, Meta(ge=0, le=6, description="0 is Monday")]


class Kind(StrEnum):
    """What a region is for. `main` is where orders show; there is exactly one."""

    MAIN = "main"
    LIST = "list"
    CRAWL = "crawl"
    CLOCK = "clock"
    LOGO = "logo"


PLAYING = frozenset({Kind.MAIN, Kind.LIST, Kind.CRAWL})  # those that have a playlist


class Item(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A page and when it is shown. Of the items of a region that hold, those of the highest priority take turns.

    `begins` and `ends` equal: the whole day; `ends` smaller: it ends on the next day. `weekdays`: those on which its
    hours begin; none: all. `until` 0: never over.
    """

    page: Document
    length: Length
    priority: Annotated[int, Meta(ge=0, le=9)] = 0
    weekdays: Annotated[tuple[Weekday, ...], Meta(max_length=7)] = ()
    begins: Minute = 0
    ends: Minute = 0
    since: Millis = 0
    until: Millis = 0


class Region(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A part of the screen. `lines` are the words of a `logo`."""

    kind: Kind
    area: Area
    lines: Annotated[tuple[Words, ...], Meta(max_length=MOST_LINES)] = ()
    items: Annotated[tuple[Item, ...], Meta(max_length=MOST_ITEMS)] = ()


class Scene(Struct, frozen=True, kw_only=True):
    """What the whole screen is made of."""

    v: Literal[1]
    regions: Annotated[tuple[Region, ...], Meta(min_length=1, max_length=MOST_REGIONS)]


def scene(regions: tuple[Region, ...]) -> bytes:
    """The scene as boards fetch it. Raises TooLarge, and msgspec.ValidationError for what is none."""
    data = msgspec.json.encode(Scene(v=1, regions=regions))
    read(data)
    return data


def read(data: bytes) -> Scene:
    """The scene of these bytes. Raises TooLarge, and ValueError (msgspec.ValidationError) if they are none."""
    if len(data) > MOST_BYTES:
        raise TooLarge(f"{len(data)} bytes, at most {MOST_BYTES}")
    return msgspec.json.decode(data, type=Scene)
