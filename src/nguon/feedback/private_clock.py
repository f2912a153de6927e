"""Forgetting by the clock: after their time cases lose who told them, later all but that they were.

Each turn takes a few and leaves the rest for the next, so that it never holds the database long; it may be repeated.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from nguon.feedback import private, private_terms, queries, redaction, steps
from nguon.feedback.models import Case, CaseState, Gone, Lot, PrivacyRequest, Reporter

BATCH = 20
ACTOR = "cases"
_ASIDE = (CaseState.REFUSED, CaseState.DUPLICATE)
_ENDED = (CaseState.CLOSED, CaseState.PASSED_ON, CaseState.DIVERTED, CaseState.ASKED)  # or its reporter left it
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Swept:
    """What one turn did."""

    nameless: int = 0
    deleted: int = 0


def by_clock(now: datetime, most: int = BATCH) -> Swept:
    """One turn: at most so many of each."""
    nameless = deleted = 0
    for lot in Lot:
        kept = private_terms.retention(lot, now)
        if kept is None:
            continue
        over = _over(lot, private_terms.months_before(now, kept.deleted_months))
        deleted += sum(_tried(_delete, pk, now) for pk in _pks(over.filter(duplicates=None), most))
        known = _over(lot, private_terms.months_before(now, kept.nameless_months))
        nameless += sum(_tried(_forget, pk, now) for pk in _pks(known.exclude(tail=""), most))
    if nameless or deleted:
        log.info("%d cases made nameless, %d deleted", nameless, deleted)
    return Swept(nameless, deleted)


def _over(lot: Lot, before: datetime) -> QuerySet[Case]:
    """The cases of a lot that ended before a moment, the oldest first; none of which somebody waits to be erased."""
    aside = Q(state__in=_ASIDE) | ~Q(held="")
    mine = aside if lot == Lot.SET_ASIDE else Q(state__in=_ENDED, held="")
    ended = Coalesce("closed_at", Max("events__at"), "received_at")
    waits = PrivacyRequest.objects.filter(case=OuterRef("pk"), done_at=None)
    found = Case.objects.filter(mine).annotate(ended=ended).filter(ended__lt=before)
    return found.filter(~Exists(waits)).order_by("ended")


def _pks(cases: QuerySet[Case], most: int) -> "list[UUID]":
    return list(cases.values_list("pk", flat=True)[:most])


def _tried(does: Callable[[UUID, datetime], int], pk: UUID, now: datetime) -> int:
    """One case. One that goes wrong in a way nobody foresaw holds up no other."""
    try:
        return does(pk, now)
    except Exception:
        log.exception("a case whose time is over: %s", pk)
        return 0


@transaction.atomic
def _forget(pk: UUID, now: datetime) -> int:
    case = Case.objects.select_for_update().exclude(tail="").filter(pk=pk).first()
    if case is None:
        return 0
    words = case.public_words or redaction.redacted(case.words, queries.known_of(case))
    Reporter.objects.get_or_create(case=case)
    private.make_nameless(case=case, words=redaction.redacted(words, queries.known_of(case)), photos=True, now=now)
    _record(case, "feedback.nameless", now)
    return 1


@transaction.atomic
def _delete(pk: UUID, now: datetime) -> int:
    case = Case.objects.select_for_update().filter(pk=pk).first()
    if case is None:
        return 0
    Gone.objects.create(**left_of(case), deleted_at=now, why="clock")
    private.drop_photos(case.attachments.all())
    _record(case, "feedback.delete", now)
    case.delete()
    return 1


def left_of(case: Case) -> dict[str, object]:
    """What stays of a case in the figures."""
    in_time = case.answered_at <= case.answer_by if case.answered_at else None
    return {
        "code": case.code,
        "place": case.place,
        "field": case.field.name if case.field else "",
        "source": case.source,
        "state": case.state,
        "received_at": case.received_at,
        "answered_at": case.answered_at,
        "in_time": in_time,
    }


def _record(case: Case, verb: str, now: datetime) -> None:
    steps.note_down(case, verb, ACTOR, now)
