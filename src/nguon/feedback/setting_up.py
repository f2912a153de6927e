"""Setting the desk up: fields, routing, deadlines, days off, prepared words. All is noted; nothing past changes.

Who may: whoever manages people or approves, for a place and all below; for "everywhere" only who may at every root.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from nguon.feedback.errors import CaseError
from nguon.feedback.models import DayOff, Field, Route, Template, Term
from nguon.journal.actions import record
from nguon.kit.clock import local_day
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.queries import rights
from nguon.people.rules import Right

RIGHTS = (Right.PEOPLE, Right.APPROVE)
Row = Field | Route | Term | DayOff | Template
R = TypeVar("R", Field, Route, Term, DayOff, Template)


def anywhere(person: Person) -> bool:
    """Whether the person sets anything up."""
    return bool(rights(person) & set(RIGHTS))


def reach(person: Person) -> frozenset[UUID]:
    """The places where the person sets things up."""
    return frozenset(pk for right in RIGHTS for pk in scope.place_ids(person, right))


def may(person: Person, place_id: UUID | None) -> bool:
    """Whether the person sets up what holds for a place, or (None) for everywhere."""
    if place_id is None:
        return any(scope.everywhere(person, right) for right in RIGHTS)
    return place_id in reach(person)


@transaction.atomic
def save_field(*, field: Field | None, values: Mapping[str, Any], actor: Person, now: datetime) -> Field:
    """A new field, or a changed one: its key stays, as other programs know it by that. Raises CaseError, Forbidden."""
    kept = dict(values)
    if field is not None:
        kept.pop("key", None)
    elif Field.objects.filter(key=kept["key"]).exists():
        raise CaseError(_("Đã có lĩnh vực mang khóa này. Hãy đặt khóa khác."))
    return _save(field or Field(), kept, "feedback.field", actor, now)


@transaction.atomic
def save_route(*, route: Route | None, values: Mapping[str, Any], actor: Person, now: datetime) -> Route:
    """A new routing rule, last in its place, or a changed one. Raises Forbidden."""
    kept = dict(values)
    if route is None or route.place_id != kept["place"].pk:
        last = Route.objects.filter(place=kept["place"]).aggregate(last=Max("number"))["last"] or 0
        kept["number"] = last + 1
    return _save(route or Route(), kept, "feedback.route", actor, now)


@transaction.atomic
def move_route(*, route: Route, up: bool, actor: Person, now: datetime) -> None:
    """Let a rule change places with the one before or after it in its place. Nothing at the end. Raises Forbidden."""
    _require(actor, route.place_id)
    row = list(Route.objects.select_for_update().filter(place=route.place_id).order_by("number", "pk"))
    at = row.index(route)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(row):
        return
    row[at], row[to] = row[to], row[at]
    for number, one in enumerate(row, start=1):
        one.number = number
    Route.objects.bulk_update(row, ["number"])
    _record("feedback.route", route, actor, now, {"name": route.name, "number": to + 1})


@transaction.atomic
def add_term(*, values: Mapping[str, Any], actor: Person, now: datetime) -> Term:
    """A deadline from a day on, today at the earliest; the one that held for the same until then ends the day before.

    What came in before keeps its own deadlines. Raises CaseError, Forbidden.
    """
    first: date = values["valid_from"]
    if first < local_day(now):
        raise CaseError(_("Thời hạn mới chỉ tính từ hôm nay trở đi: phản ánh đã nhận giữ hạn cũ."))
    same = {name: values[name] for name in ("place", "field", "severity", "step")}
    _require(actor, values["place"].pk if values["place"] else None)
    held = Term.objects.select_for_update().filter(Q(valid_to=None) | Q(valid_to__gte=first), **same)
    if held.filter(valid_from__gte=first).exists():
        raise CaseError(_("Đã có thời hạn cùng loại bắt đầu từ ngày ấy hoặc sau đó. Hãy chọn ngày khác."))
    held.update(valid_to=first - timedelta(days=1))
    return _save(Term(), dict(values), "feedback.term", actor, now)


@transaction.atomic
def end_term(*, term: Term, last: date, actor: Person, now: datetime) -> Term:
    """Let a deadline hold until a day, today at the earliest. Raises CaseError, Forbidden."""
    if last < local_day(now) or (term.valid_from is not None and last < term.valid_from):
        raise CaseError(_("Ngày cuối phải từ hôm nay và sau ngày bắt đầu."))
    return _save(term, {"valid_to": last}, "feedback.term-end", actor, now)


@transaction.atomic
def add_day_off(*, values: Mapping[str, Any], actor: Person, now: datetime) -> DayOff:
    """A day off, or a day worked for another; not one that is over. Raises CaseError, Forbidden."""
    if values["day"] < local_day(now):
        raise CaseError(_("Ngày này đã qua nên không đổi được."))
    if DayOff.objects.filter(day=values["day"], place=values["place"]).exists():
        raise CaseError(_("Đã ghi ngày này. Hãy bỏ dòng cũ trước."))
    return _save(DayOff(), dict(values), "feedback.day-off", actor, now)


@transaction.atomic
def remove_day_off(*, day: DayOff, actor: Person, now: datetime) -> None:
    """Take a day that is still to come out of the list. Raises CaseError, Forbidden."""
    _require(actor, day.place_id)
    if day.day < local_day(now):
        raise CaseError(_("Ngày này đã qua nên không đổi được."))
    _record("feedback.day-off-remove", day, actor, now, {"day": day.day.isoformat()})
    day.delete()


@transaction.atomic
def save_template(*, template: Template | None, values: Mapping[str, Any], actor: Person, now: datetime) -> Template:
    """New prepared words, or changed ones. Raises Forbidden."""
    return _save(template or Template(), dict(values), "feedback.template", actor, now)


def _save(row: R, values: dict[str, Any], verb: str, actor: Person, now: datetime) -> R:
    if row.place_id is not None or not row._state.adding:
        _require(actor, row.place_id)
    for name, value in values.items():
        setattr(row, name, value)
    _require(actor, row.place_id)
    row.save()
    _record(verb, row, actor, now, {name: str(value) for name, value in values.items()})
    return row


def _require(actor: Person, place_id: UUID | None) -> None:
    if not may(actor, place_id):
        raise scope.forbidden()


def _record(verb: str, row: Row, actor: Person, now: datetime, after: dict[str, Any]) -> None:
    key = row.pk.hex if isinstance(row.pk, UUID) else str(row.pk)
    subject = f"feedback.{type(row).__name__.lower()}:{key}"
    record(actor=actor, verb=verb, subject=subject, now=now, place=row.place_id, after=after)
