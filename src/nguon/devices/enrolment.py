"""How a device gets its own key and broker credential: a code typed once, given by an officer."""

import hashlib
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from nguon.devices import door, rules
from nguon.devices.errors import BadKey, CodeSpent, CodeUnknown, NotAllowedNow, TooManyTries, WrongPassword
from nguon.devices.models import Device, DeviceState, EnrolmentCode, Refusal, Status
from nguon.devices.permission import Actor, require
from nguon.journal import actions as journal
from nguon.kit import text
from nguon.places.models import Place

_BATCH = 500


@dataclass(frozen=True)
class Enrolled:
    """What a device gets once; the password is kept nowhere else."""

    device: Device
    password: str


@transaction.atomic
def issue_code(*, device: Device, actor: Actor, now: datetime) -> str:
    """A fresh one-time code, good for 24 hours; any earlier one is void. Raises NotAllowedNow, Forbidden."""
    require(actor, device.place_id, now)
    if device.status == Status.RETIRED:
        raise NotAllowedNow
    code = new_code(device, now)
    _record(actor, "devices.code", device, now)
    return code


def new_code(device: Device, now: datetime) -> str:
    """The code itself, for those who have made sure that it may be given."""
    EnrolmentCode.objects.filter(device=device, used_at=None).update(expires_at=now)
    code = rules.code_from(secrets.token_bytes(rules.CODE_BYTES))
    EnrolmentCode.objects.create(device=device, digest=_digest(code), expires_at=now + rules.CODE_LIFE)
    return code


def enrol(*, code: str, public_key: str, software: str, now: datetime, address: str = "", host: str = "") -> Enrolled:
    """Take a code typed into a device and give it a password; an earlier password of this device dies.

    `host`: the name by which it came, for which the broker's certificate must be good.

    Raises BadKey, CodeUnknown, CodeSpent, and TooManyTries after 20 wrong codes from one address in 10 minutes.
    """
    if address and _tries(now, address, "enrol") >= rules.MAX_ENROL_TRIES:
        raise TooManyTries
    if not rules.is_public_key(public_key):
        raise BadKey
    try:
        enrolled = _enrol(code, public_key, software, now)
    except (CodeUnknown, CodeSpent) as error:
        note_refusal(now=now, device=None, reason="enrol", address=address, detail=type(error).__name__)
        raise
    door.note_host(host)
    return enrolled


@transaction.atomic
def _enrol(code: str, public_key: str, software: str, now: datetime) -> Enrolled:
    found = EnrolmentCode.objects.select_related("device").filter(digest=_digest(code)).first()
    if found is None:
        raise CodeUnknown
    live = EnrolmentCode.objects.filter(pk=found.pk, used_at=None, expires_at__gt=now)
    device = found.device
    if device.status == Status.RETIRED or not live.update(used_at=now):
        raise CodeSpent
    password = _new_password(device)
    device.public_key, device.enrolled_at = public_key, now
    if device.status == Status.PLANNED:
        device.status = Status.ACTIVE
    device.save(update_fields=["password", "credential", "public_key", "enrolled_at", "status"])
    device.refresh_from_db(fields=["credential"])
    DeviceState.objects.update_or_create(
        device=device, defaults={"software": text.clean(software)[:40], "settings_held": 0, "changed_at": now}
    )
    _record((_("thiết bị %s") % device.name)[:64], "devices.enrol", device, now, {"software": software[:40]})
    return Enrolled(device, password)


@transaction.atomic
def revoke(*, device: Device, actor: Actor, now: datetime) -> None:
    """Take the broker credential and key of a device: it is cut off until it enrols again. A repeat is harmless."""
    require(actor, device.place_id, now)
    if not device.password:
        return
    device.password, device.public_key, device.enrolled_at = "", "", None
    device.credential = F("credential") + 1
    device.save(update_fields=["password", "public_key", "enrolled_at", "credential"])
    device.refresh_from_db(fields=["credential"])
    DeviceState.objects.filter(device=device).update(changed_at=now)
    _record(actor, "devices.revoke", device, now)


