"""The page of safety: what was refused, by devices and at the doors."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from nguon.kit import clock
from nguon.monitor import safety, words
from nguon.people.asking import person_of


@require_GET
def events(request: HttpRequest) -> HttpResponse:
    """What was refused in the last month, by days."""
    person, now = person_of(request), clock.now()
    days = [
        (day, [(event, words.refusal(event.reason), words.grave(event.reason)) for event in found])
        for day, found in safety.by_day(person, now)
    ]
    return render(request, "monitor/safety.html", {"days": days, "span": safety.DAYS})
