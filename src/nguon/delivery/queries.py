"""Questions about broadcasts. Those for people take the person; those for services do not."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Case, Count, Q, QuerySet, When

from nguon.delivery.models import Broadcast, Delivery, Form, Progress
from nguon.delivery.rules import FINAL, Targets
from nguon.devices.models import Device, Requisition
from nguon.devices.queries import in_areas
from nguon.kit.clock import LOCAL
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import place_ids
from nguon.ports.channel import Outgoing, Sound

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Reach:
    """Whom a target set reaches now: counts, and the names of those without contact."""

    devices: int
    online: int
    offline_names: tuple[str, ...] = ()
    by_place: tuple[tuple[str, int], ...] = field(default=())
    by_kind: tuple[tuple[str, int], ...] = ()  # of each channel, in the order asked


def targeted(targets: Targets, channels: tuple[str, ...], on: date) -> "QuerySet[Device]":
    """The active devices of a target set."""
    return in_areas(targets.places, targets.groups, targets.devices, channels, on)


def reach(targets: Targets, channels: tuple[str, ...], on: date) -> Reach:
    """The reach of a target set before anything is sent."""
    names = ("name", "place__name", "place__kind", "state__online", "channel")
    rows = list(targeted(targets, channels, on).values_list(*names))
    places = Counter(f"{kind} {name}" for _, name, kind, *_ in rows)
    away = tuple(sorted(name for name, _, _, online, _ in rows if not online))
    kinds = Counter(channel for *_, channel in rows)
    by_kind = tuple((one, kinds[one]) for one in channels if kinds[one])
    return Reach(len(rows), len(rows) - len(away), away, tuple(sorted(places.items())), by_kind)


def targets_of(broadcast: Broadcast) -> Targets:
    """The targets as stored."""
    rows = list(broadcast.targets.values_list("place_id", "group_id", "device_id"))
    return Targets(
        places=tuple(place for place, _, _ in rows if place),
        groups=tuple(group for _, group, _ in rows if group),
        devices=tuple(device for _, _, device in rows if device),
    )


def channels_of(broadcast: Broadcast) -> tuple[str, ...]:
    """Its own channel, and those on which it has another form."""
    return (broadcast.channel, *(form.channel for form in broadcast.forms.all()))


def forms_of(broadcast: Broadcast) -> tuple[tuple[str, Sound], ...]:
    """What it is on other channels, by kind."""
    return tuple((one.channel, _form(one)) for one in broadcast.forms.all())


def _form(one: Form) -> Sound:
    file = one.file
    return Sound(f"/api/1/content/{file.sha256}", file.sha256, file.size, one.length_ms, file.mime)


def outgoing(broadcast: Broadcast) -> Outgoing:
    """The broadcast as its channels need it."""
    targets, file = targets_of(broadcast), broadcast.file
    return Outgoing(
        broadcast=broadcast.pk,
        title=broadcast.title,
        level=broadcast.level,
        issued=broadcast.issued_at,
        expires=broadcast.expires_at,
        start=broadcast.start_at,
        url=f"/api/1/content/{file.sha256}" if file else "",
        sha256=file.sha256 if file else "",
        size=file.size if file else 0,
        duration_ms=broadcast.length_ms or 1,
        mime=file.mime if file else "",
        areas=(*targets.places, *targets.groups),
        devices=targets.devices,
        begin_by=broadcast.begin_by,
        can_be_cut=broadcast.can_be_cut,
        streams=tuple(broadcast.streams),
        channel=broadcast.channel,
        forms=forms_of(broadcast),
        issuer=broadcast.issuer_id,
        seq=broadcast.seq,
        drill=broadcast.drill,
    )


def broadcasts(person: Person) -> QuerySet[Broadcast]:
    """The broadcasts a person may see: issued where they may look, or gone out to a device there."""
    seen = place_ids(person, Right.VIEW)
    heard = Delivery.objects.filter(device__place__in=seen).values("broadcast")
    found = Broadcast.objects.filter(Q(place__in=seen) | Q(pk__in=heard))
    return found.select_related("place", "file", "created_by", "stopped_by")


def counted(found: Iterable[Broadcast]) -> list[Broadcast]:
    """These broadcasts (a page of them: each may have thousands of deliveries) with `total` and `n_<progress>`."""
    rows = list(found)
    numbers: dict[UUID, Counter[str]] = {row.pk: Counter() for row in rows}
    grouped = Delivery.objects.filter(broadcast__in=rows).order_by().values_list("broadcast_id", "progress")
    for pk, progress, number in grouped.annotate(number=Count("pk")):
        numbers[pk][progress] = number
    for row in rows:
        vars(row)["total"] = numbers[row.pk].total()
        vars(row).update({f"n_{value}": numbers[row.pk][value] for value in Progress.values})
    return rows


def deliveries(person: Person, broadcast: Broadcast) -> QuerySet[Delivery]:
    """The deliveries of a broadcast that a person may see, one per device: those without an end first, then by place.

    Who may see where it was issued sees all of them; others those of their own places.
    """
    seen = place_ids(person, Right.VIEW)
    rows = broadcast.deliveries.select_related("device__place", "device__state", "proof")
    if broadcast.place_id not in seen:
        rows = rows.filter(device__place__in=seen)
    over = Case(When(progress=Progress.FINISHED, then=2), When(progress__in=FINAL, then=1), default=0)
    return rows.order_by(over, "device__place__name", "device__name")


def shown_for(requisition: Requisition) -> QuerySet[Delivery]:
    """What went to a requisitioned screen in the days agreed, as its owner may see it, the newest first."""
    first = datetime.combine(requisition.first_day, time(), LOCAL)
    last = datetime.combine(requisition.last_day, time(), LOCAL) + 2 * DAY  # hours may pass midnight
    rows = Delivery.objects.filter(device=requisition.device_id, broadcast__issued_at__lt=last)
    rows = rows.filter(Q(started_at__gte=first) | Q(started_at=None, changed_at__gte=first))
    return rows.select_related("broadcast__place", "device").order_by("-changed_at")


def may_hear(person: Person, sha256: str) -> bool:
    """Whether a person may listen to a file because it went out, or came back, where they may look."""
    seen = place_ids(person, Right.VIEW)
    proof = Delivery.objects.filter(Q(device__place__in=seen) | Q(broadcast__place__in=seen), proof=sha256)
    return broadcasts(person).filter(file=sha256).exists() or proof.exists()


def of_subject(person: Person, subject_prefix: str) -> QuerySet[Broadcast]:
    """The broadcasts of one thing said, newest first."""
    return broadcasts(person).filter(subject__startswith=subject_prefix).order_by("-issued_at")


def meant(ids: set[str], on: date) -> dict[str, frozenset[str]]:
    """Those of these ids that are broadcasts, each with the devices its targets hold. Ids are 32 hexadecimal digits.

    Asks the targets, not the deliveries: answers come before those are written.
    """
    return {
        broadcast.pk.hex: _hex(targeted(targets_of(broadcast), channels_of(broadcast), on))
        for broadcast in Broadcast.objects.filter(pk__in=ids).prefetch_related("forms")
    }


def delivered(broadcast: str) -> frozenset[str]:
    """The devices that have a delivery of a broadcast: its targets may have been others then."""
    return _hex(Device.objects.filter(deliveries__broadcast=UUID(hex=broadcast)))


def _hex(devices: "QuerySet[Device]") -> frozenset[str]:
    """Their ids as 32 hexadecimal digits, without making an object of each: thousands of answers wait for this."""
    sql, parameters = devices.values_list("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return frozenset(str(pk).replace("-", "") for (pk,) in cursor.fetchall())


def target_names(broadcast: Broadcast) -> list[str]:
    """The targets in words, places first."""
    rows = broadcast.targets.select_related("place", "group", "device").order_by("device", "group", "place__name")
    return [str(row.place or row.group or row.device) for row in rows]
