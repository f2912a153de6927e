"""What is known at a pole or a board: which one it is, and what was played there lately."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import segno
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from nguon.delivery.models import Broadcast, Delivery, Progress
from nguon.devices import queries as devices
from nguon.devices.models import Device, Status
from nguon.feedback.pole_models import PoleCode
from nguon.journal.actions import record
from nguon.kit import clock
from nguon.kit.plugs import load
from nguon.kit.text import clean
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.places import queries as places

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none is taken for another
LENGTH = 6
LATELY = timedelta(hours=2)
MOST_HEARD = 5
FIELD = "loa-truyen-thanh"  # the key of the field for loudspeakers and boards
QUICK = {  # what is said at a pole by one press: the words it begins with, and its field
    "to": (gettext_lazy("Loa phát quá to."), FIELD),
    "nho": (gettext_lazy("Loa phát nhỏ, không nghe rõ."), FIELD),
    "gio": (gettext_lazy("Loa phát không đúng giờ."), FIELD),
    "noi-dung": (gettext_lazy("Về nội dung đã phát:"), FIELD),
    "hong": (gettext_lazy("Thiết bị bị hỏng."), FIELD),
}
SOUNDED = (Progress.STARTED, Progress.PREEMPTED, Progress.FINISHED, Progress.STOPPED)


@dataclass(frozen=True)
class Sticker:
    """What is printed for one device. `squares` is the `d` of an SVG path on a field of `size` units."""

    device: Device
    code: str
    url: str
    squares: str
    size: int


def typed(text: str) -> str:
    """A code as it is kept, however it was typed: `k7m 2qf` → `K7M2QF`."""
    return "".join(letter for letter in clean(text).upper() if letter in LETTERS)[:LENGTH]


def at(code: str) -> Device | None:
    """The device of a sticker; None for a code that is none, or of a device that is no more in use."""
    known = Device.objects.exclude(status=Status.RETIRED).select_related("place")
    return known.filter(pole_code__code=typed(code)).first() if typed(code) else None


def heard(device: Device, now: datetime) -> QuerySet[Delivery]:
    """What began there within the last two hours by its own receipts, the newest first."""
    found = Delivery.objects.filter(device=device, progress__in=SOUNDED, started_at__gte=now - LATELY)
    return found.select_related("broadcast").order_by("-started_at")[:MOST_HEARD]


def broadcast_at(device: Device | None, said: str) -> Broadcast | None:
    """The broadcast of this id, if it went to that device."""
    try:
        wanted = UUID(said)
    except ValueError:
        return None
    return Broadcast.objects.filter(pk=wanted, deliveries__device=device).first() if device else None


def site_of(place: UUID, path: str) -> str:
    """The same page below the open site of a locality, as an address; empty if it has none."""
    found: str = load(settings.NGUON_PUBLIC_SITES)(place, path)
    return found


def managed(person: Person, on: datetime, *, place: str = "", device: str = "") -> list[Device]:
    """The devices in use that a person manages, of one locality or one alone, by place and name."""
    rows = devices.devices(person, clock.local_day(on), Right.DEVICES).exclude(status=Status.RETIRED)
    rows = rows.select_related("place", "pole_code")
    if device:
        rows = rows.filter(pk=_id(device))
    elif place:
        below = places.answered_for([_id(place)], clock.local_day(on))
        rows = rows.filter(place__in=below)
    return list(rows.order_by("place__folded", "folded"))


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def stickers(found: Iterable[Device], base: str) -> list[Sticker]:
    """What to print for those that have a code. `base` is the address of their page without the code."""
    coded = [(device, device.pole_code.code) for device in found if hasattr(device, "pole_code")]
    return [Sticker(device, code, f"{base}{code}", *squares(f"{base}{code}")) for device, code in coded]


def squares(url: str) -> tuple[str, int]:
    """A QR code as the `d` of an SVG path, and how many units it is wide with its quiet edge."""
    rows = segno.make(url, error="q", micro=False).matrix
    drawn = [f"M{x + 4} {y + 4}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark]
    return "".join(drawn), len(rows) + 8


@transaction.atomic
def give_codes(*, found: Iterable[Device], actor: Person, now: datetime) -> int:
    """A code for each of these devices that has none; how many were made. Raises Forbidden."""
    made = 0
    for device in found:
        scope.require(actor, Right.DEVICES, device.place_id)
        row, new = PoleCode.objects.get_or_create(device=device, defaults={"code": _free(), "created_at": now})
        if new:
            made += 1
            _recorded(row, actor, now)
    return made


def _recorded(row: PoleCode, actor: Person, now: datetime) -> None:
    subject = f"devices.device:{row.device_id.hex}"
    after = {"code": row.code}
    record(actor=actor, verb="feedback.pole-code", subject=subject, now=now, place=row.device.place_id, after=after)


def _free() -> str:
    while True:
        code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        if not PoleCode.objects.filter(code=code).exists():
            return code
