"""The page that is a board."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from nguon.channels.board import shell


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


def _fresh(body: bytes, kind: str) -> HttpResponse:
    return HttpResponse(body, content_type=kind, headers={"Cache-Control": "no-cache"})
