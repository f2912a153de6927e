"""Questions about devices. What a person may see is asked through `people.scope`."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from nguon.devices.models import Device, Group, Status
from nguon.kit import clock, ids
from nguon.places import queries as places
from nguon.wire import messages


def area_ids(device: Device, on: date) -> tuple[UUID, ...]:
    """The areas a device listens to: its place and all above it on that day, root first, then its groups by id."""
    above = [place.pk for place in places.above(device.place_id, on)]
    groups = device.groups.order_by("pk").values_list("pk", flat=True)
    return tuple(dict.fromkeys([*above, *groups]))


def in_areas(
    place_ids: Iterable[UUID], group_ids: Iterable[UUID], device_ids: Iterable[UUID], channel: str, on: date
) -> QuerySet[Device]:
    """The devices in use on one channel that lie in any of the places or below, are in any group, or are named."""
    inside = places.below(place_ids, on)
    grouped = Group.devices.through.objects.filter(group_id__in=list(group_ids)).values("device_id")
    wanted = Q(place_id__in=inside) | Q(pk__in=grouped) | Q(pk__in=list(device_ids))
    return Device.objects.filter(wanted, channel=channel, status=Status.ACTIVE)


def wire_settings(device: Device, on: date, *, at: datetime | None = None) -> messages.Settings:
    """What a device is told of itself. `at` is the time of the message (default: now)."""
    return messages.Settings(
        id=ids.short(ids.new()),
        at=clock.ms(at or clock.now()),
        version=device.settings_version,
        areas=tuple(ids.short(area) for area in area_ids(device, on)),
        volume=device.volume,
        proof=device.proof,
    )


def broker_revision() -> int:
    """A number that changes whenever a broker credential was given or revoked. One small query."""
    total: int | None = Device.objects.aggregate(total=Sum("credential"))["total"]
    return total or 0


def credentials() -> list[tuple[UUID, str]]:
    """(device, stored hash) of all devices that may sign in at the broker, ordered by device."""
    return list(Device.objects.exclude(password="").order_by("pk").values_list("pk", "password"))


def areas(device: Device, on: date) -> list[str]:
    """The areas a device listens to, in words."""
    named = [str(place) for place in places.above(device.place_id, on)]
    return named + [group.name for group in device.groups.all()]
