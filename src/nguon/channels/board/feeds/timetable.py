"""A table whose rows pass: which of them are still to be shown, and in which order. Pure."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from nguon.channels.board.document import MOST_CELL, MOST_COLUMNS, ROWS
from nguon.channels.board.feeds.rules import MOST_LETTERS, Timetable
from nguon.kit.clock import LOCAL
from nguon.kit.text import fold

MOST_ROWS: int = ROWS["max_length"]
_DAY = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?(?!\d)")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_HOUR = re.compile(r"(?<!\d)(\d{1,2})\s*(?::|h|g(?:io)?)\s*(\d{2})?(?!\d)", re.IGNORECASE)
_BACK = timedelta(days=60)  # a day without a year that is longer ago is of the next year


class Wrong(StrEnum):
    """What is wrong with a table."""

    NO_ROWS = "no-rows"
    TOO_MUCH = "too-much"
    MANY_ROWS = "many-rows"
    MANY_COLUMNS = "many-columns"
    LONG_CELL = "long-cell"
    NO_DAY = "no-day"
    NO_HOUR = "no-hour"


class BadTable(ValueError):
    """A table that cannot be kept: in which row (from 1; 0 for none), and the words meant."""

    def __init__(self, wrong: Wrong, row: int = 0, said: str = "", count: int = 0) -> None:
        super().__init__(wrong.value)
        self.wrong, self.row, self.said, self.count = wrong, row, said[:60], count


@dataclass(frozen=True)
class Standing:
    """The rows that are shown, and when to look again; None: they stay."""

    rows: tuple[tuple[str, ...], ...]
    until: datetime | None


def checked(table: Timetable, written: date) -> Timetable:
    """The table, if it can be shown. Raises BadTable."""
    if not table.rows:
        raise BadTable(Wrong.NO_ROWS)
    if len(table.rows) > MOST_ROWS:
        raise BadTable(Wrong.MANY_ROWS, count=len(table.rows))
    if len(table.rows[0]) > MOST_COLUMNS:
        raise BadTable(Wrong.MANY_COLUMNS, count=len(table.rows[0]))
    for number, row in enumerate((table.head, *table.rows)):
        for cell in row:
            if len(cell) > MOST_CELL:
                raise BadTable(Wrong.LONG_CELL, number, cell, len(cell))
        if number:
            _passing(table, number, row, written)
    if (letters := sum(len(cell) for row in table.rows for cell in row)) > MOST_LETTERS:
        raise BadTable(Wrong.TOO_MUCH, count=letters)
    return table


def _passing(table: Timetable, number: int, row: tuple[str, ...], written: date) -> None:
    if table.day and day_of(row[0], written) is None:
        raise BadTable(Wrong.NO_DAY, number, row[0])
    at = 1 if table.day else 0
    if table.hour and (len(row) <= at or minute_of(row[at]) is None):
        raise BadTable(Wrong.NO_HOUR, number, row[at] if len(row) > at else "")


def day_of(cell: str, near: date) -> date | None:
    """The last day a cell names: `27/11/2026`, `27-11`, `25/11 – 27/11`, `2026-11-27`. None if it names none.

    A day without a year is the one next to the day `near` on which it was written, or shortly before.
    """
    if found := _ISO.findall(cell):
        return _date(*map(int, found[-1]))
    named = _DAY.findall(cell)
    if not named:
        return None
    day, month, year = named[-1]
    if year:
        return _date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    this = _date(near.year, int(month), int(day))
    if this is None or this < near - _BACK:
        return _date(near.year + 1, int(month), int(day)) or this
    return this


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def minute_of(cell: str) -> int | None:
    """The last minute of the day a cell names: of `7:30` 450, of `7h30 – 11 giờ` 660. None if it names none."""
    named = _HOUR.findall(fold(cell))
    if not named:
        return None
    hour, minute = int(named[-1][0]), int(named[-1][1] or 0)
    return hour * 60 + minute if (hour < 24 and minute < 60) or (hour, minute) == (24, 0) else None


def standing(table: Timetable, written: date, now: datetime) -> Standing:
    """What is shown at a moment: no row whose day is over; with hours, what is still to come today first."""
    if not table.day and not table.hour:
        return Standing(table.rows, None)
    local = now.astimezone(LOCAL)
    today, minute = local.date(), local.hour * 60 + local.minute
    coming, later, gone = [], [], []
    ends = [24 * 60]
    for row in table.rows:
        day = day_of(row[0], written) if table.day else today
        if day is None or day < today:
            continue
        end = minute_of(row[1 if table.day else 0]) if table.hour else None
        if day > today:
            later.append(row)
        elif end is not None and end < minute:
            gone.append(row)
        else:
            coming.append(row)
            ends += [end + 1] if end is not None and end < 24 * 60 else []
    midnight = datetime.combine(today, time(), LOCAL)
    return Standing((*coming, *later, *gone), midnight + timedelta(minutes=min(ends)))
