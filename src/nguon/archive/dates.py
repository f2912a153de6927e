"""When a recording was made, from the names of its file and folders, as Vietnamese write dates. Never invented.

A day needs a day, a month and a year that somebody wrote; what lacks the year takes it from a folder or is no date. A
month or a year alone stays a period. Each find says what it was read from and how sure it is (0–1).
"""

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from nguon.kit.text import fold

EARLIEST = 1945  # before that nobody recorded what such an archive holds
LEAST = 0.5  # below this it is no find
_SEP = r"\s*[-./_,]\s*"
_YEAR = r"(?P<y>(?:19|20)\d\d)"
_END = r"(?!\d)"
_BEGIN = r"(?<!\d)"


@dataclass(frozen=True)
class Dated:
    """From a day to a day, both included; `source` is the words it was read from."""

    first: date
    last: date
    confidence: float
    source: str

    @property
    def is_day(self) -> bool:
        """Whether it is one single day."""
        return self.first == self.last

    def holds(self, other: "Dated") -> bool:
        """Whether the other period lies inside this one."""
        return self.first <= other.first and other.last <= self.last


@dataclass(frozen=True)
class _Pattern:
    """A way to write a date. Groups: d, m, y (and e, the last day of several; f its month; q a quarter)."""

    regex: re.Pattern[str]
    confidence: float


def _pattern(text: str, confidence: float) -> _Pattern:
    return _Pattern(re.compile(text), confidence)


