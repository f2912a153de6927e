"""Dates, months, quarters and periods."""

import re

from nguon.speech import lexicon, numbers
from nguon.speech.draft import Found, Rule, rule
from nguon.speech.rules.common import DASH, after_cue, before_cue, is_house

_D = r"(?:0?[1-9]|[12]\d|3[01])"
_M = r"(?:0?[1-9]|1[0-2])"
_Y = r"(?:1[0-9]|20|21)\d\d"
_END = r"(?![\w]|[./,-]\d)"
_BEGIN = r"(?<![\w/.,])"
_DAY_GAP = r"(?:[\d\s/.,;\-–()]|và|hoặc|đến|tới|từ|hết|hay|(?:từ|vào|hết|đến)\s+ngày|năm|âm lịch|dương lịch){0,60}"


def _date(day: str, month: str, year: str, found: Found) -> str:
    profile = found.profile
    said = f"{numbers.cardinal(int(day), profile)} tháng {numbers.month(int(month), profile)}"
    return f"{said} {_year(year, found)}" if year else said


def _year(text: str, found: Found) -> str:
    number = int(text) if len(text) == 4 else 2000 + int(text)
    return f"năm {numbers.cardinal(number, found.profile)}"


def _full(found: Found) -> str:
    return _date(found["d"], found["m"], found["y"], found)


def _range(found: Found) -> str:
    """`01/8-15/8/2022`, `20/5 – 22/5`, `20-22/5/2025`: from one day to another."""
    first = numbers.cardinal(int(found["d1"]), found.profile)
    if found["m1"]:
        first = _date(found["d1"], found["m1"], found["y1"], found)
    return f"{first} đến {_date(found['d'], found['m'], found['y'], found)}"


def _day_range(found: Found) -> str | None:
    """`20-22/5` without a year: only if it cannot be a number before a fraction."""
    if int(found["d1"]) >= int(found["d"]) or not (found["y"] or after_cue(found, "date", r"\s*" + _DAY_GAP)):
        return None
    return _range(found)


def _short(found: Found) -> tuple[str, float] | None:
    """`2/9`: a date if the words around say so; a ratio is left to the rules of ratios."""
    day, month = int(found["d"]), int(found["m"])
    said = _date(found["d"], found["m"], "", found)
    if is_house(found) or after_cue(found, "ratio_verb", r"\s*"):
        return None
    if after_cue(found, "date", r"\s*" + _DAY_GAP, 80):
        return None if before_cue(found, "portion_noun") else (said, 0.95)
    if before_cue(found, "ratio_noun") or before_cue(found, "portion_noun"):
        return None
    plain = f"{day}/{month}"
    if plain in lexicon.table("cues")["holidays"] or day > 12:
        return said, 0.8
    return (said, 0.5) if day > month else None


def _month_year(found: Found) -> str:
    month = numbers.month(int(found["m"]), found.profile)
    said = f"{month} {_year(found['y'], found)}"
    return said if re.search(r"(?i)tháng\s*(?:[\d\s,;\-–]|và|đến|từ)*$", found.before()) else f"tháng {said}"


def _month_range(found: Found) -> str:
    first, last = (numbers.month(int(found[name]), found.profile) for name in ("m1", "m"))
    said = f"{found['cue']} {first} đến {last}"
    return f"{said} {_year(found['y'], found)}" if found["y"] else said


def _month(found: Found) -> str:
    return f"{found['cue']} {numbers.month(int(found['m']), found.profile)}"


def _quarter(found: Found) -> str:
    value = numbers.roman(found["q"]) or int(found["q"])
    said = f"quý {numbers.cardinal(value, found.profile)}"
    return f"{said} {_year(found['y'], found)}" if found["y"] else said


