"""Policies: what may sound at which hour, how long, how often, how loud, and how bright a screen may be. Pure; of
several the strictest wins."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from nguon.wire.ladder import Level

MIDNIGHT = time(0)
DAY = timedelta(days=1)
FREE = Level.EMERGENCY  # from this level on a policy holds nothing back
FOREMOST = Level.PRIORITY  # from this level on a sound does not count as one of the day's sessions


@dataclass(frozen=True)
class Hours:
    """From a time of the day to another, over midnight if the second is earlier. Equal: the whole day."""

    first: time
    last: time

    def spans(self, day: date) -> tuple[datetime, datetime]:
        """Its beginning on a day, and its end, which may be on the next."""
        start, end = datetime.combine(day, self.first), datetime.combine(day, self.last)
        return start, end if end > start else end + DAY


@dataclass(frozen=True)
class Volume:
    """At most so loud, or so bright (percent), in these hours."""

    hours: Hours
    most: int


@dataclass(frozen=True)
class Policy:
    """One rule of one place or group. What is empty is not limited. `basis`: the decision it stands on, in words."""

    id: str
    basis: str
    quiet: tuple[Hours, ...] = ()
    most_sessions: int | None = None  # a day
    longest: timedelta | None = None  # of one session
    volumes: tuple[Volume, ...] = ()
    brightness: tuple[Volume, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Quiet:
    """A span in which nothing sounds that a policy holds back."""

    start: datetime
    end: datetime
    policy: Policy


class QuietHours:
    """The quiet hours of a stretch of time under several policies: apart from each other, in order."""

    def __init__(self, policies: Iterable[Policy], start: datetime, end: datetime) -> None:
        self.spans = _apart(_touching(policies, start, end))
        self._starts = [span.start for span in self.spans]
        self._edges = sorted({edge for span in self.spans for edge in (span.start, span.end)})

    def at(self, moment: datetime) -> Quiet | None:
        """The quiet hours a moment lies in."""
        place = bisect_right(self._starts, moment) - 1
        return self.spans[place] if place >= 0 and moment < self.spans[place].end else None

    def after(self, moment: datetime) -> Quiet | None:
        """The first quiet hours that begin after a moment."""
        place = bisect_right(self._starts, moment)
        return self.spans[place] if place < len(self.spans) else None

    def next_edge(self, moment: datetime) -> datetime:
        """When quiet hours next begin or end; the end of time if they do not."""
        place = bisect_right(self._edges, moment)
        return self._edges[place] if place < len(self._edges) else datetime.max


def _touching(policies: Iterable[Policy], start: datetime, end: datetime) -> list[Quiet]:
    """All quiet hours that touch [start, end), by their beginning."""
    found = []
    for policy in policies:
        day = start.date() - DAY
        while day <= end.date():
            for hours in policy.quiet:
                found += _pieces(policy, *hours.spans(day))
            day += DAY
    touching = (each for each in found if each.start < end and each.end > start)
    return sorted(touching, key=lambda each: (each.start, each.end, each.policy.id))


def _pieces(policy: Policy, start: datetime, end: datetime) -> list[Quiet]:
    """A span cut at midnight, without the days on which the policy is not in force."""
    middle = datetime.combine(end.date(), MIDNIGHT)
    halves = [(start, middle), (middle, end)] if start < middle < end else [(start, end)]
    return [Quiet(first, last, policy) for first, last in halves if policy.holds(first.date())]


def _apart(spans: list[Quiet]) -> list[Quiet]:
    """The same time without overlaps; where two policies ask for it, the one that began first is named."""
    found: list[Quiet] = []
    for span in spans:
        if not found or span.start >= found[-1].end:
            found.append(span)
        elif span.end > found[-1].end:
            found.append(Quiet(found[-1].end, span.end, span.policy))
    return found


def longest(policies: Iterable[Policy], day: date) -> tuple[timedelta, Policy] | None:
    """How long one session may be on a day, and by which policy."""
    found = [(policy.longest, policy) for policy in policies if policy.longest is not None and policy.holds(day)]
    return min(found, key=lambda each: (each[0], each[1].id), default=None)


def most_sessions(policies: Iterable[Policy], day: date) -> tuple[int, Policy] | None:
    """How many sessions a day may have, and by which policy."""
    found = [(policy.most_sessions, policy) for policy in policies if policy.most_sessions is not None]
    return min(
        ((most, policy) for most, policy in found if policy.holds(day)),
        key=lambda each: (each[0], each[1].id),
        default=None,
    )


def volume(policies: Iterable[Policy], at: datetime, wanted: int) -> int:
    """How loud (percent) something that wants to be so loud may be at a moment."""
    limits = [limit for policy in policies for limit in policy.volumes if _covers(policy, limit.hours, at)]
    return min([wanted, *(limit.most for limit in limits)])


def _covers(policy: Policy, hours: Hours, at: datetime) -> bool:
    spans = [(day, *hours.spans(day)) for day in (at.date() - DAY, at.date())]
    return policy.holds(at.date()) and any(start <= at < end for _, start, end in spans)
