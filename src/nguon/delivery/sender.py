"""The sender: takes queued broadcasts, publishes one order per area, writes the deliveries beside it, sends again.

The order goes out first and the rows are written a moment after: no row stands between approval and sound.
"""

import asyncio
import logging
import os
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, InterfaceError

from nguon.delivery import outbox, planned, sealed
from nguon.delivery.models import Broadcast, State
from nguon.delivery.queries import outgoing
from nguon.delivery.service import db, forever, open_bus
from nguon.devices import channels
from nguon.devices.models import Device
from nguon.devices.queries import wire_settings
from nguon.keys import actions as keys
from nguon.keys import sealing
from nguon.kit import clock, ids
from nguon.ports.bus import Bus
from nguon.ports.channel import Channel, Outgoing, Publication, Seal
from nguon.vault import VaultError
from nguon.wire import codec, topics

log = logging.getLogger(__name__)
LOOK = 0.01  # seconds between looks for queued broadcasts: one small query each
WRITE_AFTER = 2.0  # seconds from the order to the rows of its deliveries
ROWS = 1_000  # deliveries written in one go
AGAIN = 0.5  # seconds between looks for what must be sent again
SETTINGS_AGAIN = 15.0  # seconds before the same settings are sent to the same device again
PLANS = 1.0  # seconds between looks for devices with an older plan
SETTINGS_MOST = 200  # devices that get settings in one look
KEYS_MOST = 200  # devices that get keys in one look
KEYS_SEEN_TO = 60.0  # seconds between looks whether a place needs a key: a new one has to, and an old one ends


class Sender:
    """One sender; several may run, each broadcast is claimed by one."""

    def __init__(self, bus: Bus, worker: str) -> None:
        self._bus, self._worker = bus, worker
        self._channels = channels.driven()
        self._told: dict[UUID, tuple[int, float]] = {}  # the version told last, and when
        self._keyed: dict[UUID, float] = {}
        self._planned: dict[UUID, float] = {}
        self._writing: set[asyncio.Task[None]] = set()

    async def send_queued(self) -> None:
        """Publish what is queued, and have it written down."""
        now = clock.now()
        if not await db(outbox.anything, now):
            return
        if not self._bus.connected:
            return  # what is claimed now could not go out, and would wait for its claim to run out
        await self._send_stops(now)
        for broadcast, order, seal in await db(_claimed, self._worker, now):
            said = self._on(order)
            if not said:  # its claim runs out; perhaps a channel of it is on again by then
                log.error("the channel %s is off: %s waits", broadcast.channel, broadcast.pk.hex)
                continue
            for channel, form in said:
                self._publish(channel.announce(form, seal))
            task = asyncio.create_task(self._write_down(broadcast, now))
            self._writing.add(task)
            task.add_done_callback(self._writing.discard)

    async def _send_stops(self, now: datetime) -> None:
        """Silence before sound; and a stop that cannot be sent keeps no other from it."""
        for broadcast in await db(outbox.stops, now):
            if said := self._on(await db(outgoing, broadcast)):
                seal = await db(sealed.silence_of, broadcast, now)
                for channel, form in said:
                    self._publish(channel.silence(form, seal))
                await db(outbox.stop_sent, broadcast, now)

    def _on(self, order: Outgoing) -> list[tuple[Channel, Outgoing]]:
        """The channels that work here and have a form of it, with that form."""
        found = ((channel, order.on(kind)) for kind, channel in self._channels.items())
        return [(channel, form) for channel, form in found if form is not None]

    async def _write_down(self, broadcast: Broadcast, sent_at: datetime) -> None:
        """The rows, a moment after the order: the answers of thousands have the processor first.

        A thousand at a time, so that a stop that comes meanwhile need not wait for all of them. If this fails, the
        claim runs out and the order goes out again, which is harmless.
        """
        await asyncio.sleep(WRITE_AFTER)
        try:
            devices = await db(outbox.addressed, broadcast, sent_at)
            for first in range(0, len(devices), ROWS):
                await db(outbox.write, broadcast, devices[first : first + ROWS], sent_at)
            await db(outbox.mark_sent, broadcast, sent_at)
        except (DatabaseError, InterfaceError) as error:  # nobody waits for this task: said here or nowhere
            log.warning("%s is out, its deliveries are not written yet: %s", broadcast.pk.hex, error)
        else:
            log.info("sent %s to %d devices", broadcast.pk.hex, len(devices))

    async def send_again(self) -> None:
        """Publish to those who have not answered, and settings to those who hold older ones.

        Settings go first, and to whoever is sent an order now in any case: a device that was moved while it was away
        would refuse the order as not meant for it. Asked second, so that they are known for all that came back.
        """
        while self._bus.connected and await self._send_some_again():
            pass  # thousands came back: on with the next

    async def _send_some_again(self) -> bool:
        """One look. Whether there may be more."""
        again = await db(outbox.repeats, clock.now())
        hurry = {device for _, device, _ in again}
        await self._tell_keys(hurry)
        await self._tell_settings(await db(outbox.outdated), hurry=hurry)
        orders: dict[UUID, tuple[Outgoing, Seal]] = {}
        for broadcast, device, kind in again:
            if broadcast.pk not in orders:
                orders[broadcast.pk] = await db(_described, broadcast)
            whole, seal = orders[broadcast.pk]
            channel, order = self._channels.get(kind), whole.on(kind)
            if channel is None or order is None:
                continue
            if broadcast.state == State.STOPPED:
                self._publish(channel.silence(replace(order, areas=(), devices=(device,)), seal))
            else:
                self._publish((channel.remind(order, device, seal),))
        return len(again) >= outbox.REPEATS

    async def _tell_keys(self, hurry: set[UUID]) -> None:
        """Keys go before everything else: what is signed with a newer one is not believed without it."""
        moment = asyncio.get_running_loop().time()
        behind = await db(sealed.behind_keys)
        due = [pk for pk in behind if pk in hurry or moment - self._keyed.get(pk, -SETTINGS_AGAIN) >= SETTINGS_AGAIN]
        due.sort(key=lambda pk: pk not in hurry)
        most = max(KEYS_MOST, len(hurry))
        for pk, publication in await db(sealed.keys_for, due[:most], clock.now()) if due else ():
            self._keyed[pk] = moment
            self._publish((publication,))

    async def _tell_settings(self, behind: list[tuple[UUID, int]], hurry: set[UUID]) -> None:
        """A version again only after a while; another one at once: a right that ended must not wait."""
        moment = asyncio.get_running_loop().time()
        due = [pk for pk, version in behind if pk in hurry or self._may_tell(pk, version, moment)]
        due.sort(key=lambda pk: pk not in hurry)
        versions = dict(behind)
        for pk, payload in await db(_settings, due[: max(SETTINGS_MOST, len(hurry))]):
            self._told[pk] = versions[pk], moment
            self._publish((Publication(topics.down(ids.short(pk)), payload),))

    def _may_tell(self, device: UUID, version: int, moment: float) -> bool:
        told, at = self._told.get(device, (0, 0.0))
        return told != version or moment - at >= SETTINGS_AGAIN

    async def tell_plans(self) -> None:
        """Say to those who are connected with an older plan that there is a newer one; again while they hold it."""
        if not self._bus.connected:
            return
        moment = asyncio.get_running_loop().time()
        due = [
            row
            for row in await db(planned.behind)
            if moment - self._planned.get(row.device_id, -SETTINGS_AGAIN) >= SETTINGS_AGAIN
        ]
        if not due:
            return
        desk = await db(sealing.Desk, clock.now())
        for row in due[:SETTINGS_MOST]:
            if channel := self._channels.get(row.device.channel):
                self._planned[row.device_id] = moment
                document, seal = row.document, await db(desk.by_place, row.device.place_id)
                told = channel.announce_plan(row.device_id, row.version, document.sha256, document.size, seal)
                self._publish((told,))

    def _publish(self, publications: tuple[Publication, ...]) -> None:
        for one in publications:
            self._bus.publish(one.topic, one.payload, retain=one.retain)


