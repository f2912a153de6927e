"""What stands on the desk: the cases of a person by tab and filter, what is due first, and the figures on the tabs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Case as Choose
from django.db.models import DateTimeField, F, Q, QuerySet, When
from django.db.models.functions import Least

from nguon.feedback import queries, suggesting
from nguon.feedback.models import Answer, Asked, Attachment, Case, DayOff, Event, Template
from nguon.feedback.queries import Alike
from nguon.feedback.rules import AT_WORK, FINAL, State, may_become
from nguon.feedback.suggesting import Suggested
from nguon.feedback.working import Calendar, calendar
from nguon.kit.clock import local_day
from nguon.kit.text import clean, fold
from nguon.people.models import Office, Person, Role
from nguon.people.rules import Right, kinds_with
from nguon.people.scope import may, place_ids, role_places
from nguon.places.models import Place
from nguon.places.queries import answered_for, holding, outline, tree
from nguon.review.models import State as ReviewState

SOON = timedelta(days=2)  # what is due within that stands under "Sắp đến hạn"
FAR, FAR_HOURS = timedelta(days=30), 999.0  # nobody counts working hours so far ahead
DONE = FINAL | {State.ANSWERED}
TO_DO = (State.NEW, State.ACCEPTED, State.ASSIGNED, State.WORKING, State.REOPEN)  # an officer's turn


class Tab(StrEnum):
    """The ways to look at the desk. The values stand in addresses."""

    OPEN = "dang-mo"
    MINE = "cua-toi"
    OFFICE = "cua-co-quan"
    LATE = "qua-han"
    SOON = "sap-den-han"
    APPROVAL = "cho-duyet"
    DONE = "da-xong"
    HELD = "nghi-lam-dung"


@dataclass(frozen=True)
class Search:
    """What the filters ask for. Empty: everything."""

    words: str = ""
    field: UUID | None = None
    place: UUID | None = None
    state: str = ""
    source: str = ""
    late: bool = False


def with_due(found: "QuerySet[Case]") -> "QuerySet[Case]":
    """The cases with `due`: when the next thing must be done; None where nothing is due."""
    waits = [state for state in TO_DO if state != State.NEW]
    return found.annotate(
        due=Choose(
            When(state=State.NEW, then=Least("accept_by", "answer_by")),
            When(state__in=waits, then=F("answer_by")),
            default=None,
            output_field=DateTimeField(null=True),
        )
    )


def _of_tab(tab: Tab, person: Person, now: datetime) -> Q:
    opened = Q(state__in=[*AT_WORK])
    office = person.office_id
    asked = Asked.objects.filter(office=office, answered_at=None).values("case")
    waiting = Answer.objects.filter(review__state=ReviewState.SUBMITTED).values("case")
    return {
        Tab.OPEN: opened,
        Tab.MINE: opened & Q(person=person),
        Tab.OFFICE: opened & (Q(office=office) | Q(pk__in=asked)) if office else Q(pk__in=[]),
        Tab.LATE: Q(due__lt=now),
        Tab.SOON: Q(due__gte=now, due__lt=now + SOON),
        Tab.APPROVAL: opened & Q(pk__in=waiting),
        Tab.DONE: Q(state__in=[*DONE]),
        Tab.HELD: Q(),
    }[tab]


def found(person: Person, now: datetime, tab: Tab, search: Search | None = None) -> "QuerySet[Case]":
    """The cases of a tab that fit the filters: what is due first stands first; what is done, the newest first."""
    every = _narrowed(_under(with_due(queries.cases(person, Right.CASES)), tab, person, now), search or Search(), now)
    order = ["-received_at"] if tab in (Tab.DONE, Tab.HELD) else [F("due").asc(nulls_last=True), "received_at"]
    return every.select_related("place", "field", "office", "person").order_by(*order)


def _under(every: "QuerySet[Case]", tab: Tab, person: Person, now: datetime) -> "QuerySet[Case]":
    every = every.exclude(held="") if tab is Tab.HELD else every.filter(held="")
    return every.filter(_of_tab(tab, person, now))


def _narrowed(every: "QuerySet[Case]", search: Search, now: datetime) -> "QuerySet[Case]":
    for word in fold(clean(search.words)).split():
        every = every.filter(Q(folded__contains=word) | Q(code__icontains=word))
    if search.field:
        every = every.filter(field=search.field)
    if search.place:
        every = every.filter(place__in=answered_for([search.place], local_day(now)))
    if search.state:
        every = every.filter(state=search.state)
    if search.source:
        every = every.filter(source=search.source)
    if search.late:
        every = every.filter(Q(due__lt=now) | Q(answered_at__gt=F("answer_by")))
    return every


def counts(person: Person, now: datetime) -> dict[Tab, int]:
    """How many stand under each tab where a figure helps: not under what is done."""
    every = with_due(queries.cases(person, Right.CASES))
    return {tab: _under(every, tab, person, now).count() for tab in Tab if tab is not Tab.DONE}


def waiting_for(person: Person) -> int:
    """How many cases wait for the person: given to them, to their office and nobody in it, or to no office yet.

    With those where their office was asked for its part. None that is held.
    """
    office = person.office_id
    mine = Q(person=person) | Q(person=None, office=None)
    if office:
        asked = Asked.objects.filter(office=office, answered_at=None).values("case")
        mine |= Q(person=None, office=office) | Q(pk__in=asked)
    return queries.cases(person).filter(mine, state__in=TO_DO, held="").count()


def history(case: Case) -> "QuerySet[Event]":
    """What happened, the newest first."""
    return case.events.select_related("actor", "office").order_by("-at", "-id")


def photos(case: Case) -> "QuerySet[Attachment]":
    """Its photos and papers, in order."""
    return case.attachments.select_related("file", "by").order_by("number")


def asked(case: Case) -> "QuerySet[Asked]":
    """The offices that were asked for their part."""
    return case.asked.select_related("office", "by", "answered_by")


def may_answer_part(person: Person, one: Asked) -> bool:
    """Whether the person writes the part of an office that was asked: who works there, or on cases of its place."""
    own = person.office_id == one.office_id or may(person, Right.CASES, one.office.place_id)
    return one.answered_at is None and own


def newest_answer(case: Case) -> Answer | None:
    """The wording of the answer that counts."""
    return case.wordings.select_related("review", "created_by", "bulletin__current").order_by("-number").first()


def older_answers(case: Case, newest: Answer | None) -> "QuerySet[Answer]":
    """The wordings before the newest."""
    older = case.wordings.filter(number__lt=newest.number if newest else 0)
    return older.select_related("created_by", "review")


def offices(person: Person, now: datetime) -> "QuerySet[Office]":
    """The offices a case may be given to: those of the places where the person works on cases, and above them."""
    day = local_day(now)
    graph = tree()
    above = {up for pk in role_places(person, Right.CASES, day) for up in graph.above(pk, day)}
    where = place_ids(person, Right.CASES, day) | above
    return Office.objects.filter(holding(day), place__in=where).select_related("place")


def colleagues(person: Person, now: datetime) -> "QuerySet[Person]":
    """Who may be given a case: the active people with the right CASES in the person's places, by name."""
    day = local_day(now)
    held = Role.objects.filter(holding(day), kind__in=kinds_with(Right.CASES))
    held = held.filter(place__in=place_ids(person, Right.CASES, day))
    return Person.objects.filter(is_active=True, pk__in=held.values("person")).select_related("office")


