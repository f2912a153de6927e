"""The verbs on devices: register, change, put out of use, pull the plug, group. Enrolment is in `enrolment`."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from nguon.devices.enrolment import Enrolled, enrol, issue_code, note_refusal, register_swarm, revoke, sign_in
from nguon.devices.errors import KindFixed, NotAllowedNow, NotSimulated, ReasonMissing
from nguon.devices.models import Device, DeviceState, EnrolmentCode, Group, Status
from nguon.devices.permission import Actor, allowed, require
from nguon.journal import actions as journal
from nguon.kit import clock, text
from nguon.places import queries as places
from nguon.places.models import Place, Succession

__all__ = [
    "Enrolled",
    "change",
    "create_group",
    "delete_group",
    "enrol",
    "follow",
    "issue_code",
    "note_refusal",
    "register",
    "register_swarm",
    "revoke",
    "set_plug",
    "set_status",
    "sign_in",
]

FIELDS = frozenset(
    {"name", "place", "channel", "address", "latitude", "longitude", "vendor", "serial", "sim"}
    | {"horns", "volume", "proof", "simulated", "warm_up", "stagger", "data_budget", "photo_every"}
)
TOLD = frozenset(
    {"place", "volume", "proof", "groups", "warm_up", "stagger", "data_budget", "photo_every"}
)  # what the device itself must hear of


@transaction.atomic
def register(*, name: str, place: Place, actor: Actor, now: datetime, **fields: Any) -> Device:
    """A new device, planned until it enrols. `fields` are those of FIELDS and `groups`. Raises TypeError for others."""
    groups: Iterable[Group] = fields.pop("groups", ())
    _known(fields)
    require(actor, place.pk, now)
    groups = _fitting(groups, place, now)
    device = Device(name=name, folded=text.fold(name), place=place, created_at=now, **fields)
    device.save(force_insert=True)
    device.groups.set(groups)
    DeviceState.objects.create(device=device, changed_at=now)
    _record(actor, "devices.register", device, now, after=_told({"name": name, "place": place, **fields}))
    return device


@transaction.atomic
def change(*, device: Device, actor: Actor, now: datetime, **fields: Any) -> frozenset[str]:
    """Change what is known of a device; the names of the fields that really changed.

    Raises TypeError, Forbidden, and KindFixed for another channel once it was enrolled. Groups that the actor does
    not manage are not the actor's to leave: `groups` says nothing of them.
    """
    groups: Iterable[Group] | None = fields.pop("groups", None)
    _known(fields)
    require(actor, device.place_id, now)
    before = {name: getattr(device, name) for name, value in fields.items() if getattr(device, name) != value}
    after = {name: fields[name] for name in before}
    if "channel" in after and device.credential:
        raise KindFixed
    if "place" in after:
        require(actor, after["place"].pk, now)
    for name, value in after.items():
        setattr(device, name, value)
    held = set(device.groups.all())
    chosen = held if groups is None else {*groups, *(one for one in held if not allowed(actor, one.place_id, now))}
    if (wanted := set(_fitting(chosen, device.place, now))) != held:
        before["groups"], after["groups"] = _names(held), _names(wanted)
        device.groups.set(wanted)
    if not after:
        return frozenset()
    device.folded = text.fold(device.name)
    device.save(update_fields=[*(after.keys() & FIELDS), "folded"])
    if TOLD & after.keys():
        _tell(device)
    _touch(device, now)
    _record(actor, "devices.change", device, now, before=_told(before), after=_told(after))
    return frozenset(after)


@transaction.atomic
def set_status(*, device: Device, status: Status, reason: str, actor: Actor, now: datetime) -> None:
    """Put a device in use, in repair or out of use, with a reason. Out of use also takes its credential and codes."""
    require(actor, device.place_id, now)
    if not reason:
        raise ReasonMissing
    if device.status == status:
        return
    before = {"status": str(device.status)}
    device.status = status
    device.save(update_fields=["status"])
    _tell(device)
    if status == Status.RETIRED:
        EnrolmentCode.objects.filter(device=device).delete()
        revoke(device=device, actor=actor, now=now)
    _touch(device, now)
    _record(actor, "devices.status", device, now, before=before, after={"status": str(status), "reason": reason})


@transaction.atomic
def set_plug(*, device: Device, unplugged: bool, actor: Actor, now: datetime) -> None:
    """Pull or put in the plug of a simulated device. Raises NotSimulated, NotAllowedNow."""
    require(actor, device.place_id, now)
    if not device.simulated:
        raise NotSimulated
    if device.status == Status.RETIRED:
        raise NotAllowedNow
    if device.unplugged == unplugged:
        return
    device.unplugged = unplugged
    device.save(update_fields=["unplugged"])
    _touch(device, now)
    _record(actor, "devices.plug", device, now, before={"unplugged": not unplugged}, after={"unplugged": unplugged})


@transaction.atomic
def create_group(*, name: str, place: Place, actor: Actor, now: datetime) -> Group:
    """A new, empty group of devices of one place and below."""
    require(actor, place.pk, now)
    group = Group.objects.create(name=name, place=place)
    journal.record(
        actor=actor,
        verb="devices.group",
        subject=f"devices.group:{group.pk.hex}",
        now=now,
        place=place.pk,
        after={"name": name},
    )
    return group


@transaction.atomic
def delete_group(*, group: Group, actor: Actor, now: datetime) -> None:
    """Take a group away. Raises django.db.models.ProtectedError if a broadcast was ever sent to it."""
    require(actor, group.place_id, now)
    members = [device.pk for device in group.devices.all()]
    subject, before = f"devices.group:{group.pk.hex}", {"name": group.name, "devices": len(members)}
    place = group.place_id
    group.delete()
    Device.objects.filter(pk__in=members).update(settings_version=F("settings_version") + 1)
    journal.record(actor=actor, verb="devices.group-delete", subject=subject, now=now, place=place, before=before)


@transaction.atomic
def follow(*, on: date, actor: Actor, now: datetime, endings: Mapping[UUID, UUID] | None = None) -> int:
    """After a change of the territory: devices and groups of a place that went whole into one new place move there,
    and every device hears of its areas again. How many devices moved. `endings` says where those of a place go that
    ended without a successor.

    Devices of a place that was split stay where they are, for a person to move: nobody can guess their half.
    """
    heirs: dict[UUID, set[UUID]] = {old: {new} for old, new in (endings or {}).items()}
    for old, new in Succession.objects.filter(on__lte=on, old__valid_to__lt=on).values_list("old_id", "new_id"):
        heirs.setdefault(old, set()).add(new)
    moved = 0
    for old, new in ((old, next(iter(news))) for old, news in heirs.items() if len(news) == 1):
        count = Device.objects.filter(place_id=old).update(place_id=new)
        Group.objects.filter(place_id=old).update(place_id=new)
        moved += count
        if count:
            after = {"place": str(new), "devices": count}
            subject = f"places.place:{old.hex}"
            journal.record(
                actor=actor,
                verb="devices.follow",
                subject=subject,
                now=now,
                place=new,
                before={"place": str(old)},
                after=after,
            )
    Device.objects.exclude(status=Status.RETIRED).update(settings_version=F("settings_version") + 1)
    return moved


def _known(fields: dict[str, Any]) -> None:
    if unknown := fields.keys() - FIELDS:
        raise TypeError(f"a device has no {', '.join(sorted(unknown))}")


def _tell(device: Device) -> None:
    """Have its settings sent. Counted in the database: of two changes at once each must have its own number."""
    Device.objects.filter(pk=device.pk).update(settings_version=F("settings_version") + 1)
    device.refresh_from_db(fields=["settings_version"])


def _touch(device: Device, now: datetime) -> None:
    """Let those who watch see the change: the state row carries the time they look at."""
    DeviceState.objects.filter(device=device).update(changed_at=now)


def _fitting(groups: Iterable[Group], place: Place, now: datetime) -> list[Group]:
    """Those of the groups that a device of this place may be in: of its place or one above.

    Otherwise whoever broadcasts to a group of a neighbour would be heard here.
    """
    above = {each.pk for each in places.above(place.pk, clock.local_day(now))}
    return [group for group in groups if group.place_id in above]


def _names(groups: Iterable[Group]) -> list[str]:
    return sorted(group.name for group in groups)


def _told(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, Place) else value for name, value in fields.items()}


def _record(
    actor: Actor,
    verb: str,
    device: Device,
    now: datetime,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    subject = f"devices.device:{device.pk.hex}"
    journal.record(actor=actor, verb=verb, subject=subject, now=now, place=device.place_id, before=before, after=after)
