"""Answers that are the same for everybody are made once a second, however many ask: a typhoon brings all of them.

An answer is kept that says so itself (`Cache-Control: public, …, s-maxage=N`; of a static file `max-age=N`, the same
minute a browser keeps it): a 200 to a plain GET, which sets no cookie and depends on no header. All else goes through
untouched. One request at a time makes a page; the others get the
one before for a moment more (`GRACE`), or wait. It is N + `GRACE` seconds old at most, counted from before it was made:
a warning appears in less than two seconds.
"""

import asyncio
import gzip
import hashlib
import logging
import math
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http.request import split_domain_port, validate_host

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Key = tuple[str, bool, bytes, str, bytes]  # scheme, whether a proxy says HTTPS, host, path, query
Headers = list[tuple[bytes, bytes]]

MOST_PAGES, MOST_BYTES, MOST_PAGE = 2000, 48 * 1024 * 1024, 1024 * 1024
MOST_HOST, MOST_PATH, MOST_QUERY, MOST_FIELDS = 255, 600, 300, 8  # characters; fields of a query
LONGEST = 300.0  # seconds, whatever an answer says
GRACE = 0.5  # seconds that the page before stands in while the next is made
SMALL = 500  # bytes: less is not worth packing
log = logging.getLogger(__name__)
_SHARED = re.compile(rb"(?:^|[,\s])s-maxage=(\d{1,9})\b")
_STATIC = re.compile(rb"(?:^|[,\s])max-age=(\d{1,9})\b")
_PACKED = re.compile(r"(?:^|,)\s*(?:gzip|\*)\s*(?:;\s*q=(?P<q>[\d.]+))?\s*(?:,|$)", re.IGNORECASE)
_TYPE, _WORDS = b"content-type", re.compile(rb"text/|image/svg|application/(?:[\w.-]+\+)?(?:json|xml|javascript)\b")
_OWN = (b"content-length", b"date", b"server", b"vary", b"etag", b"age")  # ours, or the server's


@dataclass(frozen=True)
class Kept:
    """One answer. `made_at` is before its data were read; `holds`: for how many seconds it is fresh."""

    headers: Headers
    body: bytes
    made_at: float
    holds: float

    @cached_property
    def packed(self) -> bytes | None:
        """The body in gzip; None if it is no text, or no smaller then."""
        if len(self.body) < SMALL or not any(_WORDS.match(value) for name, value in self.headers if name == _TYPE):
            return None
        packed = gzip.compress(self.body, 6, mtime=0)
        return packed if len(packed) < len(self.body) else None

    @cached_property
    def tag(self) -> bytes:
        """A weak ETag: packed or not it is the same page."""
        return b'W/"' + hashlib.sha256(self.body).hexdigest()[:32].encode() + b'"'

    @property
    def size(self) -> int:
        """Bytes in memory, about."""
        return len(self.body) + len(self.packed or b"") + sum(len(n) + len(v) for n, v in self.headers) + 1000


