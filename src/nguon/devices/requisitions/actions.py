"""The verbs: a screen is lent, given back, and its owner says what was not agreed."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from nguon.devices.models import Breach, Device, DeviceState, Requisition
from nguon.devices.permission import require
from nguon.devices.requisitions import queries, rules
from nguon.journal import actions as journal
from nguon.kit import clock, text
from nguon.people.models import Person

MOST_BREACHES = 50  # of one requisition: the link may get into wrong hands
LONGEST = 2000  # letters of a complaint


@dataclass(frozen=True)
class Terms:
    """What was decided or agreed."""

    owner: str
    contact: str
    basis: str
    first_day: date
    last_day: date
    hours: tuple[rules.Hours, ...]
    area: rules.Area = rules.WHOLE


class Overlaps(rules.Wrong):
    """There is another for the same days."""


class NotNow(Exception):
    """What an owner says cannot be taken, in words for them."""


@transaction.atomic
def begin(*, device: Device, terms: Terms, actor: Person, now: datetime) -> Requisition:
    """Lay down a right; the device hears of it at once. Raises Forbidden, rules.Wrong."""
    require(actor, device.place_id, now)
    device = Device.objects.select_for_update().get(pk=device.pk)
    rules.check(terms.first_day, terms.last_day, terms.hours, terms.area)
    if terms.last_day < clock.local_day(now):
        raise rules.Wrong("last_day", _("Ngày kết thúc đã qua."))
    others = queries.in_force(device, clock.local_day(now))
    if others.filter(first_day__lte=terms.last_day, last_day__gte=terms.first_day).exists():
        raise Overlaps("first_day", _("Đã có một đợt còn hiệu lực trong những ngày này. Hãy kết thúc đợt đó trước."))
    made = Requisition.objects.create(
        device=device,
        owner=terms.owner,
        contact=terms.contact,
        basis=terms.basis,
        first_day=terms.first_day,
        last_day=terms.last_day,
        hours=_kept(terms.hours),
        area=list(asdict(terms.area).values()),
        created_by=actor,
        created_at=now,
    )
    after = {"owner": terms.owner, "basis": terms.basis, "first_day": terms.first_day.isoformat()}
    after |= {"last_day": terms.last_day.isoformat(), "hours": ", ".join("–".join(one) for one in made.hours)}
    _told(device, "devices.requisition", actor, now, after)
    return made


def _kept(hours: Sequence[rules.Hours]) -> list[list[str]]:
    return [[f"{begins:%H:%M}", f"{ends:%H:%M}"] for begins, ends in hours]


@transaction.atomic
def end(*, requisition: Requisition, actor: Person, now: datetime) -> bool:
    """Give the screen back before its time: what shows goes dark. False if it was over. Raises Forbidden."""
    device = requisition.device
    require(actor, device.place_id, now)
    changed = Requisition.objects.filter(pk=requisition.pk, ended_at=None).update(ended_at=now, ended_by=actor)
    if changed:
        _told(device, "devices.requisition-end", actor, now, {"owner": requisition.owner, "basis": requisition.basis})
    return bool(changed)


@transaction.atomic
def complain(*, requisition: Requisition, words: str, now: datetime) -> Breach:
    """The owner says that something was shown that was not agreed. Raises NotNow."""
    kept = text.clean(words)[:LONGEST]
    if not kept:
        raise NotNow(_("Hãy ghi điều đã xảy ra: thấy gì, lúc nào."))
    if requisition.breaches.count() >= MOST_BREACHES:
        raise NotNow(_("Đã nhận nhiều phản ánh từ đường dẫn này. Hãy gọi cho cán bộ phụ trách."))
    made = Breach.objects.create(requisition=requisition, words=kept, at=now)
    DeviceState.objects.filter(device=requisition.device_id).update(changed_at=now)
    _record(requisition.device, "devices.breach", "owner", now, {"owner": requisition.owner, "words": kept[:200]})
    return made


def _told(device: Device, verb: str, actor: Person, now: datetime, after: dict[str, str]) -> None:
    """Written down, and the device's settings are sent anew: its right is in them."""
    Device.objects.filter(pk=device.pk).update(settings_version=F("settings_version") + 1)
    _record(device, verb, actor, now, after)


def _record(device: Device, verb: str, actor: Person | str, now: datetime, after: dict[str, str]) -> None:
    subject = f"devices.device:{device.pk.hex}"
    journal.record(actor=actor, verb=verb, subject=subject, now=now, place=device.place_id, after=after)
