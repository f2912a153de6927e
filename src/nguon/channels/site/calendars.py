"""A site for the calendar of a telephone (RFC 5545): the hours of its loudspeakers, and its events.

Moments are in UTC: Vietnam has no summer time, so that "each day at 7" stays so. Whole days are days.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5

import icalendar
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from nguon.channels.site.feeds import Made, absolute
from nguon.kit import clock
from nguon.portal import markup
from nguon.portal.events import queries, words
from nguon.portal.models import EventWording, Site
from nguon.programme import timetable
from nguon.ui.skin import Skin

KIND = "text/calendar; charset=utf-8"
BEHIND = timedelta(days=31)  # what is over stays in the calendar so long, that a telephone may still learn of a change


def everything(site: Site, skin: Skin, now: datetime) -> Made:
    """The hours of the loudspeakers in the next seven days, and the events."""
    made = _calendar(_("Lịch phát thanh, sự kiện %(place)s") % {"place": site.place})
    stamp = _hours(made, site, now)
    return _written(made, [stamp, _events(made, _near(site, now), skin)])


def events(site: Site, skin: Skin, now: datetime) -> Made:
    """The events alone."""
    made = _calendar(_("Sự kiện %(place)s") % {"place": site.place})
    return _written(made, [site.updated_at, _events(made, _near(site, now), skin)])


def event(wording: EventWording, skin: Skin) -> Made:
    """One event, to be put into a calendar by hand."""
    made = _calendar(wording.title)
    return _written(made, [_events(made, [wording], skin)])


def _near(site: Site, now: datetime) -> Iterable[EventWording]:
    return queries.coming(site, clock.local_day(now - BEHIND))


def _calendar(name: str) -> icalendar.Calendar:
    made = icalendar.Calendar()
    made.add("prodid", "-//Nguon//lich phat thanh//VI")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    made.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    return made


def _hours(made: icalendar.Calendar, site: Site, now: datetime) -> datetime:
    days = timetable.week(site.place_id, now)
    stamp = datetime.combine(days[0].day, time(), clock.LOCAL).astimezone(UTC)
    for line in (line for day in days for line in day.lines):
        one = icalendar.Event()
        one.add("uid", f"{uuid5(NAMESPACE_URL, f'{site.pk}/{line.start}/{line.title}')}@nguon")
        one.add("dtstamp", stamp)
        one.add("dtstart", line.start.replace(tzinfo=clock.LOCAL).astimezone(UTC))
        one.add("dtend", line.end.replace(tzinfo=clock.LOCAL).astimezone(UTC))
        one.add("summary", line.title)
        one.add("location", capfirst(str(site.place)))
        one.add("transp", "TRANSPARENT")
        made.add_component(one)
    return stamp


def _events(made: icalendar.Calendar, found: Iterable[EventWording], skin: Skin) -> datetime:
    """Add them; when something of them changed last."""
    changed = datetime.min.replace(tzinfo=UTC)
    for wording in found:
        stamp = stamped(wording)
        changed = max(changed, stamp)
        one = icalendar.Event()
        one.add("uid", f"{wording.event_id}@nguon")
        one.add("dtstamp", stamp)
        one.add("last-modified", stamp)
        one.add("sequence", sequence(wording))
        one.add("status", "CANCELLED" if wording.event.cancelled_at else "CONFIRMED")
        _timed(one, wording)
        one.add("summary", wording.title)
        one.add("location", wording.where)
        one.add("description", "\n\n".join([words.when(wording), *markup.words(wording.body), wording.contact]).strip())
        one.add("url", absolute(skin, reverse("site:event", args=[wording.event.slug])))
        made.add_component(one)
    return changed


def stamped(wording: EventWording) -> datetime:
    """When it was approved as it is, or cancelled."""
    decided = wording.review.decided_at if wording.review else None
    return wording.event.cancelled_at or decided or wording.created_at


def sequence(wording: EventWording) -> int:
    """How often it changed: it grows with every wording that was approved, and when it is cancelled."""
    return wording.number - 1 + (wording.event.cancelled_at is not None)


def _timed(one: icalendar.Event, wording: EventWording) -> None:
    if wording.begins is None:
        one.add("dtstart", wording.first)
        one.add("dtend", wording.last + timedelta(days=1))  # the day after, as the format counts
        return
    one.add("dtstart", moment(wording.first, wording.begins).astimezone(UTC))
    if wording.ends is not None:
        one.add("dtend", moment(wording.first, wording.ends).astimezone(UTC))
    if wording.last > wording.first:
        one.add("rrule", {"freq": "daily", "count": (wording.last - wording.first).days + 1})


def moment(day: date, hour: time) -> datetime:
    """An hour of a day where the site is."""
    return datetime.combine(day, hour, clock.LOCAL)


def _written(made: icalendar.Calendar, changed: list[datetime]) -> Made:
    return Made(made.to_ical(), KIND, max(changed))
