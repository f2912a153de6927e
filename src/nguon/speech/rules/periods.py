"""Months, quarters, years and days of the week, and the ranges of them."""

import re

from nguon.speech import numbers
from nguon.speech.draft import Found, Rule, figure, rule
from nguon.speech.rules.common import DASH, after_cue, cue
from nguon.speech.rules.dates import BEGIN, END, MONTH, YEAR, year_words

_WEEKDAY = r"(?:[2-7]|[Hh]ai|[Bb]a|[Tt]ư|[Nn]ăm|[Ss]áu|[Bb]ảy|HAI|BA|TƯ|NĂM|SÁU|BẢY)"
_SHORT_DAY = r"(?:T[2-7]|CN)"
_ROMAN_QUARTER = r"(?:IV|I{1,3})"


def _month_year(found: Found) -> str:
    if after_cue(found, "issue", r"\s+"):
        return f"{numbers.code_number(found['m'], found.profile)} {year_words(found['y'], found)}"
    month = numbers.month(int(found["m"]), found.profile)
    said = f"{month} {year_words(found['y'], found)}"
    return said if re.search(r"(?i)tháng\s*(?:[\d\s,;\-–]|và|đến|từ)*$", found.before()) else f"tháng {said}"


def _year_after_word(found: Found) -> str:
    """`9 tháng/2025`, `HK/2026`."""
    return year_words(found["y"], found)


def _month_range(found: Found) -> str:
    first, last = (numbers.month(int(found[name]), found.profile) for name in ("m1", "m"))
    said = f"{cue(found)} {first} đến {last}"
    return f"{said} {year_words(found['y'], found)}" if found["y"] else said


def _month(found: Found) -> str:
    return f"{cue(found)} {numbers.month(int(found['m']), found.profile)}"


def _quarter(found: Found) -> str:
    value = numbers.roman(found["q"]) or int(found["q"])
    said = f"quý {numbers.cardinal(value, found.profile)}"
    return f"{said} {year_words(found['y'], found)}" if found["y"] else said


def _quarter_range(found: Found) -> str:
    first, last = (numbers.cardinal(numbers.roman(q) or int(q), found.profile) for q in (found["q1"], found["q"]))
    said = f"quý {first} đến quý {last}"
    return f"{said} {year_words(found['y'], found)}" if found["y"] else said


def _later_quarter(found: Found) -> str | None:
    """The second of `quý I, II/2025`, with its year."""
    if not re.search(rf"(?i)(?<!\w)quý\s+(?:{_ROMAN_QUARTER}|[1-4])(?:\s?[,;\-–]\s?|\s+và\s+)$", found.before()):
        return None
    value = numbers.roman(found["q"]) or int(found["q"])
    return f"{numbers.cardinal(value, found.profile)} {year_words(found['y'], found)}"


def _years(found: Found) -> str:
    """`2021-2026`: a period; a school year is said without đến."""
    first, last = found["y1"], found["y2"]
    if len(last) == 2:
        last = first[:2] + last
    joint = "" if after_cue(found, "school_year", r"[\s:]*") else "đến "
    words = [numbers.cardinal(int(year), found.profile) for year in (first, last)]
    return f"{words[0]} {joint}{words[1]}"


def _season(found: Found) -> str | None:
    """`vụ Đông Xuân 2025/2026`: one year and the next."""
    return _years(found) if int(found["y2"]) == int(found["y1"]) + 1 else None


def _day_name(text: str, found: Found) -> str:
    if text == "CN":
        return "chủ nhật"
    name = numbers.ordinal(int(text[-1]), found.profile) if text[-1].isdigit() else text.lower()
    return name if text.isdigit() and found[0].startswith("T") else f"thứ {name}"


def _weekdays(found: Found) -> str:
    days = [numbers.ordinal(int(day), found.profile) for day in re.findall(r"\d", found["days"])]
    joint = " đến " if re.search("[-–]", found["days"]) else ", "
    return f"{cue(found)} {joint.join(days)}"


def _weekday_range(found: Found) -> str:
    """`thứ 2 - thứ 6`, `thứ Hai – thứ Sáu`, `thứ 2 - CN`."""
    return f"{_day_name(found['a'], found)} đến {_day_name(found['b'], found)}"


def _short_days(found: Found) -> str:
    """`T2-T6`, `T7, CN`: days of the week as timetables write them."""
    pieces = re.split(rf"({_SHORT_DAY}|(?<=[, ])[2-7])", found[0])
    said = [
        _day_name(piece, found) if index % 2 else " đến " if re.search("[-–]", piece) else re.sub(r"\s+", " ", piece)
        for index, piece in enumerate(pieces)
    ]
    return re.sub(r"\s*([,;])\s*", r"\1 ", "".join(said)).strip()


