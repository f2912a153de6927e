"""An answer of a service, and what its status or its words mean where the service does not say more."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from nguon.kit import clock
from nguon.kit.text import fold
from nguon.plugs.voices import sound
from nguon.ports.voice import Failure, VoiceFailed

_MESSAGES = ("message", "error_message", "en_message", "vi_message", "messages", "error", "detail", "code")
_WORDS = (  # for services that document no codes, folded; a key that has run out is a key, so that comes first
    (Failure.KEY, re.compile(r"unauthor|api.?key|credential|forbidden|permission|token|xac thuc|khong co quyen")),
    (Failure.CREDIT, re.compile(r"credit|quota|balance|billing|payment|insufficient|so du|han muc|het (tien|goi)")),
    (Failure.TEXT, re.compile(r"\b(text|voice|speaker|character|too long)|van ban|giong|ky tu")),
)


class Again(VoiceFailed):
    """The same question may be answered better later, `after` seconds at the earliest. `deaf`: nobody took the call."""

    def __init__(self, why: str, failure: Failure = Failure.AWAY, *, after: float = 0.0, deaf: bool = False) -> None:
        super().__init__(why, failure)
        self.after, self.deaf = after, deaf


@dataclass(frozen=True)
class Reply:
    """What came back. `clean` takes the keys out of any text; `name` is the service's, for the log."""

    name: str
    status: int
    headers: httpx.Headers
    body: bytes
    clean: Callable[[str], str]

    def json(self) -> dict[str, Any]:
        """The object that was answered. Raises Again if it is none: a page of some proxy, or half an answer."""
        try:
            found = json.loads(self.body)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise Again(f"{self.name} answered {self.status} with {sound.what(self.body)}")
        return found

    def words(self) -> str:
        """What the service says went wrong, short, on one line and without keys; or what it sent instead."""
        try:
            said = _said(json.loads(self.body))
        except ValueError:
            said = sound.what(self.body)
        return self.clean(" ".join(said.split()))[:200]

    def failed(self, failure: Failure) -> VoiceFailed:
        """A failure of this kind, with the words of the answer."""
        return VoiceFailed(f"{self.name} answered {self.status}: {self.words()}", failure)

    def again(self, failure: Failure) -> Again:
        """The same, where another try makes sense, not before the service wants it."""
        why = f"{self.name} answered {self.status}: {self.words()}"
        return Again(why, failure, after=_seconds(self.headers.get("retry-after", "")))

    def check(self) -> None:
        """Whether its status says that all is well. Raises Again or VoiceFailed."""
        status = self.status
        if status < 300:
            return
        if status in (401, 403):
            raise self.failed(Failure.KEY)
        if status == 402:
            raise self.failed(Failure.CREDIT)
        if status == 429:
            raise self.again(Failure.BUSY)
        if status in (408, 425) or status >= 500:
            raise self.again(Failure.AWAY)
        raise self.failed(Failure.TEXT if status in (400, 413, 414, 422) else Failure.AWAY)

    def check_sound(self) -> None:
        """The same, and whether it is sound: pages of proxies and errors come with 200 too."""
        self.check()
        if not sound.kind(self.body):
            raise self.again(Failure.AWAY)


def guess(words: str, otherwise: Failure = Failure.AWAY) -> Failure:
    """The kind of failure that some words of a service tell of."""
    plain = fold(words)
    return next((failure for failure, pattern in _WORDS if pattern.search(plain)), otherwise)


def _said(answer: Any) -> str:
    """The message in an error, wherever it lies; the first of several."""
    if isinstance(answer, list):
        return _said(answer[0]) if answer else "an empty list"
    if isinstance(answer, dict):
        found = (_said(answer[name]) for name in _MESSAGES if answer.get(name) not in (None, "", [], {}))
        return next(found, "JSON without a message")
    return str(answer)


def _seconds(written: str) -> float:
    """Retry-After: seconds, or a date."""
    if written.strip().isdecimal():
        return float(written)
    try:
        when = parsedate_to_datetime(written)
    except ValueError:
        return 0.0
    return max(0.0, (when.replace(tzinfo=when.tzinfo or UTC) - clock.now()).total_seconds())