def _years(found: Found) -> str:
    """`2021-2026`: a period; a school year is said without đến."""
    first, last = found["y1"], found["y2"]
    if len(last) == 2:
        last = first[:2] + last
    joint = "" if after_cue(found, "school_year", r"[\s:]*") else "đến "
    words = [numbers.cardinal(int(year), found.profile) for year in (first, last)]
    return f"{words[0]} {joint}{words[1]}"


def _weekday(found: Found) -> str:
    days = [numbers.ordinal(int(day), found.profile) for day in re.findall(r"\d", found["days"])]
    joint = " đến " if re.search("[-–]", found["days"]) else ", "
    return f"{found['cue']} {joint.join(days)}"


def _ordinal(found: Found) -> str:
    return f"{found['cue']} {numbers.ordinal(int(found['n']), found.profile)}"


def _iso(found: Found) -> str:
    return _date(found["d"], found["m"], found["y"], found)


RULES: tuple[Rule, ...] = (
    rule("date", rf"{_BEGIN}(?P<y>{_Y})-(?P<m>{_M})-(?P<d>{_D}){_END}", _iso),
    rule(
        "date-range",
        rf"{_BEGIN}(?P<d1>{_D})[/.](?P<m1>{_M})(?:[/.](?P<y1>{_Y}))?{DASH}(?P<d>{_D})[/.](?P<m>{_M})(?:[/.](?P<y>{_Y}))?{_END}",
        _range,
    ),
    rule(
        "date-range",
        rf"{_BEGIN}(?P<d1>{_D})(?P<m1>)(?P<y1>){DASH}(?P<d>{_D})/(?P<m>{_M})(?:/(?P<y>{_Y}))?{_END}",
        _day_range,
    ),
    rule("date", rf"{_BEGIN}(?P<d>{_D})\s?(?P<s>[/.-])\s?(?P<m>{_M})\s?(?P=s)\s?(?P<y>{_Y}){_END}", _full),
    rule("date", rf"{_BEGIN}(?P<d>{_D})/(?P<m>{_M})/(?P<y>\d\d){_END}", _full, confidence=0.8),
    rule("quarter", rf"(?<!\w)[Qq](?:uý\s+|uí\s+)?(?P<q>IV|I{{1,3}}|[1-4])(?:\s?[/-]\s?(?P<y>{_Y}))?(?!\w)", _quarter),
    rule(
        "month-range",
        rf"(?<!\w)(?P<cue>[Tt]háng)\s+(?P<m1>{_M}){DASH}(?P<m>{_M})(?:/(?P<y>{_Y}))?{_END}",
        _month_range,
    ),
    rule("month-year", rf"{_BEGIN}(?P<m>{_M})\s?/\s?(?P<y>(?:19|20)\d\d){_END}", _month_year),
    rule("month-year", rf"(?<=háng\s)(?P<m>{_M})\s?[-.]\s?(?P<y>(?:19|20)\d\d){_END}", _month_year),
    rule("month", rf"(?<!\w)(?P<cue>[Tt]háng)\s+(?P<m>{_M})(?![\w]|[.,/]\d)", _month),
    rule("period", rf"{_BEGIN}(?P<y1>{_Y}){DASH}(?P<y2>{_Y}|\d\d){_END}", _years),
    rule("date", rf"{_BEGIN}(?P<d>{_D})/(?P<m>{_M}){_END}", _short),
    rule(
        "weekday",
        r"(?<!\w)(?<!lần\s)(?P<cue>[Tt]hứ)\s+(?P<days>[2-7](?:\s?[,;\-–]\s?[2-7])+)(?![\w]|[.,/]\d)",
        _weekday,
    ),
    rule("ordinal", r"(?<!\w)(?P<cue>[Tt]hứ)\s+(?P<n>\d{1,3})(?![\w]|[.,/]\d)", _ordinal),
    rule("ordinal", r"(?<!\w)(?P<cue>[Hh]ạng|[Gg]iải)\s+(?P<n>1)(?![\w]|[.,/]\d)", _ordinal),
)  # fmt: skip
