"""What an officer decides of a source, and how often and how long: pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

import msgspec

EVERY = (5, 24 * 60)  # minutes between two looks
OLDEST = (60, 7 * 24 * 60)  # minutes that values may be shown after they were last seen
TIMES, OLDEST_LEAST = 3, 60  # the usual age: so many rhythms, and at least an hour
RETRY = timedelta(minutes=5)  # after a first look that failed; doubled each time, never longer than the rhythm
RESTAMP = timedelta(hours=1)  # values that are as they were get a new hour this often, so that boards fetch seldom
AHEAD = timedelta(minutes=10)  # that a feed's own hour may be later than ours
MOST_LETTERS = 40_000  # of a whole table: half of what a board takes
MOST_TITLES, LONGEST_TITLE = 8, 160  # of a list of titles


class Trouble(StrEnum):
    """Why what came cannot be shown. The faults of fetching stand beside these (`outside.addresses.Fault`)."""

    HTML = "html"  # a page for people, as servers send when something is wrong
    UNREAD = "unread"  # no form that is known here
    FORM = "form"  # another form than the one that was chosen from
    EMPTY = "empty"  # nothing stands where a value was
    LONG = "long"  # a value of more letters than a cell holds
    MARKUP = "markup"  # a value with marks of a page in it
    HOUR = "hour"  # its own hour cannot be read, or is still to come
    OLD = "old"  # it answers, but its own hour is past the age that was set


class Broken(Exception):
    """What came cannot be shown. `detail` says where, for the officer: a path, a name."""

    def __init__(self, trouble: Trouble, detail: str = "") -> None:
        super().__init__(f"{trouble}: {detail}")
        self.trouble, self.detail = trouble, detail[:200]


class Timetable(msgspec.Struct, frozen=True, tag="timetable"):
    """A table by hand. `day`, `hour`: the first column is a date, the next one (or the first) a time of the day."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    day: bool = False
    hour: bool = False


class Pick(msgspec.Struct, frozen=True):
    """One value: how it is called, where it is in what came, what is said after it, its place in the form."""

    name: str
    path: str
    unit: str = ""
    slot: int = 0


class Feed(msgspec.Struct, frozen=True, tag="feed"):
    """Values from an address. `shape`: "values" (one each), "rows" (a list of things, `rows` is where) or "titles".

    `every`, `oldest`: minutes. `hour`: where the feed says of which hour it is, if it does. `credit`: whose values.
    `change`: the name of the column whose figures are told as more or less.
    """

    shape: str
    address: str
    form: str
    every: int
    oldest: int
    picks: tuple[Pick, ...] = ()
    rows: str = ""
    hour: str = ""
    credit: str = ""
    change: str = ""


Terms = Timetable | Feed


def terms_of(written: Mapping[str, Any]) -> Terms:
    """The terms as they were kept. Raises ValueError (msgspec.ValidationError)."""
    found: Terms = msgspec.convert(written, Terms)
    return found


def digest(title: str, terms: Terms) -> str:
    """What is agreed to, as one hash."""
    return sha256(msgspec.json.encode([title, terms])).hexdigest()


def usual_oldest(every: int) -> int:
    """Minutes that values may be shown if nobody says otherwise."""
    return min(max(TIMES * every, OLDEST_LEAST), OLDEST[1])


def next_look(now: datetime, every: int, failures: int) -> datetime:
    """When a feed is asked again: after its rhythm, or sooner while it fails, ever less often."""
    usual = timedelta(minutes=every)
    return now + (min(usual, RETRY * (1 << min(failures - 1, 10))) if failures else usual)


def stamp(before: datetime | None, seen: datetime, *, same: bool) -> datetime:
    """Of which hour values are told to be: of when they changed, or of a later look, not more often than RESTAMP."""
    keep = same and before is not None and seen - before < RESTAMP
    return before if keep and before is not None else seen
