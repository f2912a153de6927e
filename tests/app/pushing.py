"""A push service for tests, as RFC 8030, 8291 and 8292 describe one, and browsers that are subscribed there."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from time import time
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jws
from joserfc.jwk import ECKey

from tests.listening import listening
from tests.unit.channels.test_push_sealing import opened

CONTACT = "mailto:truyen-thanh@phuocthuan.example"


def plain(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def raw(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Browser:
    """One subscription of one browser: it alone can read what comes for it."""

    name: str
    origin: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = b"0123456789abcdef"

    @property
    def endpoint(self) -> str:
        return f"{self.origin}/gui/{self.name}"

    @property
    def subscription(self) -> dict[str, Any]:
        """As `PushSubscription.toJSON` gives it."""
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": plain(point), "auth": plain(self.auth)}
        return {"endpoint": self.endpoint, "expirationTime": None, "keys": keys}


@dataclass
class Came:
    """One message as it came: whose, with which headers, and what the browser reads in it."""

    name: str
    headers: dict[str, str]
    said: dict[str, Any]


@dataclass
class PushService:
    """`answers`: of a name, the status (and `Retry-After`) with which it is refused; else 201.

    `wrong`: what a real one would have turned away.
    """

    origin: str = ""
    browsers: dict[str, Browser] = field(default_factory=dict)
    answers: dict[str, tuple[int, str]] = field(default_factory=dict)
    came: list[Came] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def browser(self, name: str = "may-1") -> Browser:
        """A browser that is subscribed here."""
        return self.browsers.setdefault(name, Browser(name, self.origin))

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, str]:
        name = path.removeprefix("/gui/")
        self.asked.append(name)
        if fault := self._fault(headers, body):
            self.wrong.append(fault)
            return 400, ""
        if name in self.answers:
            return self.answers[name]
        if name not in self.browsers:
            return 410, ""
        browser = self.browsers[name]
        self.came.append(Came(name, headers, json.loads(opened(body, browser.key, browser.auth))))
        return 201, ""

    def _fault(self, headers: dict[str, str], body: bytes) -> str:
        if headers.get("content-encoding") != "aes128gcm" or len(body) > 4096:
            return f"encoding, or {len(body)} bytes"
        if not headers.get("ttl", "").isdigit() or headers.get("urgency") not in ("very-low", "low", "normal", "high"):
            return "ttl or urgency"
        if not 1 <= len(headers.get("topic", "x")) <= 32:
            return "topic"
        scheme, _, rest = headers.get("authorization", "").partition(" ")
        given = dict(part.strip().split("=", 1) for part in rest.split(","))
        x, y = raw(given["k"])[1:33], raw(given["k"])[33:]
        key = ECKey.import_key({"kty": "EC", "crv": "P-256", "x": plain(x), "y": plain(y)})
        token = jws.deserialize_compact(given["t"].encode(), key, algorithms=["ES256"])  # raises if it is not theirs
        claims = json.loads(token.payload)
        good = scheme == "vapid" and claims["aud"] == self.origin and 0 < claims["exp"] - time() <= 24 * 3600
        return "" if good and claims["sub"].startswith(("mailto:", "https://")) else f"vapid {claims}"


@contextmanager
def serving() -> Iterator[PushService]:
    """The push service on a free port of this machine."""
    made = PushService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, later = made.answer(self.path, headers, body)
            self.send_response(status)
            if later:
                self.send_header("Retry-After", later)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with listening(Handler) as port:
        made.origin = f"http://127.0.0.1:{port}"
        yield made
