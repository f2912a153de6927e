"""What a site asks people: the list, a sheet to fill in, what came of it. Nobody is asked who they are."""

import hashlib
from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from nguon.channels.site.public_files import document
from nguon.channels.site.public_views import site_of
from nguon.feedback import guarding
from nguon.kit import clock
from nguon.people import measure
from nguon.portal.models import Survey
from nguon.portal.surveys import actions, queries, rules
from nguon.ui import public

AN_HOUR = timedelta(hours=1)
MOST_AN_HOUR = 60  # sheets from one network: a whole village may share it
MOST_OF_ALL = 3000  # sheets of one survey


@login_not_required
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """What is asked now, and what was."""
    site, now = site_of(request), clock.now()
    found = list(queries.public(site, now))
    context = {
        "open": [one for one in found if queries.is_open(one, now)],
        "over": [one for one in found if not queries.is_open(one, now)],
    }
    return public.page(request, "site/surveys.html", context)


@login_not_required
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, slug: str) -> HttpResponse:
    """One survey: to be answered while it is open, with its count when that may be seen."""
    now = clock.now()
    found = get_object_or_404(queries.public(site_of(request), now), slug=slug)
    if request.method == "POST":
        return _answered(request, found)
    return _page(request, found)


def _answered(request: HttpRequest, found: Survey) -> HttpResponse:
    if request.POST.get("website"):  # a field that nobody sees: whatever fills it is no person
        return redirect("site:survey-thanks", found.slug)
    if _too_many(request, found):
        said = _("Từ mạng này đã có nhiều phiếu trong giờ qua. Xin thử lại sau một giờ.")
        return _page(request, found, said, status=429)
    given = {key: request.POST.getlist(key) for key in request.POST}
    try:
        actions.answer(survey=found, given=given, mark=_mark(request, found), now=clock.now())
    except actions.Missing as error:
        return _page(request, found, str(error), missing=error.numbers, status=422)
    except actions.SurveyError as error:
        return _page(request, found, str(error), status=422)
    return redirect("site:survey-thanks", found.slug)


def _page(
    request: HttpRequest, found: Survey, wrong: str = "", missing: tuple[int, ...] = (), status: int = 200
) -> HttpResponse:
    now = clock.now()
    asks = queries.is_open(found, now)
    context = {
        "survey": found,
        "asks": asks,
        "wrong": wrong,
        "rows": [
            (number, one, request.POST.getlist(f"q{number}"), number in missing)
            for number, one in enumerate(rules.of_json(found.questions))
        ],
        "steps": rules.STEPS,
        "counts": queries.public_count(found) if queries.shows_count(found, now) else (),
    }
    return public.page(request, "site/survey.html", context, form=asks, status=status)


@login_not_required
@require_safe
def thanks(request: HttpRequest, slug: str) -> HttpResponse:
    """It was taken in."""
    found = get_object_or_404(queries.public(site_of(request), clock.now()), slug=slug)
    return public.page(request, "site/survey_thanks.html", {"survey": found})


@login_not_required
@require_safe
def draft(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The draft that is asked about."""
    found = get_object_or_404(queries.public(site_of(request), clock.now()), slug=slug)
    if found.file is None:
        raise Http404
    return document(request, found.file, found.filename)


def _mark(request: HttpRequest, found: Survey) -> str:
    """What tells one browser from another, for this survey only: it cannot be followed from one to the next."""
    secret = request.META.get("CSRF_COOKIE", "")
    return hashlib.sha256(f"{found.pk.hex}:{secret}".encode()).hexdigest()


def _too_many(request: HttpRequest, found: Survey) -> bool:
    """Whether this network, or everybody together, filled in more sheets within the hour than people do.

    What is too much from one network does not count for all: nobody shuts the others out.
    """
    key = f"survey:{found.pk.hex}"
    origin = guarding.origin_of(request.META.get("REMOTE_ADDR", ""))
    now = clock.now()
    if origin and not measure.within(f"{key}:{origin}", MOST_AN_HOUR, AN_HOUR, now):
        return True
    return not measure.within(key, MOST_OF_ALL, AN_HOUR, now)
