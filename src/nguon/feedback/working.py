"""Working time: office hours of working days, with Vietnam's holidays, the days worked instead, and those of a place.

Everything is local time. A calendar is a value: it asks the database once, when it is made.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from holidays import country_holidays

from nguon.feedback.models import DayOff
from nguon.kit.clock import LOCAL, local_day
from nguon.places import queries as places

ONE_DAY = timedelta(days=1)
SATURDAY = 5
LONGEST = 3660  # days looked at for a deadline: past them the calendar has no working day left
Hours = tuple[tuple[time, time], ...]


class NoWorkingTime(ValueError):
    """Ten years without a working day: the calendar is set up wrongly."""


@dataclass(frozen=True)
class Calendar:
    """Office hours, and the days that differ from the country's: day → whether it is worked."""

    hours: Hours
    own: Mapping[date, bool] = field(default_factory=dict)

    @property
    def length(self) -> timedelta:
        """How much working time a working day has."""
        ends = [datetime.combine(date.min, end) - datetime.combine(date.min, begin) for begin, end in self.hours]
        return sum(ends, timedelta())

    def works(self, day: date) -> bool:
        """Whether the day is a working day."""
        if day in self.own:
            return self.own[day]
        off, instead = _year(day.year)
        return day in instead or (day.weekday() < SATURDAY and day not in off)

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """The moment by which so much working time has passed since `start`. Raises NoWorkingTime.

        It is never outside office hours; nothing added gives the next moment somebody works.
        """
        left = amount
        for begins, ends in self._shifts(start):
            if left <= ends - begins:
                return begins + left
            left -= ends - begins
        raise NoWorkingTime

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much working time lies between two moments; none if the second is not later."""
        total = timedelta()
        if end <= start:
            return total
        for begins, ends in self._shifts(start, last=local_day(end)):
            total += max(timedelta(), min(ends, end) - begins)
        return total

    def end_after(self, start: datetime, days: int) -> datetime:
        """The end of office hours of the n-th working day after the day of `start`. Raises NoWorkingTime."""
        return self._end_of_nth(local_day(start) + ONE_DAY, max(1, days))

    def end_of(self, day: date) -> datetime:
        """The end of office hours of a day, or of the next working day if it is none. Raises NoWorkingTime."""
        return self._end_of_nth(day, 1)

    def _end_of_nth(self, first: date, number: int) -> datetime:
        for day in _days(first, LONGEST + number * 2):
            number -= self.works(day)
            if not number:
                return _at(day, self.hours[-1][1])
        raise NoWorkingTime

    def _shifts(self, start: datetime, last: date | None = None) -> Iterator[tuple[datetime, datetime]]:
        """What is left of the office hours from a moment on."""
        for day in _days(local_day(start), LONGEST):
            if last is not None and day > last:
                return
            if not self.works(day):
                continue
            for begins, ends in self.hours:
                if _at(day, ends) > start:
                    yield max(start.astimezone(LOCAL), _at(day, begins)), _at(day, ends)


def calendar(place_id: UUID | None, now: datetime) -> Calendar:
    """The calendar of a place: the country's, the days set for everywhere, then those of each place down to it."""
    chain = places.tree().above(place_id, local_day(now)) if place_id else ()
    depth = {pk: number for number, pk in enumerate(chain, 1)}
    rows = DayOff.objects.filter(place=None) | DayOff.objects.filter(place__in=chain)
    ordered = sorted(rows, key=lambda row: depth.get(row.place_id, 0) if row.place_id else 0)
    return Calendar(hours(settings.NGUON_OFFICE_HOURS), {row.day: row.works for row in ordered})


def hours(written: str) -> Hours:
    """Office hours of their written form, `7:00-11:30, 13:30-17:00`. Raises ValueError with what is wrong."""
    found = tuple(_shift(part) for part in written.split(","))
    flat = [edge for shift in found for edge in shift]
    if any(later <= earlier for earlier, later in itertools.pairwise(flat)):
        raise ValueError(f"office hours do not follow one another: {written}")
    return found


def _shift(part: str) -> tuple[time, time]:
    begins, _, ends = part.strip().partition("-")
    return _clock(begins), _clock(ends)


def _clock(written: str) -> time:
    hour, _, minute = written.strip().partition(":")
    return time(int(hour), int(minute or 0))


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, LOCAL)


def _days(first: date, count: int) -> Iterable[date]:
    return (first + timedelta(days=number) for number in range(count))


@lru_cache(maxsize=64)
def _year(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """The days off of the country in a year, and the Saturdays and Sundays worked for others, as far as known."""
    found = country_holidays("VN", years=year)
    return frozenset(found), frozenset(found.weekend_workdays)
