"""The half hour in which a browser may see one case after its code and digits were right. No account, no session."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from nguon.feedback.models import Case

COOKIE = "nguon_told"
SALT = "nguon.feedback.own"
HOLDS = 30 * 60  # seconds


@dataclass(frozen=True)
class Own:
    """The case, and its four digits while they are still to be told (after sending; else empty)."""

    case: Case
    tail: str


def keep(response: HttpResponseBase, case: Case, tail: str = "") -> None:
    """Let this browser see the case from now on."""
    said = signing.dumps({"case": case.pk.hex, "tail": tail}, salt=SALT)
    response.set_cookie(
        COOKIE,
        said,
        max_age=HOLDS,
        path=reverse("told:start"),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def of(request: HttpRequest) -> Own | None:
    """What this browser may see; None where nothing was shown, or the half hour is over."""
    try:
        said = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=HOLDS)
        pk = UUID(said["case"])
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None
    case = (
        Case.objects.select_related("place", "field", "office", "device", "broadcast")
        .filter(pk=pk)
        .exclude(tail="")
        .first()
    )
    return Own(case, str(said.get("tail", ""))) if case else None


def forget(response: HttpResponseBase) -> None:
    """The page is left: on a telephone that is lent the next one sees nothing."""
    response.delete_cookie(COOKIE, path=reverse("told:start"))