def _settings(devices: list[UUID]) -> list[tuple[UUID, bytes]]:
    """What each is told of itself, under the seal of the topmost authority over it."""
    if not devices:
        return []
    now = clock.now()
    desk, on = sealing.Desk(now), clock.local_day(now)
    told = Device.objects.filter(pk__in=devices).select_related("place")
    return [(one.pk, desk.by_top(one.place_id)(codec.encode(wire_settings(one, on)))) for one in told]


def _described(broadcast: Broadcast) -> tuple[Outgoing, Seal]:
    stopped = broadcast.state == State.STOPPED
    seal = (sealed.silence_of if stopped else sealed.seal_of)(broadcast, clock.now())
    return outgoing(broadcast), seal


def _claimed(worker: str, now: datetime) -> list[tuple[Broadcast, Outgoing, Seal]]:
    """What is ours to send. One that cannot be signed keeps no other back: when its claim ends it is tried again."""
    found = []
    for broadcast in outbox.claim(worker, now):
        try:
            found.append((broadcast, *_described(broadcast)))
        except (sealing.NoAuthority, VaultError):
            log.exception("%s cannot be signed", broadcast.pk.hex)
    return found


async def _see_to_keys() -> None:
    await db(keys.ensure, now=clock.now())


async def run() -> None:
    """The service `sender`."""
    sender = Sender(await open_bus("sender"), f"sender-{os.getpid()}")
    await asyncio.gather(
        forever(sender.send_queued, LOOK),
        forever(sender.send_again, AGAIN),
        forever(sender.tell_plans, PLANS),
        forever(_see_to_keys, KEYS_SEEN_TO),
    )
