"""The pages of a reorganisation: draw it up or take a prepared one, see what it would do, carry it out."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nguon.config import reform
from nguon.config.demo.load import NotLoaded
from nguon.config.demo.load import paper as demo_paper
from nguon.config.reform_forms import DraftForm, StartForm
from nguon.kit import clock
from nguon.people.asking import person_of
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.places.errors import NotHere, PlaceError
from nguon.places.models import Place

PREPARED: dict[str, Callable[[], reform.Paper]] = {"nq-1664": demo_paper}


@require_http_methods(["GET", "HEAD", "POST"])
def reorganise(request: HttpRequest) -> HttpResponse:
    """Start (no words in the address), the draft of a plan (`parent` and `count`), or a prepared one (`plan`)."""
    asker = person_of(request)
    reach = asker.reach(Right.PLACES)
    if not reach:
        raise NotHere
    if name := request.GET.get("plan"):
        return _prepared(request, asker, name)
    start = StartForm(reach, request.GET if "parent" in request.GET else None)
    if not start.is_valid():
        return render(request, "places/reorganise.html", {"start": start, "prepared": _offers(asker)})
    parent = get_object_or_404(Place.objects.filter(pk__in=reach), pk=UUID(start.cleaned_data["parent"]))
    draft = DraftForm(parent, start.cleaned_data["count"], request.POST or None)
    if request.method == "POST" and draft.is_valid():
        return _answer(request, asker, draft.paper(), draft)
    return render(request, "places/draft.html", {"draft": draft}, status=422 if draft.errors else 200)


def _prepared(request: HttpRequest, asker: Person, name: str) -> HttpResponse:
    try:
        paper = PREPARED[name]()
    except (KeyError, NotLoaded):
        messages.error(request, _("Phương án này không có hoặc đã được thực hiện."))
        return redirect("places:reorganise")
    return _answer(request, asker, paper, None)


def _answer(request: HttpRequest, asker: Person, paper: reform.Paper, draft: DraftForm | None) -> HttpResponse:
    """Carry the plan out if it was confirmed, else show what it would do; or say why it cannot be done."""
    try:
        if request.method == "POST" and "confirm" in request.POST:
            done = reform.carry_out(paper=paper, actor=asker, now=clock.now())
            messages.success(request, _told(done))
            return redirect("places:tree")
        seen = reform.preview(paper=paper, actor=asker, now=clock.now())
    except PlaceError as error:
        if draft is not None:
            draft.add_error(None, str(error))
            return render(request, "places/draft.html", {"draft": draft}, status=422)
        messages.error(request, str(error))
        return redirect("places:reorganise")
    hidden = [(k, v) for k, v in request.POST.items() if k not in ("csrfmiddlewaretoken", "confirm")] if draft else []
    return render(request, "places/preview.html", {"paper": paper, "seen": seen, "hidden": hidden})


def _offers(asker: Person) -> list[tuple[str, reform.Paper]]:
    """The prepared plans that this person could carry out now."""
    found = []
    for name, read in PREPARED.items():
        try:
            paper = read()
            reform.preview(paper=paper, actor=asker, now=clock.now())
        except (NotLoaded, NotHere, PlaceError):
            continue
        found.append((name, paper))
    return found


def _told(done: reform.Done) -> str:
    return _(
        "Đã sắp xếp: %(opened)s đơn vị mới, %(closed)s đơn vị cũ kết thúc, %(moved)s đơn vị bên trong chuyển sang; "
        "%(people)s cán bộ và %(devices)s thiết bị đi theo."
    ) % {
        "opened": len(done.reform.opened),
        "closed": len(done.reform.heirs),
        "moved": len(done.reform.moved),
        "people": done.followed.people,
        "devices": done.devices,
    }
