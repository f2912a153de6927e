"""The listener: what devices say, into the database in batches, and an acknowledgement for each receipt stored.

The event loop only collects; decoding and writing happen in the database thread, and while they do nothing is read off
the bus: both are Python, and SQLite lets go of the interpreter at each row, so that each would only wait for the other.
Newest states are kept in memory and written twice a second. Receipts are written as they come; the deliveries they tell
of are brought up to date, and the receipts acknowledged, when no more come for a moment, within three seconds at most.
"""

import asyncio
import gc
import logging
import time
from collections import defaultdict
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import msgspec
from django.db import InterfaceError, OperationalError

from nguon.delivery.inbox import Inbox
from nguon.delivery.service import db, forever, open_bus
from nguon.kit import clock, ids
from nguon.ports.bus import Bus
from nguon.wire import codec, messages, seal, topics

P = ParamSpec("P")
R = TypeVar("R")
log = logging.getLogger(__name__)
LOOK = 0.01  # seconds between looks at what was collected
STATES = 0.5  # seconds between writes of the newest states
SETTLE = 0.02  # seconds between looks whether there are deliveries to bring up to date
QUIET = 0.05  # seconds without an answer after which they are: out of the way of the answers themselves
LONGEST = 3.0  # seconds after which they are, whatever comes
MOST = 500  # numbers in one acknowledgement
TELL = 1.0  # seconds between words about the listener itself


class Listener:
    """Everything between the bus and the database, for one process."""

    def __init__(self) -> None:
        self.bus: Bus | None = None
        self._raw: list[tuple[str, bytes]] = []
        self._inbox = Inbox()
        self._unsaid: defaultdict[str, list[int]] = defaultdict(list)  # numbers to acknowledge, by device
        self._stored = self._since = 0.0  # when answers were last taken, and the first of those not settled
        self._written = 0.0  # when states were last written

    def collect(self, topic: str, payload: bytes) -> None:
        """Take one message off the bus. Does nothing else, so that the bus is never kept waiting."""
        self._raw.append((topic, payload))

    async def store(self) -> None:
        """Decode and write what was collected, without a pause while more comes."""
        while self._raw:
            batch, self._raw = self._raw, []
            self._stored = time.monotonic()
            if not self._inbox.owes:
                self._since = self._stored
            try:
                await self._alone(self._inbox.take, batch, clock.now())
            except (OperationalError, InterfaceError):  # locked or away: nothing is lost, the next turn takes it
                self._raw[:0] = batch
                raise
            await asyncio.sleep(0)  # for what has come meanwhile

    async def _alone(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Work in the database thread while nothing is read off the bus; while the database is away, nothing is.

        What comes then is better kept by the broker, which has a limit, than here; the next turn tries again.
        """
        if self.bus is None:
            return await db(work, *args, **kwargs)
        self.bus.pause()
        try:
            done = await db(work, *args, **kwargs)
        except (OperationalError, InterfaceError):
            raise
        except BaseException:
            self.bus.resume()
            raise
        self.bus.resume()
        return done

    async def write_states(self) -> None:
        """Write the states that changed, and wake the deliveries of devices that came back: these wait for nobody."""
        due = self._inbox.back or time.monotonic() - self._written >= LONGEST
        if due or not self._pouring:
            self._written = time.monotonic()
            await db(self._inbox.flush, clock.now())

    @property
    def _pouring(self) -> bool:
        """Whether answers come by the thousand just now: they go first, for a while."""
        now = time.monotonic()
        return bool(self._inbox.owes) and now - self._stored < QUIET and now - self._since < LONGEST

    async def settle(self) -> None:
        """Bring the deliveries up to date, and tell the devices that their receipts are kept."""
        if self.bus is None or self._pouring:
            return
        if self._inbox.owes:
            for device, seqs in (await db(self._inbox.settle, clock.now())).items():
                self._unsaid[device] += seqs
        await self._acknowledge(self.bus)

    async def _acknowledge(self, bus: Bus) -> None:
        """Tell the devices which receipts are kept; what the broker is not there for waits until it is."""
        at, number = clock.ms(clock.now()), 0
        while self._unsaid and bus.connected:
            device, seqs = next(iter(self._unsaid.items()))
            message = messages.Ack(id=ids.short(ids.new()), at=at, seqs=tuple(seqs[:MOST]))
            bus.publish(topics.down(device), seal.wrap(codec.encode(message)))
            del seqs[:MOST]
            if not seqs:
                del self._unsaid[device]
            number += 1
            if number % 200 == 0:
                await asyncio.sleep(0)  # answers that come meanwhile go first

    async def say_how_it_is(self) -> None:
        """Tell who watches how many messages were taken since the start, and how many wait."""
        if self.bus is not None and self.bus.connected:
            counts = {"taken": self._inbox.taken, "waiting": len(self._raw)}
            self.bus.publish(f"{topics.SERVER}/listener", msgspec.json.encode(counts))

    async def run(self) -> None:
        """Connect and take turns for ever."""
        await db(self._inbox.load)
        gc.freeze()  # what stands now stays: no need to walk it again while thousands of answers come
        gc.set_threshold(50_000, 20, 20)
        self.bus = await open_bus("listener", (topics.UPLINK,), self.collect)
        await asyncio.gather(
            forever(self.store, LOOK),
            forever(self.write_states, STATES),
            forever(self.settle, SETTLE),
            forever(self.say_how_it_is, TELL),
        )


async def run() -> None:
    """The service `listener`."""
    await Listener().run()
