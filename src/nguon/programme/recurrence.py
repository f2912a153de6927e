"""The recurrences an officer chooses, and the RRULE they become; and back. Pure.

What an officer cannot choose here (every second week, the last Friday of a month) may still come from elsewhere: it is
`Every.OTHER`, kept as it is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WORKING = (0, 1, 2, 3, 4)


class Every(StrEnum):
    """How often a slot comes back, as an officer says it."""

    ONCE = "once"
    DAILY = "daily"
    WORKING = "working"  # Monday to Friday
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    LUNAR = "lunar"
    OTHER = "other"


@dataclass(frozen=True)
class Repeat:
    """A choice. `weekdays`: 0 is Monday. `month_days` 1–31, `lunar_days` 1–30. `rule`: of OTHER, as it was given."""

    every: Every
    weekdays: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    lunar_days: tuple[int, ...] = ()
    rule: str = ""

    def as_rule(self) -> str:
        """The RRULE, without DTSTART; empty for once."""
        if self.every is Every.WORKING:
            return "FREQ=WEEKLY;BYDAY=" + ",".join(DAYS[day] for day in WORKING)
        if self.every is Every.WEEKLY:
            return "FREQ=WEEKLY;BYDAY=" + ",".join(DAYS[day] for day in sorted(set(self.weekdays)))
        if self.every is Every.MONTHLY:
            return "FREQ=MONTHLY;BYMONTHDAY=" + ",".join(str(day) for day in sorted(set(self.month_days)))
        if self.every is Every.OTHER:
            return self.rule
        return "" if self.every is Every.ONCE else "FREQ=DAILY"


def read(rule: str, lunar_days: Iterable[int] = ()) -> Repeat:
    """The choice that a rule means; OTHER if it is none that can be chosen."""
    of_moon = tuple(sorted(set(lunar_days)))
    if not rule:
        return Repeat(Every.OTHER, lunar_days=of_moon) if of_moon else Repeat(Every.ONCE)
    parts = parts_of(rule)
    found = _chosen(parts)
    if of_moon:
        return Repeat(Every.LUNAR, lunar_days=of_moon) if found == Repeat(Every.DAILY) else _other(rule, of_moon)
    return found or _other(rule)


def parts_of(rule: str) -> dict[str, str]:
    """The parts of an RRULE by name, in capitals; what is usual anyway (INTERVAL=1, WKST) is left out."""
    parts = dict(part.partition("=")[::2] for part in rule.upper().split(";") if part)
    parts.pop("WKST", None)
    if parts.get("INTERVAL") == "1":
        del parts["INTERVAL"]
    return parts


def shifted(repeat: Repeat, days: int) -> Repeat:
    """The same some days later in the week. Raises ValueError where that is not the same thing any more."""
    if repeat.every not in (Every.WEEKLY, Every.WORKING):
        raise ValueError(repeat.every)
    weekdays = repeat.weekdays or WORKING
    return Repeat(Every.WEEKLY, weekdays=tuple(sorted((day + days) % 7 for day in weekdays)))


def _other(rule: str, lunar_days: tuple[int, ...] = ()) -> Repeat:
    return Repeat(Every.OTHER, rule=rule, lunar_days=lunar_days)


def _chosen(parts: Mapping[str, str]) -> Repeat | None:
    if parts == {"FREQ": "DAILY"}:
        return Repeat(Every.DAILY)
    if parts.keys() == {"FREQ", "BYDAY"} and parts["FREQ"] in ("WEEKLY", "DAILY"):
        return _weekly(parts["BYDAY"].split(","))
    if parts.keys() == {"FREQ", "BYMONTHDAY"} and parts["FREQ"] == "MONTHLY":
        return _monthly(parts["BYMONTHDAY"].split(","))
    return None


def _weekly(names: list[str]) -> Repeat | None:
    if not all(name in DAYS for name in names):
        return None
    days = tuple(sorted({DAYS.index(name) for name in names}))
    return Repeat(Every.WORKING) if days == WORKING else Repeat(Every.WEEKLY, weekdays=days)


def _monthly(numbers: list[str]) -> Repeat | None:
    days = [int(number) for number in numbers if number.isdecimal()]
    if len(days) != len(numbers) or not all(1 <= day <= 31 for day in days):
        return None
    return Repeat(Every.MONTHLY, month_days=tuple(sorted(set(days))))