# In order: what says more goes first. On folded text (no marks, small letters).
_PATTERNS = (
    _pattern(
        rf"(?:tu\s*(?:ngay\s*)?)?{_BEGIN}(?P<d>\d\d?){_SEP}(?P<m>\d\d?)(?:{_SEP}(?:19|20)\d\d)?\s*(?:den|toi|-)\s*(?:ngay\s*)?"
        rf"(?P<e>\d\d?)(?P<s>[./_])(?P<f>\d\d?)(?P=s){_YEAR}{_END}",
        0.9,
    ),
    _pattern(
        rf"(?:tu\s*(?:ngay\s*)?)?{_BEGIN}(?P<d>\d\d?)\s*(?:den|toi|-)\s*(?:ngay\s*)?"
        rf"(?P<e>\d\d?){_SEP}(?P<m>\d\d?){_SEP}{_YEAR}{_END}",
        0.85,
    ),
    _pattern(
        rf"(?:ngay[\s_.-]*)?{_BEGIN}(?P<d>\d\d?)[\s_.-]*thang[\s_.-]*(?P<m>\d\d?)[\s_.,/-]*(?:nam[\s_.-]*)?{_YEAR}{_END}",
        0.97,
    ),
    _pattern(rf"{_BEGIN}{_YEAR}(?:{_SEP}|\s+)(?P<m>\d\d?)(?:{_SEP}|\s+)(?P<d>\d\d?){_END}", 0.95),
    _pattern(rf"{_BEGIN}(?P<d>\d\d?)(?:{_SEP}|\s+)(?P<m>\d\d?)(?:{_SEP}|\s+){_YEAR}{_END}", 0.95),
    _pattern(rf"{_BEGIN}{_YEAR}(?P<m>\d\d)(?P<d>\d\d)(?=\D|$|\d{{4}}(?:\d\d)?(?!\d))", 0.9),
    _pattern(rf"{_BEGIN}(?P<d>\d\d)(?P<m>\d\d){_YEAR}{_END}", 0.85),
    _pattern(
        rf"(?:ngay[\s_.-]*)?{_BEGIN}(?P<d>\d\d?)[\s_.-]*thang[\s_.-]*(?P<m>\d\d?)[\s_.-]*nam[\s_.-]*(?P<y>\d\d){_END}",
        0.9,
    ),
    _pattern(rf"(?:ngay[\s_.-]*){_BEGIN}(?P<d>\d\d?)(?P<s>[-./_])(?P<m>\d\d?)(?P=s)(?P<y>\d\d){_END}", 0.88),
    _pattern(rf"{_BEGIN}(?P<d>\d\d?)(?P<s>[-./_])(?P<m>\d\d?)(?P=s)(?P<y>\d\d){_END}(?!\s*[-./_]\s*\d)", 0.8),
    _pattern(rf"(?:ngay\s+)(?P<d>\d\d?)\s+(?P<m>\d\d?)\s+(?P<y>\d\d){_END}", 0.8),
    _pattern(rf"{_BEGIN}(?P<d>\d\d)\s+(?P<m>\d\d)\s+(?P<y>\d\d){_END}", 0.6),
    _pattern(r"(?:^|(?<=[\s_.-]))(?P<d>\d\d)(?P<m>\d\d)(?P<y>\d\d)(?=[\s_.-]|$)", 0.6),
    _pattern(rf"\bquy[\s_.-]*(?P<q>[1-4]|iv|i{{1,3}})[\s_.,-]*(?:nam[\s_.-]*)?{_YEAR}{_END}", 0.85),
    _pattern(rf"\bthang[\s_.-]*(?P<m>\d\d?)[\s_.,/-]*(?:nam[\s_.-]*)?{_YEAR}{_END}", 0.88),
    _pattern(rf"\bt\.?(?P<m>\d\d?)[-./_]{_YEAR}{_END}", 0.8),
    _pattern(rf"{_BEGIN}(?P<m>\d\d?){_SEP}{_YEAR}{_END}", 0.78),
    _pattern(rf"{_BEGIN}{_YEAR}{_SEP}(?P<m>\d\d?){_END}", 0.78),
    _pattern(rf"\bnam[\s_.-]*{_YEAR}{_END}", 0.85),
    _pattern(rf"^\W*{_YEAR}\W*$", 0.85),
    _pattern(rf"{_BEGIN}{_YEAR}{_END}", 0.6),
)
# What lacks its year, or its month and year: only with a folder that says them.
_PARTIAL = (
    _pattern(rf"(?:ngay[\s_.-]*)?{_BEGIN}(?P<d>\d\d?)[\s_.-]*thang[\s_.-]*(?P<m>\d\d?){_END}", 0.9),
    _pattern(rf"\bngay[\s_.-]*(?P<d>\d\d?)[-./_](?P<m>\d\d?){_END}", 0.88),
    _pattern(rf"{_BEGIN}(?P<d>\d\d?)[-./_](?P<m>\d\d?){_END}", 0.76),
    _pattern(rf"\bthang[\s_.-]*(?P<m>\d\d?){_END}", 0.85),
    _pattern(r"^\W*t\.?(?P<m>\d\d?)\W*$", 0.76),
    _pattern(rf"\bngay[\s_.-]*(?P<d>\d\d?){_END}", 0.85),
    _pattern(r"^\W*(?P<d>\d\d?)\W*$", 0.6),
)
_MONTH_ALONE = _pattern(r"^\W*(?P<m>\d\d?)\W*$", 0.7)  # a folder called 05 in a folder called 2019
_NOISE = re.compile(  # hours, rates of sampling, numbers of songs: figures that are no dates
    r"\d\d?\s*(?:h|g|gio)\s*\d{0,2}(?!\w)|\d\d?:\d\d(?::\d\d)?|\d+(?:[.,]\d+)?\s*(?:kbps|khz|hz|kb|mb|bit)\b|\bmp[34]\b"
)
_OCCASION = re.compile(  # the day of what is told of, not of the recording
    r"(?:ky niem|chao mung|mung ngay|giai phong|quoc khanh|thanh lap|nhiem ky|giai doan|lan thu|nam ngay)[^/]{0,25}$"
)
_LUNAR = re.compile(r"(?:\bmung|\bmong|\bam lich|\bal)[\s_.-]*$")
_NUMBERED = re.compile(r"\b(?:so|qd|nq|ct|kh|cv|tb|nd|tt|bc|hd)[\s_.:-]*$")
_WEEKDAY = re.compile(r"\bthu[\s_.-]*(?P<n>[2-7]|hai|ba|tu|nam|sau|bay)\b|\b(?P<sunday>chu[\s_.-]*nhat|cn)\b")
_WEEKDAYS = {"2": 0, "hai": 0, "3": 1, "ba": 1, "4": 2, "tu": 2, "5": 3, "nam": 3, "6": 4, "sau": 4, "7": 5, "bay": 5}
_QUARTERS = {"1": 1, "2": 2, "3": 3, "4": 4, "i": 1, "ii": 2, "iii": 3, "iv": 4}


def find(parts: Sequence[str], today: date) -> Dated | None:
    """The best find in the names of folders, outermost first, and of the file, last. None if nobody wrote a date."""
    found: Dated | None = None
    for part in parts:
        here = _in_part(part, found, today)
        if here is not None:
            found = _together(found, here)
    return found if found is not None and found.confidence >= LEAST else None


def _together(outer: Dated | None, inner: Dated) -> Dated:
    """The inner one, surer if the outer says the same, less sure if it says otherwise."""
    if outer is None or outer == inner:
        return inner
    if outer.holds(inner):
        return replace(inner, confidence=min(0.99, inner.confidence + 0.05))
    if inner.holds(outer):
        return outer  # a name that only repeats the year
    return replace(inner, confidence=min(inner.confidence, 0.6))


def _in_part(part: str, outer: Dated | None, today: date) -> Dated | None:
    text = _folded(part)
    plain = _NOISE.sub(lambda match: " " * len(match[0]), text)
    finds = [*_matches(_PATTERNS, plain, part, None, today)]
    if outer is not None and not any(one.is_day for one in finds):
        alone = (*_PARTIAL, _MONTH_ALONE) if _is_year(outer) else _PARTIAL
        finds = [*_matches(alone, plain, part, outer, today), *finds]
    if not finds:
        return None
    best = max(finds, key=lambda one: (one.confidence >= LEAST, one.is_day, one.confidence))
    return _with_weekday(best, plain)


def _folded(part: str) -> str:
    """The part folded, as long as it was, so that places in one are places in the other."""
    text = fold(part)
    return text if len(text) == len(part) else part.lower()


def _matches(patterns: Sequence[_Pattern], text: str, part: str, outer: Dated | None, today: date) -> Iterator[Dated]:
    taken: list[tuple[int, int]] = []
    spoiled: list[tuple[int, int]] = []  # written as a whole date that no calendar holds: no part of it is one either
    for pattern in patterns:
        for match in pattern.regex.finditer(text):
            start, end = match.span()
            whole = match.groupdict().get("d") is not None
            if any(start < last and first < end for first, last in (taken if whole else taken + spoiled)):
                continue  # part of a longer date that was read already
            period = _period(match, outer, today)
            if period is None:
                spoiled += [(start, end)] * (whole and "y" in match.groupdict())
                continue
            taken.append((start, end))
            sure = pattern.confidence * _trust(text[:start], match)
            source = part[start:end].strip(" -_.,/")
            yield Dated(*period, round(min(sure, outer.confidence + 0.05) if outer else sure, 2), source)


def _trust(before: str, match: re.Match[str]) -> float:
    """How far what stands before a date takes from it, and how far its own form does."""
    if _LUNAR.search(before) or _OCCASION.search(before):
        return 0.4
    groups = match.groupdict()
    if groups.get("d") is None and _NUMBERED.search(before):
        return 0.4
    swapped = groups.get("d") and groups.get("m") and int(groups["m"]) > 12
    return 0.7 if swapped else 1.0


def _period(match: re.Match[str], outer: Dated | None, today: date) -> tuple[date, date] | None:
    """First and last day, or None for what no calendar holds or what is still to come."""
    said = match.groupdict()
    year = (
        _year(said.get("y"), today)
        if said.get("y")
        else outer.first.year
        if outer and _is_year(outer, any_=True)
        else 0
    )
    month = int(said["m"]) if said.get("m") else 0
    if not month and said.get("d") and outer is not None and not said.get("y"):
        month = outer.first.month if outer.first.month == outer.last.month else 0
        if not month:
            return None
    try:
        first, last = _days(said, year, month)
    except ValueError:
        return None
    return (first, last) if first.year >= EARLIEST and first <= last and first <= today else None


def _days(said: dict[str, str | None], year: int, month: int) -> tuple[date, date]:
    """Raises ValueError for what no calendar holds."""
    if quarter := said.get("q"):
        number = _QUARTERS[quarter]
        return date(year, 3 * number - 2, 1), date(year, 3 * number, monthrange(year, 3 * number)[1])
    day = int(said["d"] or 0) if "d" in said else 0
    if not day and "d" in said:
        raise ValueError("no day 0")
    if not day:
        return (date(year, month, 1), date(year, month, monthrange(year, month)[1])) if month else _whole(year, said)
    if said.get("e"):
        return date(year, month, day), date(year, int(said.get("f") or month), int(said["e"] or 0))
    if month > 12 >= day:  # month before day, as no Vietnamese writes, but as machines do
        month, day = day, month
    return date(year, month, day), date(year, month, day)


def _whole(year: int, said: dict[str, str | None]) -> tuple[date, date]:
    if "m" in said:
        raise ValueError("no month 0")
    return date(year, 1, 1), date(year, 12, 31)


def _year(text: str | None, today: date) -> int:
    """A year of two figures lies in the hundred years up to now."""
    number = int(text or 0)
    if number > 99:
        return number
    return 2000 + number if 2000 + number <= today.year else 1900 + number


def _is_year(outer: Dated, *, any_: bool = False) -> bool:
    """Whether the period is a whole year, or (`any_`) lies in one year."""
    same = outer.first.year == outer.last.year
    return same and (any_ or (outer.last - outer.first).days >= 364)


def _with_weekday(found: Dated, text: str) -> Dated:
    """Surer if the name tells the weekday and it fits, doubtful if it does not."""
    said = _WEEKDAY.search(text)
    if said is None or not found.is_day:
        return found
    wanted = 6 if said["sunday"] else _WEEKDAYS[said["n"]]
    if found.first.weekday() == wanted:
        return replace(found, confidence=min(0.99, round(found.confidence + 0.05, 2)))
    return replace(found, confidence=min(found.confidence, 0.6))
