"""The verbs on slots: make, change, move by a day or from a day on, leave out, add, suspend, resume, end."""

from copy import copy as copy_of
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from nguon.delivery.choosing import MOST_TARGETS
from nguon.delivery.rules import Targets
from nguon.devices.models import Device, Group
from nguon.journal.actions import record
from nguon.kit.clock import LOCAL, local_day
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.places import queries as places
from nguon.places.models import Place
from nguon.programme import advice, gather, lengths, plans, recurrence, rules, slots, words
from nguon.programme.gather import Placed
from nguon.programme.models import OnHoliday, Programme, Slot, Suspension
from nguon.programme.slots import Unfit

ONE_DAY = timedelta(days=1)


class SlotRefused(Exception):
    """Why a slot cannot be as wished, in an officer's words. `field` is the part of the form it is about, or empty."""

    def __init__(self, said: str, field: str = "") -> None:
        super().__init__(said)
        self.field = field


class Reach(StrEnum):
    """How much of a slot a change is about, seen from one of its days."""

    ONLY = "only"  # this day
    AFTER = "after"  # this day and all later ones
    ALL = "all"


@dataclass(frozen=True)
class Wanted:
    """A slot as an officer wants it. Dates and times of the wall clock in Vietnam."""

    place_id: UUID
    programme: Programme
    first_day: date
    at: time
    targets: Targets
    rule: str = ""
    lunar_days: tuple[int, ...] = ()
    on_holiday: str = OnHoliday.PLAY
    valid_from: date | None = None
    valid_to: date | None = None


def wanted_of(slot: Slot) -> Wanted:
    """A slot as it is kept."""
    return Wanted(
        place_id=slot.place_id,
        programme=slot.programme,
        first_day=slot.first_day,
        at=slot.at,
        targets=targets_of(slot),
        rule=slot.rule,
        lunar_days=tuple(slot.lunar_days),
        on_holiday=slot.on_holiday,
        valid_from=slot.valid_from,
        valid_to=slot.valid_to,
    )


def since(wanted: Wanted, first_day: date) -> Wanted:
    """The same with another first day."""
    return replace(wanted, first_day=first_day)


def alone(wanted: Wanted, day: date, at: time) -> Wanted:
    """The same on one day only."""
    once = replace(wanted, first_day=day, at=at, rule="", lunar_days=(), on_holiday=OnHoliday.PLAY)
    return replace(once, valid_from=None, valid_to=None)


def targets_of(slot: Slot) -> Targets:
    """Where a slot plays; all of its place if nothing is named."""
    named = Targets(*(tuple(each.pk for each in rows.all()) for rows in (slot.places, slot.groups, slot.devices)))
    return named or Targets(places=(slot.place_id,))


def considered(wanted: Wanted, now: datetime, slot: Slot | None = None) -> advice.Advice:
    """What would come of it. `slot`: the one it would change. Raises SlotRefused for what cannot be at all."""
    row = _row(wanted, now, copy_of(slot) if slot else None)
    long = lengths.of([wanted.programme])[wanted.programme.pk]
    urgent = lengths.priority_bulletins([wanted.programme])
    rests = list(slot.suspensions.all()) if slot else []
    if not row.rule and slot is not None and slot.rule:  # one day of it, for itself
        row.except_on, row.also_on, rests = [], [], []
    pure = gather.slot(row, long, urgent, rests)
    try:
        slots.check(replace(pure, length=long))
    except Unfit as error:
        raise SlotRefused(words.unfit(error.field, error.reason), error.field) from error
    if not pure.rule and not pure.also_on and pure.first < now.astimezone(LOCAL).replace(tzinfo=None):
        raise SlotRefused(words.unfit("first_day", "past"), "first_day")
    return advice.consider(Placed(pure, row, wanted.targets), local_day(now))


