"""The page of keys: which places and officers sign, until when; a fresh one; taking one back."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nguon.keys import queries, watched
from nguon.keys.models import AuthorityKey
from nguon.kit import clock
from nguon.people.asking import person_of
from nguon.people.consent import Outcome
from nguon.people.errors import PeopleError
from nguon.people.queries import rights
from nguon.people.rules import Right
from nguon.people.scope import forbidden


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Keys of places and of officers that the person administers."""
    person, now = person_of(request), clock.now()
    if Right.PEOPLE not in rights(person):
        raise forbidden()
    context = {
        "keys": queries.administered(person, now),
        "officers": queries.officers(person),
    }
    return render(request, "keys/list.html", context)


@require_POST
def renew(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A fresh key beside this one."""
    key, person = _key(request, pk), person_of(request)
    return _proposed(request, lambda: watched.renew(key=key, actor=person, now=clock.now()), _("Đã tạo khóa mới."))


@require_POST
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    """This one was lost or seen."""
    key, person = _key(request, pk), person_of(request)
    return _proposed(request, lambda: watched.revoke(key=key, actor=person, now=clock.now()), _("Đã thu khóa."))


@require_POST
def revoke_person(request: HttpRequest, pk: UUID) -> HttpResponse:
    """An officer's key was lost or seen."""
    person = person_of(request)
    key = get_object_or_404(queries.officers(person), pk=pk)
    place = queries.works_at(key.person)

    def act() -> Outcome:
        return watched.revoke_person(key=key, place_id=place, actor=person, now=clock.now())

    return _proposed(request, act, _("Đã thu khóa. Lần ký sau cán bộ có khóa mới."))


def _proposed(request: HttpRequest, act: Callable[[], Outcome], done: str) -> HttpResponse:
    try:
        outcome = act()
    except PeopleError as error:
        messages.error(request, str(error))
    else:
        waits = _("Đã gửi đề nghị. Việc này cần một người quản trị nữa đồng ý.")
        messages.success(request, waits if outcome.waits else done)
    return redirect("keys:list")


def _key(request: HttpRequest, pk: UUID) -> AuthorityKey:
    found: AuthorityKey = get_object_or_404(queries.administered(person_of(request), clock.now()), pk=pk)
    return found
