"""A week and more compiled for many devices: at first, again, and after one change; beside the pure scheduler alone."""

import os
import shutil
import tempfile
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from nguon.media.models import Rendition
    from nguon.people.models import Person
    from nguon.places.models import Place

PER_COMMUNE = 20  # devices, in four hamlets
BULLETINS = 8  # of each commune
HOURS = (("05:00", "FREQ=DAILY"), ("17:00", "FREQ=DAILY"), ("11:30", "FREQ=WEEKLY;BYDAY=SA,SU"))


def run(devices: int) -> dict[str, Any]:
    """Compile for about so many devices in a temporary folder; the figures."""
    with _server():
        from nguon.kit import clock
        from nguon.programme.compile import Memory, compile_plans
        from nguon.programme.models import Slot

        now = clock.now()
        communes = max(1, devices // PER_COMMUNE)
        _territory(communes, now)
        memory = Memory()
        first = compile_plans(now, memory)
        again = compile_plans(now, memory)
        fresh = compile_plans(now, Memory())
        Slot.objects.filter(pk=Slot.objects.order_by("pk").values_list("pk", flat=True)[0]).update(grace=240)
        changed = compile_plans(now, memory)
        bare, soundings = _bare(now)
        return {
            "devices": first.devices,
            "documents": first.documents,
            "sessions": first.sessions,
            "first_s": round(first.seconds, 2),
            "again_s": round(again.seconds, 2),
            "again_new_process_s": round(fresh.seconds, 2),
            "one_slot_changed_s": round(changed.seconds, 2),
            "devices_changed": changed.changed,
            "changed_by_nothing": again.changed + fresh.changed,
            "bare_scheduler_s": round(bare, 2),
            "bare_soundings": soundings,
            "ratio": round(first.seconds / bare, 1),
        }


@contextmanager
def _server() -> "Iterator[None]":
    folder = Path(tempfile.mkdtemp(prefix="nguon-bench-plan-"))
    os.environ.update(DJANGO_SETTINGS_MODULE="nguon.config.settings", NGUON_DATA=str(folder), NGUON_LOG="WARNING")
    for name in ("NGUON_DATABASE_URL", "NGUON_BROKER_URL"):
        os.environ.pop(name, None)
    import django

    django.setup()
    from django.core.management import call_command

    try:
        call_command("migrate", verbosity=0)
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _bare(now: "datetime") -> tuple[float, int]:
    """Seconds of the pure scheduler for one device of each hamlet, and how many soundings that gives."""
    from datetime import datetime
    from datetime import time as of_day

    from nguon.devices.models import Device
    from nguon.kit import clock
    from nguon.places.queries import tree
    from nguon.programme.compile import HORIZON
    from nguon.programme.gather import known

    on = clock.local_day(now)
    territory, hamlets = tree(), set(Device.objects.values_list("place_id", flat=True))
    ways = [frozenset(territory.above(place, on)) for place in hamlets]
    start, everything = datetime.combine(on, of_day()), known(on)
    began = time.monotonic()
    found = sum(len(everything.timeline(areas, start, start + HORIZON).soundings) for areas in ways)
    return time.monotonic() - began, found


def _territory(communes: int, now: "datetime") -> None:
    from nguon.people.models import Person
    from nguon.places.models import Link, Place
    from nguon.programme.models import Policy

    by = {n: Person.objects.create_user(f"bench{n}", full_name="Bench") for n in range(2)}
    root = Place.objects.create(name="Bench", kind="khu vực", folded="bench")
    made = Place.objects.bulk_create(Place(name=f"Xã {n}", kind="xã", folded=f"xa {n}") for n in range(communes))
    inside = [Place(name=f"Thôn {n}", kind="thôn", folded=f"thon {n}") for n in range(4 * communes)]
    Place.objects.bulk_create(inside)
    Link.objects.bulk_create([Link(child=one, parent=root) for one in made])
    Link.objects.bulk_create([Link(child=one, parent=made[n // 4]) for n, one in enumerate(inside)])
    who = {"created_by": by[0], "created_at": now, "changed_at": now}
    Policy.objects.create(place=root, basis="bench", quiet=[["21:00", "04:45"]], most_sessions=4, **who)
    for one in made[::3]:
        Policy.objects.create(place=one, basis="bench", volumes=[["04:45", "06:00", 60]], **who)
    _devices(inside, now)
    _bulletins(made, by, now)
    _slots(made, by[0], now)


def _devices(hamlets: "list[Place]", now: "datetime") -> None:
    from nguon.devices.models import Device, Status

    each = PER_COMMUNE // 4
    Device.objects.bulk_create(
        [
            Device(name=f"Cụm {n}", folded=f"cum {n}", place=hamlets[n // each], status=Status.ACTIVE, created_at=now)
            for n in range(each * len(hamlets))
        ],
        batch_size=1000,
    )


def _bulletins(communes: "list[Place]", by: "dict[int, Person]", now: "datetime") -> None:
    """Approved bulletins of each commune, as rows."""
    from nguon.newsroom.models import Bulletin, Variant, Version
    from nguon.newsroom.rules import subject
    from nguon.review.models import Review

    count = len(communes) * BULLETINS
    hashes = [f"{n:064x}" for n in range(count)]
    sounds = _sounds(hashes, now)
    bulletins = [
        Bulletin(
            place=communes[n // BULLETINS],
            author=by[0],
            category="local",
            created_at=now - timedelta(hours=n % BULLETINS),
            updated_at=now,
        )
        for n in range(count)
    ]
    Bulletin.objects.bulk_create(bulletins, batch_size=1000)
    made = {"number": 1, "title": "Thông báo", "created_by": by[0], "created_at": now}
    versions = [Version(bulletin=one, folded="", text_hash="t", **made) for one in bulletins]
    Version.objects.bulk_create(versions, batch_size=1000)
    reviews = [
        Review(
            subject=subject(version.pk),
            title="Thông báo",
            place=bulletin.place,
            text_hash="t",
            media_hash=digest,
            state="approved",
            author=by[0],
            submitted_by=by[0],
            submitted_at=now,
            decided_by=by[1],
            decided_at=now,
        )
        for version, bulletin, digest in zip(versions, bulletins, hashes, strict=True)
    ]
    Review.objects.bulk_create(reviews, batch_size=1000)
    for version, bulletin, review in zip(versions, bulletins, reviews, strict=True):
        bulletin.current, version.review = version, review
    Version.objects.bulk_update(versions, ["review"], batch_size=500)
    Bulletin.objects.bulk_update(bulletins, ["current"], batch_size=500)
    pairs = zip(versions, sounds, strict=True)
    rows = [Variant(version=one, channel="speaker", rendition=sound, created_at=now) for one, sound in pairs]
    Variant.objects.bulk_create(rows, batch_size=1000)


def _sounds(hashes: list[str], now: "datetime") -> "list[Rendition]":
    """A file and a rendition of each hash."""
    from nguon.media.models import File, Rendition

    sound = {"size": 700_000, "mime": "audio/mpeg", "duration_ms": 90_000, "created_at": now}
    File.objects.bulk_create([File(sha256=one, path=one, **sound) for one in hashes], batch_size=1000)
    made = {"source": "speech", "state": "ready", "created_at": now, "updated_at": now}
    rows = [Rendition(key=one, file_id=one, **made) for one in hashes]
    return Rendition.objects.bulk_create(rows, batch_size=1000)


def _slots(communes: "list[Place]", by: "Person", now: "datetime") -> None:
    from datetime import time as of_day

    from nguon.kit import clock
    from nguon.programme.items import Item, Kind
    from nguon.programme.models import Programme, Slot

    news = [Item(Kind.NEWEST, days=30, rest=0, most=3).as_json(), Item(Kind.PAUSE, seconds=5).as_json()]
    who = {"created_by": by, "created_at": now, "changed_at": now}
    programmes = [Programme(place=one, name="Bản tin", items=news, **who) for one in communes]
    Programme.objects.bulk_create(programmes, batch_size=1000)
    first = clock.local_day(now)
    slots = [
        Slot(place=one.place, programme=one, first_day=first, at=of_day.fromisoformat(at), rule=rule, **who)
        for one in programmes
        for at, rule in HOURS
    ]
    Slot.objects.bulk_create(slots, batch_size=1000)
