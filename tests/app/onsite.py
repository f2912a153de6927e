"""A site for tests, what stands on it, and what the loudspeakers of its place said."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from nguon.delivery.models import Broadcast, Delivery, Target
from nguon.devices.models import Device
from nguon.media.models import File
from nguon.newsroom import queries as newsroom
from nguon.newsroom.models import Bulletin
from nguon.places.models import Place
from nguon.portal.models import Posting, Site
from tests.app import postings
from tests.app.desk import Desk


def site(where: Place, now: datetime, slug: str = "phuoc-thuan", **given: Any) -> Site:
    """An open site of a place."""
    values: dict[str, Any] = {"name": f"Trang thông tin điện tử {where}", "owner": f"UBND {where}"} | given
    return Site.objects.create(
        place=where,
        slug=slug,
        opened_at=now - timedelta(days=30),
        created_at=now - timedelta(days=30),
        updated_at=now - timedelta(days=30),
        **values,
    )


def posted(desk: Desk, where: Site, bulletin: Bulletin | None = None, *, hours: float = -1, slug: str = "") -> Posting:
    """An approved bulletin that stands there since an hour before now, if nothing else is said."""
    made = postings.up(desk, where, bulletin)
    made.publish_at, made.slug = desk.now + timedelta(hours=hours), slug or made.slug
    made.save(update_fields=["publish_at", "slug"])
    voice = made.sound.file if made.sound else None
    if voice is not None and not default_storage.exists(voice.path):
        default_storage.save(voice.path, ContentFile(b"mp3"))
    return made


def sound(data: bytes, now: datetime) -> File:
    """A sound that is really in storage."""
    digest = hashlib.sha256(data).hexdigest()
    path = default_storage.save(f"{digest}.mp3", ContentFile(data))
    return File.objects.create(
        sha256=digest, size=len(data), mime="audio/mpeg", duration_ms=61_000, path=path, created_at=now
    )


def went_out(desk: Desk, bulletin: Bulletin, at: Device, *, hours: float = -2, **given: Any) -> Broadcast:
    """A bulletin that was heard to its end at one cluster two hours before now, if nothing else is said."""
    version, began = newsroom.newest(bulletin), desk.now + timedelta(hours=hours)
    assert version.review is not None
    progress = given.pop("progress", "finished")
    file = given.pop("file", None) or sound(f"{version.pk}".encode() * 40, desk.now)
    values: dict[str, Any] = {
        "subject": f"newsroom.version:{version.pk.hex}",
        "review": version.review.pk,
        "state": "done",
        "file": file,
    }
    made = Broadcast.objects.create(
        title=version.title,
        place=desk.here,
        channel="speaker",
        level=40,
        issued_at=began,
        expires_at=began + timedelta(hours=1),
        created_by=desk.editor,
        **(values | given),
    )
    Target.objects.create(broadcast=made, device=at)
    Delivery.objects.create(broadcast=made, device=at, progress=progress, changed_at=began)
    return made
