"""The page that is a board."""

from importlib.metadata import version

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nguon.channels.board import shell


@login_not_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The same for everybody: whose board it is it finds out itself, and nothing is shown that was not signed."""
    return render(request, "board/page.html", {"version": version("nguon")})


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """What starts the page without network."""
    answer = HttpResponse(shell.worker(), content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer
