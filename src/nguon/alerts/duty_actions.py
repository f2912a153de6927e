"""The verbs of duty: who is on it, and that somebody went where loudspeakers were silent."""

from dataclasses import dataclass, fields
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from nguon.alerts.errors import AlertError, NotNow
from nguon.alerts.models import Alert, Duty, Reached
from nguon.journal.actions import record
from nguon.kit.clock import local_day
from nguon.kit.text import clean
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.ports.notice import telephone

MOST = 30  # people on duty of one place: nobody calls more


class DutyError(AlertError):
    """What is written of somebody on duty cannot be kept; the text is for the officer."""


@dataclass(frozen=True)
class Turn:
    """What an officer writes of somebody on duty. See `models.Duty`."""

    name: str
    position: str = ""
    phone: str = ""
    email: str = ""
    order: int = 1
    valid_from: date | None = None
    valid_to: date | None = None
    days: tuple[int, ...] = ()
    begins: time | None = None
    ends: time | None = None


@transaction.atomic
def add(*, place_id: UUID, turn: Turn, actor: Person, now: datetime) -> Duty:
    """Somebody more on duty for a place. Raises DutyError, Forbidden."""
    scope.require(actor, Right.ALERT, place_id, on=local_day(now))
    if Duty.objects.filter(place=place_id).count() >= MOST:
        raise DutyError(_("Danh sách trực đã đủ %(most)d người. Hãy bỏ bớt người không còn trực.") % {"most": MOST})
    duty = Duty.objects.create(place_id=place_id, **_kept(turn))
    _record("alerts.duty-add", duty, actor, now, after={"name": duty.name})
    return duty


@transaction.atomic
def change(*, duty: Duty, turn: Turn, actor: Person, now: datetime) -> Duty:
    """Write anew who it is and when. Raises DutyError, Forbidden."""
    found = _held(duty, actor, now)
    before, kept = found.name, _kept(turn)
    changed = sorted(name for name, value in kept.items() if getattr(found, name) != value)
    if not changed:
        return found
    for name in changed:
        setattr(found, name, kept[name])
    found.save(update_fields=changed)
    # the journal is read by others: it names what was changed, and neither number nor address
    _record("alerts.duty-change", found, actor, now, before={"name": before}, after={"name": found.name})
    return found


@transaction.atomic
def remove(*, duty: Duty, actor: Person, now: datetime) -> None:
    """No longer on duty: number and address are kept no more. Raises Forbidden."""
    found = _held(duty, actor, now)
    _record("alerts.duty-remove", found, actor, now, before={"name": found.name})
    found.delete()


@transaction.atomic
def reach(*, alert: Alert, place_id: UUID, actor: Person, now: datetime, note: str = "") -> Reached:
    """The people of a silent place were told by hand. Once; a second word changes nothing. Raises NotNow, Forbidden."""
    scope.require(actor, Right.ALERT, place_id, on=local_day(now))
    if not alert.silences.filter(place=place_id).exists():
        raise NotNow
    given: dict[str, Any] = {"person": actor, "at": now, "note": " ".join(clean(note).split())[:300]}
    found, fresh = Reached.objects.get_or_create(alert=alert, place_id=place_id, defaults=given)
    if fresh:
        _record_place("alerts.reached", alert, place_id, actor, now)
    return found


@transaction.atomic
def unreach(*, alert: Alert, place_id: UUID, actor: Person, now: datetime) -> bool:
    """It was marked by mistake: nobody went there. Raises Forbidden."""
    scope.require(actor, Right.ALERT, place_id, on=local_day(now))
    gone, _each = Reached.objects.filter(alert=alert, place=place_id).delete()
    if gone:
        _record_place("alerts.unreached", alert, place_id, actor, now)
    return bool(gone)


def _held(duty: Duty, actor: Person, now: datetime) -> Duty:
    found = Duty.objects.select_for_update().get(pk=duty.pk)
    scope.require(actor, Right.ALERT, found.place_id, on=local_day(now))
    return found


def _kept(turn: Turn) -> dict[str, Any]:
    """As it is stored. Raises DutyError."""
    values = {field.name: getattr(turn, field.name) for field in fields(turn)}
    for name in ("name", "position", "email"):
        values[name] = " ".join(clean(values[name]).split())
    if not values["name"]:
        raise DutyError(_("Hãy ghi họ tên người trực."))
    if values["phone"]:
        try:
            values["phone"] = telephone(values["phone"])
        except ValueError:
            raise DutyError(_("Số điện thoại chỉ gồm chữ số, có thể bắt đầu bằng dấu +.")) from None
    if not values["phone"] and not values["email"]:
        raise DutyError(_("Hãy ghi số điện thoại hoặc địa chỉ thư điện tử để báo được cho người trực."))
    if (values["begins"] is None) != (values["ends"] is None):
        raise DutyError(_("Ghi cả giờ bắt đầu và giờ kết thúc."))
    if values["valid_from"] and values["valid_to"] and values["valid_to"] < values["valid_from"]:
        raise DutyError(_("Ngày cuối phải sau ngày đầu."))
    values["days"] = sorted(set(values["days"]))
    return values


def _record(verb: str, duty: Duty, actor: Person, now: datetime, **said: dict[str, Any]) -> None:
    subject = f"alerts.duty:{duty.pk.hex}"
    record(actor=actor, verb=verb, subject=subject, now=now, place=duty.place_id, **said)


def _record_place(verb: str, alert: Alert, place_id: UUID, actor: Person, now: datetime) -> None:
    subject = f"alerts.alert:{alert.pk.hex}"
    record(actor=actor, verb=verb, subject=subject, now=now, place=place_id, after={"place": place_id})