def _short_day(found: Found) -> str | None:
    dated = re.match(r"\s?[,(]?\s?(?:ngày\s+)?\d{1,2}[/-]\d", found.after())
    return _day_name(found[0], found) if dated or after_cue(found, "part_of_day", r"\s+") else None


def _ordinal(found: Found) -> str:
    return f"{cue(found)} {numbers.ordinal(int(found['n']), found.profile)}"


RULES: tuple[Rule, ...] = (
    rule(
        "quarter",
        rf"(?<!\w)(?P<cue>[Qq]uý|[Qq]uí|QUÝ)\s+(?P<q1>{_ROMAN_QUARTER}|[1-4]){DASH}(?P<q>{_ROMAN_QUARTER}|[1-4])"
        rf"(?:\s?[/-]\s?(?P<y>{YEAR}))?(?!\w)",
        _quarter_range,
    ),
    rule(
        "quarter",
        rf"(?<!\w)[Qq](?:uý\s+|uí\s+|UÝ\s+)?(?P<q>IV|I{{1,3}}|[1-4])(?:\s?[/-]\s?(?P<y>{YEAR}))?(?!\w)",
        _quarter,
    ),
    rule("quarter", rf"(?<!\w)(?P<q>{_ROMAN_QUARTER}|[1-4])\s?/\s?(?P<y>{YEAR})(?!\w)", _later_quarter),
    rule(
        "month-range",
        rf"(?<!\w)(?P<cue>[Tt]háng|THÁNG)\s+(?P<m1>{MONTH}){DASH}(?P<m>{MONTH})(?:/(?P<y>{YEAR}))?{END}",
        _month_range,
    ),
    rule("month-year", rf"(?<!\w)T(?P<m>{MONTH})\s?/\s?(?P<y>(?:19|20)\d\d){END}", _month_year),
    figure("month-year", rf"{BEGIN}(?P<m>{MONTH})\s?/\s?(?P<y>(?:19|20)\d\d){END}", _month_year),
    rule("month-year", rf"(?<=háng\s)(?P<m>{MONTH})\s?[-.]\s?(?P<y>(?:19|20)\d\d){END}", _month_year),
    rule("year", r"(?<=[^\W\d_])/(?P<y>20\d\d)(?![\w]|[./,-]\d)", _year_after_word, confidence=0.85),
    rule("month", rf"(?<!\w)(?P<cue>[Tt]háng|THÁNG)\s+(?P<m>{MONTH})(?![\w]|[.,/]\d)", _month),
    figure("period", rf"{BEGIN}(?P<y1>{YEAR})/(?P<y2>{YEAR}){END}", _season),
    figure("period", rf"{BEGIN}(?P<y1>{YEAR}){DASH}(?P<y2>{YEAR}|\d\d){END}", _years),
)
WEEKDAYS: tuple[Rule, ...] = (
    rule(
        "weekday",
        rf"(?<!\w)(?:[Tt]hứ|THỨ)\s+(?P<a>{_WEEKDAY}){DASH}(?:(?:[Tt]hứ|THỨ)\s+(?P<b>{_WEEKDAY})(?!\w))",
        _weekday_range,
    ),
    rule("weekday", rf"(?<!\w)(?:[Tt]hứ|THỨ)\s+(?P<a>{_WEEKDAY}){DASH}(?P<b>CN)(?!\w)", _weekday_range),
    rule(
        "weekday",
        rf"(?<![\w-])T[2-7](?:\s?,\s?[2-7](?!\w|[.,/]\d)){{1,5}}|(?<![\w-]){_SHORT_DAY}(?:(?:\s?[,;]\s?|\s+và\s+|\s+đến\s+|{DASH}){_SHORT_DAY}){{1,6}}(?![\w]|[/-]\d)",
        _short_days,
        confidence=0.85,
    ),
    rule("weekday", r"(?<![\w-])T[2-7](?![\w]|[/-]\d)", _short_day, confidence=0.8),
    rule(
        "weekday",
        r"(?<!\w)(?<!lần\s)(?P<cue>[Tt]hứ|THỨ)\s+(?P<days>[2-7](?:\s?[,;\-–]\s?[2-7])+)(?![\w]|[.,/]\d)",
        _weekdays,
    ),
    rule("ordinal", r"(?<!\w)(?P<cue>[Tt]hứ|THỨ)\s+(?P<n>\d{1,3})(?![\w]|[.,/]\d)", _ordinal),
    rule("ordinal", r"(?<!\w)(?P<cue>[Hh]ạng|[Gg]iải)\s+(?P<n>1)(?![\w]|[.,/]\d)", _ordinal),
)  # fmt: skip
