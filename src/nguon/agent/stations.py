"""What an address of a stream answers: sound, a list of other addresses, a playlist of pieces, or nothing to hear."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import httpx

from nguon.agent.identity import Identity

HOPS = 5  # redirects followed
DEPTH = 2  # a list in a list, and no further
LIST_MOST = 65_536  # bytes of a list that are read
CONNECT = 5.0  # seconds
LISTS = frozenset(
    {
        *("audio/x-mpegurl", "audio/mpegurl", "application/x-mpegurl", "application/vnd.apple.mpegurl"),
        *("audio/x-scpls", "application/pls+xml", "audio/scpls"),
    }
)
KINDS = {  # of sound → the demultiplexer of ffmpeg; what is not here is looked at by ffmpeg itself
    **dict.fromkeys(("audio/mpeg", "audio/mp3"), "mp3"),
    **dict.fromkeys(("audio/aac", "audio/aacp", "audio/x-aac"), "aac"),
    **dict.fromkeys(("audio/ogg", "application/ogg", "audio/opus"), "ogg"),
}


class NoSound(Exception):
    """An address gives nothing to hear; the words say why."""


@dataclass
class Flow:
    """Sound as bytes that come. `kind`: the demultiplexer, if the answer named it."""

    kind: str
    pieces: AsyncIterator[bytes]


@dataclass
class Pieces:
    """A playlist of pieces (HLS), which ffmpeg fetches itself."""

    url: str


class Stations:
    """Opens addresses for one device: its own server gets its password, nobody else does, wherever it leads to."""

    def __init__(self, client: httpx.AsyncClient, identity: Identity) -> None:
        self._client, self._identity = client, identity

    @asynccontextmanager
    async def open(self, url: str, depth: int = 0) -> AsyncIterator[Flow | Pieces]:
        """What is to be heard there, while the `with` lasts. Raises NoSound, httpx.HTTPError."""
        async with self._asked(urljoin(self._identity.server, url)) as answer:
            kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
            pieces = answer.aiter_raw()
            first = await anext(pieces, b"")
            if kind == "text/html" or first.lstrip()[:1] == b"<":
                raise NoSound("it answers with a web page, not with sound")
            if not _is_list(kind, str(answer.url), first):
                yield Flow(KINDS.get(kind, ""), _after(first, pieces))
                return
            words = (await _rest(first, pieces)).decode("utf-8", "replace")
            at = str(answer.url)
        if "#EXT-X-" in words:
            yield Pieces(at)
            return
        named = addresses(words, at)
        if not named or depth >= DEPTH:
            raise NoSound("it answers with a list that names no address")
        async with self.open(named[0], depth + 1) as found:
            yield found

    @asynccontextmanager
    async def _asked(self, url: str) -> AsyncIterator[httpx.Response]:
        """The answer after redirects. Raises NoSound."""
        for _ in range(HOPS):
            if urlsplit(url).scheme not in ("http", "https"):
                raise NoSound("only http and https are taken")
            auth = self._auth(url)
            async with self._client.stream("GET", url, auth=auth, headers={"Accept-Encoding": "identity"}) as answer:
                if answer.is_redirect and "location" in answer.headers:
                    url = urljoin(url, answer.headers["location"])
                    continue
                if answer.status_code >= 300:
                    raise NoSound(f"it answers {answer.status_code}")
                yield answer
                return
        raise NoSound(f"it leads on more than {HOPS} times")

    def _auth(self, url: str) -> tuple[str, str] | None:
        own = _origin(url) == _origin(self._identity.server)
        return (self._identity.device, self._identity.password) if own else None


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _is_list(kind: str, url: str, first: bytes) -> bool:
    if first.startswith((b"#EXTM3U", b"\xef\xbb\xbf#EXTM3U", b"[playlist]", b"[Playlist]")) or kind in LISTS:
        return True
    named = urlsplit(url).path.lower().endswith((".m3u", ".m3u8", ".pls"))
    return named and not kind.startswith("audio/")


async def _after(first: bytes, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    if first:
        yield first
    async for piece in pieces:
        yield piece


async def _rest(first: bytes, pieces: AsyncIterator[bytes]) -> bytes:
    found = bytearray(first)
    async for piece in pieces:
        found += piece
        if len(found) > LIST_MOST:
            break
    return bytes(found[:LIST_MOST])


def addresses(words: str, at: str) -> list[str]:
    """The addresses a list (M3U or PLS) names, in its order; `at` is where it stood."""
    found = re.findall(r"(?im)^\s*File\d+\s*=\s*(\S+)", words)
    if not found:
        lines = (line.strip().lstrip("\ufeff") for line in words.splitlines())
        found = [line for line in lines if line and not line.startswith(("#", "["))]
    return [urljoin(at, each) for each in found if urlsplit(urljoin(at, each)).scheme in ("http", "https")]
