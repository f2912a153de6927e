"""The clock: ends what is over. Each turn looks at what is due; nothing here waits for a person or a device."""

import asyncio
import logging
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from nguon.delivery import planned
from nguon.delivery.models import OPEN, Broadcast, Delivery, Progress, State
from nguon.delivery.rules import BY_CLOCK, FINAL, UNHEARD, why_expired
from nguon.delivery.service import db, forever
from nguon.devices.models import DeviceState, Refusal
from nguon.devices.photos import actions as photos
from nguon.kit import clock

log = logging.getLogger(__name__)
LOOK = 1.0  # seconds between turns
KEEP = timedelta(days=90)  # how long a refusal is kept
SWEEP = 60.0  # seconds between looks at broadcasts that are over
GRACE = timedelta(seconds=30)  # a device says itself that it let an order expire; then we say it
LATE = timedelta(days=3)  # how long after its end a broadcast is still looked at for answers without an end
LOST = timedelta(seconds=200)  # silence after which a device counts as away: three heartbeats and some


def sweep(now: datetime) -> None:
    """End what stayed open in broadcasts that are over: stopped, or answered from again after their end.

    Refusals are forgotten after a season: a device gone wrong writes one every few seconds. So are photos of screens.
    """
    Refusal.objects.filter(at__lt=now - KEEP).delete()
    photos.forget(now)
    over = Broadcast.objects.exclude(state__in=OPEN)
    for broadcast in over.filter(expires_at__lte=now, expires_at__gt=now - LATE):
        _end_deliveries(broadcast, now)


def tick(now: datetime) -> None:
    """One turn: begin what is planned, end what ran out of time, close broadcasts, mark devices that went silent."""
    planned.begin(now)
    for broadcast in Broadcast.objects.filter(state__in=[State.QUEUED, State.LIVE]):
        _end_deliveries(broadcast, now)
        _close(broadcast, now)
    DeviceState.objects.filter(online=True, seen_at__lt=now - LOST).update(online=False, playing=None, changed_at=now)


def _end_deliveries(broadcast: Broadcast, now: datetime) -> None:
    """After the expiry the waiting end; after the length of the sound besides, whoever has not said how it ended."""
    if now < broadcast.expires_at:
        return
    length = timedelta(milliseconds=broadcast.length_ms)
    waiting = broadcast.deliveries.filter(progress=Progress.WAITING)
    seen = Q(device__state__online=True, device__state__seen_at__gte=broadcast.issued_at)
    if broadcast.session is not None:
        _end(waiting, UNHEARD, now)  # it may well have played, by its plan, and tell when it is back
    _end(waiting.filter(seen), why_expired(Progress.WAITING, ever_seen=True), now)
    _end(waiting, why_expired(Progress.WAITING, ever_seen=False), now)
    ended: list[str] = []
    if now >= broadcast.expires_at + GRACE:
        ended += [Progress.RECEIVED, Progress.READY]
    if now >= broadcast.expires_at + length + GRACE * 2:
        ended += [Progress.STARTED, Progress.PREEMPTED]
    going = broadcast.deliveries.filter(progress__in=ended)
    _end(going, why_expired(Progress.STARTED, ever_seen=True), now)


def _end(rows: QuerySet[Delivery], reason: str, now: datetime) -> None:
    rows.update(progress=Progress.EXPIRED, reason=reason, next_send_at=None, changed_at=now)


def _close(broadcast: Broadcast, now: datetime) -> None:
    """Close a broadcast whose deliveries have all ended."""
    if broadcast.state == State.QUEUED and now < broadcast.expires_at:
        return
    rows = broadcast.deliveries
    if rows.exclude(progress__in=FINAL).exists():
        return
    if now < broadcast.expires_at and rows.filter(progress=Progress.REFUSED, reason__in=BY_CLOCK).exists():
        return
    if not rows.exists() and now < broadcast.expires_at:
        return
    heard = now < broadcast.expires_at or rows.filter(progress=Progress.FINISHED).exists()
    Broadcast.objects.filter(pk=broadcast.pk, state=broadcast.state).update(
        state=State.DONE if heard else State.EXPIRED, ended_at=now, claimed_until=None
    )


async def run() -> None:
    """The service `clock`."""

    async def turn() -> None:
        await db(tick, clock.now())

    async def look_back() -> None:
        await db(sweep, clock.now())

    await asyncio.gather(forever(turn, LOOK), forever(look_back, SWEEP))
