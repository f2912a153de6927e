"""A stored file as an answer over HTTP, whole or one range of its bytes (RFC 9110, 14): Django has no ranges."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass

from django.core.files.storage import default_storage
from django.core.handlers.asgi import ASGIRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from nguon.media.models import File

CHUNK = 256 * 1024
_RANGE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})")


class Unsatisfiable(ValueError):
    """A range that begins behind the end of the file."""


@dataclass(frozen=True)
class Span:
    """Bytes `first` to `last`, both included."""

    first: int
    last: int

    @property
    def size(self) -> int:
        """How many bytes."""
        return self.last - self.first + 1


def parse_range(header: str, size: int) -> Span | None:
    """The one range asked for, cut to the file; None where the header is absent, odd, or asks for several: send all.

    Raises Unsatisfiable.
    """
    found = _RANGE.fullmatch(header.strip())
    if not found or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:
        if int(last) == 0 or size == 0:
            raise Unsatisfiable
        return Span(max(size - int(last), 0), size - 1)
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise Unsatisfiable
    return Span(int(first), min(int(last), size - 1) if last else size - 1)


def respond(request: HttpRequest, file: File) -> HttpResponseBase:
    """The file, or the range asked for: 200, 206 or 416, with a strong ETag. Streams under ASGI and WSGI.

    Raises Http404 if the bytes are gone from storage.
    """
    return _answer(request, file.sha256, file.size, lambda span: _body(request, file, span))


def respond_bytes(request: HttpRequest, body: bytes, sha256: str, mime: str) -> HttpResponseBase:
    """The same of bytes in memory."""

    def part(span: Span) -> HttpResponse:
        return HttpResponse(b"" if request.method == "HEAD" else body[span.first : span.last + 1], content_type=mime)

    return _answer(request, sha256, len(body), part)


def _answer(request: HttpRequest, sha256: str, size: int, part: Callable[[Span], HttpResponseBase]) -> HttpResponseBase:
    tag = f'"{sha256}"'
    wanted = request.headers.get("Range", "")
    if request.headers.get("If-Range", tag) != tag:
        wanted = ""
    try:
        span = parse_range(wanted, size)
    except Unsatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    whole = span or Span(0, size - 1)
    answer = part(whole)
    answer.headers["Accept-Ranges"] = "bytes"
    answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    answer.headers["Content-Length"] = str(whole.size)
    answer.headers["ETag"] = tag
    if span:
        answer.status_code = 206
        answer.headers["Content-Range"] = f"bytes {span.first}-{span.last}/{size}"
    return answer


def _body(request: HttpRequest, file: File, span: Span) -> HttpResponseBase:
    if not default_storage.exists(file.path):
        raise Http404(file.sha256)
    if request.method == "HEAD":
        return HttpResponse(content_type=file.mime)
    chunks = _async_chunks if isinstance(request, ASGIRequest) else _chunks
    return StreamingHttpResponse(chunks(file.path, span), content_type=file.mime)


def _chunks(path: str, span: Span) -> Iterator[bytes]:
    with default_storage.open(path) as handle:
        handle.seek(span.first)
        left = span.size
        while left > 0 and (data := handle.read(min(CHUNK, left))):
            left -= len(data)
            yield data


async def _async_chunks(path: str, span: Span) -> AsyncIterator[bytes]:
    chunks = _chunks(path, span)
    while data := await asyncio.to_thread(next, chunks, b""):
        yield data
