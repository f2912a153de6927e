"""The broker's doors through the web port, for players that are a page of a browser and know no other line.

`/mqtt` is a WebSocket that carries the bytes of MQTT, subprotocol `mqtt`; `/mqtt/line` carries the same bytes in plain
requests (`config.poll`). Both are a pipe and judge nobody: names, passwords and topics are the broker's business, as
with every device. (The broker's own WebSocket listener does not keep to the address it is told to listen on, so it is
never opened.)
"""

import asyncio
import contextlib

from nguon.config import pipe
from nguon.config.pipe import App, Pipes, Receive, Scope, Send
from nguon.config.poll import LINES, Polls

PATH = "/mqtt"
PROTOCOL = "mqtt"  # as the standard names it (MQTT 3.1.1, section 6)
BAD_PROTOCOL, BAD_KIND, FULL, NO_BROKER, GONE = 1002, 1003, 1013, 1014, 1001


class Tunnel:
    """An ASGI application around another that takes both doors and leads them to the broker at `url`."""

    def __init__(self, app: App, url: str, most: int = pipe.MOST) -> None:
        self._app = app
        self._pipes = Pipes(url, most)
        self._polls = Polls(self._pipes)

    @property
    def open(self) -> int:
        """How many lines there are."""
        return self._pipes.open

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and scope["path"] == PATH:
            await self._socket(scope, receive, send)
        elif scope["type"] == "http" and (scope["path"] == LINES or scope["path"].startswith(f"{LINES}/")):
            await self._polls(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()  # websocket.connect
        if PROTOCOL not in scope.get("subprotocols", ()):
            await send({"type": "websocket.close", "code": BAD_PROTOCOL})
            return
        await send({"type": "websocket.accept", "subprotocol": PROTOCOL})
        code = FULL
        if self._pipes.take():
            try:
                code = await self._carry(receive, send)
            finally:
                self._pipes.leave()
        if code:
            with contextlib.suppress(OSError, RuntimeError):  # it hung up in the same moment
                await send({"type": "websocket.close", "code": code})

    async def _carry(self, receive: Receive, send: Send) -> int:
        """Both ways until one side hangs up; the code to hang up with, 0 if the other side has."""
        try:
            reader, writer = await self._pipes.dial()
        except OSError:
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
    wait: float | None = pipe.FIRST
    while True:
        try:
            async with asyncio.timeout(wait):
                message = await receive()
        except TimeoutError:
            return BAD_PROTOCOL
        if message["type"] == "websocket.disconnect":
            await pipe.drained(writer)
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


async def _down(reader: asyncio.StreamReader, send: Send) -> int:
    """What the broker says, to the player: a player that does not listen keeps the broker waiting, and nobody else."""
    while True:
        try:
            data = await reader.read(pipe.READ)
        except OSError:
            return GONE
        if not data:
            return GONE
        try:
            await send({"type": "websocket.send", "bytes": data})
        except (OSError, RuntimeError):
            return 0
