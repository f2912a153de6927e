"""Pages of readings, and hearing a few words. Each parses, makes one call, renders."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nguon import speech
from nguon.kit import clock
from nguon.media.errors import MediaError
from nguon.media.models import Reading
from nguon.media.readings import actions, phrase, queries
from nguon.media.readings.beside import rows
from nguon.media.readings.forms import FilterForm, PhraseForm, ReadingForm, TryForm
from nguon.people.asking import person_of
from nguon.people.models import Person

PAGE = 50


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """How a place wants things read: its own readings and those from above; with `bo`, those that are over."""
    return _page(request, person_of(request))


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep a reading: of the page's form, or of the editor's dialog (htmx)."""
    person, quick = writer(request), "HX-Request" in request.headers
    form = ReadingForm(person, request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            kept = actions.keep(
                place_id=data["place"].pk,
                written=data["written"],
                spoken=data["spoken"],
                actor=person,
                now=clock.now(),
            )
        except actions.ReadingRefused as error:
            form.add_error(error.field, str(error))
        else:
            return _kept(request, kept.reading, quick)
    if quick:
        return render(request, "readings/refused.html", {"form": form}, status=422)
    return _page(request, person, form)


@require_POST
def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a reading."""
    reading = _reading(request, pk)
    try:
        actions.end(reading=reading, actor=person_of(request), now=clock.now())
    except actions.ReadingOver as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Đã bỏ cách đọc riêng của “%s”.") % reading.written)
    return redirect(_list_of(reading))


@require_POST
def take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Undo a reading just kept in the editor."""
    try:
        before = actions.take_back(reading=_reading(request, pk), actor=person_of(request), now=clock.now())
    except MediaError as error:
        return HttpResponse(status=204, headers={"HX-Trigger": json.dumps({"toast": str(error)})})
    said = _("Đã hoàn tác. “%(written)s” lại đọc là “%(spoken)s”.")
    words = said % {"written": before.written, "spoken": before.spoken} if before else _("Đã hoàn tác.")
    return HttpResponse(status=204, headers={"HX-Trigger": json.dumps({"reading-kept": {"words": words, "undo": ""}})})


@require_POST
def hear(request: HttpRequest) -> HttpResponse:
    """A few words as sound, at once; 422 with words for the officer if they cannot be spoken."""
    form = PhraseForm(person_of(request), request.POST)
    if not form.allowed:
        raise PermissionDenied
    try:
        sound = phrase.hear(**form.asked(), now=clock.now())
    except MediaError as error:
        return HttpResponse(str(error), status=422, content_type="text/plain; charset=utf-8")
    return HttpResponse(sound, content_type="audio/mpeg", headers={"Cache-Control": "no-store"})


@require_POST
def tried(request: HttpRequest) -> HttpResponse:
    """A sentence as it would be read at a place."""
    person = person_of(request)
    form = TryForm(person, request.POST)
    place_id, text = form.asked()
    own = queries.for_text(place_id, text, clock.today()) if place_id else ()
    found = rows(speech.read(text, readings=own))
    may_say = queries.writes_at(person, place_id)
    return render(request, "readings/tried.html", {"rows": found, "editable": may_say, "may_say": may_say})


def writer(request: HttpRequest) -> Person:
    """The person asking, who writes somewhere. Raises PermissionDenied."""
    person = person_of(request)
    if not queries.may_write(person):
        raise PermissionDenied
    return person


def _reading(request: HttpRequest, pk: UUID) -> Reading:
    return get_object_or_404(queries.correctable(person_of(request)), pk=pk)


def _list_of(reading: Reading) -> str:
    return f"{reverse('readings:list')}?place={reading.place_id}"


def _kept(request: HttpRequest, reading: Reading, quick: bool) -> HttpResponse:
    said = _("Từ nay ở %(place)s, “%(written)s” đọc là “%(spoken)s”.")
    words = said % {"place": reading.place, "written": reading.written, "spoken": reading.spoken}
    if not quick:
        messages.success(request, words)
        return redirect(_list_of(reading))
    told = {"words": words, "undo": reverse("readings:take-back", args=[reading.pk])}
    return HttpResponse(status=204, headers={"HX-Trigger": json.dumps({"reading-kept": told})})


def _page(request: HttpRequest, person: Person, refused: ReadingForm | None = None) -> HttpResponse:
    form = FilterForm(person, refused.data if refused else request.GET)
    place_id, text, over = form.chosen(), form.cleaned_data.get("q", ""), "bo" in request.GET
    held = queries.held(place_id, clock.today(), text) if place_id else []
    past = queries.ended(place_id, text) if place_id else []
    context: dict[str, Any] = {
        "form": form,
        "place": form.cleaned_data.get("place"),
        "many_places": form.many,
        "over": over,
        "page": Paginator(past if over else held, PAGE).get_page(request.GET.get("page")),
        "counts": (len(held), len(past)),
        "shows_held": not over,
        "may_write": queries.writes_at(person, place_id),
        "reading_form": refused or ReadingForm(person, initial=_started(request, place_id, held)),
    }
    return render(request, "readings/list.html", context, status=422 if refused else 200)


def _started(request: HttpRequest, place_id: UUID | None, held: list[queries.Held]) -> dict[str, Any]:
    """What stands in the form: one that is to be changed, or words that were asked for."""
    chosen = next((one.reading for one in held if str(one.reading.pk) == request.GET.get("sua")), None)
    if chosen is None:
        return {"place": place_id, "written": request.GET.get("chu", "")[:200]}
    return {"place": place_id, "written": chosen.written, "spoken": chosen.spoken}
