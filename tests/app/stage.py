"""A small district for app tests of delivery: one commune, two hamlets, three devices, an editor, a file to play."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from nguon.delivery import actions, rules
from nguon.delivery.inbox import Inbox
from nguon.delivery.models import Broadcast
from nguon.devices.models import Device, Status
from nguon.kit import text
from nguon.media.models import File
from nguon.people.models import Person
from nguon.places.models import Link, Place

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@dataclass
class Stage:
    commune: Place
    hamlets: list[Place]
    devices: list[Device]
    editor: Person
    file: File

    def broadcast(self, *places: Place, now: datetime = NOW, minutes: int = 60) -> Broadcast:
        return actions.create_broadcast(
            subject="newsroom.version:" + "1" * 32,
            review=None,
            title="Thông báo lịch cắt điện",
            place_id=self.commune.pk,
            channel="speaker",
            level=40,
            file=self.file,
            targets=rules.Targets(places=tuple(place.pk for place in places or (self.commune,))),
            start_at=None,
            expires_at=now + timedelta(minutes=minutes),
            actor=self.editor,
            now=now,
        )


def build() -> Stage:
    commune = _place("Phước Thuận", "Xã")
    hamlets = [_place(name, "Thôn", commune) for name in ("Quảng Vân", "Lộc Hạ")]
    devices = [_device(f"Cụm {n}", hamlets[n % 2]) for n in range(3)]
    editor = Person.objects.create_user("bt.phuocthuan", full_name="Nguyễn Thị Hoa")
    file = File.objects.create(
        sha256="a" * 64, size=80_000, mime="audio/mpeg", duration_ms=10_000, path="a.mp3", created_at=NOW
    )
    return Stage(commune, hamlets, devices, editor, file)


def _place(name: str, kind: str, parent: Place | None = None) -> Place:
    place = Place.objects.create(name=name, kind=kind, folded=text.fold(name))
    if parent:
        Link.objects.create(child=place, parent=parent)
    return place


def device(name: str, place: Place) -> Device:
    """A device in use, not saved."""
    return Device(name=name, folded=text.fold(name), place=place, status=Status.ACTIVE, created_at=NOW, enrolled_at=NOW)


def _device(name: str, place: Place) -> Device:
    made = device(name, place)
    made.save(force_insert=True)
    return made


def take(inbox: Inbox, batch: list[tuple[str, bytes]], now: datetime) -> dict[str, list[int]]:
    """What the listener does with a batch, and a moment later with its receipts."""
    inbox.take(batch, now)
    return inbox.settle(now)
