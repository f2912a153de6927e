"""Under whose seal a broadcast goes out, and the keys that devices are to hold."""

from datetime import datetime
from uuid import UUID

from nguon.delivery.models import Broadcast
from nguon.devices.models import Device
from nguon.devices.queries import keys_behind, wire_keys
from nguon.keys import queries as keys
from nguon.keys import sealing
from nguon.kit import ids
from nguon.ports.channel import Publication, Seal
from nguon.wire import codec, topics
from nguon.wire.messages import Keys


def seal_of(broadcast: Broadcast, now: datetime) -> Seal:
    """The seal of its order: of the people who signed it, else its issuer's. Raises sealing.NoAuthority, VaultError."""
    place = broadcast.issuer_id or broadcast.place_id
    if broadcast.signers:
        people = [UUID(each) for each in broadcast.signers]
        return sealing.by_people(place, people, broadcast.issued_at, broadcast.expires_at, now)
    return sealing.by_place(place, now)


def silence_of(broadcast: Broadcast, now: datetime) -> Seal:
    """The seal of an order to stop it: its issuer's, so that nobody has to be called for silence."""
    return sealing.by_place(broadcast.issuer_id or broadcast.place_id, now)


def behind_keys() -> list[UUID]:
    """Devices online that hold older keys than there are."""
    edition = keys.edition()
    return list(keys_behind(edition).order_by("place_id").values_list("pk", flat=True)) if edition else []


def keys_for(devices: list[UUID], now: datetime) -> list[tuple[UUID, Publication]]:
    """The keys each is to hold, on its own topic, under the seal of the topmost authority."""
    desk, rings, found = sealing.Desk(now), dict[UUID, Keys](), []
    for device in Device.objects.filter(pk__in=devices):
        place = device.place_id
        ring = rings.get(place) or rings.setdefault(place, desk.ring(place))
        payload = desk.by_top(place)(codec.encode(wire_keys(device, ring)))
        found.append((device.pk, Publication(topics.down(ids.short(device.pk)), payload)))
    return found
