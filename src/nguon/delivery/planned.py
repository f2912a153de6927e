"""What is planned: broadcasts before their time, the documents devices live by, and what happens when the time comes.

For services: whoever made the programme had the right to. Everything is done in bulk, for a district at once.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

from django.db import transaction
from django.db.models import F

from nguon.delivery import bulk
from nguon.delivery.models import Broadcast, Delivery, DevicePlan, Form, PlanDocument, Progress, State, Target
from nguon.delivery.queries import forms_of
from nguon.delivery.rules import Targets
from nguon.kit import ids
from nguon.ports.channel import Outgoing

EARLY = timedelta(seconds=20)  # so long before its time a planned broadcast gets its deliveries
KEPT = timedelta(days=10)  # a document nobody is to hold any more is kept so long
_ROW = (
    *("broadcast_id", "device_id", "progress", "last_seq", "reason", "detail", "sends", "sent_at", "next_send_at"),
    *("position_ms", "changed_at"),
)
_HOLDER = ("device_id", "document_id", "version", "changed_at")


@dataclass(frozen=True)
class Part:
    """One item of a session as it is to go out. Two that are equal are the same broadcast."""

    number: int
    subject: str
    review: UUID | None
    title: str
    level: int
    file: str | None  # SHA-256
    forms: tuple[tuple[str, str], ...]  # on other channels: its kind, SHA-256
    streams: tuple[str, ...]
    length_ms: int
    start_at: datetime
    begin_by: datetime
    expires_at: datetime
    can_be_cut: bool


@dataclass(frozen=True)
class Whole:
    """A session as it is to go out: who answers for it, where, its parts."""

    session: UUID
    place: UUID
    channel: str
    by: UUID
    targets: Targets
    parts: tuple[Part, ...]


@transaction.atomic
def settle(wholes: Sequence[Whole], now: datetime) -> None:
    """Let these sessions, none of which has begun, consist of these parts. What is alike stays, even if stopped."""
    have: defaultdict[UUID, list[Broadcast]] = defaultdict(list)
    for row in Broadcast.objects.filter(session__in=[whole.session for whole in wholes]).prefetch_related(
        "targets", "forms"
    ):
        if row.session is not None:
            have[row.session].append(row)
    made: list[Broadcast] = []
    gone: list[UUID] = []
    targets, forms = list[Target](), list[Form]()
    for whole in wholes:
        known = {(_part(row), _aims(row)): row for row in have[whole.session]}
        for part in whole.parts:
            if known.pop((part, _key(whole.targets)), None) is None:
                made.append(_new(whole, part, now))
                targets += _targets(made[-1], whole.targets)
                forms += _forms(made[-1], part)
        gone += [row.pk for row in known.values() if row.state == State.PLANNED]
    Broadcast.objects.filter(pk__in=gone, state=State.PLANNED).delete()
    Broadcast.objects.bulk_create(made, batch_size=500)
    Target.objects.bulk_create(targets, batch_size=500)
    Form.objects.bulk_create(forms, batch_size=500)


def standing(sessions: Collection[UUID]) -> dict[UUID, list[Broadcast]]:
    """The broadcasts of sessions that devices are to hold, in order: all but those that a person stopped."""
    found: dict[UUID, list[Broadcast]] = {session: [] for session in sessions}
    rows = Broadcast.objects.filter(session__in=found).exclude(state=State.STOPPED).order_by("part", "pk")
    for row in rows.select_related("file").prefetch_related("targets", "forms__file"):
        if row.session is not None:
            found[row.session].append(row)
    return found


def drop(sessions: Collection[UUID]) -> None:
    """These sessions are not to be: their broadcasts that have not begun are forgotten."""
    Broadcast.objects.filter(session__in=sessions, state=State.PLANNED).delete()


def outgoing(row: Broadcast) -> Outgoing:
    """One of `standing` as its channels need it, without a question to the database."""
    aims, file = list(row.targets.all()), row.file
    return Outgoing(
        broadcast=row.pk,
        title=row.title,
        level=row.level,
        issued=row.issued_at,
        expires=row.expires_at,
        start=row.start_at,
        url=f"/api/1/content/{file.sha256}" if file else "",
        sha256=file.sha256 if file else "",
        size=file.size if file else 0,
        duration_ms=row.length_ms or 1,
        mime=file.mime if file else "",
        areas=tuple(sorted({each for aim in aims for each in (aim.place_id, aim.group_id) if each}, key=str)),
        devices=tuple(sorted((aim.device_id for aim in aims if aim.device_id), key=str)),
        begin_by=row.begin_by,
        can_be_cut=row.can_be_cut,
        streams=tuple(row.streams),
        channel=row.channel,
        forms=forms_of(row),
    )


@dataclass(frozen=True)
class Document:
    """What some devices are to hold from now on."""

    body: bytes
    channel: str
    until: datetime
    broadcasts: tuple[UUID, ...]
    devices: tuple[UUID, ...]

    @cached_property
    def sha256(self) -> str:
        """Its name."""
        return hashlib.sha256(self.body).hexdigest()


@transaction.atomic
def publish(documents: Sequence[Document], now: datetime) -> int:
    """Let devices hold these; whose plan is another by that gets a new version. How many devices that are."""
    named = {document.sha256: document for document in documents}
    there = set(PlanDocument.objects.filter(pk__in=named).values_list("pk", flat=True))
    new = [
        PlanDocument(
            sha256=sha256, body=one.body, size=len(one.body), channel=one.channel, made_at=now, until=one.until
        )
        for sha256, one in named.items()
        if sha256 not in there
    ]
    PlanDocument.objects.bulk_create(new, batch_size=50)
    through = PlanDocument.broadcasts.through
    through.objects.bulk_create(
        [
            through(plandocument_id=row.sha256, broadcast_id=broadcast)
            for row in new
            for broadcast in named[row.sha256].broadcasts
        ],
        batch_size=500,
    )
    return _hand_out(documents, now)


def _hand_out(documents: Sequence[Document], now: datetime) -> int:
    """Documents of different areas may well be the same."""
    held = dict(DevicePlan.objects.values_list("device_id", "document_id"))
    changed = [
        (device.hex, sha256, 1, bulk.stamp(now))
        for one in documents
        for sha256 in [one.sha256]
        for device in one.devices
        if held.get(device) != sha256
    ]
    table = DevicePlan._meta.db_table
    bulk.insert(
        table,
        _HOLDER,
        changed,
        conflict=(
            f"(device_id) DO UPDATE SET document_id = excluded.document_id, version = {table}.version + 1, "
            "changed_at = excluded.changed_at"
        ),
    )
    PlanDocument.objects.filter(holders=None, made_at__lt=now - KEPT).delete()
    return len(changed)


def begin(now: datetime) -> int:
    """Planned broadcasts whose time has come are live, with a delivery for each device whose plan holds them."""
    due = list(Broadcast.objects.filter(state=State.PLANNED, start_at__lte=now + EARLY).values_list("pk", flat=True))
    for pk in due:
        _begin(pk, now)
    return len(due)


@transaction.atomic
def _begin(broadcast: UUID, now: datetime) -> None:
    planned = Broadcast.objects.filter(pk=broadcast, state=State.PLANNED)
    if not planned.update(state=State.LIVE, sent_at=now):
        return  # stopped in between
    holders = DevicePlan.objects.filter(document__broadcasts=broadcast).values_list("device_id", flat=True)
    at = bulk.stamp(now)
    rows = [(broadcast.hex, pk.hex, Progress.WAITING.value, 0, "", "", 0, at, None, 0, at) for pk in holders]
    bulk.insert(Delivery._meta.db_table, _ROW, rows, conflict="DO NOTHING")


def behind() -> list[DevicePlan]:
    """The newest plans of devices that are connected and hold an older one."""
    found = DevicePlan.objects.filter(device__state__online=True, device__state__plan_held__lt=F("version"))
    return list(found.select_related("document", "device").defer("document__body"))


def _part(row: Broadcast) -> Part:
    return Part(
        number=row.part,
        subject=row.subject,
        review=row.review,
        title=row.title,
        level=row.level,
        file=row.file_id,
        forms=tuple(sorted((form.channel, form.file_id) for form in row.forms.all())),
        streams=tuple(row.streams),
        length_ms=row.length_ms,
        start_at=row.start_at or row.issued_at,
        begin_by=row.begin_by or row.expires_at,
        expires_at=row.expires_at,
        can_be_cut=row.can_be_cut,
    )


def _key(targets: Targets) -> frozenset[UUID]:
    return frozenset((*targets.places, *targets.groups, *targets.devices))


def _aims(row: Broadcast) -> frozenset[UUID]:
    return frozenset(
        each for aim in row.targets.all() for each in (aim.place_id, aim.group_id, aim.device_id) if each is not None
    )


def _new(whole: Whole, part: Part, now: datetime) -> Broadcast:
    return Broadcast(
        id=ids.new(),
        subject=part.subject,
        review=part.review,
        title=part.title,
        place_id=whole.place,
        channel=whole.channel,
        level=part.level,
        file_id=part.file,
        streams=list(part.streams),
        length_ms=part.length_ms,
        state=State.PLANNED,
        issued_at=now,
        start_at=part.start_at,
        begin_by=part.begin_by,
        can_be_cut=part.can_be_cut,
        session=whole.session,
        part=part.number,
        expires_at=part.expires_at,
        created_by_id=whole.by,
    )


def _forms(row: Broadcast, part: Part) -> list[Form]:
    """In a session it is seen as long as it is heard: what comes next is on the way."""
    return [Form(broadcast=row, channel=kind, file_id=file, length_ms=part.length_ms) for kind, file in part.forms]


def _targets(row: Broadcast, targets: Targets) -> list[Target]:
    return [
        *(Target(broadcast=row, place_id=pk) for pk in targets.places),
        *(Target(broadcast=row, group_id=pk) for pk in targets.groups),
        *(Target(broadcast=row, device_id=pk) for pk in targets.devices),
    ]
