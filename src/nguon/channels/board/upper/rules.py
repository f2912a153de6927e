"""When an item counts, how a key is read aloud, how often somebody may ask. Pure."""

import re
from base64 import urlsafe_b64decode
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from nguon.channels.board.upper.interface import Item, Minute

DAY = 1440  # minutes
KIND = "board"  # of devices, and of the pages that a wording has for them
KEPT_DAYS = 30  # of what was shown: an upper system that is away longer hears of the last ones only
LONGEST_WAIT = timedelta(minutes=15)  # between two tries while the upper system does not answer
Part = tuple[time, time]
_PART = re.compile(r"(\d{1,2})(?:[:hg](\d{2}))?[hg]?\s*[-–]\s*(\d{1,2})(?:[:hg](\d{2}))?[hg]?")


def counts(item: Item, at: int, local: datetime) -> bool:
    """Whether an item counts at a moment: `at` in ms, `local` the same moment as the clock on the wall shows it."""
    if item.begins is not None and at < item.begins:
        return False
    if item.ends is not None and at >= item.ends:
        return False
    if item.days and local.isoweekday() not in item.days:
        return False
    minute = local.hour * 60 + local.minute
    return not item.minutes or any(begin <= minute < end for begin, end in item.minutes)


def parts(text: str) -> tuple[tuple[Minute, Minute], ...]:
    """The parts of the day in a text, `6:00-11:30, 16h–22h`; none in an empty one. Raises ValueError.

    A part over midnight becomes two. Sorted; what overlaps is one.
    """
    found: list[tuple[int, int]] = []
    for piece in filter(None, (each.strip() for each in re.split(r"[,;\n]", text))):
        told = _PART.fullmatch(piece)
        if told is None:
            raise ValueError(piece)
        begin, end = _minute(told[1], told[2]), _minute(told[3], told[4])
        if begin in (end, DAY):
            raise ValueError(piece)
        found += [(begin, end)] if begin < end else [(begin, DAY), (0, end)]
    return _joined(sorted(pair for pair in found if pair[0] < pair[1]))


def _minute(hour: str, minute: str | None) -> int:
    found = int(hour) * 60 + int(minute or 0)
    if found > DAY or int(minute or 0) > 59:
        raise ValueError(f"{hour}:{minute}")
    return found


def _joined(pairs: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    for begin, end in pairs:
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return tuple(found)


def said(minutes: Sequence[Sequence[int]]) -> str:
    """Parts of the day as `parts` reads them: `06:00–11:30, 16:00–24:00`."""
    return ", ".join(f"{_clock(begin)}–{_clock(end)}" for begin, end in minutes)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def spans(first: date | None, last: date | None, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """From the beginning of the first day to the end of the last one, as moments."""
    begin = datetime.combine(first, time(), zone) if first else None
    return begin, datetime.combine(last + timedelta(days=1), time(), zone) if last else None


def read_aloud(kid: str) -> str:
    """The fingerprint of a key to be read over the telephone: the last 30 decimal digits of its `kid`, in fives.

    Letters of two sizes are heard wrongly; 30 digits are as good as 99 bits.
    """
    digits = f"{int.from_bytes(urlsafe_b64decode(kid + '=')) % 10**30:030}"
    return " ".join(digits[at : at + 5] for at in range(0, len(digits), 5))


def next_look(now: datetime, every: int, failures: int) -> datetime:
    """When the upper system is asked again: after `every` minutes, longer while it fails, never over LONGEST_WAIT."""
    usual = timedelta(minutes=every)
    return now + min(usual * (1 << min(failures, 10)), max(LONGEST_WAIT, usual))


def since(reported: datetime | None, now: datetime, zone: ZoneInfo) -> datetime:
    """From when on shows are told: whole days, from the one of the last report that was heard."""
    local = max(reported or now, now - timedelta(days=KEPT_DAYS)).astimezone(zone)
    return datetime.combine(local.date(), time(), zone)