@transaction.atomic
def register_swarm(
    *, count: int, place: Place, actor: Actor, now: datetime, channel: str = "speaker"
) -> list[tuple[UUID, str]]:
    """`count` simulated devices of a channel in use, enrolled at once, with one journal entry: (id, password) of each.

    Their hashes are as strong as any other's (0.1 ms each), so there is no weaker path for measuring.
    """
    require(actor, place.pk, now)
    made = [
        (Device(**_simulated(number, place, now), channel=channel), secrets.token_urlsafe(24))
        for number in range(1, count + 1)
    ]
    for device, password in made:
        device.password, device.credential = rules.broker_hash(password, salt=_salt()), 1
    Device.objects.bulk_create([device for device, _ in made], batch_size=_BATCH)
    states = [DeviceState(device=device, changed_at=now) for device, _ in made]
    DeviceState.objects.bulk_create(states, batch_size=_BATCH)
    subject = f"places.place:{place.pk.hex}"
    journal.record(
        actor=actor, verb="devices.swarm", subject=subject, now=now, place=place.pk, after={"devices": count}
    )
    return [(device.pk, password) for device, password in made]


def sign_in(*, device_id: UUID, password: str, now: datetime, address: str) -> Device:
    """The device that proves itself over HTTP. Raises WrongPassword (kept as a refusal) or TooManyTries."""
    device = Device.objects.filter(pk=device_id).exclude(password="").first()
    if device and _known.holds(device.password, password):
        return device
    if _tries(now, address, f"sign-in {device_id.hex}") >= rules.MAX_SIGN_IN_TRIES:
        raise TooManyTries
    if device and rules.password_matches(password, device.password):
        _known.add(device.password, password)
        return device
    note_refusal(now=now, device=device, reason="password", address=address, detail=f"sign-in {device_id.hex}")
    raise WrongPassword


def note_refusal(
    *, now: datetime, device: Device | None, reason: str, address: str, detail: str, door: str = "http"
) -> None:
    """Keep one refused try, as long as this address has not filled its share of the table. `door`: http or mqtt."""
    topic = f"{door} {address}"[:200]
    if Refusal.objects.filter(at__gt=now - rules.TRY_WINDOW, topic=topic).count() < rules.MAX_RECORDED_TRIES:
        Refusal.objects.create(at=now, device=device, topic=topic, reason=reason, detail=detail[:300])


class _Known:
    """Digests of credentials that were found right in this process, so that thousands of fetches hash them once."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._digests: OrderedDict[bytes, None] = OrderedDict()

    def holds(self, stored: str, password: str) -> bool:
        return self._digest(stored, password) in self._digests

    def add(self, stored: str, password: str) -> None:
        self._digests[self._digest(stored, password)] = None
        while len(self._digests) > self._size:
            self._digests.popitem(last=False)

    @staticmethod
    def _digest(stored: str, password: str) -> bytes:
        return hashlib.sha256(f"{stored}\n{password}".encode()).digest()


_known = _Known(20_000)


def _tries(now: datetime, address: str, what: str) -> int:
    recent = Refusal.objects.filter(at__gt=now - rules.TRY_WINDOW, topic=f"http {address}"[:200])
    return (recent.filter(reason="enrol") if what == "enrol" else recent.filter(detail=what)).count()


def _digest(code: str) -> str:
    return rules.code_digest(code, settings.SECRET_KEY)


def _salt() -> bytes:
    return secrets.token_bytes(rules.SALT_BYTES)


def _new_password(device: Device) -> str:
    password = secrets.token_urlsafe(24)
    device.password = rules.broker_hash(password, salt=_salt())
    device.credential = F("credential") + 1
    return password


def _simulated(number: int, place: Place, now: datetime) -> dict[str, object]:
    name = _("Thiết bị mô phỏng %d") % number
    return {
        "name": name,
        "folded": text.fold(name),
        "place": place,
        "status": Status.ACTIVE,
        "simulated": True,
        "enrolled_at": now,
        "created_at": now,
    }


def _record(actor: Actor, verb: str, device: Device, now: datetime, after: dict[str, object] | None = None) -> None:
    subject = f"devices.device:{device.pk.hex}"
    journal.record(actor=actor, verb=verb, subject=subject, now=now, place=device.place_id, after=after)
