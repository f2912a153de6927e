"""By when: which rule holds for a case, and what it comes to on the calendar of its place."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from nguon.feedback import working
from nguon.feedback.models import Case, Step, Term, Unit
from nguon.feedback.working import Calendar
from nguon.kit.clock import local_day
from nguon.places import queries as places

# Where nobody has set a rule: what the law asks of the country's own portal, so that no case is without a deadline.
LAST_RESORT = {Step.ACCEPT: (8, Unit.WORKING_HOURS), Step.ANSWER: (20, Unit.DAYS), Step.NEWS: (7, Unit.DAYS)}

AGAIN = "feedback.reopen"  # the step by which a case is taken up again


@dataclass(frozen=True)
class Due:
    """Both deadlines of a case, and the rules they come from (None: nobody set one)."""

    accept_by: datetime
    answer_by: datetime
    accept: Term | None
    answer: Term | None


def due(*, place_id: UUID, field_id: UUID | None, severity: str, received_at: datetime, stood: timedelta) -> Due:
    """The deadlines of a case by the rules in force on the day it came in.

    `stood`: how long its clock stood. Whatever is to be answered sooner than it is to be taken in is taken in by then.
    """
    calendar, terms = working.calendar(place_id, received_at), Terms(place_id, field_id, severity, received_at)
    accept, answer = terms.of(Step.ACCEPT), terms.of(Step.ANSWER)
    answer_by = after(calendar, received_at + stood, Step.ANSWER, answer)
    accept_by = min(after(calendar, received_at, Step.ACCEPT, accept), answer_by)
    return Due(accept_by, answer_by, accept, answer)


def begun(case: Case) -> datetime:
    """When its time began: as it came in, or as it was last taken up again."""
    again = case.events.filter(verb=AGAIN).order_by("-at").first() if case.reopened else None
    return again.at if again else case.received_at


def of_case(case: Case) -> Due:
    """The same for a case that is here."""
    return due(
        place_id=case.place_id,
        field_id=case.field_id,
        severity=case.severity,
        received_at=begun(case),
        stood=case.stood or timedelta(),
    )


def next_news(case: Case, since: datetime) -> datetime:
    """By when the reporter of a late case is to hear something, if they last did at `since`."""
    term = Terms(case.place_id, case.field_id, case.severity, case.received_at).of(Step.NEWS)
    return after(working.calendar(case.place_id, since), since, Step.NEWS, term)


def shifted(case: Case, now: datetime) -> datetime:
    """The deadline of the answer after the clock stood since `asked_at`: as much time is left as there was then."""
    if case.asked_at is None or case.answer_by <= case.asked_at:
        return case.answer_by
    term = Terms(case.place_id, case.field_id, case.severity, case.received_at).of(Step.ANSWER)
    calendar = working.calendar(case.place_id, now)
    if term is not None and term.unit == Unit.WORKING_HOURS:
        return calendar.add(now, calendar.between(case.asked_at, case.answer_by))
    return calendar.end_of(local_day(case.answer_by + (now - case.asked_at)))


class Terms:
    """The rules that hold for one kind of case on the day it came in."""

    def __init__(self, place_id: UUID, field_id: UUID | None, severity: str, received_at: datetime) -> None:
        day = local_day(received_at)
        chain = places.tree().above(place_id, day)
        self._depth = {pk: number for number, pk in enumerate(chain, 1)}
        rows = Term.objects.filter(places.holding(day), severity__in=("", severity))
        self._rows = [row for row in rows if self._here(row) and row.field_id in (None, field_id)]

    def of(self, step: str) -> Term | None:
        """The most special: one for its field before one for its severity before one of a nearer place."""
        return max((row for row in self._rows if row.step == step), key=self._special, default=None)

    def _here(self, row: Term) -> bool:
        return row.place_id is None or row.place_id in self._depth

    def _special(self, row: Term) -> tuple[bool, bool, int, str]:
        depth = self._depth[row.place_id] if row.place_id else 0
        return row.field_id is not None, bool(row.severity), depth, str(row.valid_from or "")


def after(calendar: Calendar, start: datetime, step: str, term: Term | None) -> datetime:
    """The moment a rule comes to. A deadline in days ends with office hours, and never on a day off."""
    amount, unit = (term.amount, term.unit) if term else LAST_RESORT[Step(step)]
    if unit == Unit.WORKING_HOURS:
        return calendar.add(start, timedelta(hours=amount))
    if unit == Unit.WORKING_DAYS:
        return calendar.end_after(start, amount)
    return calendar.end_of(local_day(start) + timedelta(days=amount))
