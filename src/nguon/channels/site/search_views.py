"""The search of a site."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from nguon.channels.site import searching
from nguon.channels.site.public_views import site_of
from nguon.kit import clock
from nguon.kit.text import clean
from nguon.ui import public


@login_not_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What the site has of some words: articles, sections, papers."""
    asked = clean(request.GET.get("q", ""))[: searching.LONGEST]
    found = searching.search(site_of(request), asked, clock.now())
    return public.page(request, "site/search.html", {"asked": asked, "found": found})
