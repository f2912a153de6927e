"""Our own relay: one task writes the same bytes to all who listen. Outside ASGI, without Django; it keeps nothing.

A source comes by PUT with a password, as to Icecast; a listener by GET, and must know the name.
"""

import asyncio
import base64
import hmac
import logging
from dataclasses import dataclass, field
from typing import cast

log = logging.getLogger(__name__)
HEAD_MOST = 8_192  # bytes
HEAD_WITHIN = 10.0  # seconds
BEHIND = 65_536  # bytes (8 s) a listener may be behind; then it is sent away, and comes back to the present
MOUNTS_MOST = 200
SOUND = b"HTTP/1.0 200 OK\r\nContent-Type: audio/mpeg\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
PACES = ((1_000, 0.06), (5_000, 0.15))  # up to so many listeners: seconds between two writes
SLOWEST = 0.25


def pace(listeners: int) -> float:
    """Seconds between two writes: the more listeners, the larger the pieces, so that one processor does for all."""
    return next((seconds for most, seconds in PACES if listeners <= most), SLOWEST)


@dataclass(eq=False)
class Mount:
    """One sound and who listens to it."""

    source: "Connection"
    listeners: set[asyncio.WriteTransport] = field(default_factory=set)
    waiting: bytearray = field(default_factory=bytearray)
    timer: asyncio.TimerHandle | None = None
    dropped: int = 0

    def take(self, data: bytes) -> None:
        """Some bytes came: they go out with what comes until the next write."""
        self.waiting += data
        if self.timer is None:
            self.timer = asyncio.get_running_loop().call_later(pace(len(self.listeners)), self._write)

    def _write(self) -> None:
        self.timer = None
        data, self.waiting = bytes(self.waiting), bytearray()
        for listener in tuple(self.listeners):
            if listener.get_write_buffer_size() > BEHIND:
                self.dropped += 1
                self.listeners.discard(listener)
                listener.abort()
            else:
                listener.write(data)

    def end(self) -> None:
        """Send all away."""
        if self.timer is not None:
            self.timer.cancel()
            self._write()
        for listener in self.listeners:
            listener.close()
        self.listeners.clear()


class RelayServer:
    """`login` is what a source must show: user:password."""

    def __init__(self, login: str) -> None:
        self.expected = b"Basic " + base64.b64encode(login.encode())
        self.mounts: dict[str, Mount] = {}

    async def start(self, host: str, port: int) -> asyncio.Server:
        """Listen. Raises OSError."""
        loop = asyncio.get_running_loop()
        return await loop.create_server(lambda: Connection(self), host, port, backlog=4096)

    def put(self, name: str, source: "Connection") -> bool:
        """Begin a sound, in place of one of that name: those who listen stay. Whether there is room."""
        old = self.mounts.get(name)
        if old is not None:
            old.source.mount = None
            old.source.transport.close()
            old.source, source.mount = source, old
            return True
        if len(self.mounts) >= MOUNTS_MOST:
            return False
        source.mount = self.mounts[name] = Mount(source)
        return True

    def gone(self, mount: Mount) -> None:
        """Its source hung up."""
        for name, each in tuple(self.mounts.items()):
            if each is mount:
                log.info("a sound ended with %d listeners, %d were too slow", len(mount.listeners), mount.dropped)
                del self.mounts[name]
        mount.end()


class Connection(asyncio.Protocol):
    """One source or listener."""

    def __init__(self, server: RelayServer) -> None:
        self._server, self._head = server, b""
        self.mount: Mount | None = None  # of a source
        self._heard: Mount | None = None  # of a listener

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for its words, not for ever."""
        self.transport = cast("asyncio.Transport", transport)
        self.transport.set_write_buffer_limits(high=BEHIND * 4)
        self._patience = asyncio.get_running_loop().call_later(HEAD_WITHIN, self.transport.close)

    def data_received(self, data: bytes) -> None:
        """Words first; then a source's sound. What a listener says is not heard."""
        if self.mount is not None:
            self.mount.take(data)
        elif self._heard is None and not self.transport.is_closing():
            self._head += data
            head, end, rest = self._head.partition(b"\r\n\r\n")
            if end:
                self._patience.cancel()
                self._answer(head, rest)
            elif len(self._head) > HEAD_MOST:
                self._refuse("431 Request Header Fields Too Large")

    def _answer(self, head: bytes, rest: bytes) -> None:
        first, *lines = head.split(b"\r\n")
        words = first.split(b" ")
        if len(words) != 3:
            return self._refuse("400 Bad Request")
        name = words[1].partition(b"?")[0].decode("latin-1").strip("/").removesuffix(".mp3")
        if words[0] == b"GET":
            return self._listen(name)
        if words[0] != b"PUT":
            return self._refuse("405 Method Not Allowed")
        fields = {key.strip().lower(): value.strip() for key, _, value in (line.partition(b":") for line in lines)}
        if not hmac.compare_digest(fields.get(b"authorization", b""), self._server.expected):
            return self._refuse("401 Unauthorized")
        if not self._server.put(name, self):
            return self._refuse("503 Service Unavailable")
        self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        if rest:
            self.data_received(rest)
        return None

    def _listen(self, name: str) -> None:
        mount = self._server.mounts.get(name)
        if mount is None:
            return self._refuse("404 Not Found")
        self._heard = mount
        self.transport.write(SOUND)
        mount.listeners.add(self.transport)
        return None

    def _refuse(self, status: str) -> None:
        self.transport.write(f"HTTP/1.0 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        self.transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        """Forget it."""
        self._patience.cancel()
        if self._heard is not None:
            self._heard.listeners.discard(self.transport)
        if self.mount is not None:
            self._server.gone(self.mount)
