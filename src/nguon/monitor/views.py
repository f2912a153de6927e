"""The live page, its stream, and the page of one device."""

from uuid import UUID

from asgiref.sync import sync_to_async
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from nguon.devices.models import Device
from nguon.kit import clock
from nguon.monitor import forms, page, words
from nguon.monitor.rules import Health
from nguon.monitor.stream import events
from nguon.monitor.watch import Over, Watch
from nguon.people.models import Person


def _person(request: HttpRequest) -> Person:
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user


@require_GET
def live(request: HttpRequest) -> HttpResponse:
    """All clusters now, as a list and on the map."""
    found = page.live(_person(request), forms.wish(request), clock.now())
    states = [(state.value, words.HEALTH[state]) for state in Health]
    return render(request, "monitor/live.html", {"page": found, "states": states})


@require_GET
async def stream(request: HttpRequest) -> StreamingHttpResponse:
    """What changes on the live page, as server-sent events."""
    watch = await sync_to_async(_watch)(request)
    headers = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(events(watch), content_type="text/event-stream", headers=headers)


def _watch(request: HttpRequest) -> Watch:
    now = clock.now()
    since = forms.since(request, now)
    key = request.session.session_key or ""
    watch = Watch(session_key=key, wish=forms.wish(request), since=since, language=get_language() or "vi")
    try:
        watch.check(now)
    except Over as error:
        raise PermissionDenied from error
    return watch


@require_GET
def device(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One cluster: how it is, what it played, what was refused."""
    try:
        found = page.one(_person(request), pk, clock.now())
    except Device.DoesNotExist as error:
        raise Http404 from error
    return render(request, "monitor/device.html", {"page": found})
