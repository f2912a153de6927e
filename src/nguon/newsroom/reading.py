"""The panel of the editor: what will be said beside what is being written. Nothing is saved."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from nguon.kit import clock
from nguon.media.readings.queries import for_text
from nguon.newsroom import queries
from nguon.newsroom.aloud import aloud as read_aloud
from nguon.newsroom.forms import AloudForm
from nguon.newsroom.sounding import SPOKEN_LANGUAGE
from nguon.people.asking import person_of
from nguon.people.models import Person
from nguon.speech import Readings


@require_POST
def aloud(request: HttpRequest) -> HttpResponse:
    """The words of the form as they would be said with the readings of its place."""
    person = person_of(request)
    if not queries.may_write(person):
        raise PermissionDenied
    form = AloudForm(person, request.POST)
    body, place_id, rate = form.wording()
    own = for_text(place_id, body, clock.today()) if place_id else ()
    found = read_aloud(body, own, rate, repeat=form.repeats())
    context = {
        "aloud": found,
        "repeat": form.repeats(),
        "foreign": form.language() != SPOKEN_LANGUAGE,
        "stale": _stale(person, request.GET.get("cua", ""), body, own),
    }
    return render(request, "newsroom/parts/aloud.html", context)


def _stale(person: Person, bulletin: str, body: str, own: Readings) -> str:
    """Whether the same words were heard with other readings: `heard`; `held` if under review or approved."""
    try:
        version = queries.newest_of(person, UUID(bulletin), clock.now())
    except ValueError:
        return ""
    if version is None or version.body != body or version.sound_id or queries.readings(version) == own:
        return ""
    if queries.under_decision(version):
        return "held"
    return "heard" if queries.sha256(version) else ""
