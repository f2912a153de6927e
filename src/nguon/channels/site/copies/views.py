"""Pages of copies: ask for one, see how far it is, fetch it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nguon.channels.site.copies import actions, making, queries
from nguon.channels.site.copies.errors import CopyError
from nguon.channels.site.copies.models import GOING, State
from nguon.kit import clock
from nguon.media import ranged
from nguon.people.asking import person_of
from nguon.portal import queries as portal
from nguon.portal import skins
from nguon.portal.models import Site
from nguon.ui import words

LISTED = 10


@require_http_methods(["GET", "HEAD", "POST"])
def copies(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The copies of a site, and a form for another."""
    person, now = person_of(request), clock.now()
    site: Site = get_object_or_404(portal.sites(person), pk=pk)
    error = ""
    if request.method == "POST":
        try:
            sounds = request.POST.get("sounds") != "no"
            actions.ask(site=site, sounds=sounds, base=skins.base(request), actor=person, now=now)
        except CopyError as refused:
            error = str(refused)
        else:
            return redirect("site-office:copies", pk=pk)
    weight = queries.weigh(site, now)
    sizes = {"whole": words.size(weight.whole), "rest": words.size(weight.rest)}
    context = {**_context(site), **sizes, "error": error, "days": making.KEEP.days}
    return render(request, "site/copies.html", context, status=422 if error else 200)


@require_GET
def progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The part of the page that moves; at the end the whole page is asked for."""
    site: Site = get_object_or_404(portal.sites(person_of(request)), pk=pk)
    context = _context(site)
    response = render(request, "site/parts/copy_progress.html", context)
    if context["going"] is None:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give a copy up."""
    person = person_of(request)
    copy = get_object_or_404(queries.one(person, pk))
    actions.cancel(copy=copy, actor=person, now=clock.now())
    return redirect("site-office:copies", pk=copy.site_id)


@require_GET
def file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The ZIP, whole or the rest of it."""
    person = person_of(request)
    copy = get_object_or_404(queries.one(person, pk))
    try:
        found = actions.fetch(copy=copy, rest="Range" in request.headers, actor=person, now=clock.now())
    except CopyError as error:
        messages.error(request, str(error))
        return redirect("site-office:copies", pk=copy.site_id)
    answer = ranged.respond(request, found)
    name = f"{copy.site.slug}-{clock.local_day(copy.asked_at)}.zip"
    answer.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _context(site: Site) -> dict[str, Any]:
    going = queries.going(site)
    found = site.copies.exclude(state__in=GOING).select_related("file", "asked_by")[:LISTED]
    return {
        "site": site,
        "going": going,
        "quiet": going is not None and queries.is_quiet(going, clock.now()),
        "rows": [(one, _kind(one.state)) for one in found],
    }


def _kind(state: str) -> str:
    return {State.READY: "ok", State.FAILED: "bad"}.get(State(state), "off")
