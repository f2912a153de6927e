"""Questions about photos of screens."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from nguon.devices import channels
from nguon.devices.models import Device, ScreenPhoto, Seen, Status
from nguon.devices.photos import rules
from nguon.kit import clock, ids
from nguon.people import scope
from nguon.people.models import Person
from nguon.wire import messages


@dataclass(frozen=True)
class Standing:
    """How it stands with the photos of a device. `newest`: with a picture; `last`: the newest, perhaps without."""

    able: bool
    newest: ScreenPhoto | None
    last: ScreenPhoto | None
    waits: bool
    late: bool  # it waits too long for a device that is online

    @property
    def blind(self) -> bool:
        """Whether the newest that was heard is that nobody there takes photos."""
        return self.last is not None and self.last.seen == Seen.NONE


def standing(device: Device, now: datetime) -> Standing:
    """How it stands with a device."""
    found = ScreenPhoto.objects.filter(device=device)
    waits = is_waiting(device)
    late = waits and device.photo_asked_at is not None and now - device.photo_asked_at > rules.PATIENCE
    return Standing(channels.pictured(device.channel), found.exclude(path="").first(), found.first(), waits, late)


def is_waiting(device: Device) -> bool:
    """Whether a photo was asked for and nothing came yet."""
    if device.photo_asked is None or device.status != Status.ACTIVE:
        return False
    return not ScreenPhoto.objects.filter(device=device, asked=device.photo_asked).exists()


def of_device(device: Device) -> QuerySet[ScreenPhoto]:
    """All that came, the newest first."""
    return ScreenPhoto.objects.filter(device=device)


def of_broadcast(person: Person, broadcast: UUID) -> QuerySet[ScreenPhoto]:
    """The pictures of a broadcast on the screens that the person may see, in the order they were taken."""
    found = ScreenPhoto.objects.filter(broadcast=broadcast).exclude(path="").select_related("device__place")
    return scope.visible(found, person, field="device__place").order_by("taken_at")


def wanted(device: Device) -> messages.Photos | None:
    """What a device is told; None where nothing is wanted of it."""
    if not channels.pictured(device.channel) or (device.photo_asked is None and device.photo_every is None):
        return None
    asked = ids.short(device.photo_asked) if device.photo_asked else None
    return messages.Photos(asked=asked, every=device.photo_every)


def moment(said: int | None, now: datetime) -> datetime:
    """When a photo was taken, as the device says it (ms); now, where it says nothing or a time to come."""
    return clock.from_ms(said) if said is not None and said <= clock.ms(now) else now
