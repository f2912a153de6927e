"""Times of the day, their ranges, and the signs of minutes and seconds."""

import re

from nguon.speech import numbers
from nguon.speech.draft import Found, Rule, figure
from nguon.speech.rules.common import DASH, after_cue, number

_H = r"(?:[01]?\d|2[0-4])"
_MIN = r"[0-5]\d"
_SIGN = r"\s?(?:[hHgG:]|giờ)\s?"
_WHOLE = r"\s?(?:[hHgG]|[gG]iờ|GIỜ)(?!\w)"
_TAIL = r"\s?(?:phút|PHÚT|ph|p|’|'|′)(?!\w)"
_BEGIN = r"(?<![\w.,/:])"
_TO = rf"(?:{DASH}|\s?(?:~|→)\s?)"
_HALVES = {"AM": "sáng", "SA": "sáng", "PM": "chiều", "CH": "chiều"}


def _time(hour: str, minute: str, found: Found, *, minutes: bool = False) -> str:
    """An hour with its minutes: under ten they are said with `phút`, so that they are not taken for a thing counted."""
    said = f"{numbers.cardinal(int(hour), found.profile)} giờ"
    if not minute or int(minute) == 0:
        return said
    if int(minute) < 10:
        return f"{said} không {numbers.cardinal(int(minute), found.profile)} phút"
    return f"{said} {numbers.cardinal(int(minute), found.profile)}" + (" phút" if minutes else "")


def _is_ratio(found: Found) -> bool:
    """`tỷ lệ 1:10`, `pha 1:20`, `tỷ số 2:10` are no times."""
    return after_cue(found, "scale", r"\W*(?:\w+\W+){0,3}")


def _clock(found: Found) -> str | None:
    if found["colon"] and _is_ratio(found):
        return None
    said = _time(found["h"], found["m"], found, minutes=bool(found["tail"]))
    if found["s"] and int(found["s"]):
        said = f"{said} {numbers.cardinal(int(found['m']), found.profile) if not int(found['m']) else ''}".rstrip()
        minutes = "" if said.endswith("phút") else " phút"
        return f"{said}{minutes} {numbers.cardinal(int(found['s']), found.profile)} giây"
    return f"{said} {_half(found)}".rstrip()


def _half(found: Found) -> str:
    """`7h00 AM`, `2:30 PM`: the part of the day in words."""
    if not found["half"]:
        return ""
    said, hour = _HALVES[found["half"].upper().replace(".", "")], int(found["h"])
    if said == "chiều" and hour == 12:
        return "trưa"
    return "tối" if said == "chiều" and 6 <= hour < 12 else said


def _range(found: Found) -> str | None:
    if found["colon"] and _is_ratio(found):
        return None
    first = _time(found["h1"], found["m1"], found)
    return f"{first} đến {_time(found['h2'], found['m2'], found, minutes=bool(found['tail']))}"


def _hours(found: Found) -> str | None:
    """`6-8h`, `18 - 22 giờ`, `7-9 giờ 30`: two hours and one sign."""
    first, last = int(found["h1"]), int(found["h2"])
    if first == last:
        return None
    said = numbers.cardinal(first, found.profile)
    if found["m2"] and int(found["m2"]):
        return f"{said} giờ đến {_time(found['h2'], found['m2'], found, minutes=bool(found['tail']))}"
    return f"{said} đến {numbers.cardinal(last, found.profile)} giờ"


def _always(found: Found) -> str | None:
    if found["b"] == "7" and after_cue(found, "date", r"\s*"):
        return None
    first, last = (numbers.cardinal(int(found[name]), found.profile) for name in ("a", "b"))
    return f"{first} trên {last}" + (" giờ" if found["sign"] else "")


def _closes(found: Found) -> bool:
    """Whether the sign after the number ends a quotation: `“5 không, 3 sạch, năm 2025”`."""
    before = found.line[: found.match.start()]
    if found["mark"] in "”’":
        opening = {"”": "“", "’": "‘"}[found["mark"]]
        return before.count(opening) > before.count(found["mark"])
    quotes = re.findall(rf"(?<!\w){found['mark']}(?=\w)|(?<=\w){found['mark']}(?!\w)", before)
    return len(quotes) % 2 == 1


