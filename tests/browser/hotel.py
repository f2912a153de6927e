"""A proxy as hotels and offices have them: it carries requests, and does what it likes with WebSockets."""

import asyncio
import contextlib
import random
import threading
from asyncio import StreamReader, StreamWriter

REFUSED = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
SHUT, SILENT, FREE = "shut", "silent", "free"


class Hotel:
    """Before the server at `port`. `sockets`: what it does with WebSockets; `loses`: the share of requests it loses.

    Shut: refuses them. Silent: lets them open, and carries nothing. Requests of lines alone are lost, on their way
    there or back.
    """

    def __init__(self, port: int) -> None:
        self._behind = port
        self.sockets, self.loses = SHUT, 0.0
        self.asked: list[str] = []
        self.upgrades = self.lost = 0
        self._chance = random.Random(3)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._open: set[StreamWriter] = set()

    def __enter__(self) -> "Hotel":
        self._thread.start()
        listening = asyncio.start_server(self._take, "127.0.0.1", 0)
        self._server = asyncio.run_coroutine_threadsafe(listening, self._loop).result()
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _close(self) -> None:
        self._server.close()
        for writer in self._open:
            writer.transport.abort()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _take(self, reader: StreamReader, writer: StreamWriter) -> None:
        """One request of one connection."""
        self._open.add(writer)
        try:
            with contextlib.suppress(OSError, EOFError):
                await self._carry(reader, writer)
        finally:
            self._open.discard(writer)
            writer.close()

    async def _carry(self, reader: StreamReader, writer: StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.asked.append(head.split(b" HTTP/")[0].decode())
        upgrade = b"\r\nupgrade: websocket" in head.lower()
        self.upgrades += upgrade
        if upgrade and self.sockets == SHUT:
            writer.write(REFUSED)
            await writer.drain()
            return
        lost = b"/mqtt/line/" in head.split(b"\r\n")[0] and self._chance.random() < self.loses
        self.lost += lost
        if lost and self._chance.random() < 0.5:
            return
        behind, ahead = await asyncio.open_connection("127.0.0.1", self._behind)
        self._open.add(ahead)
        if not upgrade:
            head = head.replace(b"Connection: keep-alive", b"Connection: close")
        ahead.write(head)
        there = asyncio.create_task(_pipe(reader, ahead))
        try:
            if lost:
                await behind.read(1)  # it came, and nobody hears of it
            elif upgrade and self.sockets == SILENT:
                there.cancel()
                writer.write(await behind.readuntil(b"\r\n\r\n"))
                await asyncio.sleep(60)
            else:
                await _pipe(behind, writer)
        finally:
            there.cancel()
            self._open.discard(ahead)
            ahead.close()


async def _pipe(reader: StreamReader, writer: StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
