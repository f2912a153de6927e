"""Slots: when something recurs, and on which days it does not. Pure; times of the wall clock are Vietnam's, naive.

A slot is due on the days its recurrence rule (RFC 5545) gives, unless one of its exceptions says otherwise; each day it
is not, though the rule gives it, is told with its reason, so that a page can say why nothing sounds.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from dateutil.rrule import rrulestr

from nguon.programme.lunar import lunar

DAY = timedelta(days=1)
SHORTEST, LONGEST = timedelta(seconds=5), timedelta(hours=12)
LOOKAHEAD = timedelta(days=400)  # a rule that gives nothing in so long gives nothing
_RULES = ("FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "UNTIL", "COUNT", "WKST")


class OnHoliday(StrEnum):
    """What a slot does on public holidays."""

    PLAY = "play"
    SKIP = "skip"
    ONLY = "only"


class Why(StrEnum):
    """Why something sounds, or does not. Words for people are in `programme.words`."""

    RULE = "rule"  # its recurrence gives the day
    ADDED = "added"  # added for this day by hand
    EXCEPTED = "excepted"  # taken out for this day by hand
    SUSPENDED = "suspended"
    HOLIDAY = "holiday"
    NO_HOLIDAY = "no-holiday"  # a slot for holidays only
    LUNAR = "lunar"  # not one of its lunar days
    NOT_VALID = "not-valid"  # before or after its validity
    QUIET = "quiet"  # quiet hours
    LONG = "long"  # longer than a session may be
    MANY = "many"  # more sessions than a day may have
    HIGHER = "higher"  # something of a higher level sounded
    BUSY = "busy"  # something of the same level sounded, for longer than it could wait
    CUT = "cut"  # it was broken off and could not be ended in time
    RESUMED = "resumed"  # it was broken off and went on
    WAITED = "waited"  # it began later, after something else


@dataclass(frozen=True)
class Suspension:
    """From a day to a day (open: until told otherwise) a slot rests."""

    first: date
    last: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it rests on this day."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Slot:
    """When a programme recurs. `rule` is an RRULE without DTSTART, or empty for once; `first` is its first beginning.

    `grace`: how much later it may still begin. `patience`: how long after its planned end it may still go on, if it was
    broken off or began late (at least its grace). `can_be_cut`: ends anywhere (relay, music) instead of not beginning
    where it does not fit.
    """

    id: str
    title: str
    level: int
    first: datetime
    length: timedelta
    rule: str = ""
    grace: timedelta = timedelta(minutes=5)
    patience: timedelta = timedelta(minutes=30)
    can_be_cut: bool = False
    on_holiday: OnHoliday = OnHoliday.PLAY
    lunar_days: frozenset[int] = frozenset()
    except_on: frozenset[date] = frozenset()
    also_on: frozenset[date] = frozenset()
    valid_from: date | None = None
    valid_to: date | None = None
    suspensions: tuple[Suspension, ...] = ()
    issued: int = 0  # ms since 1970 when it was made: the tie-breaker of the ladder


@dataclass(frozen=True)
class Occurrence:
    """One time a slot is due. `why` says what brought it about."""

    slot: Slot
    start: datetime
    why: Why = Why.RULE

    @property
    def end(self) -> datetime:
        """When it is over if nothing comes between."""
        return self.start + self.slot.length

    @property
    def latest_end(self) -> datetime:
        """When it is over at the latest, whatever came between."""
        return self.end + max(self.slot.grace, self.slot.patience)


@dataclass(frozen=True)
class Silence:
    """A time at which a slot would have sounded and does not. `by` names what stood in the way, if something did."""

    slot: Slot
    start: datetime
    why: Why
    by: str = ""


class Unfit(ValueError):
    """A slot that cannot be kept; `field` is the part of it that is wrong, `reason` a code for its words."""

    def __init__(self, field_: str, reason: str) -> None:
        super().__init__(f"{field_}: {reason}")
        self.field, self.reason = field_, reason


@dataclass(frozen=True)
class Days:
    """What is known of days: public holidays by name."""

    holidays: Mapping[date, str] = field(default_factory=dict)


def check(slot: Slot) -> None:
    """Nothing if the slot can be kept. Raises Unfit: no length, 30 hours, a rule unknown to us or that never fires."""
    if slot.length < SHORTEST:
        raise Unfit("length", "short")
    if slot.length > LONGEST:
        raise Unfit("length", "long")
    if slot.valid_from and slot.valid_to and slot.valid_to < slot.valid_from:
        raise Unfit("valid_to", "before")
    if any(not 1 <= day <= 30 for day in slot.lunar_days):
        raise Unfit("lunar_days", "unknown")
    parts = dict(part.partition("=")[::2] for part in slot.rule.upper().split(";") if part)
    if slot.rule and (parts.keys() - set(_RULES) or parts.get("FREQ") not in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")):
        raise Unfit("rule", "unknown")  # by the hour or the minute is no programme
    try:
        given = list(_days(slot, slot.first, slot.first + LOOKAHEAD))
    except (ValueError, TypeError) as error:
        raise Unfit("rule", "unknown") from error
    if not any(_verdict(slot, day, Days()) in (Why.RULE, Why.ADDED, Why.NO_HOLIDAY) for day in given):
        raise Unfit("rule", "never")


def occurrences(slot: Slot, start: datetime, end: datetime, days: Days) -> Iterator[Occurrence | Silence]:
    """Each time the slot is due in [start, end), or would have been: in order, each day once."""
    for day in _days(slot, start - slot.length - slot.patience, end):
        at = datetime.combine(day, slot.first.time())
        if not start <= at < end:
            continue
        verdict = _verdict(slot, day, days)
        if verdict in (Why.RULE, Why.ADDED):
            yield Occurrence(slot, at, verdict)
        else:
            yield Silence(slot, at, verdict)


def _days(slot: Slot, start: datetime, end: datetime) -> list[date]:
    """The days that the rule or an addition gives, sorted, each once."""
    given = set(slot.also_on)
    if slot.rule:
        series = rrulestr(f"RRULE:{_until_day_end(slot.rule)}", dtstart=slot.first)
        given |= {at.date() for at in series.between(max(start, slot.first) - DAY, end, inc=True)}
    else:
        given.add(slot.first.date())
    return sorted(day for day in given if start.date() <= day <= end.date() and day >= slot.first.date())


def _until_day_end(rule: str) -> str:
    """`UNTIL=20261231` means to the end of that day, in the same wall-clock time as all else."""
    parts = [part for part in rule.upper().split(";") if part]
    return ";".join(
        f"UNTIL={part[6:14]}T235959" if part.startswith("UNTIL=") and len(part) >= 14 else part for part in parts
    )


def _verdict(slot: Slot, day: date, days: Days) -> Why:
    """Whether the slot is due on a day its rule gives. What was said for this very day counts most."""
    if any(rest.holds(day) for rest in slot.suspensions):
        return Why.SUSPENDED
    if (slot.valid_from and day < slot.valid_from) or (slot.valid_to and day > slot.valid_to):
        return Why.NOT_VALID
    if day in slot.except_on:
        return Why.EXCEPTED
    if day in slot.also_on:
        return Why.ADDED
    if slot.lunar_days and lunar(day).day not in slot.lunar_days:
        return Why.LUNAR
    if slot.on_holiday is OnHoliday.SKIP and day in days.holidays:
        return Why.HOLIDAY
    if slot.on_holiday is OnHoliday.ONLY and day not in days.holidays:
        return Why.NO_HOLIDAY
    return Why.RULE
