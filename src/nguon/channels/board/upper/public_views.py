"""What another system asks of this one, with its token: playlists of classes, their pages, and reports.

JSON; a refusal is `{"error": words}`. See docs/boards-upper.md.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from hashlib import sha256
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from nguon.channels.board.upper import given, interface, told
from nguon.channels.board.upper.errors import NotGiven, NoToken, TooMuch, TooOften, UpperError
from nguon.channels.board.upper.models import Grant
from nguon.kit import clock
from nguon.media import ranged
from nguon.people import measure

MINUTE = timedelta(minutes=1)
ASKS, PAGES, REPORTS, WRONG = 30, 600, 20, 30  # a minute: of one token, and wrong tokens from one address
View = Callable[..., HttpResponseBase]


def _between_systems(view: View) -> View:
    """No session, no CSRF token; a refusal becomes JSON with its status."""

    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except UpperError as error:
            answer = JsonResponse({"error": str(error)}, status=error.status, json_dumps_params={"ensure_ascii": False})
            if error.status == 401:
                answer.headers["WWW-Authenticate"] = "Bearer"
            if error.status == 429:
                answer.headers["Retry-After"] = str(MINUTE)
            return answer

    return csrf_exempt(login_not_required(answered))


@_between_systems
@require_safe
def playlist(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """`GET /bang/tren/<class>.json`: the signed playlist of a class."""
    grant, now = _grant(request, "asks", ASKS), clock.now()
    board_class = grant.classes.filter(pk=pk).first()
    if board_class is None:
        raise NotGiven
    told.asked(grant, now)
    data = given.playlist(board_class, now)
    response = HttpResponse(data, content_type="application/json")
    response.headers["ETag"] = f'"{sha256(data).hexdigest()}"'
    response.headers["Cache-Control"] = "private, no-cache"
    return get_conditional_response(request, etag=response.headers["ETag"], response=response) or response


@_between_systems
@require_safe
def page(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """`GET /bang/tren/trang/<sha256>`: a page of a playlist that this token opens."""
    grant = _grant(request, "pages", PAGES)
    found = given.page_of(grant, sha256, clock.now())
    if found is None:
        raise NotGiven
    return ranged.respond(request, found)


@_between_systems
@require_POST
def report(request: HttpRequest) -> HttpResponse:
    """`POST /bang/tren/bao-cao`: how boards stand and what they showed."""
    grant = _grant(request, "reports", REPORTS)
    data = request.read(interface.REPORT_LIMIT + 1)
    if len(data) > interface.REPORT_LIMIT:
        raise TooMuch
    return JsonResponse({"new": told.take_in(grant=grant, data=data, now=clock.now())})


def _grant(request: HttpRequest, what: str, most: int) -> Grant:
    """Whose token came along. Raises NoToken, TooOften.

    A good token is looked at first: whoever guesses from the same address holds up no good one.
    """
    try:
        grant = told.bearer(request.headers.get("Authorization", ""))
    except NoToken:
        _count(f"board-upper-wrong-{request.META.get('REMOTE_ADDR', '')}", WRONG)
        raise
    _count(f"board-upper-{what}-{grant.pk}", most)
    return grant


def _count(key: str, most: int) -> None:
    """Count one more within this minute. Raises TooOften."""
    if not measure.within(key, most, MINUTE, clock.now()):
        raise TooOften
