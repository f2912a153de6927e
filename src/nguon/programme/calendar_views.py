"""The week of a place, seven days of one device or place with reasons, and the timetable for everybody."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from nguon.devices import queries as devices
from nguon.kit import clock
from nguon.people.asking import person_of
from nguon.people.rules import Right
from nguon.people.scope import may
from nguon.programme import planned, telling, timetable, weeks, where, words
from nguon.programme.telling import Day

WEEK = timedelta(days=7)
FIRST_HOUR, LAST_HOUR = 4, 22  # drawn at the least


@require_GET
def week(request: HttpRequest) -> HttpResponse:
    """The week calendar of a place: days beside each other on a laptop, below each other on a phone."""
    person, today = person_of(request), clock.today()
    place = where.chosen(person, request.GET.get("place", ""), today)
    if place is None:
        raise Http404
    first = _monday(_day(request.GET.get("week", "")) or today)
    days = telling.days(weeks.of_place(place.pk, first), planned.own_ids(place.pk), today)
    may_change = may(person, Right.BROADCAST, place.pk)
    context = {
        "place": place,
        "places": where.offered(person, place, today),
        "days": days,
        "first": first,
        "last": first + WEEK - timedelta(days=1),
        "earlier": first - WEEK,
        "later": first + WEEK,
        "this_week": _monday(today),
        "hours": _hours(days),
        "may_change": may_change,
        "known": {pk.hex for pk in planned.slots_of(person).values_list("pk", flat=True)},
        "movable": planned.movable(place.pk) if may_change else {},
        "any": any(day.told for day in days),
    }
    return render(request, "programme/week.html", context)


@require_GET
def device(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What will sound at one device in the next seven days, and what will not, and why."""
    person, today = person_of(request), clock.today()
    found = get_object_or_404(devices.devices(person, today), pk=pk)
    days = telling.days(weeks.of_device(pk, today), planned.own_ids(found.place_id), today)
    context = {"device": found, "title": found.name, "areas": devices.areas(found, today), **_told(days)}
    return render(request, "programme/ahead.html", context)


@require_GET
def place(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same for a whole place."""
    person, today = person_of(request), clock.today()
    found = where.chosen(person, str(pk), today)
    if found is None:
        raise Http404
    days = telling.days(weeks.of_place(pk, today), planned.own_ids(pk), today)
    return render(request, "programme/ahead.html", {"place": found, "title": str(found), **_told(days)})


@require_GET
@login_not_required
def public(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The timetable of a place for everybody: times and titles, nothing of who made it or of devices."""
    now = clock.now()
    found = timetable.place(pk, clock.local_day(now))
    if found is None:
        raise Http404
    days = [(each, words.weekday(each.day)) for each in timetable.of_today(timetable.week(pk, now), now)]
    context = {"place": found, "days": days, "today": clock.local_day(now), "any": any(day.lines for day, _ in days)}
    return render(request, "programme/timetable.html", context)


def _told(days: list[Day]) -> dict[str, Any]:
    told = [each for day in days for each in day.told]
    return {
        "days": days,
        "hushes": telling.hushes(days),
        "any": bool(told),
        "n_heard": sum(each.block.heard for each in told),
        "n_silent": sum(not each.block.heard for each in told),
        "ticks": range(0, 25, 3),
    }


def _hours(days: list[Day]) -> list[int]:
    """The hours that are drawn: those of the day, and of the night only where something is due."""
    starts = [told.from_minute // 60 for day in days for told in day.told]
    ends = [min(24, -(-told.to_minute // 60)) for day in days for told in day.told]
    return list(range(min([FIRST_HOUR, *starts]), max([LAST_HOUR, *ends])))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
