"""What the sender claims and marks: compare-and-set, so that two senders or a sender that died do no harm."""

from collections import defaultdict
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import F, Q

from nguon.delivery import bulk
from nguon.delivery.models import Broadcast, Delivery, Progress, State
from nguon.delivery.queries import channels_of, targeted, targets_of
from nguon.delivery.rules import FINAL, FIRST_REPEAT, LONGEST_REPEAT, repeat_after
from nguon.devices.models import Device
from nguon.kit.clock import local_day

CLAIM = timedelta(seconds=20)
REPEATS = 500  # deliveries sent again in one look; a database takes only so many numbers in one question
AROUND = timedelta(seconds=1)  # before an order: a link may stand and not yet listen
OUTLAST = timedelta(hours=6)  # how long after the expiry a sound may still go on that must hear of its stop
FORMS = "forms__file"
MOST = 10_000  # sends that are counted: the column is small, and an expiry may be years away
_ROW = (
    *("broadcast_id", "device_id", "progress", "last_seq", "reason", "detail", "sends", "sent_at", "next_send_at"),
    *("position_ms", "changed_at"),
)


def anything(now: datetime) -> bool:
    """Whether there is something to send or to stop. Asked many times a second, so it is one plain small query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT 1 FROM {Broadcast._meta.db_table} "
            "WHERE (state = 'queued' AND (claimed_until IS NULL OR claimed_until < %s OR claimed_until > %s)) "
            "OR (state = 'stopped' AND stop_sent_at IS NULL) LIMIT 1",
            [bulk.stamp(now), bulk.stamp(now + CLAIM)],
        )
        return cursor.fetchone() is not None


def claim(worker: str, now: datetime) -> list[Broadcast]:
    """Queued broadcasts that are now this worker's to send. One whose worker died is claimed again later.

    A claim for longer than there is was made by a clock that was ahead, and holds nothing back.
    """
    free = Q(claimed_until=None) | Q(claimed_until__lt=now) | Q(claimed_until__gt=now + CLAIM)
    ready = Broadcast.objects.filter(free, state=State.QUEUED, expires_at__gt=now)
    mine = [
        pk
        for pk in ready.values_list("pk", flat=True)[:50]
        if ready.filter(pk=pk).update(claimed_by=worker, claimed_until=now + CLAIM)
    ]
    found = (
        Broadcast.objects.filter(pk__in=mine)
        .select_related("file")
        .prefetch_related(FORMS)
        .order_by("-level", "issued_at")
    )
    return list(found) if mine else []


def sent(broadcast: Broadcast, now: datetime) -> int:
    """The order is out: write a delivery per device in bulk and mark it. Returns how many devices it is for."""
    devices = addressed(broadcast, now)
    write(broadcast, devices, now)
    mark_sent(broadcast, now)
    return len(devices)


def addressed(broadcast: Broadcast, now: datetime) -> list[UUID]:
    """The devices it is for."""
    return list(targeted(targets_of(broadcast), channels_of(broadcast), local_day(now)).values_list("pk", flat=True))


def write(broadcast: Broadcast, devices: list[UUID], now: datetime) -> None:
    """A delivery for each of these. One that is there already, as its answer was faster, stays as it is."""
    key, at, later = broadcast.pk.hex, bulk.stamp(now), bulk.stamp(now + FIRST_REPEAT)
    rows = [(key, pk.hex, Progress.WAITING.value, 0, "", "", 1, at, later, 0, at) for pk in devices]
    bulk.insert(Delivery._meta.db_table, _ROW, rows, conflict="DO NOTHING")


def mark_sent(broadcast: Broadcast, now: datetime) -> None:
    """All deliveries are written: it is live, unless it was stopped in between."""
    queued = Broadcast.objects.filter(pk=broadcast.pk, state=State.QUEUED)
    if not queued.update(state=State.LIVE, sent_at=now, claimed_until=None):
        _end(broadcast, now)
    _missed_meanwhile(broadcast, now)


def _missed_meanwhile(broadcast: Broadcast, sent_at: datetime) -> None:
    """Whoever connected around the moment of the order may have missed it, and had no row yet to be sent again."""
    came = broadcast.deliveries.filter(progress=Progress.WAITING, device__state__online_since__gte=sent_at - AROUND)
    Delivery.objects.filter(pk__in=list(came.values_list("pk", flat=True))).update(next_send_at=sent_at)


def repeats(now: datetime, limit: int = REPEATS) -> list[tuple[Broadcast, UUID, str]]:
    """Deliveries to send again now, with the device and its channel, each marked with its next time before it goes out.

    Those that are there come first: thousands that are away would else keep the order from who has just come back.
    One that is due later than any can be was written by a clock that was ahead: it is due now.
    """
    late = Q(next_send_at__lte=now) | Q(next_send_at__gt=now + LONGEST_REPEAT)
    live = Q(broadcast__state=State.LIVE, broadcast__expires_at__gt=now)
    stopped = Q(broadcast__state=State.STOPPED, broadcast__expires_at__gt=now - OUTLAST)
    due = Delivery.objects.filter(live | stopped, late)
    rows = list(
        due.annotate(kind=F("device__channel")).order_by(F("device__state__online").desc(nulls_last=True))[:limit]
    )
    by_sends: defaultdict[int, list[Delivery]] = defaultdict(list)
    for row in rows:
        by_sends[row.sends].append(row)
    taken = frozenset[int]().union(*(_take(each, sends, now) for sends, each in by_sends.items()))
    wanted = {row.broadcast_id for row in rows if row.pk in taken}
    broadcasts = Broadcast.objects.select_related("file").prefetch_related(FORMS).in_bulk(wanted)
    return [(broadcasts[row.broadcast_id], row.device_id, row.kind) for row in rows if row.pk in taken]


def _take(rows: list[Delivery], sends: int, now: datetime) -> frozenset[int]:
    """Those of the rows, all sent as often, that are still due, marked with their next time: nobody else takes them."""
    marks = ", ".join(["%s"] * len(rows))
    again = (bulk.stamp(now + repeat_after(sends + 1)), min(sends + 1, MOST), bulk.stamp(now))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Delivery._meta.db_table} SET next_send_at = %s, sends = %s, sent_at = %s "
            f"WHERE id IN ({marks}) AND (next_send_at <= %s OR next_send_at > %s) RETURNING id",
            [*again, *(row.pk for row in rows), bulk.stamp(now), bulk.stamp(now + LONGEST_REPEAT)],
        )
        return frozenset(pk for (pk,) in cursor.fetchall())


def stops(now: datetime) -> list[Broadcast]:
    """Broadcasts stopped and not yet told to the devices."""
    return list(
        Broadcast.objects.filter(state=State.STOPPED, stop_sent_at=None).select_related("file").prefetch_related(FORMS)
    )


def stop_sent(broadcast: Broadcast, now: datetime) -> None:
    """The stop is out: who had not received it never will; who had is told again until it answers."""
    Broadcast.objects.filter(pk=broadcast.pk).update(stop_sent_at=now)
    _end(broadcast, now)


def _end(broadcast: Broadcast, now: datetime) -> None:
    waiting = broadcast.deliveries.filter(progress=Progress.WAITING)
    waiting.update(progress=Progress.STOPPED, reason="stopped", next_send_at=None, changed_at=now)
    broadcast.deliveries.exclude(progress__in=FINAL).update(next_send_at=now + FIRST_REPEAT)


def outdated() -> list[tuple[UUID, int]]:
    """Devices online with older settings than ours, with the version they are to hold: all of them, for some may never
    say which they hold.
    """
    behind = Device.objects.filter(state__online=True, state__settings_held__lt=F("settings_version"))
    return list(behind.values_list("pk", "settings_version"))
