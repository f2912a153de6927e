"""The public timetable of a place: what is heard there in seven days. Kept until something it comes from changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.cache import cache
from django.db.models import Count, Max, Sum

from nguon.devices.models import Device, Status
from nguon.kit.clock import LOCAL, local_day
from nguon.places import queries as places
from nguon.places.models import Place
from nguon.programme import weeks
from nguon.programme.models import Policy, Programme, Session, Slot
from nguon.programme.weeks import Block, Column

KEEP = 3600  # seconds
DAYS = 7


@dataclass(frozen=True)
class Line:
    """One entry: from when to when, what, and whether only a part of the place hears it."""

    start: datetime
    end: datetime
    title: str
    partly: bool


@dataclass(frozen=True)
class Day:
    """One day of the timetable."""

    day: date
    holiday: str
    lines: tuple[Line, ...]


def place(pk: UUID, on: date) -> Place | None:
    """A place in force."""
    return places.in_force(on).filter(pk=pk).first()


def week(place_id: UUID, now: datetime) -> list[Day]:
    """Seven days from today on. What is over today is left out by the page, not here."""
    on = local_day(now)
    key = f"timetable:{place_id.hex}:{on}:{revision()}"
    found: list[Day] | None = cache.get(key)
    if found is None:
        found = [_day(column) for column in weeks.of_place(place_id, on, DAYS)]
        cache.set(key, found, KEEP)
    return found


def revision() -> str:
    """Changes with all that a timetable comes from: slots, programmes, policies, sessions, devices in use.

    Whoever changes them need not tell: five small queries are asked instead. A new tree of places counts from its day.
    """
    rows = [
        model.objects.aggregate(at=Max("changed_at"), n=Count("pk"), ended=Count("ended_at"))
        for model in (Slot, Programme, Policy)
    ]
    sessions = Session.objects.aggregate(at=Max("made_at"), n=Count("pk"))
    devices = Device.objects.filter(status=Status.ACTIVE).aggregate(n=Count("pk"), at=Sum("settings_version"))
    return "-".join(_said(value) for row in [*rows, sessions, devices] for value in row.values())


def of_today(days: Iterable[Day], now: datetime) -> list[Day]:
    """The same without what is over."""
    local = now.astimezone(LOCAL).replace(tzinfo=None)
    return [Day(each.day, each.holiday, tuple(line for line in each.lines if line.end > local)) for each in days]


def _day(column: Column) -> Day:
    heard = [block for block in column.blocks if block.heard]
    return Day(column.day, column.holiday, tuple(sorted(map(_line, heard), key=lambda line: (line.start, line.title))))


def _line(block: Block) -> Line:
    sounding = [fate for fate in block.fates if not fate.silent]
    start = min(fate.parts[0].start for fate in sounding)
    end = max(fate.parts[-1].end for fate in sounding)
    return Line(start, max(end, start + timedelta(minutes=1)), block.slot.title, len(sounding) < len(block.fates))


def _said(value: datetime | int | None) -> str:
    return f"{value.timestamp():.6f}" if isinstance(value, datetime) else str(value)
