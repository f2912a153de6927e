"""The listener: what devices say, into the database in batches, and an acknowledgement for each receipt stored.

The event loop only collects; decoding and writing happen in the database thread. Newest states are kept in memory
and written twice a second. Deliveries are brought up to date as answers come; the receipts themselves are written once
a second, and acknowledged only after that commit.
"""

import asyncio
import gc
import logging

import msgspec
from django.db import InterfaceError, OperationalError

from nguon.delivery.inbox import Inbox
from nguon.delivery.service import db, forever, open_bus
from nguon.kit import clock, ids
from nguon.ports.bus import Bus
from nguon.wire import codec, messages, seal, topics

log = logging.getLogger(__name__)
LOOK = 0.01  # seconds between looks at what was collected
STATES = 0.5  # seconds between writes of the newest states
ACKS = 1.0  # seconds between acknowledgements: out of the way of the answers themselves


class Listener:
    """Everything between the bus and the database, for one process."""

    def __init__(self) -> None:
        self.bus: Bus | None = None
        self._raw: list[tuple[str, bytes]] = []
        self._inbox = Inbox()

    def collect(self, topic: str, payload: bytes) -> None:
        """Take one message off the bus. Does nothing else, so that the bus is never kept waiting."""
        self._raw.append((topic, payload))

    async def store(self) -> None:
        """Decode and write what was collected, without a pause while more comes."""
        while self._raw:
            batch, self._raw = self._raw, []
            try:
                await db(self._inbox.take, batch, clock.now())
            except (OperationalError, InterfaceError):  # locked or away: nothing is lost, the next turn takes it
                self._raw[:0] = batch
                raise

    async def write_states(self) -> None:
        """Write the states that changed, and wake the deliveries of devices that came back."""
        await db(self._inbox.flush, clock.now())

    async def acknowledge(self) -> None:
        """Keep the receipts, and tell the devices that they are kept."""
        if self.bus is None:
            return
        pending = await db(self._inbox.settle, clock.now())
        at = clock.ms(clock.now())
        for number, (device, seqs) in enumerate(pending.items()):
            message = messages.Ack(id=ids.short(ids.new()), at=at, seqs=tuple(seqs[:500]))
            self.bus.publish(topics.down(device), seal.wrap(codec.encode(message)))
            if number % 200 == 199:
                await asyncio.sleep(0)  # answers that come meanwhile go first

    async def say_how_it_is(self) -> None:
        """Tell who watches how many messages were taken since the start, and how many wait."""
        if self.bus is not None:
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
            forever(self.acknowledge, ACKS),
            forever(self.say_how_it_is, ACKS),
        )


async def run() -> None:
    """The service `listener`."""
    await Listener().run()
