"""What a browser may ask for: where its push service may be, which keys it has, what is chosen. Pure."""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit

from nguon.outside.addresses import Network, within

LONGEST = 1000  # characters of an address
POINT, AUTH = 65, 16  # bytes
MOST_SECTIONS = 100


@dataclass(frozen=True)
class Browser:
    """A subscription as a browser gives it: the address at its push service, its keys in base64url."""

    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True)
class Wish:
    """What somebody wants to be told of. `sections`: keys; `all_news` counts before them."""

    warnings: bool = False
    all_news: bool = False
    sections: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether there is anything."""
        return self.warnings or self.all_news or bool(self.sections)


def digest(endpoint: str) -> str:
    """How an address is found again."""
    return sha256(endpoint.encode()).hexdigest()


def host(endpoint: str) -> str:
    """The name of the push service; empty for no address."""
    try:
        return (urlsplit(endpoint).hostname or "").lower()
    except ValueError:
        return ""


def allowed(endpoint: str, services: Iterable[str], near: Iterable[Network]) -> bool:
    """Whether something may be sent there: HTTPS at a push service that is known by name, or in a network of our own.

    The address comes from a stranger. `services`: names, with a dot in front all below one.
    """
    if (
        len(endpoint) > LONGEST
        or not endpoint.isascii()
        or any(letter <= " " or letter == "\x7f" for letter in endpoint)
    ):
        return False
    try:
        parts, name = urlsplit(endpoint), host(endpoint)
        port = parts.port
    except ValueError:
        return False
    if parts.username is not None or parts.password is not None or not name:
        return False
    if parts.scheme in ("http", "https") and within(name, near):
        return True
    known = any(name == one or (one.startswith(".") and name.endswith(one)) for one in services)
    return parts.scheme == "https" and port in (None, 443) and known


def names(text: str) -> tuple[str, ...]:
    """The names of a list with commas."""
    return tuple(one.strip().lower() for one in text.split(",") if one.strip())


def keys_hold(browser: Browser) -> bool:
    """Whether its keys have the form of RFC 8291: an uncompressed point of P-256, and 16 bytes of secret."""
    point, auth = decoded(browser.p256dh), decoded(browser.auth)
    return len(point) == POINT and point[:1] == b"\x04" and len(auth) == AUTH


def decoded(text: str) -> bytes:
    """What base64url says, with or without its padding; nothing if it is none."""
    try:
        return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
