"""What stands between the door and the pages: a session that still holds, a password of one's own, two steps."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from nguon.kit import clock
from nguon.people import asking, doors, visits
from nguon.people.models import Person
from nguon.ui.skin import public

OPEN = ("people:password", "people:sign-out", "language")
SETTING_UP = "people:security"  # the page, and all below it, on which the second step is set up

Next = Callable[[HttpRequest], HttpResponse]


class VisitMiddleware:
    """Ends a session that is too old or was left alone too long; then the page asks to sign in."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not public(request) and isinstance(request.user, Person):
            visits.keep(request, request.user, clock.now())
        return self.get_response(request)


class SignInMiddleware(LoginRequiredMiddleware):
    """Django's own, which would look who is there even where nobody is asked: such a page could not be shared."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        """Ask to sign in, unless the view is open to all."""
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


class OwnPasswordMiddleware:
    """Sends whoever still has the password an administrator gave them to choose their own."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if public(request):
            return self.get_response(request)
        if getattr(request.user, "password_is_initial", False) and request.path not in map(reverse, OPEN):
            return redirect("people:password")
        return self.get_response(request)


class SecondFactorMiddleware:
    """Sends whoever approves or administers and came in by the password alone to the second step, or to set it up."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if public(request):
            return self.get_response(request)
        person = request.user
        if not isinstance(person, Person) or asking.stands(request) or request.path in map(reverse, OPEN):
            return self.get_response(request)
        if request.path in (reverse("people:again"), reverse("people:sign-in-passkey-asked")):
            return self.get_response(request)
        if doors.has_factor(person):
            return asking.prove_again(request)
        if request.path.startswith(reverse(SETTING_UP)):
            return self.get_response(request)
        return redirect(SETTING_UP)