def places(person: Person, now: datetime) -> list[Place]:
    """The places in force where the person works on cases, each under what it lies in."""
    day = local_day(now)
    return [one.place for one in outline(day, place_ids(person, Right.CASES, day)) if one.own]


def by_code(person: Person, code: str) -> Case | None:
    """The case of a code, if the person works on it."""
    return queries.workable(person).filter(code=code).first()


def templates(case: Case, state: str) -> list[Template]:
    """The prepared words for a step of a case: of its place and those above, those for its field first."""
    chain = tree().above(case.place_id, local_day(case.received_at))
    found = Template.objects.filter(Q(place=None) | Q(place__in=chain), active=True, state=state)
    found = found.filter(Q(field=None) | Q(field=case.field_id))
    return sorted(found, key=lambda one: (one.field_id is None, one.title))


@dataclass(frozen=True)
class Left:
    """When the next thing of a case is due, and the working hours until then."""

    due: datetime | None
    worked: float = 0


@dataclass(frozen=True)
class Row:
    """One case of the list."""

    case: Case
    left: Left


def rows(cases: Iterable[Case], now: datetime) -> list[Row]:
    """The cases of a page with what is left of their time."""
    own = DayOff.objects.exclude(place=None).exists()  # days of single places: then each has its own calendar
    known: dict[UUID | None, Calendar] = {}

    def calendar_of(case: Case) -> Calendar:
        key = case.place_id if own else None
        if key not in known:
            known[key] = calendar(key, now)
        return known[key]

    return [Row(case, _left(vars(case).get("due"), calendar_of, case, now)) for case in cases]


def clock_of(case: Case, now: datetime) -> Left:
    """The same for one case."""
    due = vars(with_due(Case.objects.filter(pk=case.pk)).get())["due"]
    return _left(due, lambda one: calendar(one.place_id, now), case, now)


def _left(due: datetime | None, calendar_of: Callable[[Case], Calendar], case: Case, now: datetime) -> Left:
    if due is None or due < now or due > now + FAR:
        return Left(due, 0 if due is None or due < now else FAR_HOURS)
    return Left(due, calendar_of(case).between(now, due).total_seconds() / 3600)


def alike(person: Person, case: Case) -> list[Alike]:
    """Cases that may be the same, of the person's places."""
    mine = place_ids(person, Right.CASES)
    found = queries.alike(case.words, case.place_id, case.latitude, case.longitude, case.field, but=case.pk)
    return [one for one in found if one.case.place_id in mine]


def suggested(case: Case, now: datetime) -> list[Suggested]:
    """The fields it may be about, unless it is in the first of them already."""
    chain = tree().above(case.place_id, local_day(now))
    found = suggesting.fields(case.words, chain, now)
    return (
        [] if found and found[0].field.pk == case.field_id else [one for one in found if one.field.pk != case.field_id]
    )


def may_write_answer(case: Case) -> bool:
    """Whether the case stands where an answer is written or was."""
    return not case.held and (may_become(case.state, State.ANSWERED) or case.wordings.exists())


def answered_questions(case: Case) -> list[tuple[str, str]]:
    """What was answered to the questions of its field: (question, answer)."""
    labels = {one["key"]: one["label"] for one in case.field.questions} if case.field else {}
    return [(str(labels.get(key, key)), str(value)) for key, value in case.answers.items() if value]


def may_announce(person: Person, case: Case) -> bool:
    """Whether the person may make a bulletin of the answer: they write for the case's place or its office's."""
    where = place_ids(person, Right.WRITE)
    return case.place_id in where or (case.office is not None and case.office.place_id in where)
