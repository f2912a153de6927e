"""Hearing, and watching sound being made. Who may hear what is decided by the apps above (NGUON_AUDIO_GUARDS)."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from nguon.kit import clock
from nguon.media import actions, drawing, queries, ranged
from nguon.media.models import Rendition


@require_safe
def audio(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """The bytes of a file, whole or a range: what an audio element seeks in."""
    file = queries.file(request.user, sha256)
    if file is None:
        raise Http404
    return ranged.respond(request, file)


@require_safe
def waveform(request: HttpRequest, sha256: str) -> HttpResponse:
    """The waveform of a file: at most 800 bytes, one for each equal part; 202 with nothing while it is being drawn."""
    file = queries.file(request.user, sha256)
    if file is None:
        raise Http404
    drawn = drawing.waveform(file=file)
    if drawn is None:
        return HttpResponse(status=202, headers={"Cache-Control": "no-store", "Retry-After": "3"})
    kept = {"Cache-Control": "private, max-age=31536000, immutable", "ETag": f'"{sha256}-song"'}
    return HttpResponse(drawn, content_type="application/octet-stream", headers=kept)


@require_http_methods(["GET", "HEAD", "POST"])
def progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far a rendition is, as a piece of page that asks again until it is done, or as JSON; POST tries again."""
    rendition = queries.seen_by(request.user, pk)
    if rendition is None:
        raise Http404
    if request.method == "POST":
        rendition = actions.retry(rendition_id=pk, now=clock.now())
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        return JsonResponse(_as_json(rendition))
    return render(request, "media/_player.html", {"rendition": rendition, "final": queries.is_final(rendition)})


def _as_json(rendition: Rendition) -> dict[str, object]:
    file = rendition.file
    return {
        "state": rendition.state,
        "progress": rendition.progress,
        "error": rendition.error,
        "url": reverse("media:audio", args=[file.sha256]) if file else "",
        "duration_ms": file.duration_ms if file else None,
    }
