"""A small district for the tests of devices, monitor and device API: two neighbour communes with their people."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from nguon.delivery.models import Broadcast, Delivery, State, Target
from nguon.devices import actions
from nguon.devices.models import Device, DeviceState, Status
from nguon.kit import clock, text
from nguon.media.models import File
from nguon.people.models import Person, Role
from nguon.places.models import Link, Place

KEY = base64.b64encode(bytes(range(32))).decode()


@dataclass
class World:
    """Places `root › here › hamlet` and `root › there › far`; a technician and a watcher here, a technician there."""

    root: Place
    here: Place
    hamlet: Place
    there: Place
    far: Place
    technician: Person
    watcher: Person
    neighbour: Person
    admin: Person
    now: datetime


def place(name: str, kind: str, parent: Place | None = None) -> Place:
    made = Place.objects.create(name=name, kind=kind, folded=text.fold(f"{kind} {name}"))
    if parent:
        Link.objects.create(child=made, parent=parent)
    return made


def person(username: str, name: str, kind: str, where: Place) -> Person:
    made = Person.objects.create_user(username=username, password="mat-khau-thu", full_name=name)
    Role.objects.create(person=made, kind=kind, place=where)
    return made


def make_world() -> World:
    root = place("Tuy Phước", "khu vực")
    here, there = place("Phước Hòa", "xã", root), place("Phước Sơn", "xã", root)
    hamlet, far = place("Tùng Giản", "thôn", here), place("Kỳ Sơn", "thôn", there)
    return World(
        root=root,
        here=here,
        hamlet=hamlet,
        there=there,
        far=far,
        technician=person("kt", "Nguyễn Văn Kỹ", "technician", here),
        watcher=person("td", "Trần Thị Dõi", "watcher", here),
        neighbour=person("lg", "Lê Láng", "technician", there),
        admin=person("qt", "Phạm Quản", "admin", root),
        now=clock.now(),
    )


def device(world: World, name: str = "Cụm loa Tùng Giản", *, where: Place | None = None, **state: Any) -> Device:
    """A device in use, enrolled under a code, with the given state."""
    made = actions.register(name=name, place=where or world.hamlet, actor="thử", now=world.now)
    enrolled(made, world.now)
    made.refresh_from_db()
    assert made.status == Status.ACTIVE
    if state:
        DeviceState.objects.filter(device=made).update(changed_at=clock.now(), **state)
    return made


def enrolled(made: Device, now: datetime) -> str:
    """The password of a device after enrolling it."""
    code = actions.issue_code(device=made, actor="thử", now=now)
    return actions.enrol(code=code, public_key=KEY, software="thử 1", now=now).password


def stored(content: bytes, mime: str = "audio/mpeg") -> File:
    """A file of these bytes in storage."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = default_storage.save(f"test/{sha256}", ContentFile(content))
    return File.objects.create(
        sha256=sha256, size=len(content), mime=mime, duration_ms=1000, path=path, created_at=clock.now()
    )


def broadcast(world: World, file: File, *, where: Place | None = None, **fields: Any) -> Broadcast:
    """A broadcast on the air to a place and below."""
    target = where or world.here
    defaults: dict[str, Any] = {
        "subject": "newsroom.version:0",
        "title": "Thông báo lịch cắt điện",
        "place": target,
        "channel": "speaker",
        "level": 40,
        "file": file,
        "state": State.LIVE,
        "issued_at": world.now,
        "expires_at": world.now + timedelta(hours=1),
        "created_by": world.admin,
    }
    made = Broadcast.objects.create(**(defaults | fields))
    Target.objects.create(broadcast=made, place=target)
    return made


def delivery(cast: Broadcast, to: Device, progress: str = "waiting", **fields: Any) -> Delivery:
    """What one device has answered so far."""
    return Delivery.objects.create(
        broadcast=cast, device=to, progress=progress, **({"changed_at": clock.now()} | fields)
    )
