"""An initial password opens one page only: the one where it is replaced."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

OPEN = ("people:password", "people:sign-out", "language")


class OwnPasswordMiddleware:
    """Sends whoever still has the password an administrator gave them to choose their own."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if getattr(request.user, "password_is_initial", False) and request.path not in map(reverse, OPEN):
            return redirect("people:password")
        return self.get_response(request)
