"""The page that is a board, and what an officer sees of it beforehand."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from nguon.channels.board import shell
from nguon.people.asking import person_of
from nguon.ui.middleware import FRAMED


@login_not_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The same for everybody: whose board it is it finds out itself, and nothing is shown that was not signed."""
    return _fresh(shell.page(), "text/html; charset=utf-8")


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """What starts the page without network."""
    return _fresh(shell.worker().encode(), "text/javascript; charset=utf-8")


@require_safe
@xframe_options_sameorigin
def preview(request: HttpRequest) -> HttpResponse:
    """A board in a frame, empty until the page around it hands over what to draw: it knows no bulletin of anybody."""
    return _framed(request, "board/preview.html")


@require_safe
@xframe_options_sameorigin
def staged(request: HttpRequest) -> HttpResponse:
    """A whole board in a frame, likewise."""
    return _framed(request, "board/staged.html")


def _framed(request: HttpRequest, template: str) -> HttpResponse:
    person_of(request)
    answer = render(request, template)
    answer.headers["Content-Security-Policy"] = FRAMED
    return answer


def _fresh(body: bytes, kind: str) -> HttpResponse:
    return HttpResponse(body, content_type=kind, headers={"Cache-Control": "no-cache"})
