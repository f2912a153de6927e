"""What both doors to the broker share: places that are counted, the call, a farewell that is heard."""

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

MOST = 5_000  # lines of one web process, whichever their door; each holds two sockets
READ = 65_536  # bytes in one piece
DIAL = 10.0  # seconds for the broker to take the line
FIRST = 10.0  # seconds for the other side to say the first word: who opens and stays silent holds a place
log = logging.getLogger(__name__)


class Pipes:
    """The lines to the broker at `url`; `open` of them, never more than `most`."""

    def __init__(self, url: str, most: int = MOST) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 1883
        self._most, self.open = most, 0

    def take(self) -> bool:
        """Take a place; False when there is none. Who took one gives it back with `leave`."""
        if self.open >= self._most:
            return False
        self.open += 1
        return True

    def leave(self) -> None:
        """Give a place back."""
        self.open -= 1

    async def dial(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A line to the broker. Raises OSError when it does not take it."""
        try:
            async with asyncio.timeout(DIAL):
                return await asyncio.open_connection(self._host, self._port)
        except OSError as error:  # a TimeoutError is one
            log.info("no broker at %s:%s for a player: %s", self._host, self._port, error or type(error).__name__)
            raise


async def drained(writer: asyncio.StreamWriter) -> None:
    """A farewell is heard before the line is cut."""
    with contextlib.suppress(OSError):
        writer.write_eof()
        async with asyncio.timeout(1):
            await writer.drain()
