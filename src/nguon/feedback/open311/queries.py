"""What other programs may read: services of a jurisdiction, cases of the public register, how a posted one stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from nguon.feedback import queries
from nguon.feedback.models import Case, CaseState, Field, Posted
from nguon.feedback.open311.contract import Refused, stamp
from nguon.feedback.rules import FINAL, State
from nguon.kit.clock import local_day
from nguon.places import queries as places

LONGEST = timedelta(days=90)  # between the dates of one question
MOST = 200  # requests in one answer
CLOSED = frozenset({*FINAL, State.ANSWERED})
SYSTEM = "gso"  # whose codes of places name a jurisdiction


@dataclass(frozen=True)
class Asked:
    """What is asked of the register. Empty means all."""

    numbers: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    start: datetime | None = None
    end: datetime | None = None
    page: int = 1
    size: int = MOST


def jurisdiction(code: str, now: datetime) -> UUID | None:
    """The place a jurisdiction_id means: its code of the statistics office; None: the whole server. Raises Refused."""
    if not code:
        return None
    found = places.by_code(SYSTEM, code, local_day(now))
    if found is None:
        raise Refused(404, _("jurisdiction_id “%(code)s” không có trên máy chủ này.") % {"code": code})
    return found.pk


def services(place_id: UUID | None, now: datetime) -> QuerySet[Field]:
    """What may be told there."""
    here = Q(place=None)
    if place_id is not None:
        here |= Q(place__in=places.tree().above(place_id, local_day(now)))
    return Field.objects.filter(here, active=True)


def service(code: str, place_id: UUID | None, now: datetime) -> Field:
    """One of them. Raises Refused."""
    found = services(place_id, now).filter(key=code).first()
    if found is None:
        raise Refused(404, _("service_code “%(code)s” không có.") % {"code": code})
    return found


def service_row(field: Field) -> dict[str, Any]:
    """One service as the contract writes it."""
    return {
        "service_code": field.key,
        "service_name": field.name,
        "description": field.hint,
        "metadata": bool(field.questions),
        "type": "realtime",
        "keywords": ", ".join(field.words),
        "group": None,
    }


def definition_row(field: Field) -> dict[str, Any]:
    """What more is asked of one service."""
    return {"service_code": field.key, "attributes": [_attribute(one, n) for n, one in enumerate(field.questions, 1)]}


def _attribute(question: dict[str, Any], order: int) -> dict[str, Any]:
    choices = question.get("choices") or []
    row: dict[str, Any] = {
        "variable": True,
        "code": question["key"],
        "datatype": "singlevaluelist" if question.get("kind") == "choice" else "text",
        "required": bool(question.get("needed")),
        "datatype_description": None,
        "order": order,
        "description": question["label"],
    }
    return row | ({"values": [{"key": one, "name": one} for one in choices]} if choices else {})


def found(asked: Asked, place_id: UUID | None, now: datetime) -> list[Case]:
    """Cases of the register that answer a question, the newest first. Asked for by number all else is left out."""
    cases = _register(place_id, now)
    if asked.numbers:
        kept = [pk for number in asked.numbers if (pk := number_of(number))]
        return list(cases.filter(pk__in=kept).order_by("-received_at", "pk")[:MOST])
    start, end = _dates(asked, now)
    cases = cases.filter(received_at__gte=start, received_at__lte=end)
    if asked.services:
        cases = cases.filter(field__key__in=asked.services)
    if asked.states:
        closed = [state for state in State if (state in CLOSED and "closed" in asked.states)]
        open_ = [state for state in State if (state not in CLOSED and "open" in asked.states)]
        cases = cases.filter(state__in=[*closed, *open_])
    first = (asked.page - 1) * asked.size
    return list(cases.order_by("-received_at", "pk")[first : first + asked.size])


def number_of(written: str) -> UUID | None:
    """The id of a case from its number here; None if it is none.

    The number is the id, never the code: that is half of what opens a case to whoever told it.
    """
    try:
        return UUID(hex=written.strip())
    except ValueError:
        return None


def one(number: str, place_id: UUID | None, now: datetime) -> dict[str, Any]:
    """One case by its number. One that a program posted and nobody has moderated says no more than how it stands.

    Raises Refused.
    """
    pk = number_of(number)
    case = _register(place_id, now).filter(pk=pk).first() if pk else None
    if case is not None:
        return request_row(case)
    case = posted(number, place_id, now)
    return _state(case) | _times(case)


def posted(number: str, place_id: UUID | None, now: datetime) -> Case:
    """A case that came from a program and whose code still opens something. Raises Refused."""
    pk = number_of(number)
    came = Exists(Posted.objects.filter(case=OuterRef("pk")))
    cases = _within(Case.objects.filter(came).exclude(tail=""), place_id, now).select_related("field")
    case = cases.filter(pk=pk).first() if pk else None
    if case is None:
        raise Refused(404, _("service_request_id “%(code)s” không có.") % {"code": number[:40]})
    return case


def request_row(case: Case) -> dict[str, Any]:
    """A case of the register as the contract writes it: nothing of it but what is public."""
    shown = "\n".join(one for one in (case.public_title, case.public_words) if one)
    more = {
        "description": shown,
        "agency_responsible": case.office.name if case.office else None,
        "service_notice": None,
    }
    where = {
        "address": str(case.place),
        "address_id": None,
        "zipcode": None,
        "lat": None,  # nobody moderated the position: it may be the reporter's own gate
        "long": None,
        "media_url": None,
    }
    return _state(case) | more | _times(case) | where


def _state(case: Case) -> dict[str, Any]:
    return {
        "service_request_id": case.pk.hex,
        "status": "closed" if case.state in CLOSED else "open",
        "status_notes": str(CaseState(case.state).label),
        "service_name": case.field.name if case.field else None,
        "service_code": case.field.key if case.field else None,
    }


def _times(case: Case) -> dict[str, Any]:
    changed = max(filter(None, (case.received_at, case.accepted_at, case.answered_at, case.closed_at)))
    return {
        "requested_datetime": stamp(case.received_at),
        "updated_datetime": stamp(changed),
        "expected_datetime": stamp(case.answer_by),
    }


def _register(place_id: UUID | None, now: datetime) -> QuerySet[Case]:
    day = local_day(now)
    if place_id is None:
        ids: Iterable[UUID] = places.tree().answered_for(places.tree().roots(day), day)
    else:
        ids = places.tree().answered_for([place_id], day)
    return queries.register(ids).select_related("field", "place", "office")


def _within(cases: QuerySet[Case], place_id: UUID | None, now: datetime) -> QuerySet[Case]:
    if place_id is None:
        return cases
    return cases.filter(place__in=places.tree().answered_for([place_id], local_day(now)))


def _dates(asked: Asked, now: datetime) -> tuple[datetime, datetime]:
    """The range that is looked through: never more than 90 days. Raises Refused."""
    end = asked.end or (min(asked.start + LONGEST, now) if asked.start else now)
    start = asked.start or end - LONGEST
    if end - start > LONGEST:
        raise Refused(400, _("start_date và end_date cách nhau nhiều nhất 90 ngày."))
    return start, end