class SharedCache:
    """An ASGI application around another that keeps what may be shared. `clock` in seconds, for tests."""

    def __init__(self, app: App, clock: Callable[[], float] = time.monotonic) -> None:
        self._app, self._clock = app, clock
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._bytes = 0
        self._making: dict[Key, asyncio.Future[bool]] = {}  # becomes: is it not to be shared

    @property
    def size(self) -> tuple[int, int]:
        """How many answers are kept, and their bytes."""
        return len(self._kept), self._bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = dict(scope["headers"]) if scope["type"] == "http" else {}
        key = _key(scope, asked) if asked else None
        if key is None:
            await self._app(scope, receive, send)
            return
        kept = await self._found(key, scope, asked)
        if kept is not None:
            await _answer(kept, scope["method"], asked, send, self._clock() - kept.made_at)
        elif scope["method"] == "GET":
            await self._through(key, scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _found(self, key: Key, scope: Scope, asked: dict[bytes, bytes]) -> Kept | None:
        """The answer to give; None if the application is to be asked by this very request."""
        kept = self._kept.get(key)
        making = self._making.get(key)
        while kept is None:
            if making is None or b"cookie" in asked:  # a page of one person waits for nobody
                return None
            await asyncio.wait([making])
            if making.result():
                return None
            kept, making = self._kept.get(key), self._making.get(key)
        age = self._clock() - kept.made_at
        if age < kept.holds:
            return kept
        if making is None:
            making = asyncio.ensure_future(self._again(key, scope))
            self._making[key] = making
        if age < kept.holds + GRACE:
            return kept
        await asyncio.wait([making])
        return self._kept.get(key)

    async def _again(self, key: Key, scope: Scope) -> bool:
        """Make a known answer anew, as if nobody in particular asked; it is forgotten if it is no longer to share."""
        plain = {**scope, "method": "GET", "headers": [one for one in scope["headers"] if one[0] in _PASSED]}
        taken = _Taken(self._clock(), scope["path"])
        try:
            await self._app(plain, taken.receive, taken.send)
        except Exception:  # whoever asks next sees it himself
            log.exception("the page %s could not be made", scope["path"])
        self._keep(key, taken.kept)
        self._making.pop(key, None)
        return taken.refused

    async def _through(self, key: Key, scope: Scope, receive: Receive, send: Send) -> None:
        """The first time: for the one who asks, and kept on the way. Others wait until that is known.

        Until then nothing is sent: a reader that takes nothing holds up nobody else.
        """
        taken, held = _Taken(self._clock(), scope["path"]), list[Message]()
        leads = key not in self._making
        waiting: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        if leads:
            self._making[key] = waiting

        def over() -> None:
            if not waiting.done():
                waiting.set_result(taken.refused)
                if leads:
                    self._making.pop(key, None)

        async def both(message: Message) -> None:
            if not taken.known():
                await taken.send(message)
                held.append(message)
                if not taken.known():
                    return
                if taken.kept is not None:
                    self._keep(key, taken.kept)
                over()
                for one in held:
                    await send(one)
                held.clear()
            else:
                await send(message)

        try:
            await self._app(scope, receive, both)
        finally:
            over()

    def _keep(self, key: Key, kept: Kept | None) -> None:
        before = self._kept.pop(key, None)
        if before is not None:
            self._bytes -= before.size
        if kept is None:
            return
        self._kept[key] = kept
        self._bytes += kept.size
        while len(self._kept) > MOST_PAGES or self._bytes > MOST_BYTES:
            self._bytes -= self._kept.popitem(last=False)[1].size


_PASSED = (b"host", b"x-forwarded-proto")  # all that an answer for everybody may depend on


class _Taken:
    """What an application answers, as far as it may be kept."""

    def __init__(self, made_at: float, path: str) -> None:
        self._made_at, self._static = made_at, path.startswith(settings.STATIC_URL) and not settings.DEBUG
        self._headers: Headers = []
        self._holds, self._parts, self._size = 0.0, list[bytes](), 0
        self._asked = False
        self._nobody = asyncio.Event()
        self.refused = self.over = False

    def known(self) -> bool:
        """Whether it is whole, or certain not to be shared."""
        return self.over or self.refused

    @property
    def kept(self) -> Kept | None:
        """The answer; None if it is not whole, or not to be shared."""
        if self.refused or not self.over:
            return None
        return Kept(self._headers, b"".join(self._parts), self._made_at, self._holds)

    async def receive(self) -> Message:
        """An empty request, of somebody who waits; who hangs up once the answer is of no use."""
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._nobody.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Take one message of the answer."""
        if message["type"] == "http.response.start":
            self._headers = [(name.lower(), value) for name, value in message.get("headers", ())]
            self._holds = _holds(message["status"], self._headers, self._static)
            if not self._holds or _length(self._headers) > MOST_PAGE:
                self._refuse()
        elif message["type"] == "http.response.body" and not self.refused:
            self._size += len(message.get("body", b""))
            if self._size > MOST_PAGE:
                self._refuse()
                return
            self._parts.append(message.get("body", b""))
            self.over = not message.get("more_body", False)

    def _refuse(self) -> None:
        self.refused = True
        self._parts.clear()
        self._nobody.set()


def _key(scope: Scope, asked: dict[bytes, bytes]) -> Key | None:
    """What decides the answer; None where none is kept: nothing unbounded or unknown may become a key."""
    query, host = scope["query_string"], asked.get(b"host", b"")
    if scope["method"] not in ("GET", "HEAD") or asked.keys() & {b"authorization", b"range", b"transfer-encoding"}:
        return None
    if asked.get(b"content-length", b"0") != b"0" or sum(name == b"host" for name, _ in scope["headers"]) != 1:
        return None
    if len(scope["path"]) > MOST_PATH or len(query) > MOST_QUERY or query.count(b"&") >= MOST_FIELDS:
        return None
    if len(host) > MOST_HOST or not _known(host.decode("latin-1")):
        return None
    secure = asked.get(b"x-forwarded-proto", b"").partition(b",")[0].strip() == b"https"
    return scope["scheme"], secure, host, scope["path"], query


def _known(host: str) -> bool:
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


def _holds(status: int, headers: Headers, static: bool) -> float:
    """For how many seconds an answer may be given to all; 0: it may not."""
    said = dict(headers)
    policy = b",".join(value for name, value in headers if name == b"cache-control").lower()
    depends = {one.strip() for one in said.get(b"vary", b"").lower().split(b",")} - {b"", b"accept-encoding"}
    if status != 200 or b"public" not in policy or b"private" in policy or b"no-store" in policy or depends:
        return 0.0
    if b"set-cookie" in said or b"content-encoding" in said or sum(name == b"vary" for name, _ in headers) > 1:
        return 0.0
    found = _SHARED.search(policy) or (_STATIC.search(policy) if static else None)
    return min(float(found[1]), LONGEST) if found else 0.0


def _length(headers: Headers) -> int:
    """What an answer says of its length in bytes; 0 if nothing."""
    said = dict(headers).get(b"content-length", b"")
    return int(said) if said.isdigit() and len(said) < 19 else 0


async def _answer(kept: Kept, method: str, asked: dict[bytes, bytes], send: Send, age: float) -> None:
    headers = [one for one in kept.headers if one[0] not in _OWN]
    headers += [(b"etag", kept.tag), (b"vary", b"Accept-Encoding")]
    headers.append((b"age", b"%d" % math.ceil(max(age, 0.001))))  # rounded up: nobody on the way adds a second
    if _same(asked.get(b"if-none-match", b""), kept.tag):
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    body = kept.packed if _packs(asked.get(b"accept-encoding", b"")) else None
    if body is not None:
        headers.append((b"content-encoding", b"gzip"))
    else:
        body = kept.body
    headers.append((b"content-length", b"%d" % len(body)))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else body})


def _packs(accepted: bytes) -> bool:
    """Whether the one who asks takes gzip."""
    found = _PACKED.search(accepted.decode("latin-1"))
    return bool(found) and (not found["q"] or found["q"].strip("0.") != "")  # type: ignore[index]


def _same(asked: bytes, tag: bytes) -> bool:
    tags = {one.strip().removeprefix(b"W/") for one in asked.split(b",")}
    return bool(asked) and (asked.strip() == b"*" or tag.removeprefix(b"W/") in tags)
