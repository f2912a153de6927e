"""The clock: ends what is over. Each turn looks at what is due; nothing here waits for a person or a device."""

import logging
from datetime import datetime, timedelta

from nguon.delivery.models import Broadcast, Delivery, Progress, State
from nguon.delivery.rules import FINAL, why_expired
from nguon.delivery.service import db, forever
from nguon.devices.models import DeviceState
from nguon.kit import clock

log = logging.getLogger(__name__)
LOOK = 1.0  # seconds between turns
GRACE = timedelta(seconds=30)  # a device says itself that it let an order expire; then we say it
LOST = timedelta(seconds=200)  # silence after which a device counts as away: three heartbeats and some


def tick(now: datetime) -> None:
    """One turn: end deliveries that ran out of time, close broadcasts, mark devices that went silent."""
    for broadcast in Broadcast.objects.filter(state__in=[State.QUEUED, State.LIVE]).select_related("file"):
        _end_deliveries(broadcast, now)
        _close(broadcast, now)
    DeviceState.objects.filter(online=True, seen_at__lt=now - LOST).update(online=False, playing=None, changed_at=now)


def _end_deliveries(broadcast: Broadcast, now: datetime) -> None:
    """After the expiry the waiting end; after the length of the sound besides, whoever has not said how it ended."""
    if now < broadcast.expires_at:
        return
    late = broadcast.deliveries.exclude(progress__in=FINAL)
    length = timedelta(milliseconds=broadcast.file.duration_ms or 0)
    ended = [Progress.WAITING]
    if now >= broadcast.expires_at + GRACE:
        ended += [Progress.RECEIVED, Progress.READY]
    if now >= broadcast.expires_at + length + GRACE * 2:
        ended += [Progress.STARTED, Progress.PREEMPTED]
    for row in late.filter(progress__in=ended).select_related("device__state"):
        _end(row, broadcast, now)


def _end(row: Delivery, broadcast: Broadcast, now: datetime) -> None:
    state = getattr(row.device, "state", None)
    seen = bool(state and state.online and state.seen_at and state.seen_at >= broadcast.issued_at)
    reason = why_expired(row.progress, ever_seen=seen)
    Delivery.objects.filter(pk=row.pk, progress=row.progress).update(
        progress=Progress.EXPIRED, reason=reason, next_send_at=None, changed_at=now
    )


def _close(broadcast: Broadcast, now: datetime) -> None:
    """Close a broadcast whose deliveries have all ended."""
    if broadcast.state == State.QUEUED and now < broadcast.expires_at:
        return
    rows = broadcast.deliveries
    if rows.exclude(progress__in=FINAL).exists():
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

    await forever(turn, LOOK)
