"""Pages of the newsroom: each parses, makes one call, renders."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nguon.kit import clock
from nguon.newsroom import actions, films, pictures, queries, shown, sounding
from nguon.newsroom.errors import NewsroomError
from nguon.newsroom.forms import FilterForm
from nguon.newsroom.queries import Stated
from nguon.newsroom.rules import State
from nguon.people.asking import person_of
from nguon.people.rules import Right
from nguon.review.actions import ReviewError

PAGE = 30


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The bulletins of my places, filtered."""
    person, form = person_of(request), FilterForm(request.GET)
    asked = form.asked()
    found = queries.found(person, clock.now(), **asked)
    context = {
        "form": form,
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "filtered": any(asked.values()),
        "may_write": queries.may_write(person),
    }
    return render(request, "newsroom/list.html", context)


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One bulletin: where it stands, what is said, what may be done now, its history."""
    bulletin = _bulletin(request, pk)
    heard = _listening(request, bulletin)
    newest = heard["version"]
    context = heard | {
        "history": queries.history(bulletin),
        "aloud": queries.heard(newest, heard["rendition"]),
        "shown": shown.of(newest),
        "comparison": queries.since_decision(newest) if bulletin.state == State.WAITING else None,
    }
    return render(request, "newsroom/detail.html", context)


@require_http_methods(["GET", "POST"])
def hear(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far the audio of the newest version is (a piece of a page); POST asks for it."""
    bulletin = _bulletin(request, pk, Right.VIEW if request.method == "GET" else Right.WRITE)
    if request.method == "GET":
        context = _listening(request, bulletin) | {"editing": "soan" in request.GET}
        response = render(request, "newsroom/parts/listen.html", context)
        if "HX-Request" in request.headers and not context["editing"] and bulletin.state != State.RENDERING:
            response["HX-Refresh"] = "true"  # the whole page of the bulletin says more than this piece
        return response
    try:
        sounding.hear(bulletin=bulletin, actor=person_of(request), now=clock.now())
    except NewsroomError as error:
        messages.error(request, str(error))
    return redirect("newsroom:detail", pk=pk)


@require_POST
def speak_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Try the voice that was asked for once more, where another stood in for it."""
    bulletin = _bulletin(request, pk, Right.WRITE)
    try:
        actions.speak_again(bulletin=bulletin, actor=person_of(request), now=clock.now())
    except NewsroomError as error:
        messages.error(request, str(error))
    if "HX-Request" not in request.headers:
        return redirect("newsroom:detail", pk=pk)
    context = _listening(request, _bulletin(request, pk)) | {"editing": True}
    return render(request, "newsroom/parts/listen.html", context)


@require_POST
def submit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send the version that was heard to the approver."""
    bulletin = _bulletin(request, pk, Right.WRITE)
    seen = request.POST.get("seen", "")
    try:
        number = int(seen) if seen.isdecimal() else 0
        actions.submit(bulletin=bulletin, seen=number, actor=person_of(request), now=clock.now())
    except (NewsroomError, ReviewError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Đã gửi duyệt."))
    return redirect("newsroom:detail", pk=pk)


@require_GET
def version(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """An earlier version, and what changed from it to the newest."""
    bulletin = _bulletin(request, pk)
    old = get_object_or_404(bulletin.versions.select_related("created_by"), number=number)
    context = {
        "bulletin": bulletin,
        "old": old,
        "rendition": queries.rendition(old),
        "pictures": [one for one in pictures.of_version(person_of(request), old) if one.mark],
        "reel": films.of_version(person_of(request), old),
        "comparison": queries.compared(old, queries.newest(bulletin)),
    }
    return render(request, "newsroom/version.html", context)


def _bulletin(request: HttpRequest, pk: UUID, right: Right = Right.VIEW) -> Stated:
    return get_object_or_404(queries.bulletins(person_of(request), clock.now(), right), pk=pk)


def _listening(request: HttpRequest, bulletin: Stated) -> dict[str, Any]:
    newest = queries.newest(bulletin)
    return {
        "bulletin": bulletin,
        "version": newest,
        "rendition": queries.rendition(newest),
        "reel": films.of_version(person_of(request), newest),
        "can": queries.abilities(person_of(request), bulletin),
    }