def _short(found: Found) -> tuple[str, float] | None:
    """`15'` and `12"5`: minutes and seconds, or inches of a screen and a pipe."""
    if not found["rest"] and _closes(found):
        return None
    said = number(found["n"], found.profile)
    if found["mark"] in ("'", "’", "′"):
        return f"{said} phút" + (f" {number(found['rest'], found.profile)} giây" if found["rest"] else ""), 0.85
    if after_cue(found, "inches", r"\W*(?:\w+\W+){0,3}"):
        return f"{said} in", 0.85
    return f"{said} giây" + (f" {number(found['rest'], found.profile)}" if found["rest"] else ""), 0.7


ALWAYS: tuple[Rule, ...] = (
    figure("always", r"(?<![\w.,/-])(?P<a>24)/(?P<b>24|7)(?P<sign>\s?(?:[hH]|giờ))?(?![\w/.-])", _always),
)
RULES: tuple[Rule, ...] = (
    figure(
        "time-range",
        rf"{_BEGIN}(?P<h1>{_H})(?:\s?(?:(?P<colon>:)|[hHgG]|giờ)\s?(?P<m1>{_MIN})(?:{_TAIL})?|{_WHOLE}){_TO}"
        rf"(?P<h2>{_H})(?:{_SIGN}(?P<m2>{_MIN})(?P<tail>{_TAIL})?|{_WHOLE})(?![\w:])",
        _range,
    ),
    figure(
        "time-range",
        rf"{_BEGIN}(?P<h1>{_H}){_TO}(?P<h2>{_H})\s?[hHgG](?P<m2>{_MIN})?(?P<tail>{_TAIL})?(?!\w)",
        _hours,
    ),
    figure(
        "time-range",
        rf"{_BEGIN}(?P<h1>{_H}){_TO}(?P<h2>{_H})\s?(?:[gG]iờ|GIỜ)(?:\s(?P<m2>{_MIN})(?P<tail>{_TAIL})?)?(?!\w|[.,/]\d)",
        _hours,
    ),
    figure(
        "time",
        rf"{_BEGIN}(?P<h>{_H})(?P<colon>:)(?P<m>{_MIN})(?::(?P<s>{_MIN}))?(?P<tail>{_TAIL})?"
        rf"(?:\s?(?P<half>AM|PM|am|pm|SA|CH))?(?![\w:])",
        _clock,
    ),
    figure(
        "time",
        rf"{_BEGIN}(?P<h>{_H})\s?[hHgG]\s?(?P<m>{_MIN}|(?<=[hHgG])[0-9])(?P<tail>{_TAIL})?(?:\s?(?P<half>AM|PM|am|pm|SA|CH))?(?!\w)",
        _clock,
    ),
    figure("time", rf"{_BEGIN}(?P<h>{_H})\s?(?:h|H)(?P<m>)(?:\s?(?P<half>AM|PM|am|pm|SA|CH))?(?!\w)", _clock),
    figure("time", rf"{_BEGIN}(?P<h>{_H})g(?P<m>)(?=\s+(?:ngày|sáng|chiều|tối|trưa|đêm|hôm|đến|thứ))", _clock),
    figure("time", rf"{_BEGIN}(?:(?<=lúc\s)|(?<=từ\s)|(?<=Từ\s)|(?<=đến\s))(?P<h>{_H})g(?P<m>)(?!\w)", _clock),
    figure(
        "time",
        rf"{_BEGIN}(?P<h>{_H})\s+(?:[gG]iờ|GIỜ)(?:\s+(?P<m>{_MIN})(?P<tail>{_TAIL})?(?![.,/]\d|\w))?(?!\w)",
        _clock,
    ),
    figure("time", rf"{_BEGIN}(?P<h>{_H})(?P<colon>:)(?P<m>{_MIN})(?=\D|$)", _clock, confidence=0.6),
    figure(
        "minutes",
        r"(?<![\w.,])(?P<n>\d{1,3}(?:,\d)?)(?P<mark>['’′\"”″])(?P<rest>\d{1,2}(?!\d))?(?![\w])",
        _short,
    ),
)
