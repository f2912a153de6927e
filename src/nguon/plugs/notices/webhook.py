"""A gateway for short messages (SMS, Zalo), asked by a signed HTTPS POST. The contract is docs/notices.md."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import httpx

from nguon.agent import tls
from nguon.kit import clock
from nguon.kit.words import gettext_noop
from nguon.plugs.notices.deadline import within as deadline
from nguon.plugs.notices.near import is_near
from nguon.ports.notice import WITHIN, Failure, Notice, NoticeFailed, Recipient

LARGEST = 64 * 1024  # bytes of an answer
SECRET = 16  # letters of a secret at least
STATUSES = {
    401: Failure.KEY,
    403: Failure.KEY,
    408: Failure.BUSY,
    410: Failure.ADDRESS,
    422: Failure.ADDRESS,
    425: Failure.BUSY,
    429: Failure.BUSY,
}


def sign(secret: str, timestamp: int, body: bytes) -> str:
    """The signature in the header: HMAC-SHA-256 of `timestamp.body` in hexadecimal digits, after its version."""
    return "v1=" + hmac.new(secret.encode(), b"%d." % timestamp + body, hashlib.sha256).hexdigest()


class Webhook:
    """One gateway and the secret it shares with us. `seconds_now` gives seconds since 1970."""

    kind = "gateway"
    label = gettext_noop("Tin nhắn điện thoại")
    real = True

    def __init__(self, url: str, secret: str, seconds_now: Callable[[], float] = time.time) -> None:
        self._url, self._secret, self._now = url, secret, seconds_now

    def check(self) -> None:
        """Raises ValueError: an address that is none or not secret, a secret that anybody guesses."""
        try:
            parts = urlsplit(self._url)
            host, _port = parts.hostname or "", parts.port
        except ValueError as error:
            raise ValueError("NGUON_NOTICE_URL is no address") from error
        if parts.scheme not in ("https", "http") or not host:
            raise ValueError("NGUON_NOTICE_URL is no address of a gateway, as https://gateway.example.vn/nguon")
        if parts.scheme == "http" and not is_near(host):
            raise ValueError("NGUON_NOTICE_URL must be https://, because names and numbers go there")
        if len(self._secret) < SECRET:
            raise ValueError(f"NGUON_NOTICE_SECRET must have {SECRET} letters or more")

    def address(self, to: Recipient) -> str:
        """Their telephone."""
        return to.phone

    def tell(self, notice: Notice, *, within: float = WITHIN) -> str:
        """One question; the answer is the gateway's own name for the message, if it gives one."""
        body = json.dumps(_said(notice), ensure_ascii=False).encode()
        return deadline(within, "gateway", lambda: self._ask(notice, body, within))

    def _ask(self, notice: Notice, body: bytes, seconds: float) -> str:
        stamp = int(self._now())
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "nguon",
            "Idempotency-Key": notice.id.hex,
            "Nguon-Timestamp": str(stamp),
            "Nguon-Signature": sign(self._secret, stamp, body),
        }
        try:
            with (
                httpx.Client(verify=tls.context(), timeout=seconds, follow_redirects=False) as client,
                client.stream("POST", self._url, content=body, headers=headers) as response,
            ):
                return _judged(response)
        except NoticeFailed:
            raise
        except httpx.TimeoutException:
            raise NoticeFailed("the gateway does not answer", Failure.LATE) from None
        except httpx.ConnectError as error:
            kind = Failure.TRUST if "CERTIFICATE" in str(error).upper() else Failure.AWAY
            raise NoticeFailed(f"the gateway cannot be reached: {error}", kind) from None
        except httpx.HTTPError as error:
            raise NoticeFailed(f"the gateway broke off: {type(error).__name__}", Failure.AWAY) from None


def _said(notice: Notice) -> dict[str, Any]:
    return {
        "version": 1,
        "id": notice.id.hex,
        "at": clock.ms(notice.at),
        "to": {"name": notice.to.name, "phone": notice.to.phone},
        "subject": notice.subject,
        "short": notice.short,
        "text": notice.text,
        "level": notice.level,
        "drill": notice.drill,
        "url": notice.url,
    }


def _judged(response: httpx.Response) -> str:
    """What the gateway calls the message. Raises NoticeFailed for every status but 2xx."""
    status, body = response.status_code, bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > LARGEST:
            break
    if 200 <= status < 300:
        return _reference(bytes(body[:LARGEST]))
    if 300 <= status < 400:
        raise NoticeFailed("the gateway has moved: set its new address in NGUON_NOTICE_URL", Failure.AWAY)
    kind = STATUSES.get(status, Failure.AWAY if status >= 500 else Failure.REFUSED)
    raise NoticeFailed(f"the gateway said {status}", kind, after=_after(response))


def _reference(body: bytes) -> str:
    try:
        said = json.loads(body)
    except ValueError:
        return ""
    found = said.get("reference", "") if isinstance(said, dict) else ""
    return str(found)[:200] if isinstance(found, str | int) else ""


def _after(response: httpx.Response) -> float:
    """Seconds it asks us to wait; 0 where it says nothing, or a date."""
    asked = response.headers.get("Retry-After", "")
    return min(float(asked), 3600.0) if asked.isdigit() and len(asked) < 7 else 0.0
