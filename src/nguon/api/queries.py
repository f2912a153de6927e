"""What a device may ask of the server."""

from datetime import datetime
from uuid import UUID

import msgspec
from django.conf import settings
from django.db.models import Q

from nguon.api.errors import Gone, NotYours
from nguon.delivery.models import Broadcast, Delivery, State, Target
from nguon.devices.enrolment import Enrolled
from nguon.devices.models import Device
from nguon.devices.queries import area_ids, wire_settings
from nguon.kit import clock, ids
from nguon.media.models import File
from nguon.wire import codec


def enrolment(enrolled: Enrolled, now: datetime) -> bytes:
    """The JSON a device gets once: its id and password, where the broker is, its settings."""
    own = wire_settings(enrolled.device, now.astimezone(clock.LOCAL).date(), at=now)
    return msgspec.json.encode(
        {
            "device": ids.short(enrolled.device.pk),
            "password": enrolled.password,
            "broker": settings.NGUON_BROKER_PUBLIC_URL,
            "settings": msgspec.Raw(codec.encode(own)),
        }
    )


def content_for(device: Device, sha256: str, now: datetime) -> File:
    """The file, if a broadcast of it that is neither over time nor stopped is meant for this device.

    Asks the targets, not the deliveries: those are written after the order has gone out. Raises NotYours.
    """
    areas = area_ids(device, now.astimezone(clock.LOCAL).date())
    covering = Target.objects.filter(Q(place_id__in=areas) | Q(group_id__in=areas) | Q(device=device))
    live = Broadcast.objects.filter(
        file_id=sha256, channel=device.channel, expires_at__gt=now, pk__in=covering.values("broadcast_id")
    ).exclude(state=State.STOPPED)
    found = live.select_related("file").first()
    if found is None:
        raise NotYours
    return found.file


def delivery_of(device: Device, broadcast: UUID) -> Delivery:
    """What this device was given to play. Raises Gone (perhaps only not yet: the device asks again)."""
    found = Delivery.objects.filter(device=device, broadcast_id=broadcast).first()
    if found is None:
        raise Gone
    return found
