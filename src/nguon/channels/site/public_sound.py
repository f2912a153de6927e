"""How what stands on a site is read aloud, for everybody, as long as it stands there."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from nguon.channels.site import reading
from nguon.channels.site.public_views import site_of
from nguon.kit import clock
from nguon.media import ranged
from nguon.media.models import Rendition
from nguon.portal import queries
from nguon.portal.events import queries as events

SHORTLY = "private, max-age=300"  # who listens again loads nothing; what was taken down is not heard much longer


@login_not_required
@require_safe
def sound(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The sound that was approved with the article, whole or a range of it."""
    up = queries.up(site_of(request), clock.now()).select_related("sound__file")
    return _heard(request, get_object_or_404(up, slug=slug).sound)


@login_not_required
@require_safe
def section(request: HttpRequest, key: str) -> HttpResponseBase:
    """The wording of a page that is public, read aloud."""
    found = reading.edition(get_object_or_404(site_of(request).sections, key=key))
    return _heard(request, found.sound if found else None)


@login_not_required
@require_safe
def paper(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """What is said of a paper that is public; not what stands in its file."""
    return _heard(request, get_object_or_404(reading.papers(site_of(request)), pk=pk).sound)


@login_not_required
@require_safe
def event(request: HttpRequest, slug: str) -> HttpResponseBase:
    """An event, read aloud."""
    return _heard(request, get_object_or_404(events.public(site_of(request)), event__slug=slug).sound)


def _heard(request: HttpRequest, sound: Rendition | None) -> HttpResponseBase:
    if sound is None or sound.file is None:
        raise Http404
    answer = ranged.respond(request, sound.file)
    answer.headers["Cache-Control"] = SHORTLY
    return answer
