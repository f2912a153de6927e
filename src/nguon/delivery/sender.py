"""The sender: takes queued broadcasts, publishes one order per area, writes the deliveries beside it, sends again.

The order goes out first and the rows are written a moment after: no row stands between approval and sound.
"""

import asyncio
import logging
import os
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from nguon.delivery import outbox
from nguon.delivery.models import Broadcast, State
from nguon.delivery.queries import outgoing
from nguon.delivery.service import db, forever, open_bus
from nguon.devices.models import Device
from nguon.devices.queries import wire_settings
from nguon.kit import clock, ids
from nguon.media import channels
from nguon.ports.bus import Bus
from nguon.ports.channel import Outgoing, Publication
from nguon.wire import codec, seal, topics

log = logging.getLogger(__name__)
LOOK = 0.02  # seconds between looks for queued broadcasts: one small query each
WRITE_AFTER = 0.3  # seconds from the order to the rows of its deliveries
AGAIN = 0.5  # seconds between looks for what must be sent again
SETTINGS_AGAIN = 15.0  # seconds before the same settings are sent to the same device again


class Sender:
    """One sender; several may run, each broadcast is claimed by one."""

    def __init__(self, bus: Bus, worker: str) -> None:
        self._bus, self._worker = bus, worker
        self._channels = channels.active()
        self._told: dict[UUID, float] = {}
        self._writing: set[asyncio.Task[None]] = set()

    async def send_queued(self) -> None:
        """Publish what is queued, and have it written down."""
        now = clock.now()
        for broadcast, order in await db(_claimed, self._worker, now):
            self._publish(self._channels[broadcast.channel].announce(order))
            task = asyncio.create_task(self._write_down(broadcast, now))
            self._writing.add(task)
            task.add_done_callback(self._writing.discard)
        for broadcast in await db(outbox.stops, now):
            order = await db(outgoing, broadcast)
            self._publish(self._channels[broadcast.channel].silence(order))
            await db(outbox.stop_sent, broadcast, now)

    async def _write_down(self, broadcast: Broadcast, sent_at: datetime) -> None:
        """The rows, a moment after the order: the answers of thousands have the processor first.

        If this fails, the claim runs out and the order goes out again, which is harmless.
        """
        await asyncio.sleep(WRITE_AFTER)
        count = await db(outbox.sent, broadcast, sent_at)
        log.info("sent %s to %d devices", broadcast.pk.hex, count)

    async def send_again(self) -> None:
        """Publish to those who have not answered, and settings to those who hold older ones."""
        for broadcast, device in await db(outbox.repeats, clock.now()):
            order, channel = await db(outgoing, broadcast), self._channels[broadcast.channel]
            if broadcast.state == State.STOPPED:
                self._publish(channel.silence(replace(order, areas=(), devices=(device,))))
            else:
                self._publish((channel.remind(order, device),))
        for behind in await db(outbox.outdated):
            await self._tell_settings(behind)

    async def _tell_settings(self, device: Device) -> None:
        moment = asyncio.get_running_loop().time()
        if moment - self._told.get(device.pk, -SETTINGS_AGAIN) < SETTINGS_AGAIN:
            return
        self._told[device.pk] = moment
        message = await db(wire_settings, device, clock.local_day(clock.now()))
        self._publish((Publication(topics.down(ids.short(device.pk)), seal.wrap(codec.encode(message))),))

    def _publish(self, publications: tuple[Publication, ...]) -> None:
        for one in publications:
            self._bus.publish(one.topic, one.payload, retain=one.retain)


def _claimed(worker: str, now: datetime) -> list[tuple[Broadcast, Outgoing]]:
    return outbox.describe(outbox.claim(worker, now))


async def run() -> None:
    """The service `sender`."""
    sender = Sender(await open_bus("sender"), f"sender-{os.getpid()}")
    await asyncio.gather(forever(sender.send_queued, LOOK), forever(sender.send_again, AGAIN))
