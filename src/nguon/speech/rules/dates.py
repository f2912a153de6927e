"""Dates: a day with its month, lists and ranges of days. Months, quarters and periods are in `periods`."""

import re
from datetime import date

from nguon.speech import lexicon, numbers
from nguon.speech.draft import Found, Rule, figure
from nguon.speech.rules.common import DASH, after_cue, before_cue, is_house

DAY = r"(?:0?[1-9]|[12]\d|3[01])"
MONTH = r"(?:0?[1-9]|1[0-2])"
YEAR = r"(?:1[0-9]|20|21)\d\d"
END = r"(?![\w]|[./,-]\d)"
BEGIN = r"(?<![\w/.,])"
_DAY_GAP = (
    r"(?:[\d\s/.,;\-–()]|và|hoặc|đến|tới|từ|hết|hay|(?:từ|vào|hết|đến)\s+ngày|năm|âm lịch|dương lịch|nay|mai|qua){0,60}"
)
_SINCE = re.compile(r"(?i)(?:từ|trong|các|những|khoảng)\s+(?:\d+\s+)?ngày\s*$")
_ENDS_DAYS = re.compile(r"(?i)ngày\s+\d{1,2}\s*(?:đến|tới|và|,)\s*(?:hết\s+)?$")  # `từ ngày 8 đến 10-9`
_ON_A_DAY = re.compile(r"(?i)(?:thứ|chủ nhật|CN|T[2-7]|tuần|hôm)(?!\w)[^.;()]{0,20}\($")  # `Chủ nhật tuần này (19-4)`
_UNTIL = re.compile(rf"\s*(?:đến|tới|-|–)\s*(?:hết\s+)?(?:ngày\s+)?{DAY}\s?[-.]\s?{MONTH}\b")


_DAY_OF_WEEK = re.compile(r"(?i)(?<!\w)(thứ\s+(?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật|CN)[\s,(]*(?:ngày\s+)?$")
_DAYS_OF_WEEK = {
    **{name: day for day, name in enumerate(("hai", "ba", "tư", "năm", "sáu", "bảy"), start=1)},
    **{str(number): number - 1 for number in range(2, 8)},
    "chủ nhật": 7,
    "cn": 7,
}


def year_words(text: str, found: Found) -> str:
    """`năm` and the year; two figures are of this century."""
    number = int(text) if len(text) == 4 else 2000 + int(text)
    return f"năm {numbers.cardinal(number, found.profile)}"


def _date(day: str, month: str, year: str, found: Found) -> str:
    profile = found.profile
    said = f"{numbers.cardinal(int(day), profile)} tháng {numbers.month(int(month), profile)}"
    return f"{said} {year_words(year, found)}" if year else said


def _full(found: Found) -> str | tuple[str, float]:
    """A whole date; one that no calendar has, or on another day of the week than is written, is read and doubted."""
    said = _date(found["d"], found["m"], found["y"], found)
    return said if _possible(found["d"], found["m"], found["y"]) and _agrees(found) else (said, 0.5)


def _possible(day: str, month: str, year: str = "2024") -> bool:
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def _agrees(found: Found) -> bool:
    """Whether the day of the week before the date, if one is written, is the calendar's."""
    written = _DAY_OF_WEEK.search(found.before())
    if not written or len(found["y"]) != 4:
        return True
    name = written[1].lower().removeprefix("thứ").strip()
    return _DAYS_OF_WEEK.get(name) == date(int(found["y"]), int(found["m"]), int(found["d"])).isoweekday()


def _range(found: Found) -> str | None:
    """`01/8-15/8/2022`, `20/5 – 22/5`, `20-22/5/2025`: from one day to another; with points only after a cue."""
    if found["point"] and not (found["y"] or after_cue(found, "day", r"\s*")):
        return None
    if found["m1"] and not found["y"] and after_cue(found, "share", r"\s+(?:từ\s+)?"):
        return None  # `giảm 1/2 - 2/3`
    first = numbers.cardinal(int(found["d1"]), found.profile)
    if found["m1"]:
        first = _date(found["d1"], found["m1"], found["y1"], found)
    return f"{first} đến {_date(found['d'], found['m'], found['y'], found)}"


