"""How an article is read aloud, for everybody, as long as it stands on the site."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from nguon.channels.site.public_views import site_of
from nguon.kit import clock
from nguon.media import ranged
from nguon.portal import queries

SHORTLY = "private, max-age=300"  # who listens again loads nothing; what was taken down is not heard much longer


@login_not_required
@require_safe
def sound(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The sound that was approved with the article, whole or a range of it."""
    up = queries.up(site_of(request), clock.now()).select_related("sound__file")
    found = get_object_or_404(up, slug=slug).sound
    if found is None or found.file is None:
        raise Http404
    answer = ranged.respond(request, found.file)
    answer.headers["Cache-Control"] = SHORTLY
    return answer
