"""Pages of a site for everybody. Each asks for what is public now, and is the same for all who read it."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from nguon.channels.site import approved
from nguon.kit import clock
from nguon.portal import queries
from nguon.portal.models import Site
from nguon.ui import public, skin


def site_of(request: HttpRequest) -> Site:
    """The site whose page this is. Raises Http404 for a page for the public that belongs to none."""
    found = Site.objects.select_related("place").filter(pk=skin.of(request).site).first()
    if found is None:
        raise Http404
    return found


@login_not_required
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The first page."""
    site = site_of(request)
    context = {"site": site, "postings": queries.up(site, clock.now())[:10], "is_front": True}
    return public.page(request, "site/front.html", context)


@login_not_required
@require_safe
def section(request: HttpRequest, key: str) -> HttpResponse:
    """One section."""
    found = get_object_or_404(site_of(request).sections, key=key)
    return public.page(request, "site/section.html", {"section": found})


@login_not_required
@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """One bulletin as an article: the very document that was approved. What stood there once says that it is gone."""
    site, now = site_of(request), clock.now()
    found = queries.up(site, now).select_related("sound").filter(slug=slug).first()
    if found is None:
        gone = queries.gone(site, slug, now)
        if gone is None:
            raise Http404
        return public.page(request, "site/gone.html", {"posting": gone}, status=410)
    try:
        shown = approved.of(found)
    except LookupError as error:
        raise Http404 from error
    return public.page(request, "site/article.html", {"posting": found, "article": shown})
