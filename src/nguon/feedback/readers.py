"""How browsers are known without an account: a random word for "I met it too", and a report that is sent twice.

What keeps machines from sending by the thousand is in `guarding`.
"""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac

from nguon.feedback import queries
from nguon.feedback.guarding import LASTS, origin_of
from nguon.feedback.models import Case
from nguon.people import measure

HOUR = timedelta(hours=1)
MOST_TOO = 60  # an hour from one address: many telephones have one together
MOST_LOOKS = 60  # an hour from one address: for what may be the same
MARK = "nguon_reader"
OFFERED = "nguon.feedback.offered"
A_YEAR = 365 * 24 * 3600


def remember_sent(token: str, case: Case, tail: str) -> None:
    """What became of a challenge: whoever sends the same again, since the answer was lost, gets the same receipt."""
    cache.set(f"told:{_digest('sent', token)}", (case.pk.hex, tail), int(LASTS.total_seconds()))


def sent_before(token: str) -> tuple[Case, str] | None:
    """The case and its digits that came of this challenge, if one did and it is still there."""
    found: tuple[str, str] | None = cache.get(f"told:{_digest('sent', token)}") if token else None
    case = Case.objects.filter(pk=found[0]).first() if found else None
    return (case, found[1]) if found and case else None


def few_too(request: HttpRequest, now: datetime) -> bool:
    """Count one more "I met it too" from this address; whether it is still within MOST_TOO of this hour."""
    return _few("too", MOST_TOO, request, now)


def few_looks(request: HttpRequest, now: datetime) -> bool:
    """Count one more look for what is alike from this address; whether it is still within MOST_LOOKS of this hour."""
    return _few("looks", MOST_LOOKS, request, now)


def _few(what: str, most: int, request: HttpRequest, now: datetime) -> bool:
    origin = origin_of(request.META.get("REMOTE_ADDR", ""))
    if not origin:  # of this machine, or behind a proxy that does not say for whom it asks: then it is everybody's
        return True
    return measure.within(f"told:{what}:{origin}", most, HOUR, now)


def offered(case: Case) -> str:
    """What a button sends for a case that is offered as perhaps the same: only what was offered can be chosen."""
    return signing.dumps(case.pk.hex, salt=OFFERED)


def chosen(said: str) -> Case | None:
    """The case of such a button, while everybody may read it."""
    try:
        pk = signing.loads(said, salt=OFFERED, max_age=LASTS)
    except signing.BadSignature:
        return None
    return queries.public().filter(pk=pk).first()


def mark_of(request: HttpRequest) -> str:
    """What this browser is called: the hash of a random word in its cookie, empty before it has one."""
    said = request.get_signed_cookie(MARK, default="", salt=MARK)
    return _digest("mark", said) if said else ""


def give_mark(request: HttpRequest, response: HttpResponseBase) -> None:
    """Let the browser be known again, by a random word that says nothing of anybody."""
    if mark_of(request):
        return
    response.set_signed_cookie(
        MARK,
        secrets.token_urlsafe(16),
        salt=MARK,
        max_age=A_YEAR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _digest(*parts: str) -> str:
    return salted_hmac("nguon.feedback.proving", "\n".join(parts), algorithm="sha256").hexdigest()
