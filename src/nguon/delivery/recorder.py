"""What the listener writes: answers into receipts and deliveries, vitals into states."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from nguon.delivery import bulk
from nguon.delivery.models import OPEN, Broadcast, Delivery, Progress, Receipt, State
from nguon.delivery.rules import BY_CLOCK, FINAL, LONGEST_REPEAT, Answer, Course, course_of, merge
from nguon.devices.models import Device, DeviceState, Refusal
from nguon.kit import clock

QUICKLY, QUICK = timedelta(seconds=2), 5  # after a refusal for its time; so often
TOGETHER = 400  # of them in one question
_RECEIPT = ("broadcast", "device_id", "seq", "stage", "reason", "detail", "position_ms", "at", "recorded_at")
_COURSE = (
    *("broadcast_id", "device_id", "progress", "last_seq", "reason", "detail", "position_ms"),
    *("received_at", "ready_at", "started_at", "finished_at", "changed_at", "sends"),
)
_TABLE = Delivery._meta.db_table
_NEWEST = ", ".join(
    f"{name} = CASE WHEN excluded.last_seq > {_TABLE}.last_seq THEN excluded.{name} ELSE {_TABLE}.{name} END"
    for name in ("progress", "reason", "detail", "position_ms", "last_seq")
)
_FIRST = ", ".join(
    f"{name} = COALESCE({_TABLE}.{name}, excluded.{name})"
    for name in ("received_at", "ready_at", "started_at", "finished_at")
)
_OVER = ", ".join(f"'{stage}'" for stage in sorted(FINAL))
_ON_COURSE = (
    f"(broadcast_id, device_id) DO UPDATE SET {_NEWEST}, {_FIRST}, changed_at = excluded.changed_at, "
    f"next_send_at = CASE WHEN {_TABLE}.progress = 'waiting' OR excluded.progress IN ({_OVER}) "
    f"THEN NULL ELSE {_TABLE}.next_send_at END"
)


def record_courses(answers: Iterable[Answer], now: datetime) -> None:
    """Bring the deliveries up to date by answers of known devices to known broadcasts. A repeat changes nothing.

    A delivery takes the device's times, but none later than now: a clock may be years ahead. The receipt keeps them.
    """
    arrived = clock.ms(now)
    courses: dict[tuple[str, str], Course] = {}
    for answer in answers:
        known = answer if answer.at <= arrived else answer._replace(at=arrived)
        key, course = (answer.broadcast, answer.device), course_of(known)
        courses[key] = merge(courses[key], course) if key in courses else course
    at = bulk.stamp(now)
    rows = [_course_row(key, course, at) for key, course in sorted(courses.items())]  # one order: no deadlock
    with transaction.atomic():
        bulk.insert(_TABLE, _COURSE, rows, conflict=_ON_COURSE)
        _stop_again({broadcast for broadcast, _ in courses}, now)
        _send_again([key for key, course in courses.items() if course.progress == Progress.REFUSED], now)


def record_receipts(answers: list[Answer], now: datetime) -> None:
    """Keep the answers themselves, as they came: the evidence behind the deliveries. A repeat changes nothing."""
    at = bulk.stamp(now)
    rows = sorted(_receipt_row(answer, at) for answer in answers)
    bulk.insert(Receipt._meta.db_table, _RECEIPT, rows, conflict="DO NOTHING")


def _stop_again(broadcasts: set[str], now: datetime) -> None:
    """Whoever shows by an answer that it goes on with a stopped broadcast, though none was known to, is told again."""
    stopped = list(Broadcast.objects.filter(pk__in=broadcasts, state=State.STOPPED))
    if stopped:
        going = Delivery.objects.filter(broadcast__in=stopped, next_send_at=None).exclude(progress__in=FINAL)
        going.update(next_send_at=now)


def _send_again(refused: list[tuple[str, str]], now: datetime) -> None:
    """Whoever refused an order for its time has asked for the hour by now, and may take it: soon, then rarely."""
    for first in range(0, len(refused), TOGETHER):
        piece = refused[first : first + TOGETHER]
        rows = Delivery.objects.filter(
            broadcast__in={broadcast for broadcast, _ in piece}, device__in={device for _, device in piece}
        )
        rows = rows.filter(progress=Progress.REFUSED, reason__in=BY_CLOCK, next_send_at=None)
        rows = rows.filter(broadcast__state__in=OPEN, broadcast__expires_at__gt=now)
        rows.filter(sends__lt=QUICK).update(next_send_at=now + QUICKLY)
        rows.filter(sends__gte=QUICK).update(next_send_at=now + LONGEST_REPEAT)


def _course_row(key: tuple[str, str], course: Course, at: str | None) -> tuple[object, ...]:
    moment = bulk.stamp_ms
    return (
        *key,
        *course[:5],
        *(moment(course.received_at), moment(course.ready_at), moment(course.started_at), moment(course.finished_at)),
        *(at, 0),
    )


def _receipt_row(answer: Answer, at: str | None) -> tuple[object, ...]:
    broadcast, device, seq, stage, moment, reason, detail, position = answer
    return (broadcast, device, seq, stage, reason, detail, position, bulk.stamp_ms(moment), at)


@dataclass
class Now:
    """The newest known of one device, as the listener keeps it in memory. Empty means: this message did not say."""

    online: bool
    seen_at: datetime | None = None
    online_since: datetime | None = None
    playing: str | None = None
    volume: int | None = None
    power: str | None = None
    temperature: float | None = None
    signal: int | None = None
    disk_free: int | None = None
    clock_offset: int | None = None
    software: str | None = None
    held: int | None = None
    settings_held: int = 0
    plan_held: int = 0
    keys_held: int = 0
    planned_until: datetime | None = None
    planned_ready: int | None = None
    data_used: int | None = None


_STATE = (
    *("device_id", "online", "changed_at", "seen_at", "online_since", "playing", "volume", "power", "temperature"),
    *("signal", "disk_free", "clock_offset", "software", "held", "settings_held"),
    *("plan_held", "keys_held", "planned_until", "planned_ready", "data_used"),
)


def record_states(states: dict[str, Now], now: datetime) -> None:
    """Write the newest state of each device (by id in hex), one row each, in one go."""
    at = bulk.stamp(now)
    conflict = f"(device_id) DO UPDATE SET {bulk.replacing(*_STATE[1:])}"
    rows = [_state_row(pk, state, at) for pk, state in states.items()]
    bulk.insert(DeviceState._meta.db_table, _STATE, rows, conflict=conflict)


def _state_row(device: str, state: Now, at: str | None) -> tuple[object, ...]:
    return (
        *(device, state.online, at, bulk.stamp(state.seen_at), bulk.stamp(state.online_since)),
        *(state.playing, state.volume, state.power, state.temperature, state.signal),
        *(state.disk_free, state.clock_offset, state.software, state.held, state.settings_held),
        *(state.plan_held, state.keys_held, bulk.stamp(state.planned_until), state.planned_ready, state.data_used),
    )


def load_states() -> dict[str, Now]:
    """All states as stored, for a listener that starts."""
    names = list(Now.__dataclass_fields__)
    found = {row[0].hex: Now(*row[1:]) for row in DeviceState.objects.values_list("device_id", *names)}
    for state in found.values():
        state.playing = UUID(str(state.playing)).hex if state.playing else None
    return found


def returned(devices: Iterable[str], now: datetime) -> None:
    """These devices have (again) come online: whatever they have not ended is sent to them at once."""
    open_ = Q(broadcast__state__in=[State.LIVE, State.STOPPED], broadcast__expires_at__gt=now)
    waiting = Delivery.objects.filter(open_, device_id__in=list(devices)).exclude(progress__in=FINAL)
    waiting.filter(Q(progress=Progress.WAITING) | Q(broadcast__state=State.STOPPED)).update(next_send_at=now)


def refuse(rows: Iterable[tuple[str | None, str, str, str]], now: datetime) -> None:
    """Store refusals: (device, topic, reason, detail)."""
    rows = list(rows)
    known = {
        pk.hex for pk in Device.objects.filter(pk__in={row[0] for row in rows if row[0]}).values_list("pk", flat=True)
    }
    Refusal.objects.bulk_create(
        Refusal(
            at=now, device_id=device if device in known else None, topic=topic[:200], reason=reason, detail=detail[:300]
        )
        for device, topic, reason, detail in rows
    )


def all_devices() -> set[str]:
    """The ids of all devices, to know a stranger by."""
    return {pk.hex for pk in Device.objects.values_list("pk", flat=True)}
