"""The verbs of delivery that a person starts. What services do by themselves is in `outbox` and `recorder`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from nguon.delivery.models import OPEN, Broadcast, Form, State, Target
from nguon.delivery.queries import targeted
from nguon.delivery.rules import Targets
from nguon.journal.actions import record
from nguon.keys import actions as keys
from nguon.keys import sealing
from nguon.kit.clock import local_day
from nguon.media.models import File
from nguon.people.models import Person


@dataclass(frozen=True)
class Shown:
    """What a broadcast is on another channel, and for how long it is to be seen (ms)."""

    file: File
    length_ms: int


class DeliveryError(Exception):
    """Why a broadcast cannot be made or stopped, in an officer's words."""


@transaction.atomic
def create_broadcast(
    *,
    subject: str,
    review: UUID | None,
    title: str,
    place_id: UUID,
    channel: str,
    level: int,
    file: File | None = None,
    forms: Mapping[str, Shown] = MappingProxyType({}),
    streams: tuple[str, ...] = (),
    length_ms: int = 0,
    targets: Targets,
    start_at: datetime | None,
    expires_at: datetime,
    signers: tuple[UUID, ...] = (),
    drill: bool = False,
    actor: Person,
    now: datetime,
) -> Broadcast:
    """Queue a broadcast; the sender takes it from here. Rights and approval are the caller's to check.

    It is a file, or `streams` (addresses of a sound that comes as it is made) of `length_ms`; `forms` is what it is on
    other channels, by kind. `signers`: people whose keys sign it, as an emergency needs; without them the key of the
    authority over the place does.
    Raises DeliveryError if it is expired already, starts after its end, or has no device to go to.
    """
    _check(targets, (channel, *forms), start_at, expires_at, now)
    broadcast = Broadcast.objects.create(
        **_ordered(place_id, now),
        signers=[pk.hex for pk in signers],
        drill=drill,
        subject=subject,
        review=review,
        title=title,
        place_id=place_id,
        channel=channel,
        level=level,
        file=file,
        streams=list(streams),
        length_ms=(file.duration_ms or 0) if file else length_ms,
        issued_at=now,
        start_at=start_at,
        expires_at=expires_at,
        created_by=actor,
    )
    _add_targets(broadcast, targets)
    _add_forms(broadcast, forms)
    _record_made(broadcast, targets, actor, now)
    return broadcast


def _ordered(place: UUID, now: datetime) -> dict[str, Any]:
    """In whose name the order is given, and its number."""
    issuer = sealing.issuer(place, now)
    return {"issuer_id": issuer, "seq": keys.number(authority=issuer)}


def _add_targets(broadcast: Broadcast, targets: Targets) -> None:
    Target.objects.bulk_create(
        [
            *(Target(broadcast=broadcast, place_id=pk) for pk in targets.places),
            *(Target(broadcast=broadcast, group_id=pk) for pk in targets.groups),
            *(Target(broadcast=broadcast, device_id=pk) for pk in targets.devices),
        ]
    )


def _add_forms(broadcast: Broadcast, forms: Mapping[str, Shown]) -> None:
    Form.objects.bulk_create(
        [Form(broadcast=broadcast, channel=kind, file=one.file, length_ms=one.length_ms) for kind, one in forms.items()]
    )


def _record_made(broadcast: Broadcast, targets: Targets, actor: Person, now: datetime) -> None:
    after = {
        "title": broadcast.title,
        "audio": broadcast.file_id,
        "pages": sorted(broadcast.forms.values_list("file_id", flat=True)),
        "level": broadcast.level,
        "places": [pk.hex for pk in targets.places],
        "groups": [pk.hex for pk in targets.groups],
        "devices": [pk.hex for pk in targets.devices],
        "start_at": broadcast.start_at.isoformat() if broadcast.start_at else None,
        "expires_at": broadcast.expires_at.isoformat(),
    }
    subject = f"delivery.broadcast:{broadcast.pk.hex}"
    record(
        actor=actor, verb="delivery.create_broadcast", subject=subject, now=now, place=broadcast.place_id, after=after
    )


def _check(
    targets: Targets, channels: tuple[str, ...], start_at: datetime | None, expires_at: datetime, now: datetime
) -> None:
    if expires_at <= now:
        raise DeliveryError(_("Hạn phát đã qua. Hãy chọn hạn phát sau thời điểm này."))
    if start_at and start_at >= expires_at:
        raise DeliveryError(_("Giờ phát phải trước hạn phát."))
    if not targets or not targeted(targets, channels, local_day(now)).exists():
        raise DeliveryError(_("Nơi nhận chưa có thiết bị nào đang dùng. Hãy chọn nơi khác."))


@transaction.atomic
def stop(*, broadcast: Broadcast, actor: Person, now: datetime) -> bool:
    """Stop a broadcast wherever it waits or sounds. True if this call did it, False if it was over already."""
    changed = Broadcast.objects.filter(pk=broadcast.pk, state__in=OPEN).update(
        state=State.STOPPED, stopped_by=actor, ended_at=now
    )
    if changed:
        record(
            actor=actor,
            verb="delivery.stop",
            subject=f"delivery.broadcast:{broadcast.pk.hex}",
            now=now,
            place=broadcast.place_id,
            before={"state": broadcast.state},
            after={"state": State.STOPPED},
        )
    return bool(changed)
