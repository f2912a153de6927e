"""Wrong tries at a door, and the waits they cost.

Counted apart: one name from browsers that never got in with it, one name from each browser that did (a signed cookie
says so), and one address whatever the name. So whoever guesses at an officer's name holds up other strangers, not the
officer at their own computer; and a wait is never longer than NGUON_SIGN_IN_WAIT_MINUTES. What is tried during a wait
is not looked at and counts for nothing.
"""

import ipaddress
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import get_random_string, salted_hmac

from nguon.people.models import Person, Tries
from nguon.people.rules import wait_after

log = logging.getLogger(__name__)
COOKIE = "nguon_known"
SALT = "nguon.people.known-browser"
A_YEAR = 365 * 24 * 3600
FORGET = timedelta(days=1)  # a wrong try is forgotten after a day without another
ADDRESS_SHARE = 5  # an address may be wrong so many times as often as a name: an office has one address


@dataclass(frozen=True)
class Door:
    """Where tries are counted: a digest, and how many may be wrong before one waits."""

    key: str
    allowed: int


def doors(request: HttpRequest, name: str, what: str = "password") -> tuple[Door, ...]:
    """The counters of a try for a name (a sign-in name, or a person's id at the second step) from this browser."""
    name, most = name.casefold(), settings.NGUON_SIGN_IN_TRIES
    known = known_as(request, name)
    found = [Door(_digest(what, name, known), most)]
    if address := address_of(request):
        found.append(Door(_digest("address", address, ""), most * ADDRESS_SHARE))
    return tuple(found)


def waiting(at: Iterable[Door], now: datetime) -> timedelta | None:
    """How long is still to wait, if it is."""
    keys = [door.key for door in at]
    ends = Tries.objects.filter(key__in=keys, until__gt=now).values_list("until", flat=True)
    longest = max((end for end in ends if end), default=None)
    return longest - now if longest else None


@transaction.atomic
def wrong(at: Iterable[Door], now: datetime) -> None:
    """One more wrong try at each."""
    Tries.objects.filter(last_at__lt=now - FORGET).delete()
    longest = settings.NGUON_SIGN_IN_WAIT_MINUTES * 60
    for door in at:
        row, _ = Tries.objects.select_for_update().get_or_create(key=door.key, defaults={"last_at": now})
        row.wrong, row.last_at = row.wrong + 1, now
        if seconds := wait_after(row.wrong, door.allowed, longest):
            row.until = now + timedelta(seconds=seconds)
            log.warning("%d wrong tries in a row at one door: %d seconds to wait", row.wrong, seconds)
        row.save()


def right(at: Iterable[Door]) -> None:
    """The name's counter begins anew. That of the address stays: one good account must not pay for many guesses."""
    first = next(iter(at))
    Tries.objects.filter(key=first.key).delete()


def remember(request: HttpRequest, response: HttpResponseBase, person: Person) -> None:
    """Let this browser be known for the person, in a cookie nobody can make."""
    if known_as(request, person.username):
        return
    told = signing.dumps({"name": person.username.casefold(), "as": get_random_string(16)}, salt=SALT)
    response.set_cookie(
        COOKIE, told, max_age=A_YEAR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


def known_as(request: HttpRequest, name: str) -> str:
    """What this browser is called for a name it got in with before; empty for a stranger."""
    try:
        said = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=A_YEAR)
    except signing.BadSignature:
        return ""
    return str(said.get("as", "")) if said.get("name") == name.casefold() else ""


def address_of(request: HttpRequest) -> str:
    """The address the request came from; empty if it is this machine's own.

    Behind a proxy that does not say for whom it asks everybody has that one: it must not lock all of them out.
    """
    try:
        found = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return ""
    return "" if found.is_loopback else str(found)


def _digest(*parts: str) -> str:
    return salted_hmac("nguon.people.tries", "\n".join(parts), algorithm="sha256").hexdigest()
