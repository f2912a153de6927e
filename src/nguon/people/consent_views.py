"""The page of what waits for a second person: one tap and a confirm to agree, a reason to refuse."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from nguon.kit import clock
from nguon.people import consent, consent_queries, telling
from nguon.people.asking import person_of
from nguon.people.errors import PeopleError
from nguon.people.models import Change, Person


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits for the person, what they proposed, what was decided."""
    person, now = person_of(request), clock.now()
    context = {
        "waiting": [telling.Told(change) for change in consent_queries.waiting(person, now)],
        "proposed": [telling.Told(change) for change in consent_queries.proposed(person, now)],
        "to_collect": [telling.Told(change) for change in consent_queries.to_collect(person, now)],
        "lately": [telling.Told(change) for change in consent_queries.lately(person, now)],
    }
    return render(request, "people/waiting.html", context)


@require_POST
def agree(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Yes: it is carried out now."""
    person, change = _one(request, pk)
    return _try(
        request,
        lambda: consent.agree(change=change, actor=person, now=clock.now()),
        _("Đã đồng ý, việc đã được thực hiện."),
    )


@require_POST
def refuse(request: HttpRequest, pk: UUID) -> HttpResponse:
    """No, and why."""
    person, change = _one(request, pk)
    return _try(
        request,
        lambda: consent.refuse(change=change, reason=request.POST.get("reason", ""), actor=person, now=clock.now()),
        _("Đã ghi là không đồng ý."),
    )


@require_POST
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The proposer takes it back."""
    person, change = _one(request, pk)
    return _try(request, lambda: consent.withdraw(change=change, actor=person, now=clock.now()), _("Đã rút đề nghị."))


@never_cache
@require_POST
def collect(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The password that was agreed to, shown once, to whoever proposed it."""
    person, change = _one(request, pk)
    try:
        given = consent.collect(change=change, actor=person, now=clock.now())
    except PeopleError as error:
        messages.error(request, str(error))
        return redirect("people:waiting")
    whose = Person.objects.get(pk=UUID(change.result))
    return render(request, "people/given.html", {"person": whose, "password": given, "again": change.about_id})


def _one(request: HttpRequest, pk: UUID) -> tuple[Person, Change]:
    person = person_of(request)
    return person, get_object_or_404(consent_queries.in_reach(person, clock.now()), pk=pk)


def _try(request: HttpRequest, act: Callable[[], object], done: str) -> HttpResponse:
    try:
        act()
    except PeopleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("people:waiting")
