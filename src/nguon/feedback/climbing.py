"""How a case that waits climbs: when it is looked at next, and how far it has come."""

from datetime import datetime, timedelta

from nguon.feedback.models import Case
from nguon.feedback.rules import State

SHARE = 0.75  # of the time, after which whoever has the case is reminded
HIGHER = timedelta(days=1)  # between two steps once it is late
CLOSES_AFTER = timedelta(days=15)  # an answer that nobody says anything about
_ACCEPTING = frozenset({State.NEW})
_ANSWERING = frozenset({State.ACCEPTED, State.ASSIGNED, State.WORKING, State.REOPEN})


def deadline(case: Case) -> datetime | None:
    """What the case waits for now: to be taken in, or to be answered; None if its clock stands or it is done."""
    if case.held:
        return None
    if case.state in _ACCEPTING:
        return case.accept_by
    return case.answer_by if case.state in _ANSWERING else None


def step_at(case: Case) -> datetime | None:
    """When its next step is due: reminded before the deadline, at it, then a step higher each day."""
    due = deadline(case)
    if due is None:
        return None
    if case.reminded == 0:
        begun = case.received_at + (case.stood or timedelta())
        return begun + (due - begun) * SHARE if due > begun else due
    return due + HIGHER * (case.reminded - 1)


def next_look(case: Case, now: datetime) -> datetime | None:
    """When the clock of cases looks at it again; None: never, unless somebody does something."""
    if case.state == State.ANSWERED and case.answered_at is not None:
        return case.answered_at + CLOSES_AFTER
    moments = [step_at(case), case.news_by if deadline(case) is not None else None]
    return min((moment for moment in moments if moment is not None), default=None)
