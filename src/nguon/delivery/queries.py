"""Questions about broadcasts. Those for people take the person; those for services do not."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from nguon.delivery.models import Broadcast, Delivery, Progress, State
from nguon.delivery.rules import Targets
from nguon.devices.models import Device
from nguon.devices.queries import in_areas
from nguon.people.models import Person
from nguon.people.scope import visible
from nguon.ports.channel import Outgoing


@dataclass(frozen=True)
class Reach:
    """Whom a target set reaches now: counts, and the names of those without contact."""

    devices: int
    online: int
    offline_names: tuple[str, ...] = ()
    by_place: tuple[tuple[str, int], ...] = field(default=())


def targeted(targets: Targets, channel: str, on: date) -> "QuerySet[Device]":
    """The active devices of a target set."""
    return in_areas(targets.places, targets.groups, targets.devices, channel, on)


def reach(targets: Targets, channel: str, on: date) -> Reach:
    """The reach of a target set before anything is sent."""
    rows = list(targeted(targets, channel, on).values_list("name", "place__name", "place__kind", "state__online"))
    places = Counter(f"{kind} {name}" for _, name, kind, _ in rows)
    away = tuple(sorted(name for name, _, _, online in rows if not online))
    return Reach(len(rows), len(rows) - len(away), away, tuple(sorted(places.items())))


def targets_of(broadcast: Broadcast) -> Targets:
    """The targets as stored."""
    rows = list(broadcast.targets.values_list("place_id", "group_id", "device_id"))
    return Targets(
        places=tuple(place for place, _, _ in rows if place),
        groups=tuple(group for _, group, _ in rows if group),
        devices=tuple(device for _, _, device in rows if device),
    )


def outgoing(broadcast: Broadcast) -> Outgoing:
    """The broadcast as its channel needs it."""
    targets, file = targets_of(broadcast), broadcast.file
    return Outgoing(
        broadcast=broadcast.pk,
        title=broadcast.title,
        level=broadcast.level,
        issued=broadcast.issued_at,
        expires=broadcast.expires_at,
        start=broadcast.start_at,
        url=f"/api/1/content/{file.sha256}",
        sha256=file.sha256,
        size=file.size,
        duration_ms=file.duration_ms or 1,
        mime=file.mime,
        areas=(*targets.places, *targets.groups),
        devices=targets.devices,
    )


def broadcasts(person: Person) -> QuerySet[Broadcast]:
    """The broadcasts a person may see, with `total` and the count of each progress as `n_<progress>`."""
    counts = {f"n_{value}": Count("deliveries", filter=Q(deliveries__progress=value)) for value in Progress.values}
    seen = visible(Broadcast.objects.all(), person)
    return seen.select_related("place", "file", "created_by").annotate(total=Count("deliveries"), **counts)


def deliveries(broadcast: Broadcast) -> QuerySet[Delivery]:
    """The deliveries of a broadcast, one per device, in the order of places."""
    return broadcast.deliveries.select_related("device__place", "device__state", "proof").order_by(
        "device__place__name", "device__name"
    )


def of_subject(person: Person, subject_prefix: str) -> QuerySet[Broadcast]:
    """The broadcasts of one thing said, newest first."""
    return broadcasts(person).filter(subject__startswith=subject_prefix)


def running(now: datetime) -> QuerySet[Broadcast]:
    """Broadcasts that are waiting, going out or out, and not over."""
    return Broadcast.objects.filter(state__in=[State.QUEUED, State.LIVE], expires_at__gt=now)


def known(ids: set[UUID]) -> set[UUID]:
    """Which of these are broadcasts."""
    return set(Broadcast.objects.filter(pk__in=ids).values_list("pk", flat=True))
