"""Pages of policies: what is in force at a place and from where, making, changing, ending."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nguon.devices.models import Group
from nguon.kit import clock
from nguon.people.asking import person_of
from nguon.people.consent import Outcome
from nguon.people.errors import PeopleError
from nguon.people.rules import Right
from nguon.people.scope import may
from nguon.places.models import Place
from nguon.programme import holding, telling, watched, weeks, where
from nguon.programme.limiting import PolicyRefused
from nguon.programme.models import Policy
from nguon.programme.policy_forms import PolicyForm


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """What is in force at a place, from the top down, and what it comes to."""
    person, on = person_of(request), clock.today()
    place = where.chosen(person, request.GET.get("place", ""), on)
    if place is None:
        raise Http404
    together = holding.together(place.pk, on)
    context = {
        "place": place,
        "places": where.offered(person, place, on),
        "held": holding.at_place(person, place, on),
        "together": together,
        "quiet": telling.hours([(span.start, span.end) for span in together.quiet], on),
        "longest_ms": together.longest[0] // timedelta(milliseconds=1) if together.longest else 0,
        "may_change": may(person, Right.BROADCAST, place.pk),
    }
    return render(request, "programme/policies.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new policy of a place."""
    person, on = person_of(request), clock.today()
    place = where.chosen(person, request.POST.get("in") or request.GET.get("place", ""), on, Right.BROADCAST)
    if place is None:
        raise Http404
    form = PolicyForm(request.POST or None, groups=_groups(place))
    if request.method == "POST" and form.is_valid():
        try:
            made = watched.create(place_id=place.pk, limits=form.limits(), actor=person, now=clock.now())
        except (PolicyRefused, PeopleError) as error:
            _add(form, error)
        else:
            _told(request, made, place.pk, form.limits().basis, _("Đã ghi quy định. Cụm loa nhận trong ít phút."))
            return _to(place.pk)
    return _page(request, place, form, None)


@require_http_methods(["GET", "POST"])
def policy(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a policy."""
    person, found = person_of(request), _policy(request, pk)
    form = PolicyForm(request.POST or None, groups=_groups(found.place), policy=found)
    if request.method == "POST" and form.is_valid():
        try:
            done = watched.change(policy=found, limits=form.limits(), actor=person, now=clock.now())
        except (PolicyRefused, PeopleError) as error:
            _add(form, error)
        else:
            basis = form.limits().basis
            _told(request, done, found.place_id, basis, _("Đã lưu quy định. Cụm loa nhận trong ít phút."))
            return _to(found.place_id)
    return _page(request, found.place, form, found)


@require_POST
def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A policy holds no more."""
    found = _policy(request, pk)
    try:
        done = watched.end(policy=found, actor=person_of(request), now=clock.now())
    except (PolicyRefused, PeopleError) as error:
        messages.error(request, str(error))
    else:
        _told(request, done, found.place_id, "", _("Quy định đã hết hiệu lực."))
    return _to(found.place_id)


def _policy(request: HttpRequest, pk: UUID) -> Policy:
    found = holding.policies(person_of(request), clock.today(), Right.BROADCAST).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _told(request: HttpRequest, outcome: Outcome, place_id: UUID, basis: str, done: str) -> None:
    """That it is done and what of the timetable it holds back from now on, or that it waits for a second person."""
    if outcome.waits:
        messages.info(request, _("Đã gửi đề nghị. Quy định có hiệu lực khi một người nữa có quyền phát đồng ý."))
        return
    messages.success(request, done)
    if basis:
        _tell(request, place_id, basis)


def _tell(request: HttpRequest, place_id: UUID, basis: str) -> None:
    hit = weeks.held_back(place_id, basis, clock.today())
    if hit:
        said = ngettext(
            "Vì quy định này, %(count)d lượt trong bảy ngày tới không phát hoặc phát không hết. Xem lịch phát.",
            "Vì quy định này, %(count)d lượt trong bảy ngày tới không phát hoặc phát không hết. Xem lịch phát.",
            hit,
        )
        messages.warning(request, said % {"count": hit})


def _groups(place: Place) -> QuerySet[Group]:
    return Group.objects.filter(place=place)


def _add(form: PolicyForm, error: PolicyRefused | PeopleError) -> None:
    part = getattr(error, "field", "")
    field = {"quiet": "quiet_to_0", "volumes": "volume_most_0", "brightness": "light_most_0"}.get(part, part)
    form.add_error(field if field in form.fields else None, str(error))


def _page(request: HttpRequest, place: Place, form: PolicyForm, found: Policy | None) -> HttpResponse:
    person, on = person_of(request), clock.today()
    context: dict[str, Any] = {
        "place": place,
        "places": where.offered(person, place, on, Right.BROADCAST),
        "form": form,
        "policy": found,
    }
    return render(request, "programme/policy.html", context, status=422 if form.errors else 200)


def _to(place_id: UUID) -> HttpResponse:
    return redirect(f"{reverse('schedule:policies')}?place={place_id}")
