"""How far the sound of a page, a paper or an event is, for its owner; and trying once more."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from nguon.kit import clock
from nguon.people.asking import person_of
from nguon.people.rules import Right
from nguon.people.scope import may
from nguon.portal import aloud, spoken


@require_http_methods(["GET", "HEAD", "POST"])
def state(request: HttpRequest, kind: str, pk: UUID) -> HttpResponse:
    """The state as a part of a page; with a POST it is tried once more."""
    person = person_of(request)
    row = spoken.mine(person, kind, pk)
    if row is None:
        raise Http404
    if request.method == "POST":
        aloud.again(row=row, actor=person, now=clock.now())
        if not request.headers.get("HX-Request"):
            return redirect(spoken.url_of(row))
        row = spoken.mine(person, kind, pk) or row
    may_retry = may(person, Right.SITE, spoken.place_of(row))
    return render(request, "portal/parts/aloud.html", {"row": row, "kind": kind, "may_retry": may_retry})
