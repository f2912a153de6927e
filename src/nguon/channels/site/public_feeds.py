"""Feeds of a site. Who asks again for what has not changed gets a short answer (RFC 9110, 13)."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from nguon.channels.site import calendars, feeds, sitemap
from nguon.channels.site.feeds import Made
from nguon.channels.site.public_views import site_of
from nguon.kit import clock
from nguon.newsroom.models import Category
from nguon.portal import skins
from nguon.portal.models import Site
from nguon.ui import public
from nguon.ui import skin as skins_of


@login_not_required
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Which feeds there are, for people."""
    site = site_of(request)
    context = {"site": site, "fields": feeds.fields(site, clock.now()), "cap": _cap(request, site)}
    return public.page(request, "site/feeds.html", context)


@login_not_required
@require_safe
def rss(request: HttpRequest) -> HttpResponseBase:
    """News as RSS 2.0."""
    return answer(request, feeds.news(site_of(request), skins_of.of(request), clock.now()))


@login_not_required
@require_safe
def atom(request: HttpRequest) -> HttpResponseBase:
    """News as Atom."""
    return answer(request, feeds.news(site_of(request), skins_of.of(request), clock.now(), atom=True))


@login_not_required
@require_safe
def field(request: HttpRequest, field: str, form: str) -> HttpResponseBase:
    """News of one field, as either."""
    if field not in Category or form not in ("rss", "atom"):
        raise Http404
    made = feeds.news(site_of(request), skins_of.of(request), clock.now(), field=Category(field), atom=form == "atom")
    return answer(request, made)


@login_not_required
@require_safe
def podcast(request: HttpRequest) -> HttpResponseBase:
    """What the loudspeakers said, for podcast programs."""
    return answer(request, feeds.podcast(site_of(request), skins_of.of(request), clock.now()))


@login_not_required
@require_safe
def calendar(request: HttpRequest) -> HttpResponseBase:
    """The hours of the loudspeakers and the events, for the calendar of a telephone."""
    return answer(request, calendars.everything(site_of(request), skins_of.of(request), clock.now()))


@login_not_required
@require_safe
def events(request: HttpRequest) -> HttpResponseBase:
    """The events alone."""
    return answer(request, calendars.events(site_of(request), skins_of.of(request), clock.now()))


@login_not_required
@require_safe
def addresses(request: HttpRequest) -> HttpResponseBase:
    """The map of the site for search engines."""
    return answer(request, sitemap.sitemap(site_of(request), skins_of.of(request), clock.now()))


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What robots may read. They ask for it at the root of a host only."""
    site_of(request)
    return HttpResponse(sitemap.robots(skins_of.of(request)), content_type="text/plain; charset=utf-8")


def answer(request: HttpRequest, made: Made) -> HttpResponseBase:
    """The feed, or that it is the same. By its bytes alone: one that lost an entry has no newer date for it."""
    response = HttpResponse(made.data, content_type=made.kind)
    response.headers["ETag"] = f'"{made.digest}"'
    response.headers["Cache-Control"] = public.SHARED
    response.headers["Access-Control-Allow-Origin"] = "*"  # pages of others may read what everybody may
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


def _cap(request: HttpRequest, site: Site) -> str:
    """The address of the CAP feed of the place; empty where this server's own address is not known."""
    if site.host and not settings.NGUON_PUBLIC_URL:
        return ""
    try:
        path = reverse("links:place-feed", urlconf=settings.ROOT_URLCONF, args=[site.place_id])
    except NoReverseMatch:
        return ""
    return f"{skins.base(request)}/{path.removeprefix(get_script_prefix())}"
