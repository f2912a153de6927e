"""Events as pages show them: when in words and for machines, and by month."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby

from django.utils.translation import gettext as _

from nguon.channels.site import calendars
from nguon.kit import clock
from nguon.portal.events import queries, words
from nguon.portal.models import EventWording, Site
from nguon.ui.words import full

ON_FRONT = 3


@dataclass(frozen=True)
class Shown:
    """One event. `day`: under which it stands in a list: its first, or today while it goes on."""

    wording: EventWording
    day: date

    @property
    def slug(self) -> str:
        """The end of its address."""
        return self.wording.event.slug

    @property
    def cancelled(self) -> bool:
        """Whether it will not be."""
        return self.wording.event.cancelled_at is not None

    @property
    def when(self) -> str:
        """When it is, whole."""
        return words.when(self.wording)

    @property
    def hours(self) -> str:
        """When on that day."""
        return words.hours_of(self.wording)

    @property
    def weekday(self) -> str:
        """The name of the day."""
        return full(self.day).partition(",")[0]

    @property
    def start(self) -> str:
        """When it begins, for machines: ISO 8601, a day or a moment."""
        return _iso(self.wording.first, self.wording.begins)

    @property
    def end(self) -> str:
        """When it ends, likewise."""
        return _iso(self.wording.last, self.wording.ends)


def _iso(day: date, hour: time | None) -> str:
    return day.isoformat() if hour is None else calendars.moment(day, hour).isoformat()


def coming(site: Site, now: datetime, most: int | None = None) -> list[Shown]:
    """What is on today or later, by the day."""
    today = clock.local_day(now)
    found = [Shown(one, max(one.first, today)) for one in queries.coming(site, today)]
    return sorted(found, key=lambda one: one.day)[:most]


def of(wording: EventWording) -> Shown:
    """One of them."""
    return Shown(wording, wording.first)


def by_month(found: Iterable[Shown]) -> list[tuple[str, list[Shown]]]:
    """`Tháng 12/2026` with what is in it, in the given order."""
    return [
        (_("Tháng %(month)d/%(year)d") % {"month": month, "year": year}, list(rows))
        for (year, month), rows in groupby(found, lambda one: (one.day.year, one.day.month))
    ]
