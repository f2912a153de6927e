"""Pages of the territory, for those who administer it: today's tree, the tree of any day, one place."""

from typing import Any, Protocol, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nguon.kit import clock
from nguon.places import actions, queries
from nguon.places.errors import NotHere, PlaceError
from nguon.places.forms import DayForm, NameForm
from nguon.places.models import Place


class Asker(actions.Person, Protocol):
    """Who asks: the person signed in."""


@require_safe
def tree(request: HttpRequest) -> HttpResponse:
    """The tree of a day: the asker's places, and what they lie in."""
    asker, today = administrator(request), clock.today()
    form = DayForm(request.GET)
    day = form.day_or(today)
    reach = asker.reach(actions.RIGHT)
    text = form.cleaned_data.get("text", "")
    found = queries.search(text, day).filter(pk__in=reach) if text else None
    shown = {
        "form": form,
        "day": day,
        "today": today,
        "found": found,
        "branches": queries.branches(day, reach),
        "changes": queries.reform_days(reach),
    }
    return render(request, "places/tree.html", shown)


@require_safe
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One place: codes and their days, what it came from and went into, what lies in it, its offices."""
    return _page(request, _one(request, pk))


@require_POST
def rename(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Correct how the place is written."""
    asker, place = administrator(request), _one(request, pk)
    form = NameForm(request.POST)
    if not form.is_valid():
        return _page(request, place, name_form=form)
    actions.rename(place=place, actor=asker, now=clock.now(), **form.cleaned_data)
    messages.success(request, _("Đã lưu."))
    return redirect("places:detail", pk=place.pk)


@require_POST
def add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A new place inside this one, from today."""
    asker, place = administrator(request), _one(request, pk)
    form = NameForm(request.POST, prefix="new")
    if not form.is_valid():
        return _page(request, place, new_form=form)
    try:
        actions.create_place(parent=place, valid_from=clock.today(), actor=asker, now=clock.now(), **form.cleaned_data)
    except PlaceError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Đã thêm địa bàn."))
    return redirect("places:detail", pk=place.pk)


def administrator(request: HttpRequest) -> Asker:
    """The person asking, who administers some place. Raises NotHere."""
    asker = cast("Asker", request.user)
    if not request.user.is_authenticated or not asker.reach(actions.RIGHT):
        raise NotHere
    return asker


def _one(request: HttpRequest, pk: UUID) -> Place:
    """A place the asker administers, or what went into one. Raises Http404."""
    return get_object_or_404(Place.objects.filter(pk__in=administrator(request).reach(actions.RIGHT)), pk=pk)


def _page(
    request: HttpRequest, place: Place, name_form: NameForm | None = None, new_form: NameForm | None = None
) -> HttpResponse:
    today = clock.today()
    day = min(today, place.valid_to) if place.valid_to else today
    shown: dict[str, Any] = {
        "place": place,
        "day": day,
        "in_force": place.valid_to is None or place.valid_to >= today,
        "above": queries.above(place.pk, day)[:-1],
        "children": queries.children(place.pk, day),
        "codes": place.codes.order_by("system", "valid_from"),
        "predecessors": place.predecessors.select_related("old").order_by("old__folded"),
        "successors": place.successors.select_related("new").order_by("new__folded"),
        "reach": administrator(request).reach(actions.RIGHT),
        "name_form": name_form or NameForm(initial={"name": place.name, "kind": place.kind}),
        "new_form": new_form or NameForm(prefix="new", initial={"kind": _("thôn")}),
    }
    return render(request, "places/detail.html", shown, status=422 if name_form or new_form else 200)
