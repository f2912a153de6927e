"""How a case that waits climbs: when it is looked at next, and whom each step tells.

Step 1 reminds whoever has it, before the deadline; step 2, at the deadline, all of its office; each step after that, a
working day later, the people of the next place above that has some. Nobody is passed over, and at the top it stays.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from nguon.feedback import deadlines, working
from nguon.feedback.models import Case
from nguon.feedback.rules import State
from nguon.kit.clock import local_day
from nguon.people.models import Person, Role
from nguon.people.rules import Right, kinds_with
from nguon.places import queries as places

SHARE = 0.75  # of the working time, after which whoever has the case is reminded
NEWS_AHEAD = timedelta(days=1)  # before news to the reporter are due
NEWS = "feedback.news-due"  # the step that says so, whether or not there is anybody to tell
SILENT = "feedback.silent"  # the step that says that a reporter never said what was asked
CLOSES_AFTER = timedelta(days=15)  # an answer that nobody says anything about
SILENT_AFTER = timedelta(days=15)  # without what the reporter was asked for
WAITING = frozenset({State.NEW, State.ACCEPTED, State.ASSIGNED, State.WORKING, State.REOPEN})


def deadline(case: Case) -> datetime | None:
    """What the case waits for now: to be taken in, or to be answered; None if its clock stands or it is done."""
    if case.held or case.state not in WAITING:
        return None
    return case.accept_by if case.state == State.NEW else case.answer_by


def waits_for(case: Case) -> tuple[UUID | None, datetime]:
    """Whom a case waits for and until when: another of these, and it climbs anew."""
    return case.office_id, case.accept_by if case.state == State.NEW else case.answer_by


def begins_at(case: Case, now: datetime) -> int:
    """From which step a case climbs anew: what is late is not said to be due soon."""
    return 1 if now >= waits_for(case)[1] else 0


def step_at(case: Case) -> datetime | None:
    """When its next step is due: reminded before the deadline, at it, then a step higher each working day."""
    due = deadline(case)
    if due is None:
        return None
    begun = deadlines.begun(case) + (case.stood or timedelta())
    calendar = working.calendar(case.place_id, begun)
    if case.reminded == 0:
        time = calendar.between(begun, due)
        return min(due, calendar.add(begun, time * SHARE)) if time else due
    return calendar.add(due, calendar.length * (case.reminded - 1)) if case.reminded > 1 else due


def news_at(case: Case) -> datetime | None:
    """When whoever has a late case is told that its reporter is to hear something; None: they were, or need not be."""
    if case.news_by is None or deadline(case) is None:
        return None
    at = case.news_by - NEWS_AHEAD
    return None if case.events.filter(verb=NEWS, at__gte=at).exists() else at


def silent_at(case: Case) -> datetime | None:
    """When whoever asked the reporter is told that no word came; None: they were, or nothing was asked."""
    if case.state != State.ASKED or case.asked_at is None:
        return None
    said = case.events.filter(verb=SILENT, at__gte=case.asked_at).exists()
    return None if said else case.asked_at + SILENT_AFTER


def next_look(case: Case, *, top: bool = False) -> datetime | None:
    """When the clock of cases looks at it again; None: never, unless somebody does something.

    `top`: it has climbed as far as it can.
    """
    if case.state == State.ANSWERED and case.answered_at is not None:
        return case.answered_at + CLOSES_AFTER
    if case.state == State.ASKED:
        return silent_at(case)
    late = case.answer_by if deadline(case) is not None and case.news_by is None else None  # from then on news are due
    moments = [None if top else step_at(case), news_at(case), late]
    return min((moment for moment in moments if moment is not None), default=None)


def rungs(case: Case, now: datetime) -> list[list[Person]]:
    """The people of each step: whoever has it, its office, then those with the right at each place above."""
    tree, day = places.tree(), local_day(now)
    at = case.office.place_id if case.office else case.place_id
    chain = list(reversed(tree.above(at, day)))
    has_it = [case.person] if case.person is not None and case.person.is_active else []
    office = _of_office(case, now)
    levels = [found for place in chain if (found := _of_place(place, now))]
    if not office:  # nobody of the office may work on cases: the nearest place answers
        office = levels.pop(0) if levels else []
    else:
        levels = [_of_place(place, now) for place in chain[1:]]
    return _each_once([has_it or office, office, *levels])


def _of_office(case: Case, now: datetime) -> list[Person]:
    if case.office_id is None:
        return []
    return list(_with_right(now).filter(office=case.office_id))


def _of_place(place: UUID, now: datetime) -> list[Person]:
    return list(_with_right(now, place))


def _with_right(now: datetime, place: UUID | None = None) -> QuerySet[Person]:
    held = Role.objects.filter(places.holding(local_day(now)), kind__in=kinds_with(Right.CASES))
    if place is not None:
        held = held.filter(place=place)
    return Person.objects.filter(is_active=True, pk__in=held.values("person")).order_by("full_name", "pk")


def _each_once(levels: Iterable[list[Person]]) -> list[list[Person]]:
    """The first two as they are; from then on whoever was told before is not told again, and empty levels go."""
    found, known = list[list[Person]](), set[UUID]()
    for number, level in enumerate(levels):
        fresh = level if number < 2 else [person for person in level if person.pk not in known]
        known |= {person.pk for person in level}
        if fresh or number < 2:
            found.append(fresh)
    return found
