"""Proof of play: of all that was to sound, what was played, in part or not, and why; counted by the database.

One line is one broadcast at one device. What a page shows is the number of such lines; *played* is exactly those of
which a receipt *finished* was kept.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from nguon.delivery.models import Delivery, Progress
from nguon.delivery.rules import FINAL, UNHEARD
from nguon.kit import clock
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import place_ids
from nguon.places.queries import answered_for
from nguon.programme.models import Session

LONGEST = 366  # days in one report
TOLD = 3  # reasons told for one line of a table


class Outcome(StrEnum):
    """What became of one broadcast at one device."""

    PLAYED = "played"
    PARTIAL = "partial"
    MISSED = "missed"
    UNHEARD = "unheard"  # nothing was reported yet: it may have played
    OPEN = "open"  # its time is not over


class By(StrEnum):
    """What is counted together."""

    SLOT = "slot"
    DEVICE = "device"
    BULLETIN = "bulletin"
    DAY = "day"


@dataclass(frozen=True)
class Wish:
    """What a report is of: days, both included; a place and below (None: all one may see); only what was planned."""

    first: date
    last: date
    place: UUID | None = None
    planned: bool = False


@dataclass
class Line:
    """One row of a table: its name, what it lies in, its counts, the commonest reasons of what was not played."""

    label: str
    sub: str = ""
    counts: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    reasons: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    key: str = ""

    @property
    def total(self) -> int:
        """How many were to sound."""
        return sum(self.counts.values())

    @property
    def share(self) -> float:
        """How much of what is over was played whole, percent."""
        over = self.total - self.counts[Outcome.OPEN]
        return 100 * self.counts[Outcome.PLAYED] / over if over else 0.0

    @property
    def worst(self) -> list[tuple[str, int]]:
        """The commonest reasons, with their numbers."""
        return sorted(self.reasons.items(), key=lambda pair: (-pair[1], pair[0]))[:TOLD]


_BEGUN = Q(started_at__isnull=False) | Q(position_ms__gt=0)
_OUTCOME = Case(
    When(progress=Progress.FINISHED, then=Value(Outcome.PLAYED.value)),
    When(~Q(progress__in=FINAL), then=Value(Outcome.OPEN.value)),
    When(_BEGUN, then=Value(Outcome.PARTIAL.value)),
    When(reason__in=[UNHEARD, "offline"], then=Value(Outcome.UNHEARD.value)),
    default=Value(Outcome.MISSED.value),
    output_field=CharField(),
)


def deliveries(person: Person, wish: Wish, now: datetime) -> QuerySet[Delivery]:
    """The lines of a report, each with `outcome` and `due`: of devices in places where the person may look."""
    seen = place_ids(person, Right.VIEW)
    if wish.place is not None:
        seen = seen & answered_for([wish.place], clock.local_day(now))
    first, last = _moment(wish.first), _moment(wish.last + timedelta(days=1))
    rows = Delivery.objects.filter(device__place__in=seen)
    rows = rows.annotate(due=Coalesce("broadcast__start_at", "broadcast__issued_at"), outcome=_OUTCOME)
    if wish.planned:
        rows = rows.filter(broadcast__session__isnull=False)
    return rows.filter(due__gte=first, due__lt=last)


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), clock.LOCAL)


def table(found: QuerySet[Delivery], by: By) -> list[Line]:
    """The lines of a report put together, those with the least played first."""
    lines = _BY[by](found)
    return sorted(lines, key=lambda line: (line.share, -line.total, line.label))


def whole(lines: Iterable[Line]) -> Line:
    """All of a table in one line."""
    found = Line("")
    for line in lines:
        for outcome, number in line.counts.items():
            found.counts[outcome] += number
        for reason, number in line.reasons.items():
            found.reasons[reason] += number
    return found


def _counted(found: QuerySet[Delivery], *keys: str) -> list[tuple[tuple[Any, ...], str, str, int]]:
    """(keys, outcome, reason, number)."""
    rows = found.order_by().values_list(*keys, "outcome", "reason").annotate(number=Count("pk"))
    return [(tuple(row[:-3]), row[-3], row[-2], row[-1]) for row in rows]


def _gather(rows: Iterable[tuple[Any, str, str, str, str, int]]) -> list[Line]:
    """Lines from (key, label, sub, outcome, reason, number)."""
    lines: dict[Any, Line] = {}
    for key, label, sub, outcome, reason, number in rows:
        line = lines.setdefault(key, Line(label, sub, key=str(key)))
        line.counts[Outcome(outcome)] += number
        if outcome in (Outcome.MISSED, Outcome.PARTIAL) and reason:
            line.reasons[reason] += number
    return list(lines.values())


def _by_device(found: QuerySet[Delivery]) -> list[Line]:
    rows = _counted(found, "device_id", "device__name", "device__place__kind", "device__place__name")
    return _gather((key[0], str(key[1]), f"{key[2]} {key[3]}".strip(), a, b, n) for key, a, b, n in rows)


def _by_bulletin(found: QuerySet[Delivery]) -> list[Line]:
    """What is said, whatever its wording was then."""
    rows = _counted(found, "broadcast__subject", "broadcast__title", "broadcast__place__kind", "broadcast__place__name")
    return _gather(((key[0], key[1]), str(key[1]), f"{key[2]} {key[3]}".strip(), a, b, n) for key, a, b, n in rows)


def _by_slot(found: QuerySet[Delivery]) -> list[Line]:
    """Sessions of one slot together; what was sent by hand is one line, without a name."""
    rows = _counted(found, "broadcast__session")
    sessions = {key[0] for key, *_ in rows if key[0]}
    known = Session.objects.filter(pk__in=sessions).select_related("slot", "place")
    named = {row.pk: (str(row.slot_id), row.title, f"{row.slot.at:%H:%M} · {row.place}") for row in known}
    return _gather((*named.get(key[0], ("", "", "")), a, b, n) for key, a, b, n in rows)


def _by_day(found: QuerySet[Delivery]) -> list[Line]:
    lines: dict[date, Line] = {}
    for (due,), outcome, reason, number in _counted(found, "due"):
        day = clock.local_day(due)
        line = lines.setdefault(day, Line(f"{day:%d/%m/%Y}", key=day.isoformat()))
        line.counts[Outcome(outcome)] += number
        if outcome in (Outcome.MISSED, Outcome.PARTIAL) and reason:
            line.reasons[reason] += number
    return list(lines.values())


_BY = {By.SLOT: _by_slot, By.DEVICE: _by_device, By.BULLETIN: _by_bulletin, By.DAY: _by_day}


def every(found: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """The lines one by one, as a sheet shows them."""
    return found.select_related("device__place", "broadcast__place").order_by(
        F("due"), "broadcast_id", "device__name", "pk"
    )
