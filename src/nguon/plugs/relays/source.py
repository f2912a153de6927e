"""A source client: one sound into a relay by PUT, as Icecast 2.4 takes it."""

import asyncio
import base64
import contextlib
from urllib.parse import unquote, urlsplit

from nguon.ports.relay import RelayRefused

PATIENCE = 5.0  # seconds to connect and be answered
BEHIND = 65_536  # bytes (8 s) that may wait for the relay; then it is as good as gone


class SourceFeed:
    """An open PUT."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._watching = asyncio.create_task(self._watch(reader))

    async def _watch(self, reader: asyncio.StreamReader) -> None:
        """A relay says nothing more; the end of its side is the end of the sound."""
        with contextlib.suppress(OSError):
            while await reader.read(4096):
                pass
        self._writer.close()

    def write(self, data: bytes) -> None:
        """See `nguon.ports.relay`."""
        if self._writer.is_closing():
            raise ConnectionError("the relay hung up")
        self._writer.write(data)
        if self._writer.transport.get_write_buffer_size() > BEHIND:
            self._writer.transport.abort()
            raise ConnectionError("the relay does not keep up")

    async def close(self) -> None:
        """See `nguon.ports.relay`."""
        self._watching.cancel()
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()


class Source:
    """`url` is `http[s]://user:password@host:port/folder`; `public_url` where listeners come, without a password."""

    def __init__(self, url: str, public_url: str = "") -> None:
        parts = urlsplit(url)
        self._secure = parts.scheme == "https"
        self._host, self._port = parts.hostname or "", parts.port or (443 if self._secure else 80)
        self._login = f"{unquote(parts.username or 'source')}:{unquote(parts.password or '')}"
        self._folder, self._scheme = parts.path.rstrip("/"), parts.scheme
        self._public = public_url.rstrip("/")

    def check(self) -> None:
        """The address must be one; whether somebody is there is seen when somebody speaks."""
        if self._scheme not in ("http", "https") or not self._host:
            raise ValueError("NGUON_RELAY_URL is not an address like http://source:password@host:8000")

    async def feed(self, name: str) -> SourceFeed:
        """See `nguon.ports.relay`."""
        try:
            async with asyncio.timeout(PATIENCE):
                reader, writer = await asyncio.open_connection(self._host, self._port, ssl=self._secure or None)
                writer.write(self._head(name))
                status = await self._answer(reader)
        except TimeoutError:
            raise RelayRefused(f"{self._host}:{self._port} does not answer") from None
        if status not in (100, 200):
            writer.close()
            raise RelayRefused(f"{self._host}:{self._port} answers {status}")
        return SourceFeed(reader, writer)

    def _head(self, name: str) -> bytes:
        login = base64.b64encode(self._login.encode()).decode()
        lines = [
            f"PUT {self._folder}/{name}.mp3 HTTP/1.1",
            f"Host: {self._host}:{self._port}",
            f"Authorization: Basic {login}",
            "Content-Type: audio/mpeg",
            "Ice-Public: 0",
            "Expect: 100-continue",
            "User-Agent: nguon",
        ]
        return "\r\n".join([*lines, "", ""]).encode()

    async def _answer(self, reader: asyncio.StreamReader) -> int:
        """The status of its answer. Raises RelayRefused."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            return int(head.split(b" ", 2)[1])
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError, IndexError):
            raise RelayRefused(f"{self._host}:{self._port} is no relay") from None
