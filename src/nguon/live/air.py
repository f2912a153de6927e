"""A session while it is on the air, in the process that holds the speaker's line: browser → ffmpeg → relay and disk."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine
from typing import Any, BinaryIO
from uuid import UUID

from nguon.delivery.service import db
from nguon.kit import clock
from nguon.live import actions, queries, rules
from nguon.live.encoder import Encoder, EncoderFailed
from nguon.live.models import LiveSession, State
from nguon.live.relaying import relay
from nguon.ports.relay import Feed, RelayRefused

log = logging.getLogger(__name__)
LOOK = 0.5  # seconds between two looks at time, line and database
ON_AIR: dict[UUID, "Air"] = {}  # of this process
Ended = Callable[[str], None]
Heard = Callable[[int, int], None]


class Air:
    """One session on the air. `ended(why)` is called once, when it is over."""

    def __init__(self, session: LiveSession) -> None:
        self.session = session
        self.ended: Ended = lambda why: None
        self.heard: Heard = lambda started, total: None
        self._counts = (0, 0)
        self.allowed: Callable[[], bool] = lambda: True  # asked in the database's thread
        self._encoder: Encoder | None = None
        self._feed: Feed | None = None
        self._disk: BinaryIO | None = None
        self._over = False
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Relay and disk are ready; nothing is on the air yet. Raises RelayRefused, OSError."""
        self._feed = await relay().feed(self.session.name)
        path = queries.sound_path(self.session.pk)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._disk = path.open("ab", buffering=0)

    def begin(self, session: LiveSession) -> None:
        """It is on the air from now."""
        self.session = session
        self._loop = asyncio.get_running_loop()
        self.heard_at = self._loop.time()
        ON_AIR[session.pk] = self
        self._spawn(self._watch())

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def line(self, ended: Ended, heard: Heard, allowed: Callable[[], bool]) -> None:
        """A new line from the speaker, the first or another after a break: its sound begins with a head of its own."""
        old, self._encoder = self._encoder, None
        if old is not None:
            await old.close()
        encoder = Encoder(self._give)
        await encoder.start()
        self._encoder, self.ended, self.heard, self.allowed = encoder, ended, heard, allowed
        self._counts = (0, 0)

    @property
    def left_ms(self) -> int:
        """How long one may still speak."""
        assert self.session.ends_at is not None
        return max(0, round((self.session.ends_at - clock.now()).total_seconds() * 1000))

    def take(self, data: bytes) -> None:
        """What the browser recorded."""
        self.heard_at = self._loop.time()
        if self._encoder is None or self._over:
            return
        try:
            self._encoder.write(data)
        except EncoderFailed as error:
            log.warning("the sound of %s cannot be made: %s", self.session.pk.hex, error)
            self._spawn(self.end(rules.FAULT))

    def _give(self, mp3: bytes) -> None:
        if self._over or self._feed is None or self._disk is None:
            return
        try:
            self._disk.write(mp3)
        except OSError as error:  # a full disk must not silence who speaks
            log.warning("the recording of %s breaks off: %s", self.session.pk.hex, error)
        try:
            self._feed.write(mp3)
        except ConnectionError as error:
            log.warning("the relay lost %s: %s", self.session.pk.hex, error)
            self._feed = None
            self._spawn(self._feed_again())

    async def _feed_again(self) -> None:
        """The relay was away, for a restart perhaps: those who listen come back by themselves."""
        while not self._over:
            with contextlib.suppress(RelayRefused, OSError):
                self._feed = await relay().feed(self.session.name)
                return
            await asyncio.sleep(LOOK)

    async def _watch(self) -> None:
        looks = 0
        while not self._over:
            await asyncio.sleep(LOOK)
            looks += 1
            if self.left_ms == 0:
                await self.end(rules.LIMIT)
            elif self._loop.time() - self.heard_at > rules.GRACE.total_seconds():
                await self.end(rules.LOST)
            else:
                try:
                    why, counts = await db(self._look, looks % 10 == 0)
                except Exception:  # the database may be away for a moment; the voice goes on
                    log.exception("the state of %s cannot be read", self.session.pk.hex)
                else:
                    if why:
                        await self.end(why)
                    elif counts != self._counts:
                        self._counts = counts
                        self.heard(*counts)

    def _look(self, thorough: bool) -> tuple[str, tuple[int, int]]:
        """Why it must end, or nothing; how many devices sound, and how many there are. In the database's thread."""
        row = LiveSession.objects.select_related("broadcast").get(pk=self.session.pk)
        return self._why(row, thorough), queries.sounding(row)

    def _why(self, row: LiveSession, thorough: bool) -> str:
        if row.state != State.ON_AIR:
            return row.why or rules.STOPPED
        if row.broadcast is None or row.broadcast.state == "stopped":
            return rules.STOPPED
        if thorough:
            actions.alive(session=row, now=clock.now())
            if not self.allowed():
                return rules.RIGHT
        return ""

    async def end(self, why: str) -> None:
        """Off the air, here and at the devices; the recording is kept. Harmless when it is over."""
        if self._over:
            return
        self._over = True
        ON_AIR.pop(self.session.pk, None)
        try:  # silence first: nothing of ours may keep it waiting
            await db(actions.end, session=self.session, why=why, now=clock.now())
        except Exception:
            log.exception("%s could not be ended; the service `live` will do it", self.session.pk.hex)
        with contextlib.suppress(Exception):  # who is told so may ask for the page of it in the same moment
            self.ended(why)
        await self._put_away()

    async def _put_away(self) -> None:
        if self._encoder is not None:
            await self._encoder.close()
        if self._feed is not None:
            await self._feed.close()
        if self._disk is not None:
            self._disk.close()
        with contextlib.suppress(Exception):
            await db(actions.keep, session=self.session, now=clock.now())

    async def abandon(self) -> None:
        """It did not come on the air after all."""
        self._over = True
        await self._put_away()
