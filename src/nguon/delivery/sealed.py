"""Under whose seal a broadcast goes out, and the keys that devices are to hold."""

from datetime import datetime
from uuid import UUID

from nguon.delivery.models import Broadcast
from nguon.devices.models import Device
from nguon.keys import queries as keys
from nguon.keys import sealing
from nguon.kit import ids
from nguon.kit.clock import local_day
from nguon.ports.channel import Publication, Seal
from nguon.wire import codec, topics


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
    """Devices online that hold older keys than there are: all of them, for some may never say which they hold."""
    version = keys.edition()
    found = Device.objects.filter(state__online=True, state__keys_held__lt=version)
    return list(found.order_by("place_id").values_list("pk", flat=True)) if version else []


def keys_for(devices: list[UUID], now: datetime) -> list[tuple[UUID, Publication]]:
    """The keys each is to hold, on its own topic; the same bytes for all that stand in one place."""
    made: dict[UUID, bytes | None] = {}
    found = []
    for pk, place in Device.objects.filter(pk__in=devices).values_list("pk", "place_id"):
        if place not in made:
            ring = keys.ring(place, local_day(now), now)
            made[place] = None if ring is None else sealing.by_top(place, now)(codec.encode(ring))
        payload = made[place]
        if payload is not None:
            found.append((pk, Publication(topics.down(ids.short(pk)), payload)))
    return found
