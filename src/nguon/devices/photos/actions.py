"""The verbs: a photo is asked for, comes, and is forgotten after a season."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery

from nguon.devices import channels
from nguon.devices.errors import NoPicture, NotAllowedNow, NotPictured, PhotosFull, PhotoTooLarge
from nguon.devices.models import Device, ScreenPhoto, Seen, Status
from nguon.devices.permission import Actor, require
from nguon.devices.photos import queries, rules
from nguon.journal import actions as journal
from nguon.kit import ids

HOUR = timedelta(hours=1)
MOST_AT_ONCE = 200  # photos thrown away in one turn


@dataclass(frozen=True)
class Taken:
    """What a device sends with a photo. `at`: ms, None if its clock was not checked; `title`: of the broadcast."""

    id: UUID
    seen: Seen
    jpeg: bytes
    at: int | None = None
    asked: UUID | None = None
    broadcast: UUID | None = None
    title: str = ""


@transaction.atomic
def ask(*, device: Device, actor: Actor, now: datetime) -> bool:
    """Have the device told that a photo is wanted. False if one was asked for a moment ago and is still on its way.

    Raises Forbidden, NotPictured, NotAllowedNow.
    """
    require(actor, device.place_id, now)
    device = Device.objects.select_for_update().get(pk=device.pk)
    if not channels.pictured(device.channel):
        raise NotPictured
    if device.status != Status.ACTIVE or not device.credential:
        raise NotAllowedNow
    fresh = device.photo_asked_at is not None and now - device.photo_asked_at < rules.REPEAT
    if fresh and queries.is_waiting(device):
        return False
    device.photo_asked, device.photo_asked_at = ids.new(), now
    device.settings_version = F("settings_version") + 1
    device.save(update_fields=["photo_asked", "photo_asked_at", "settings_version"])
    subject = f"devices.device:{device.pk.hex}"
    journal.record(actor=actor, verb="devices.photo", subject=subject, now=now, place=device.place_id)
    return True


def keep(*, device: Device, taken: Taken, now: datetime) -> None:
    """Keep what a device sent. The same again changes nothing.

    Raises NotPictured for a device that has no screen, or for the photo of another; PhotoTooLarge, NoPicture,
    PhotosFull.
    """
    known = ScreenPhoto.objects.filter(pk=taken.id).first()
    if known is not None and known.device_id == device.pk:
        return
    if known is not None or not channels.pictured(device.channel):
        raise NotPictured
    if ScreenPhoto.objects.filter(device=device, received_at__gt=now - HOUR).count() >= rules.MOST_AN_HOUR:
        raise PhotosFull
    width, height = _measured(taken)
    path = f"screens/{device.pk.hex}/{taken.id.hex}.jpg" if taken.jpeg else ""
    if path:
        default_storage.delete(path)  # what a killed process left half written
        default_storage.save(path, ContentFile(taken.jpeg))
    ScreenPhoto.objects.get_or_create(
        pk=taken.id,
        defaults={
            "device": device,
            "taken_at": queries.moment(taken.at, now),
            "received_at": now,
            "asked": taken.asked,
            "broadcast": taken.broadcast,
            "title": taken.title,
            "seen": taken.seen,
            "path": path,
            "width": width,
            "height": height,
        },
    )


def _measured(taken: Taken) -> tuple[int, int]:
    if len(taken.jpeg) > rules.LARGEST:
        raise PhotoTooLarge
    if not taken.jpeg and taken.seen in (Seen.NONE, Seen.STILL, Seen.OFF):
        return 0, 0
    try:
        return rules.pixels(taken.jpeg)
    except ValueError as error:
        raise NoPicture from error


def forget(now: datetime) -> None:
    """Throw away what is older than NGUON_PHOTO_DAYS. The newest picture of each device stays."""
    of_device = ScreenPhoto.objects.filter(device=OuterRef("device")).exclude(path="")
    old = ScreenPhoto.objects.filter(taken_at__lt=now - timedelta(days=settings.NGUON_PHOTO_DAYS))
    old = old.annotate(newest=Subquery(of_device.values("pk")[:1]))
    for photo in old.filter(~Q(pk=F("newest")) | Q(newest=None))[:MOST_AT_ONCE]:
        if photo.path:
            default_storage.delete(photo.path)
        photo.delete()
