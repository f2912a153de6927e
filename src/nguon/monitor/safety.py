"""Events of safety: what devices did not believe, and who tried doors that were not theirs."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.db.models import Q, QuerySet

from nguon.devices.models import Device, Refusal
from nguon.kit import clock
from nguon.monitor.queries import sight
from nguon.people.models import Person
from nguon.people.rules import Right

DAYS = 30  # shown
SHOWN = 500  # rows read at most
_COUNT = re.compile(r"^(\d+) × ?(?:: )?:? ?")


@dataclass(frozen=True)
class Event:
    """One reason at one device (or at none) on one day. `count` is how often, `last` the newest of them."""

    reason: str
    device: Device | None
    count: int
    last: datetime
    detail: str


def seen(person: Person, now: datetime, days: int = DAYS) -> QuerySet[Refusal]:
    """The refusals a person may see: of devices where they may watch; of strangers, if they watch everywhere."""
    mine = Q(device__place__in=sight(person))
    if person.everywhere(Right.VIEW):
        mine |= Q(device=None)
    return Refusal.objects.filter(mine, at__gt=now - timedelta(days=days)).select_related("device__place")


def lately(person: Person, now: datetime) -> int:
    """How many rows there are of the last day."""
    return seen(person, now, 1).count()


def by_day(person: Person, now: datetime) -> list[tuple[datetime, list[Event]]]:
    """Days from the newest on, each with its events: what happened most often first."""
    rows = list(seen(person, now).order_by("-at")[:SHOWN])
    return [(day, _events(found)) for day, found in groupby(rows, key=lambda row: _midnight(row.at))]


def _midnight(at: datetime) -> datetime:
    return at.astimezone(clock.LOCAL).replace(hour=0, minute=0, second=0, microsecond=0)


def _events(rows: Iterable[Refusal]) -> list[Event]:
    found: dict[tuple[str, UUID | None], list[Refusal]] = {}
    for row in rows:
        found.setdefault((row.reason, row.device_id), []).append(row)
    made = [
        Event(reason, same[0].device, sum(map(times, same)), same[0].at, _bare(same[0].detail))
        for (reason, _device), same in found.items()
    ]
    return sorted(made, key=lambda event: -event.count)


def times(row: Refusal) -> int:
    """How often a row stands for; the listener writes "40 ×: …" for what came many times."""
    found = _COUNT.match(row.detail)
    return int(found[1]) if found else 1


def _bare(detail: str) -> str:
    return _COUNT.sub("", detail)
