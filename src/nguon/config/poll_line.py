"""A line to the broker carried in single requests: what is told twice is taken once, what is lost is told again.

Bytes are numbered from 0 in each direction. Whoever speaks says the number of the first byte, whoever listens that of
the next one wanted, and with it that all before has come. So no request needs to arrive, or to arrive once.
"""

import asyncio
import contextlib
from collections.abc import Callable

from nguon.config import pipe

WAIT = 25.0  # seconds that a listener is kept waiting: proxies lose patience after 30
LONELY = 60.0  # seconds after the last request: the player is gone, and the broker publishes its last will
HELD = 262_144  # bytes kept for a player; beyond that the broker waits
DRAIN = 10.0  # seconds for the broker to take what was said


class OutOfStep(Exception):
    """These bytes were never said, or are no longer here; `at` is the number to go on with."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


class Over(Exception):
    """The broker hung up, and all it had said was heard."""


class Upward:
    """What a player says. `taken`: bytes so far."""

    def __init__(self) -> None:
        self.taken = 0

    def take(self, start: int, data: bytes) -> bytes:
        """What of `data`, that begins with the byte `start`, is new. Raises OutOfStep when some before is missing."""
        if start > self.taken:
            raise OutOfStep(self.taken)
        fresh = data[self.taken - start :]
        self.taken += len(fresh)
        return fresh


class Downward:
    """What a player is told: kept until it has said that it came."""

    def __init__(self) -> None:
        self._kept = bytearray()
        self._heard = 0  # the number of the first byte that is kept

    @property
    def held(self) -> int:
        """Bytes that are kept."""
        return len(self._kept)

    def add(self, data: bytes) -> None:
        """Keep this too."""
        self._kept += data

    def acknowledge(self, start: int) -> None:
        """All before the byte with this number has come. Raises OutOfStep for one that is not here."""
        came = start - self._heard
        if not 0 <= came <= len(self._kept):
            raise OutOfStep(self._heard)
        del self._kept[:came]
        self._heard = start

    def piece(self) -> bytes:
        """The first bytes that have not come, as many as go into one answer."""
        return bytes(self._kept[: pipe.READ])


class Line:
    """One line. `gone` is called once, when it is no more."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, gone: Callable[[], None]) -> None:
        self._reader, self._writer, self._gone = reader, writer, gone
        self._upward, self._downward = Upward(), Downward()
        self._speaking = asyncio.Lock()
        self._changed = asyncio.Event()
        self._turn = 0
        self._over = self._ended = False
        self._patience = asyncio.timeout(pipe.FIRST)
        self._running = asyncio.create_task(self._run())

    async def up(self, start: int, data: bytes) -> None:
        """Say this to the broker, as far as it was not said before. Raises OutOfStep, Over."""
        self._asked()
        async with self._speaking:
            if self._over:
                raise Over
            fresh = self._upward.take(start, data)
            self._asked()  # who waited for the first word of another request has not been silent
            if not fresh:
                return
            try:
                self._writer.write(fresh)
                async with asyncio.timeout(DRAIN):
                    await self._writer.drain()
            except OSError as error:  # a TimeoutError is one
                self.cut()
                raise Over from error

    async def down(self, start: int) -> bytes:
        """What the broker says from this byte on, as soon as there is some; nothing after WAIT seconds, or as soon as
        somebody else asks: the player has given up this request. Raises OutOfStep, Over."""
        self._asked()
        self._downward.acknowledge(start)
        self._turn += 1
        turn = self._turn
        self._stir()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(WAIT):
                while not (self._downward.held or self._over or turn != self._turn):
                    await self._changed.wait()
        if turn != self._turn:
            return b""
        piece = self._downward.piece()
        if self._over and not piece:
            self.cut()
            raise Over
        return piece

    async def end(self) -> None:
        """Hang up after all that was said; a farewell among it is heard."""
        async with self._speaking:
            await pipe.drained(self._writer)
        self.cut()

    def cut(self) -> None:
        """Hang up. Without a farewell of the player's own the broker publishes its last will."""
        if self._ended:
            return
        self._over = self._ended = True
        self._writer.transport.abort()
        self._stir()
        self._gone()
        self._running.cancel()

    def _asked(self) -> None:
        if self._upward.taken and not (self._ended or self._patience.expired()):
            self._patience.reschedule(asyncio.get_running_loop().time() + LONELY)

    def _stir(self) -> None:
        """Wake all who wait for anything."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def _run(self) -> None:
        """Listen to the broker, until nobody asks any more or the web process ends."""
        try:
            async with self._patience:
                with contextlib.suppress(OSError):
                    await self._listen()
                self._over = True
                self._writer.transport.abort()
                self._stir()
                await asyncio.get_running_loop().create_future()  # what is kept may still be fetched
        except TimeoutError:
            pass  # not the broker's: that was suppressed
        finally:
            self.cut()

    async def _listen(self) -> None:
        """Keep what the broker says, as much as there is room for."""
        while data := await self._reader.read(pipe.READ):
            self._downward.add(data)
            self._stir()
            while self._downward.held >= HELD:
                await self._changed.wait()