@transaction.atomic
def create(*, wanted: Wanted, actor: Person, now: datetime) -> Slot:
    """A new slot. Raises SlotRefused, Forbidden for a place or target that is not the person's."""
    kept = _checked(wanted, actor, now)
    _refuse_hopeless(considered(kept, now))
    row = _row(kept, now, None)
    row.created_by = actor
    row.save()
    _set_targets(row, kept.targets)
    _record("programme.slot-create", row, actor, now, after=_said(row))
    return row


@transaction.atomic
def change(
    *, slot: Slot, wanted: Wanted, actor: Person, now: datetime, reach: Reach = Reach.ALL, day: date | None = None
) -> Slot:
    """Another time, programme or place for all its days, for one, or from one on. Gives the slot that has the change.

    Raises SlotRefused, Forbidden.
    """
    slot = _locked(slot, actor, now)
    kept = _checked(wanted, actor, now)
    if reach is Reach.ALL or day is None or (reach is Reach.AFTER and day <= slot.first_day):
        return _change_all(slot, kept, actor, now)
    if reach is Reach.ONLY:
        kept = alone(kept, kept.first_day, kept.at)
        slot.except_on = sorted({*slot.except_on, day.isoformat()})
    else:
        slot.valid_to = day - ONE_DAY
        kept = replace(kept, first_day=max(kept.first_day, day), valid_from=None)
    _save(slot, now)
    _record("programme.slot-change", slot, actor, now, after={**_said(slot), "reach": str(reach), "day": day})
    made = create(wanted=kept, actor=actor, now=now)
    if reach is Reach.AFTER:
        _hand_over(slot, made, day, now)
    return made


@transaction.atomic
def move(*, slot: Slot, day: date, to: date, at: time, reach: Reach, actor: Person, now: datetime) -> Slot:
    """Drag the slot from one of its days to a day and a time. Raises SlotRefused, Forbidden."""
    wanted = replace(wanted_of(slot), at=at)
    chosen = recurrence.read(slot.rule, slot.lunar_days)
    shift = (to - day).days
    if reach is Reach.ONLY or not slot.rule:
        wanted = replace(wanted, first_day=to)
    elif shift:
        try:
            rule = recurrence.shifted(chosen, shift).as_rule()
        except ValueError as error:
            raise SlotRefused(words.unfit("first_day", "days"), "first_day") from error
        first = slot.first_day if reach is Reach.ALL else day
        wanted = replace(wanted, rule=rule, first_day=max(first + timedelta(days=shift), local_day(now)))
    return change(slot=slot, wanted=wanted, actor=actor, now=now, reach=reach if slot.rule else Reach.ALL, day=day)


@transaction.atomic
def except_day(*, slot: Slot, day: date, actor: Person, now: datetime) -> None:
    """Leave one day out. Raises Forbidden, SlotRefused for the only day it has."""
    slot = _locked(slot, actor, now)
    if not slot.rule and day == slot.first_day and not slot.also_on:
        raise SlotRefused(_("Khung giờ này chỉ có một ngày. Muốn bỏ thì kết thúc khung giờ."))
    slot.also_on = [each for each in slot.also_on if each != day.isoformat()]
    slot.except_on = sorted({*slot.except_on, day.isoformat()})
    _save(slot, now)
    _record("programme.slot-except", slot, actor, now, after={"day": day})


@transaction.atomic
def add_day(*, slot: Slot, day: date, actor: Person, now: datetime) -> None:
    """Play on a day that its rule does not give, or that was left out. Raises Forbidden, SlotRefused for a past day."""
    slot = _locked(slot, actor, now)
    if day < local_day(now):
        raise SlotRefused(_("Ngày này đã qua. Hãy chọn ngày khác."), "day")
    if day < slot.first_day:
        raise SlotRefused(_("Ngày thêm phải từ ngày bắt đầu của khung giờ trở đi."), "day")
    if day.isoformat() in slot.except_on:
        slot.except_on = [each for each in slot.except_on if each != day.isoformat()]
    else:
        slot.also_on = sorted({*slot.also_on, day.isoformat()})
    _save(slot, now)
    _record("programme.slot-add-day", slot, actor, now, after={"day": day})


