"""What a programme is made of: an ordered list of items. Pure.

An item is a sound that is chosen (music, a bulletin), one that a rule chooses when the day comes (the newest of a
field), another station, or a pause. It is kept as JSON in the order of the programme.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

MOST_ITEMS = 60
MOST_STREAMS = 5
LONGEST_RELAY = timedelta(hours=4)
LONGEST_PAUSE = timedelta(minutes=10)
SCHEMES = ("http", "https")


class Kind(StrEnum):
    """What kind of thing plays."""

    MUSIC = "music"
    BULLETIN = "bulletin"
    NEWEST = "newest"
    RELAY = "relay"
    PAUSE = "pause"


class Fault(StrEnum):
    """What is wrong with an item. Words for people are in `programme.words`."""

    NO_CHOICE = "no-choice"  # nothing was chosen
    NO_STREAM = "no-stream"  # a relay without an address
    BAD_STREAM = "bad-stream"  # an address that is none of http or https
    MANY_STREAMS = "many-streams"
    NO_LENGTH = "no-length"
    LONG = "long"
    MANY = "many"  # more items than a programme may have
    EMPTY = "empty"  # a programme without an item


@dataclass(frozen=True)
class Item:
    """One item. `what`: id of the music or bulletin, 32 hexadecimal digits. Lengths are seconds.

    NEWEST: of `category` (empty: any), issued in the last `days`, not played in the last `rest` days, at most `most`.
    RELAY: the addresses are tried in order; it lasts `seconds`. PAUSE: lasts `seconds`.
    """

    kind: Kind
    what: str = ""
    name: str = ""
    category: str = ""
    days: int = 30
    rest: int = 3
    most: int = 1
    streams: tuple[str, ...] = ()
    seconds: int = 0

    def as_json(self) -> dict[str, Any]:
        """How it is kept: only what its kind has."""
        plain = asdict(self) | {"kind": str(self.kind), "streams": list(self.streams)}
        return {name: plain[name] for name in ("kind", *_FIELDS[self.kind])}

    @staticmethod
    def of(kept: Mapping[str, Any]) -> "Item":
        """What `as_json` gave. Raises ValueError for an unknown kind."""
        kind = Kind(kept["kind"])
        given = {name: kept[name] for name in _FIELDS[kind] if name in kept}
        if "streams" in given:
            given["streams"] = tuple(given["streams"])
        return Item(kind, **given)


_FIELDS: dict[Kind, tuple[str, ...]] = {
    Kind.MUSIC: ("what",),
    Kind.BULLETIN: ("what",),
    Kind.NEWEST: ("category", "days", "rest", "most"),
    Kind.RELAY: ("name", "streams", "seconds"),
    Kind.PAUSE: ("seconds",),
}


def of_json(kept: Iterable[Mapping[str, Any]]) -> tuple[Item, ...]:
    """The items of a programme as it keeps them."""
    return tuple(Item.of(one) for one in kept)


def faults(items: Sequence[Item]) -> list[tuple[int, Fault]]:
    """What is wrong with a programme, each with the place of its item; -1 is the whole."""
    found = [(at, fault) for at, item in enumerate(items) if (fault := _fault(item))]
    if not items:
        found.append((-1, Fault.EMPTY))
    if len(items) > MOST_ITEMS:
        found.append((-1, Fault.MANY))
    return found


def _fault(item: Item) -> Fault | None:
    if item.kind in (Kind.MUSIC, Kind.BULLETIN):
        return None if item.what else Fault.NO_CHOICE
    if item.kind is Kind.NEWEST:
        return None if item.days >= 1 and item.most >= 1 and item.rest >= 0 else Fault.NO_LENGTH
    if item.kind is Kind.RELAY:
        return _fault_of_streams(item.streams) or _fault_of_length(item.seconds, LONGEST_RELAY)
    return _fault_of_length(item.seconds, LONGEST_PAUSE)


def _fault_of_streams(streams: Sequence[str]) -> Fault | None:
    if not streams:
        return Fault.NO_STREAM
    if len(streams) > MOST_STREAMS:
        return Fault.MANY_STREAMS
    return None if all(map(is_stream, streams)) else Fault.BAD_STREAM


def _fault_of_length(seconds: int, longest: timedelta) -> Fault | None:
    if seconds < 1:
        return Fault.NO_LENGTH
    return Fault.LONG if seconds > longest.total_seconds() else None


def is_stream(address: str) -> bool:
    """Whether it can be the address of a stream: http or https, with a host, at most 500 characters, no blanks."""
    if len(address) > 500 or address != "".join(address.split()):
        return False
    try:
        parts = urlsplit(address)
        return parts.scheme in SCHEMES and bool(parts.hostname)
    except ValueError:
        return False
