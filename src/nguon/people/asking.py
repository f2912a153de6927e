"""Who asks, from a request, and how surely it is they."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from nguon.kit import clock
from nguon.people import doors, factors, visits
from nguon.people.models import Person


def person_of(request: HttpRequest) -> Person:
    """The person who is signed in. Raises PermissionDenied for nobody (the middleware sends those to sign in)."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user


def fresh_second_factor(request: HttpRequest, within: timedelta) -> bool:
    """Whether the person of this session proved who they are by a second factor, no longer ago than `within`.

    For whoever has none and need not have one (the demonstration; a site that only offers it) the password typed again
    counts. If not: `return prove_again(request)`, which asks for it and comes back.
    """
    person, at = person_of(request), visits.proved_at(request)
    if at is None or not timedelta(0) <= clock.now() - at <= within:
        return False
    return visits.proof_of(request) in visits.STRONG or _password_is_enough(person)


def prove_again(request: HttpRequest, back: str = "") -> HttpResponse:
    """To the page that asks for the second factor and then goes back: to `back`, or to the page asked for now."""
    here = back or (request.get_full_path() if request.method in ("GET", "HEAD") else reverse("home"))
    return redirect(f"{reverse('people:again')}?{urlencode({'next': here})}")


def stands(request: HttpRequest) -> bool:
    """Whether the session may be used: of somebody who must have a second factor it was opened with one.

    For what does not pass the middleware: lines of their own, streams that look again.
    """
    person = request.user
    if not isinstance(person, Person):
        return False
    return visits.proof_of(request) in visits.STRONG or not factors.obliged(person, clock.now())


def _password_is_enough(person: Person, now: datetime | None = None) -> bool:
    return not factors.obliged(person, now or clock.now()) and not doors.has_factor(person)
