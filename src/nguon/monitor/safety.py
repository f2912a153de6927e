"""Events of safety: what devices did not believe, and who tried doors that were not theirs."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.db.models import Q, QuerySet

from nguon.devices.models import Device, Refusal
from nguon.kit import clock
from nguon.monitor.queries import sight
from nguon.people.models import Person
from nguon.people.rules import Right

DAYS = 30  # shown
SHOWN = 2_000  # rows read at most: each cluster of a district tells for itself
DETAILS = 5  # of one reason and day
_COUNT = re.compile(r"^(\d+) × ?(?:: )?:? ?")


@dataclass(frozen=True)
class Event:
    """One reason on one day. `count` is how often, `last` the newest of them, `devices` where, by name.

    `unknown`: at least one of them was at no device that is known. `details`: words for a technician, at most a few.
    """

    reason: str
    devices: tuple[Device, ...]
    unknown: bool
    count: int
    last: datetime
    details: tuple[str, ...]


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
    """An order in a forged name reaches every cluster of a place: one line, and not one for each of them."""
    found: dict[str, list[Refusal]] = {}
    for row in rows:
        found.setdefault(row.reason, []).append(row)
    return sorted((_event(reason, same) for reason, same in found.items()), key=lambda event: -event.count)


def _event(reason: str, rows: list[Refusal]) -> Event:
    devices = {row.device.pk: row.device for row in rows if row.device is not None}
    details = dict.fromkeys(bare for row in rows if (bare := _bare(row.detail)))
    return Event(
        reason=reason,
        devices=tuple(sorted(devices.values(), key=lambda device: device.folded)),
        unknown=any(row.device is None for row in rows),
        count=sum(map(times, rows)),
        last=rows[0].at,
        details=tuple(details)[:DETAILS],
    )


def times(row: Refusal) -> int:
    """How often a row stands for; the listener writes "40 ×: …" for what came many times."""
    found = _COUNT.match(row.detail)
    return int(found[1]) if found else 1


def _bare(detail: str) -> str:
    return _COUNT.sub("", detail)