def _day_range(found: Found) -> str | tuple[str, float] | None:
    """`20-22/5` without a year: only if it cannot be a number before a fraction."""
    if int(found["d1"]) >= int(found["d"]):
        return None
    said = _range(found)
    if found["y"] or after_cue(found, "date", r"\s*" + _DAY_GAP):
        return said
    if said is None or before_cue(found, "ratio_noun") or before_cue(found, "portion_noun"):
        return None
    return said, 0.7


def _short(found: Found) -> tuple[str, float] | None:
    """`2/9`: a date if the words around say so; a ratio is left to the rules of ratios."""
    day, month = int(found["d"]), int(found["m"])
    said = _date(found["d"], found["m"], "", found)
    if is_house(found) or after_cue(found, "ratio_verb", r"\s*"):
        return None
    if not _possible(found["d"], found["m"]):
        return said, 0.5
    if found.before(6).lower().rstrip().endswith("ngày"):
        return said, 0.95
    if after_cue(found, "date", r"\s*" + _DAY_GAP, 80):
        return None if before_cue(found, "portion_noun") else (said, 0.95)
    if before_cue(found, "ratio_noun") or before_cue(found, "portion_noun"):
        return None
    if "0" in (found["d"][0], found["m"][0]):
        return said, 0.85
    plain = f"{day}/{month}"
    if plain in lexicon.table("cues")["holidays"] or day > 12:
        return said, 0.8
    if day > month:
        return said, 0.5
    # small denominators are shares; a bare 5/9 is a day more often than five ninths, and doubted
    share = month < 5 or any(after_cue(found, section, r"\s+(?:từ\s+)?") for section in ("share", "scale"))
    return None if share else (said, 0.6)


def _dashed(found: Found) -> tuple[str, float] | None:
    """`ngày 8-3`, `Quốc khánh 2-9`, `hôm nay (12-5)`, `ngày 30.4`: a date only right after a word for a day.

    `từ ngày 5-7` is two days, unless an end follows: `từ ngày 5-7 đến ngày 10-7`.
    """
    day, month = int(found["d"]), int(found["m"])
    holiday = f"{day}/{month}" in lexicon.table("cues")["holidays"]
    said = _date(found["d"], found["m"], "", found)
    if not after_cue(found, "day", r"[\s(,]*") and not (holiday and after_cue(found, "street", r"\s+")):
        if _ENDS_DAYS.search(found.before()) or _ON_A_DAY.search(found.before()):
            return said, 0.85
        falling = found["s"] != "." and day > 12 and after_cue(found, "date", r"\s+")
        return (said, 0.7) if falling else None  # `đến 30-4`: no range falls
    if found["s"] == "." or day >= month or _UNTIL.match(found.after()):
        return said, 0.9
    if _SINCE.search(found.before()):
        return None
    return said, 0.85 if holiday else 0.6


RULES: tuple[Rule, ...] = (
    figure("date", rf"{BEGIN}(?P<y>{YEAR})-(?P<m>{MONTH})-(?P<d>{DAY}){END}", _full),
    figure(
        "date-range",
        rf"{BEGIN}(?P<d1>{DAY})(?:/|(?P<point>\.))(?P<m1>{MONTH})(?:[/.](?P<y1>{YEAR}))?{DASH}"
        rf"(?P<d>{DAY})(?(point)\.|/)(?P<m>{MONTH})(?:[/.](?P<y>{YEAR}))?{END}",
        _range,
    ),
    figure(
        "date-range",
        rf"{BEGIN}(?P<d1>{DAY}){DASH}(?P<d>{DAY})/(?P<m>{MONTH})(?:/(?P<y>{YEAR}))?{END}",
        _day_range,
    ),
    figure("date", rf"{BEGIN}(?P<d>{DAY})\s?(?P<s>[/.-])\s?(?P<m>{MONTH})\s?(?P=s)\s?(?P<y>{YEAR}){END}", _full),
    figure("date", rf"{BEGIN}(?P<d>{DAY})/(?P<m>{MONTH})/(?P<y>\d\d){END}", _full, confidence=0.8),
    figure("date", rf"{BEGIN}(?P<d>{DAY})\s?(?P<s>[-–.])\s?(?P<m>{MONTH}){END}", _dashed),
)
SHORT: tuple[Rule, ...] = (figure("date", rf"{BEGIN}(?P<d>{DAY})/(?P<m>{MONTH}){END}", _short),)