@transaction.atomic
def suspend(*, slot: Slot, first: date, last: date | None, reason: str, actor: Person, now: datetime) -> Suspension:
    """Let it rest from a day to a day, or until told otherwise. Raises Forbidden, SlotRefused."""
    slot = _locked(slot, actor, now)
    if last is not None and last < first:
        raise SlotRefused(_("Ngày nghỉ cuối phải sau ngày nghỉ đầu."), "last")
    if last is not None and last < local_day(now):
        raise SlotRefused(_("Những ngày này đã qua."), "last")
    made = Suspension.objects.create(
        slot=slot, first=first, last=last, reason=reason.strip()[:200], created_by=actor, created_at=now
    )
    _save(slot, now)
    after = {"first_day": first, "until": last, "reason": made.reason}
    _record("programme.slot-suspend", slot, actor, now, after=after)
    return made


@transaction.atomic
def resume(*, slot: Slot, actor: Person, now: datetime) -> int:
    """End its rest: what has not begun is dropped, what goes on ends yesterday. How many rests. Raises Forbidden."""
    slot = _locked(slot, actor, now)
    today, ended = local_day(now), 0
    for rest in slot.suspensions.all():
        if rest.first >= today:
            rest.delete()
        elif rest.last is None or rest.last >= today:
            rest.last = today - ONE_DAY
            rest.save(update_fields=["last"])
        else:
            continue
        ended += 1
    if ended:
        _save(slot, now)
        _record("programme.slot-resume", slot, actor, now)
    return ended


@transaction.atomic
def copy(*, slot: Slot, at: time, first_day: date, actor: Person, now: datetime) -> Slot:
    """The same at another time, from a day on. Raises SlotRefused, Forbidden."""
    wanted = replace(wanted_of(slot), at=at, first_day=first_day)
    return create(wanted=wanted, actor=actor, now=now)


@transaction.atomic
def end(*, slot: Slot, actor: Person, now: datetime) -> None:
    """Take it out of the timetable for good; what it played stays in the reports. Raises Forbidden."""
    slot = _locked(slot, actor, now)
    slot.ended_at = now
    _save(slot, now)
    _record("programme.slot-end", slot, actor, now, before=_said(slot))


def _change_all(slot: Slot, kept: Wanted, actor: Person, now: datetime) -> Slot:
    before = _said(slot)
    _refuse_hopeless(considered(kept, now, slot))
    row = _row(kept, now, slot)
    row.save()
    _set_targets(row, kept.targets)
    _record("programme.slot-change", row, actor, now, before=before, after=_said(row))
    return row


def _hand_over(old: Slot, new: Slot, day: date, now: datetime) -> None:
    """From a day on, what was said of single days and of rests holds for the one that goes on."""
    new.except_on = [each for each in old.except_on if each >= day.isoformat()]
    new.also_on = [each for each in old.also_on if each >= day.isoformat()]
    old.also_on = [each for each in old.also_on if each < day.isoformat()]
    for rest in old.suspensions.all():
        if rest.last is None or rest.last >= day:
            values = {"reason": rest.reason, "created_by": rest.created_by, "created_at": rest.created_at}
            Suspension.objects.create(slot=new, first=max(rest.first, day), last=rest.last, **values)
    _save(old, now)
    _save(new, now)


def _row(wanted: Wanted, now: datetime, slot: Slot | None) -> Slot:
    """The row as it would be; not saved."""
    row = slot or Slot(created_at=now)
    row.place_id, row.programme = wanted.place_id, wanted.programme
    row.first_day, row.at, row.rule = wanted.first_day, wanted.at, wanted.rule
    row.lunar_days, row.on_holiday = sorted(wanted.lunar_days), wanted.on_holiday
    row.valid_from, row.valid_to = wanted.valid_from, wanted.valid_to
    row.changed_at = now
    return row


