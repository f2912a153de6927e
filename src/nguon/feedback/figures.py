"""Figures of what was told: how much, how quickly, how well, by field, place, pole, bulletin and office. No names."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from statistics import mean, median
from typing import NamedTuple
from uuid import UUID

from django.db.models import Avg, QuerySet
from django.utils.translation import gettext as _

from nguon.feedback import queries
from nguon.feedback.models import Case
from nguon.feedback.rules import State
from nguon.kit.clock import LOCAL, local_day
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.places import queries as places
from nguon.places.models import Place

MONTHS = 12  # of the plot
NO_ANSWER_OWED = {State.DUPLICATE, State.REFUSED, State.PASSED_ON, State.DIVERTED}


class By(StrEnum):
    """What is counted by. The values stand in addresses."""

    FIELD = "linh-vuc"
    PLACE = "dia-ban"
    DEVICE = "cum-loa"
    BROADCAST = "ban-tin"
    OFFICE = "co-quan"


@dataclass(frozen=True)
class Wish:
    """Which cases are counted: received from one day to another, in a place and all it answers for."""

    first: date
    last: date
    place: UUID | None = None


class Group(NamedTuple):
    """One field, place, pole…: `label` empty where a case has none. `within` tells two of one name apart."""

    key: str
    label: str
    within: str = ""


@dataclass(frozen=True)
class Told:
    """What the figures know of a case."""

    keys: dict[By, "Group"]
    place: UUID
    received_at: datetime
    answered_at: datetime | None
    answer_by: datetime
    state: str
    reopened: int
    content: float | None

    @property
    def owed(self) -> bool:
        """Whether an answer is owed: not for what was another's, or no matter of this desk."""
        return self.state not in NO_ANSWER_OWED

    def in_time(self, now: datetime) -> bool | None:
        """Whether it was answered in time; None while nobody can tell yet, or nothing is owed."""
        if not self.owed:
            return None
        if self.answered_at is not None:
            return self.answered_at <= self.answer_by
        return False if now > self.answer_by else None


@dataclass
class Line:
    """The figures of one group. Shares in per cent, `days` the median until the answer; None: nothing to count."""

    label: str
    cases: list[Told] = field(default_factory=list)
    judged_at: datetime = datetime.min

    @property
    def total(self) -> int:
        return len(self.cases)

    @property
    def answered(self) -> int:
        return sum(one.answered_at is not None for one in self.cases)

    @property
    def in_time(self) -> float | None:
        judged = [said for one in self.cases if (said := one.in_time(self.judged_at)) is not None]
        return 100 * sum(judged) / len(judged) if judged else None

    @property
    def late(self) -> int:
        return sum(one.in_time(self.judged_at) is False for one in self.cases)

    @property
    def days(self) -> float | None:
        spans = [(one.answered_at - one.received_at) / timedelta(days=1) for one in self.cases if one.answered_at]
        return median(spans) if spans else None

    @property
    def reopened(self) -> float | None:
        answered = [one for one in self.cases if one.answered_at is not None or one.reopened]
        return 100 * sum(one.reopened > 0 for one in answered) / len(answered) if answered else None

    @property
    def content(self) -> float | None:
        scores = [one.content for one in self.cases if one.content is not None]
        return mean(scores) if scores else None

    @property
    def rated(self) -> int:
        return sum(one.content is not None for one in self.cases)


def counted(person: Person, wish: Wish) -> list[Told]:
    """The cases that are counted, without what is held as abuse."""
    found = queries.cases(person, Right.CASES).filter(
        held="", received_at__gte=_begin(wish.first), received_at__lt=_begin(wish.last + timedelta(days=1))
    )
    if wish.place:
        found = found.filter(place__in=places.answered_for([wish.place], wish.last))
    within = _above(wish.last)
    return [_told(case, within) for case in _with_content(found)]


def lines(cases: Iterable[Told], by: By, now: datetime) -> list[Line]:
    """The figures by one thing, the most first. Cases that have none of it stand in no line of poles and bulletins."""
    groups: dict[Group, list[Told]] = defaultdict(list)
    for one in cases:
        if one.keys[by].label:
            groups[one.keys[by]].append(one)
    named = Counter(group.label for group in groups)
    lines = [
        Line(f"{group.label} ({group.within})" if named[group.label] > 1 and group.within else group.label, found, now)
        for group, found in groups.items()
    ]
    return sorted(lines, key=lambda line: (-line.total, line.label))


def whole(cases: Iterable[Told], now: datetime) -> Line:
    """The figures of all together."""
    return Line(_("Tất cả"), list(cases), judged_at=now)


def by_place(cases: Iterable[Told]) -> list[tuple[Place, int]]:
    """How many cases each place has of which it is known where it lies, the most first."""
    counts: dict[UUID, int] = defaultdict(int)
    for one in cases:
        counts[one.place] += 1
    placed = Place.objects.filter(pk__in=counts, latitude__isnull=False, longitude__isnull=False)
    return sorted(((place, counts[place.pk]) for place in placed), key=lambda pair: -pair[1])


def by_month(cases: Iterable[Told], last: date) -> list[tuple[date, int, int]]:
    """(first day, received, of them answered) of the months up to `last`, the oldest first."""
    months = [_earlier(last.replace(day=1), back) for back in reversed(range(MONTHS))]
    received: dict[date, list[Told]] = {month: [] for month in months}
    for one in cases:
        month = local_day(one.received_at).replace(day=1)
        if month in received:
            received[month].append(one)
    return [(month, len(found), sum(one.answered_at is not None for one in found)) for month, found in received.items()]


def _with_content(found: "QuerySet[Case]") -> "QuerySet[Case]":
    chosen = found.select_related("place", "field", "office__place", "device__place", "broadcast")
    return chosen.defer("words", "folded", "public_words").annotate(content=Avg("contents__score"))


def _above(on: date) -> Callable[[UUID], str]:
    """The name of what a place lies in on a day."""
    tree = places.tree()
    names = {place.pk: str(place) for place in Place.objects.all()}
    return lambda pk: names.get(tree.parent(pk, on), "")  # type: ignore[arg-type]


def _told(case: Case, within: Callable[[UUID], str]) -> Told:
    field, office, device = case.field, case.office, case.device
    keys = {
        By.FIELD: Group(field.key, field.name) if field else Group("", _("Chưa xếp lĩnh vực")),
        By.PLACE: Group(case.place_id.hex, str(case.place), within(case.place_id)),
        By.DEVICE: Group(device.pk.hex, device.name, str(device.place)) if device else Group("", ""),
        By.BROADCAST: Group("", case.broadcast.title if case.broadcast else ""),  # one that is repeated is one
        By.OFFICE: Group(office.pk.hex, office.name, str(office.place))
        if office
        else Group("", _("Chưa giao cơ quan nào")),
    }
    return Told(
        keys=keys,
        place=case.place_id,
        received_at=case.received_at,
        answered_at=case.answered_at,
        answer_by=case.answer_by,
        state=case.state,
        reopened=case.reopened,
        content=vars(case)["content"],
    )


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL)


def _earlier(month: date, back: int) -> date:
    number = month.year * 12 + month.month - 1 - back
    return date(number // 12, number % 12 + 1, 1)
