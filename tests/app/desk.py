"""A newsroom for app tests: two neighbour communes, their people, and bulletins at each point of their way."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from nguon.devices.models import Device, DeviceState, Status
from nguon.kit import clock, text
from nguon.media.models import File, Rendition, Source, State
from nguon.newsroom import actions, queries
from nguon.newsroom.actions import Details
from nguon.newsroom.models import Bulletin, Variant, Version
from nguon.newsroom.rules import Draft
from nguon.people.models import Person, Role
from nguon.places.models import Link, Place
from nguon.review import actions as reviews

NOTICE = """UBND XÃ PHƯỚC THUẬN
THÔNG BÁO
Về việc tạm ngừng cung cấp điện để sửa chữa lưới điện

Theo kế hoạch của Điện lực Tuy Phước, từ 7 giờ 00 đến 11 giờ 30 ngày 25/11/2026, các thôn Quảng Vân, Lộc Hạ sẽ tạm ngừng
cung cấp điện. Đề nghị bà con chủ động sắp xếp sản xuất, sinh hoạt; rút phích cắm các thiết bị điện khi không dùng.

Mọi thắc mắc xin liên hệ số 1900 1909. Xin trân trọng thông báo!"""


@dataclass
class Desk:
    """`root › here › (one, two)`, `root › there › far`; `both` may edit and approve here."""

    root: Place
    here: Place
    one: Place
    two: Place
    there: Place
    far: Place
    editor: Person
    approver: Person
    both: Person
    watcher: Person
    neighbour: Person
    stranger: Person
    now: datetime

    def details(self, **changes: Any) -> Details:
        return replace(Details(place_id=self.here.pk, category="local"), **changes)

    def draft(self, **changes: Any) -> Draft:
        return replace(Draft(title="Lịch cắt điện ngày 25/11", body=NOTICE), **changes)

    def written(self, actor: Person | None = None, **details: Any) -> Bulletin:
        """A bulletin with one version."""
        version = actions.create(
            draft=self.draft(), details=self.details(**details), actor=actor or self.editor, now=self.now
        )
        return version.bulletin

    def heard(self, bulletin: Bulletin | None = None, **details: Any) -> Bulletin:
        """A bulletin whose newest version has its audio."""
        bulletin = bulletin or self.written(**details)
        sounding(queries.newest(bulletin), self.now)
        return bulletin

    def waiting(self, bulletin: Bulletin | None = None, **details: Any) -> Bulletin:
        """A bulletin that was submitted."""
        bulletin = self.heard(bulletin, **details)
        seen = queries.newest(bulletin).number
        actions.submit(bulletin=bulletin, seen=seen, actor=self.editor, now=self.now)
        return bulletin

    def approved(self, bulletin: Bulletin | None = None, **details: Any) -> Bulletin:
        """A bulletin that was approved."""
        bulletin = self.waiting(bulletin, **details)
        review = queries.newest(bulletin).review
        assert review is not None
        reviews.approve(
            review=review,
            text_hash=review.text_hash,
            media_hash=review.media_hash,
            actor=self.approver,
            now=self.now,
        )
        return bulletin

    def state(self, bulletin: Bulletin, now: datetime | None = None) -> str:
        found = queries.with_state(Bulletin.objects.filter(pk=bulletin.pk), now or self.now).get()
        return found.state

    def edit(self, bulletin: Bulletin, seen: int, actor: Person | None = None, **changes: Any) -> Version:
        return actions.save_version(
            bulletin=bulletin,
            seen=seen,
            draft=self.draft(**changes),
            details=self.details(),
            actor=actor or self.editor,
            now=self.now,
        )


def make_desk() -> Desk:
    now = clock.now()
    root = place("Tuy Phước", "khu vực")
    here, there = place("Phước Thuận", "xã", root), place("Phước Sơn", "xã", root)
    return Desk(
        root=root,
        here=here,
        one=place("Quảng Vân", "thôn", here),
        two=place("Lộc Hạ", "thôn", here),
        there=there,
        far=place("Kỳ Sơn", "thôn", there),
        editor=person("bt", "Nguyễn Thị Hoa", here, "editor"),
        approver=person("ld", "Trần Văn Duyệt", here, "approver"),
        both=person("cp", "Lê Chánh", here, "editor", "approver"),
        watcher=person("td", "Phạm Thị Dõi", here, "watcher"),
        neighbour=person("lg", "Võ Láng", there, "editor", "approver"),
        stranger=person("la", "Người Lạ"),
        now=now,
    )


def place(name: str, kind: str, parent: Place | None = None) -> Place:
    made = Place.objects.create(name=name, kind=kind, folded=text.fold(f"{kind} {name}"))
    if parent:
        Link.objects.create(child=made, parent=parent)
    return made


def person(username: str, name: str, where: Place | None = None, *kinds: str) -> Person:
    made = Person.objects.create_user(username=username, password="mat-khau-thu", full_name=name)
    if where is not None:
        Role.objects.bulk_create([Role(person=made, kind=kind, place=where) for kind in kinds])
    return made


def sounding(version: Version, now: datetime, state: str = State.READY, seed: str = "") -> Rendition:
    """The version with audio in the given state, as media would have made it, but without a voice."""
    digest = hashlib.sha256(f"{version.pk}{state}{seed}".encode()).hexdigest()
    file = File.objects.create(
        sha256=digest, size=80_000, mime="audio/mpeg", duration_ms=10_000, path=f"{digest}.mp3", created_at=now
    )
    rendition = Rendition.objects.create(
        key=digest,
        source=Source.SPEECH,
        spoken=version.body.lower(),
        voice="espeak/vi-vn-x-central",
        rate=210,
        state=state,
        file=file if state == State.READY else None,
        created_at=now,
        updated_at=now,
    )
    Variant.objects.update_or_create(
        version=version,
        channel="speaker",
        defaults={"rendition": rendition},
        create_defaults={"rendition": rendition, "created_at": now},
    )
    return rendition


def device(name: str, where: Place, now: datetime, *, online: bool = True, status: str = Status.ACTIVE) -> Device:
    made = Device.objects.create(name=name, folded=text.fold(name), place=where, status=status, created_at=now)
    DeviceState.objects.create(device=made, online=online, changed_at=now)
    return made


def in_hours(desk: Desk, hours: float) -> datetime:
    return desk.now + timedelta(hours=hours)
