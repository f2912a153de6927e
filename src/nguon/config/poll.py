"""The broker's door in plain requests, for boards behind what keeps WebSockets out: old proxies, hotels, offices.

    POST   /mqtt/line              a new line: 201 {"line": id}
    POST   /mqtt/line/<id>?from=n  bytes up, n the number of the first: 204
    GET    /mqtt/line/<id>?from=n  bytes down from n on: 200 as soon as there are some, 204 after 25 s
    DELETE /mqtt/line/<id>         the end, after all that was said: 204

A refusal is `{"error": words}`, as in the device API; of 409 also `from`, the number to go on with. The rules of order
and repetition are in `config.poll_line`. The id is all that opens a line, made anew for each and of 192 bits; a line
lives in the process that opened it. No cookie is looked at, so a foreign page has nothing to misuse; it is refused all
the same, since it could take places. (The WebSocket asks nobody for an origin: who stays silent loses the place there.)
"""

import asyncio
import json
import re
import secrets
from collections.abc import Coroutine
from dataclasses import dataclass
from urllib.parse import parse_qs

from django.conf import settings
from django.utils.translation import gettext as _

from nguon.config.pipe import Pipes, Receive, Scope, Send
from nguon.config.poll_line import Line, OutOfStep, Over
from nguon.live.rules import same_site

LINES = "/mqtt/line"
LARGEST = 262_144  # bytes of one request, as of one message of the WebSocket
ID = re.compile(rf"{LINES}/([0-9a-f]{{48}})")
NUMBER = re.compile(r"[0-9]{1,15}")
FIXED = (  # no-transform: there are proxies that mend what they carry
    (b"cache-control", b"no-store, no-transform"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


@dataclass(frozen=True)
class Answer:
    """What a request gets."""

    status: int
    body: bytes = b""
    kind: bytes = b"application/octet-stream"
    more: tuple[tuple[bytes, bytes], ...] = ()


class _Refused(Exception):
    def __init__(self, status: int, words: str, *more: tuple[bytes, bytes], **said: int) -> None:
        super().__init__(words)
        body = json.dumps({"error": words, **said}, ensure_ascii=False).encode()
        self.answer = Answer(status, body, b"application/json", more)


class _HungUp(Exception):
    """Who asked is gone before all was said: nothing of it counts."""


class Polls:
    """An ASGI application: the lines that are carried in requests."""

    def __init__(self, pipes: Pipes) -> None:
        self._pipes = pipes
        self._lines: dict[str, Line] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            answer = await self._answer(scope, receive)
        except _Refused as refused:
            answer = refused.answer
        except _HungUp:
            return
        headers = [*FIXED, (b"content-length", str(len(answer.body)).encode()), *answer.more]
        if answer.body:
            headers.append((b"content-type", answer.kind))
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if not _from_here(headers):
            raise _Refused(403, _("Trang của máy chủ khác không được dùng đường truyền này."))
        method = scope["method"]
        if scope["path"] == LINES:
            if method != "POST":
                raise _not_so(b"POST")
            return await self._open()
        found = ID.fullmatch(scope["path"])
        line = self._lines.get(found[1]) if found else None
        if line is None:
            raise _Refused(404, _("Đường truyền này không còn. Hãy mở đường truyền mới."))
        try:
            return await _carry(line, method, scope, receive)
        except OutOfStep as error:
            raise _Refused(409, _("Dữ liệu không nối tiếp phần trước."), **{"from": error.at}) from None
        except Over:
            raise _Refused(410, _("Máy chủ đã ngắt đường truyền này. Hãy mở đường truyền mới.")) from None

    async def _open(self) -> Answer:
        if not self._pipes.take():
            raise _Refused(503, _("Máy chủ đã hết chỗ cho đường truyền mới. Hãy thử lại sau một phút."))
        try:
            reader, writer = await self._pipes.dial()
        except OSError:
            self._pipes.leave()
            raise _Refused(502, _("Máy chủ chưa nối được với bộ phận gửi lệnh. Hãy thử lại sau.")) from None
        except BaseException:
            self._pipes.leave()
            raise
        name = secrets.token_hex(24)
        self._lines[name] = Line(reader, writer, lambda: self._gone(name))
        return Answer(201, json.dumps({"line": name}).encode(), b"application/json")

    def _gone(self, name: str) -> None:
        del self._lines[name]
        self._pipes.leave()


async def _carry(line: Line, method: str, scope: Scope, receive: Receive) -> Answer:
    if method == "POST":
        start = _start(scope)
        await line.up(start, await _body(receive))
        return Answer(204)
    if method == "GET":
        data = await _unless_gone(line.down(_start(scope)), receive)
        return Answer(200, data) if data else Answer(204)
    if method == "DELETE":
        await line.end()
        return Answer(204)
    raise _not_so(b"GET, POST, DELETE")


async def _unless_gone(telling: Coroutine[None, None, bytes], receive: Receive) -> bytes:
    """What is told; nobody is waited for who hung up."""
    told, gone = asyncio.create_task(telling), asyncio.create_task(_hang_up(receive))
    try:
        await asyncio.wait({told, gone}, return_when=asyncio.FIRST_COMPLETED)
        if told.done():
            return told.result()
        raise _HungUp
    finally:
        told.cancel()
        gone.cancel()


async def _hang_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _from_here(headers: dict[bytes, str]) -> bool:
    """Whether no browser says that a page of another server asks. Old ones say only the origin."""
    if (site := headers.get(b"sec-fetch-site")) is not None:
        return site in ("none", "same-origin")
    origin = headers.get(b"origin")
    return origin is None or same_site(origin, headers.get(b"host", ""), settings.CSRF_TRUSTED_ORIGINS)


def _start(scope: Scope) -> int:
    said = parse_qs(scope["query_string"].decode("latin-1")).get("from", [""])
    if len(said) != 1 or not NUMBER.fullmatch(said[0]):
        raise _Refused(400, _("Thiếu số thứ tự (from) của byte đầu tiên."))
    return int(said[0])


async def _body(receive: Receive) -> bytes:
    """All of it; a part of a body is nothing."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _HungUp
        body += message.get("body", b"")
        if len(body) > LARGEST:
            raise _Refused(413, _("Nội dung gửi lên quá lớn."), (b"connection", b"close"))
        if not message.get("more_body"):
            return bytes(body)


def _not_so(allowed: bytes) -> _Refused:
    return _Refused(405, _("Yêu cầu này không dùng được ở đây."), (b"allow", allowed))
