"""What a device may ask of the server."""

from datetime import date, datetime
from uuid import UUID

import msgspec
from django.db.models import Q, QuerySet

from nguon.alerts import sirens
from nguon.api.errors import Gone, NotYours
from nguon.delivery.models import Broadcast, Delivery, DevicePlan, State, Target
from nguon.devices import channels, door
from nguon.devices.enrolment import Enrolled
from nguon.devices.models import Device
from nguon.devices.queries import lies_in, wire_keys, wire_settings
from nguon.keys import sealing
from nguon.kit import clock, ids
from nguon.live.models import LiveSession
from nguon.live.models import State as OnAir
from nguon.media.models import File
from nguon.wire import codec


def enrolment(enrolled: Enrolled, host: str, now: datetime) -> bytes:
    """The JSON a device gets once: its id and password, where the broker is and what to trust there, its settings,
    whom it is to believe. `host`: the name by which it came.
    """
    on = now.astimezone(clock.LOCAL).date()
    own = wire_settings(enrolled.device, on, at=now)
    ring = sealing.Desk(now).ring(enrolled.device.place_id)
    return msgspec.json.encode(
        {
            "device": ids.short(enrolled.device.pk),
            "password": enrolled.password,
            "broker": door.address(host),
            **({"ca": authority} if (authority := door.trusted()) else {}),
            "settings": msgspec.Raw(codec.encode(own)),
            "keys": wire_keys(enrolled.device, ring),
        }
    )


def content_for(device: Device, sha256: str, now: datetime) -> File:
    """The file, if a broadcast of it that is neither over time nor stopped is meant for this device; or a siren,
    or what it shows without one.

    Asks the targets, not the deliveries: those are written after the order has gone out. Raises NotYours.
    """
    found = File.objects.filter(sha256=sha256).first()
    own = Q(file_id=sha256, channel=device.channel)
    form = Q(forms__file=sha256, forms__channel=device.channel)
    live = Broadcast.objects.filter(own | form, expires_at__gt=now)
    targets = Target.objects.filter(broadcast__in=live.exclude(state=State.STOPPED))
    if found is not None and sirens.is_one(sha256):
        return found
    if found is not None and (scene := channels.scene(device.channel, device.pk)) and sha256 in scene.files:
        return found
    if found is None or not _covered(device, targets, now.astimezone(clock.LOCAL).date()):
        raise NotYours
    return found


def live_for(device: Device, session: UUID) -> str:
    """The name under which a live voice is at the relay, if it is on the air and meant for this device.

    Raises Gone when it is over, NotYours.
    """
    found = LiveSession.objects.filter(pk=session, state=OnAir.ON_AIR).select_related("broadcast").first()
    if found is None or found.broadcast is None:
        raise Gone
    targets = Target.objects.filter(broadcast=found.broadcast_id)
    if found.broadcast.channel != device.channel or not _covered(device, targets, clock.today()):
        raise NotYours
    return found.name


def plan_for(device: Device, sha256: str) -> bytes:
    """The document this device is to live by. Raises NotYours for any other, one it was to hold before included."""
    found = DevicePlan.objects.filter(device=device, document=sha256).select_related("document").first()
    if found is None:
        raise NotYours
    return bytes(found.document.body)


def _covered(device: Device, targets: QuerySet[Target], on: date) -> bool:
    groups = device.groups.values("pk")
    if targets.filter(Q(device=device) | Q(place=device.place_id) | Q(group__in=groups)).exists():
        return True
    return lies_in(device, set(targets.exclude(place=None).values_list("place_id", flat=True)), on)


def delivery_of(device: Device, broadcast: UUID) -> Delivery:
    """What this device was given to play. Raises Gone (perhaps only not yet: the device asks again)."""
    found = Delivery.objects.select_related("broadcast").filter(device=device, broadcast_id=broadcast).first()
    if found is None:
        raise Gone
    return found