def _checked(wanted: Wanted, actor: Person, now: datetime) -> Wanted:
    """The same with its targets outermost only. Raises Forbidden, SlotRefused."""
    on = local_day(now)
    scope.require(actor, Right.BROADCAST, wanted.place_id, on=on)
    _check_programme(wanted.programme, wanted.place_id, on)
    chosen = wanted.targets or Targets(places=(wanted.place_id,))
    inside = places.answered_for([wanted.place_id], on) & scope.place_ids(actor, Right.BROADCAST, on)
    at = [
        *chosen.places,
        *Group.objects.filter(pk__in=chosen.groups).values_list("place_id", flat=True),
        *Device.objects.filter(pk__in=chosen.devices).values_list("place_id", flat=True),
    ]
    if len(at) != len(chosen.places) + len(chosen.groups) + len(chosen.devices) or not inside.issuperset(at):
        raise scope.Forbidden(_("Bạn không có quyền phát ở nơi đã chọn."))
    if len(at) > MOST_TARGETS:
        raise SlotRefused(_("Chọn quá nhiều nơi nhận riêng lẻ. Hãy chọn cả thôn, cả xã hoặc lập nhóm."))
    tree = places.tree()
    up = {pk: parent for pk in inside if (parent := tree.parent(pk, on)) is not None}
    return replace(wanted, targets=replace(chosen, places=rules.outermost(chosen.places, up)))


def _check_programme(programme: Programme, place_id: UUID, on: date) -> None:
    """A programme of the place itself, or one shared by a place above. Raises SlotRefused."""
    if programme.ended_at is not None:
        raise SlotRefused(_("Chương trình này đã kết thúc. Hãy chọn chương trình khác."), "programme")
    above = places.tree().above(place_id, on)
    if programme.place_id != place_id and not (programme.shared and programme.place_id in above):
        raise SlotRefused(_("Chương trình này không dùng được ở địa bàn đã chọn."), "programme")


def _refuse_hopeless(found: advice.Advice) -> None:
    if not found.hopeless:
        return
    worst = found.troubles[0]
    said = _("Khung giờ này sẽ không bao giờ phát được. %(why)s.") % {"why": words.why(worst.why, worst.by)}
    if found.better:
        said += " " + _("Giờ gần nhất phát được là %(at)s.") % {"at": f"{found.better:%H:%M}"}
    raise SlotRefused(said, "at")


def _locked(slot: Slot, actor: Person, now: datetime) -> Slot:
    found = Slot.objects.select_for_update().get(pk=slot.pk)
    scope.require(actor, Right.BROADCAST, found.place_id, on=local_day(now))
    if found.ended_at is not None:
        raise SlotRefused(_("Khung giờ này đã kết thúc."))
    return found


def _save(slot: Slot, now: datetime) -> None:
    slot.changed_at = now
    slot.save()


def _set_targets(slot: Slot, targets: Targets) -> None:
    slot.places.set(Place.objects.filter(pk__in=targets.places))
    slot.groups.set(Group.objects.filter(pk__in=targets.groups))
    slot.devices.set(Device.objects.filter(pk__in=targets.devices))


def _said(slot: Slot) -> dict[str, Any]:
    """A slot for the journal: in Vietnamese, whatever the language of whoever changed it."""
    with override("vi"):
        rule = words.repeat(recurrence.read(slot.rule, slot.lunar_days), slot.first_day)
    return {
        "programme": slot.programme.name,
        "first_day": slot.first_day,
        "time": f"{slot.at:%H:%M}",
        "rule": rule,
        "valid_to": slot.valid_to,
    }


def _record(verb: str, slot: Slot, actor: Person, now: datetime, **values: Any) -> None:
    record(actor=actor, verb=verb, subject=f"programme.slot:{slot.pk.hex}", now=now, place=slot.place_id, **values)
    plans.touch()
