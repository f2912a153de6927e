"""Headers every page carries."""

from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

POLICY = (
    "default-src 'self'; img-src 'self' data:; media-src 'self' blob:; style-src 'self'; script-src 'self'; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'"
)
FRAMED = POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")  # of a view that stands in a frame of ours
PERMISSIONS = "camera=(), geolocation=(), microphone=(self)"
Answer = HttpResponseBase | Awaitable[HttpResponseBase]


class ContentPolicyMiddleware:
    """No request leaves the server, and no script or style stands inside a page. Runs in both kinds of server."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Answer]) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Answer:
        answer = self.get_response(request)
        return add_headers(answer) if isinstance(answer, HttpResponseBase) else _later(answer)


async def _later(answer: Awaitable[HttpResponseBase]) -> HttpResponseBase:
    return add_headers(await answer)


def add_headers(response: HttpResponseBase) -> HttpResponseBase:
    """The same answer with the policy, unless its view has set one of its own."""
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", PERMISSIONS)
    response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    response.headers.setdefault("X-Permitted-Cross-Domain-Policies", "none")
    if response.headers.get("Content-Type", "").startswith("text/html"):  # pages are of one person and one moment
        response.headers.setdefault("Cache-Control", "no-cache, private")
    return response
