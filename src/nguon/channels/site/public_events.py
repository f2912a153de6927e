"""The events of a site for everybody: what is coming by month, what is over, one event and its line of a calendar."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from nguon.channels.site import calendars, happenings
from nguon.channels.site.public_feeds import answer
from nguon.channels.site.public_views import site_of
from nguon.kit import clock
from nguon.portal import markup
from nguon.portal.events import queries
from nguon.portal.models import EventWording
from nguon.ui import public, skin

EACH = 30  # events on a page of a list


@login_not_required
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """What is on today and later, by month."""
    site, now = site_of(request), clock.now()
    context = {
        "months": happenings.by_month(happenings.coming(site, now)),
        "any_past": queries.past(site, clock.local_day(now)).exists(),
    }
    return public.page(request, "site/events.html", context)


@login_not_required
@require_safe
def past(request: HttpRequest) -> HttpResponse:
    """What is over, the latest first."""
    found = queries.past(site_of(request), clock.today())
    page = Paginator(found, EACH).get_page(request.GET.get("trang"))
    months = happenings.by_month(map(happenings.of, page))
    return public.page(request, "site/events.html", {"months": months, "page": page, "past": True})


@login_not_required
@require_safe
def event(request: HttpRequest, slug: str) -> HttpResponse:
    """One event. Cancelled, it says so."""
    found = _found(request, slug)
    context = {
        "event": happenings.of(found),
        "over": found.last < clock.today(),
        "text": markup.html(found.body),
        "changed": calendars.stamped(found) if calendars.sequence(found) else None,
    }
    return public.page(request, "site/event.html", context)


@login_not_required
@require_safe
def calendar(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One event for the calendar of a telephone."""
    return answer(request, calendars.event(_found(request, slug), skin.of(request)))


def _found(request: HttpRequest, slug: str) -> EventWording:
    return get_object_or_404(queries.public(site_of(request)), event__slug=slug)
