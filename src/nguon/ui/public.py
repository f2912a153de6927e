"""Pages for the public: the same for everybody, so that one that was made is given to all who ask in that second."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.views.csrf import csrf_failure

from nguon.ui import skin

SHARED = "public, max-age=0, s-maxage=1"  # a warning must be on every page within two seconds


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    form: bool = False,
    status: int = 200,
) -> HttpResponse:
    """A page for the public in the skin of its site. With a `form` it is one person's, and never shared.

    No context processor runs: none of them knows the public, and each would look at the session.
    """
    words: dict[str, Any] = {**(context or {}), "skin": skin.of(request), "path": request.path}
    if form:
        words["csrf_token"] = get_token(request)
    response = HttpResponse(render_to_string(template, words), status=status)
    response.headers["Cache-Control"] = "no-store" if form or status >= 400 else SHARED
    return response


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What is said where there is nothing, in the skin of the site (`handler404` below a site)."""
    del exception
    return page(request, "public/404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """What is said when a page could not be made: nothing is asked for, as that may be what fails (`handler500`)."""
    del request
    return HttpResponse(render_to_string("public/500.html"), status=500)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What is said when a form came without its cookie (`CSRF_FAILURE_VIEW`)."""
    if skin.public(request):
        return page(request, "public/403_csrf.html", status=403)
    return csrf_failure(request, reason)
