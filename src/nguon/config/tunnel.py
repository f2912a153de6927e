"""The broker's door through the web port: `/mqtt`, a WebSocket that carries the bytes of MQTT, subprotocol `mqtt`.

For players that are a page of a browser and know no other line. It is a pipe and judges nobody: names, passwords and
topics are the broker's business, as with every device. (The broker's own WebSocket listener does not keep to the
address it is told to listen on, so it is never opened.)
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

PATH = "/mqtt"
PROTOCOL = "mqtt"  # as the standard names it (MQTT 3.1.1, section 6)
MOST = 5_000  # tunnels of one web process; each holds two sockets
READ = 65_536  # bytes in one piece
DIAL = 10.0  # seconds for the broker to take the line
FIRST = 10.0  # seconds for the other side to say the first word: who opens and stays silent holds a place
BAD_PROTOCOL, BAD_KIND, FULL, NO_BROKER, GONE = 1002, 1003, 1013, 1014, 1001
log = logging.getLogger(__name__)


class Tunnel:
    """An ASGI application around another that takes WebSockets at `/mqtt` and leads them to the broker at `url`."""

    def __init__(self, app: App, url: str, most: int = MOST) -> None:
        parts = urlsplit(url)
        self._app = app
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 1883
        self._most, self.open = most, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket" or scope["path"] != PATH:
            await self._app(scope, receive, send)
            return
        await receive()  # websocket.connect
        if PROTOCOL not in scope.get("subprotocols", ()):
            await send({"type": "websocket.close", "code": BAD_PROTOCOL})
            return
        await send({"type": "websocket.accept", "subprotocol": PROTOCOL})
        code = FULL
        if self.open < self._most:
            self.open += 1
            try:
                code = await self._carry(receive, send)
            finally:
                self.open -= 1
        if code:
            with contextlib.suppress(OSError, RuntimeError):  # it hung up in the same moment
                await send({"type": "websocket.close", "code": code})

    async def _carry(self, receive: Receive, send: Send) -> int:
        """Both ways until one side hangs up; the code to hang up with, 0 if the other side has."""
        try:
            async with asyncio.timeout(DIAL):
                reader, writer = await asyncio.open_connection(self._host, self._port)
        except OSError as error:  # a TimeoutError is one
            log.info("no broker at %s:%s for a player: %s", self._host, self._port, error or type(error).__name__)
            return NO_BROKER
        up = asyncio.create_task(_up(receive, writer))
        down = asyncio.create_task(_down(reader, send))
        try:
            await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
            return up.result() if up.done() else down.result()
        finally:
            up.cancel()
            down.cancel()
            writer.transport.abort()  # without a farewell of the player's own the broker publishes its last will
            await asyncio.wait({up, down})


async def _up(receive: Receive, writer: asyncio.StreamWriter) -> int:
    """What the player says, to the broker."""
    wait: float | None = FIRST
    while True:
        try:
            async with asyncio.timeout(wait):
                message = await receive()
        except TimeoutError:
            return BAD_PROTOCOL
        if message["type"] == "websocket.disconnect":
            await _drained(writer)
            return 0
        data = message.get("bytes")
        if data is None:
            return BAD_KIND
        wait = None
        try:
            writer.write(data)
            await writer.drain()
        except OSError:
            return GONE


async def _drained(writer: asyncio.StreamWriter) -> None:
    """A farewell is heard before the line is cut."""
    with contextlib.suppress(OSError):
        writer.write_eof()
        async with asyncio.timeout(1):
            await writer.drain()


async def _down(reader: asyncio.StreamReader, send: Send) -> int:
    """What the broker says, to the player: a player that does not listen keeps the broker waiting, and nobody else."""
    while True:
        try:
            data = await reader.read(READ)
        except OSError:
            return GONE
        if not data:
            return GONE
        try:
            await send({"type": "websocket.send", "bytes": data})
        except (OSError, RuntimeError):
            return 0
