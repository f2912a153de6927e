"""Times of the day and their ranges."""

from nguon.speech import numbers
from nguon.speech.draft import Found, Rule, rule
from nguon.speech.rules.common import DASH

_H = r"(?:[01]?\d|2[0-4])"
_MIN = r"[0-5]\d"
_SIGN = r"\s?[hHgG:]\s?"
_TAIL = r"\s?(?:phút|ph|p|’|'|′)(?!\w)"
_BEGIN = r"(?<![\w.,/:])"


def _time(hour: str, minute: str, found: Found, *, minutes: bool = False) -> str:
    """An hour with its minutes: under ten they are said with `phút`, so that they are not taken for a thing counted."""
    said = f"{numbers.cardinal(int(hour), found.profile)} giờ"
    if not minute or int(minute) == 0:
        return said
    if int(minute) < 10:
        return f"{said} không {numbers.cardinal(int(minute), found.profile)} phút"
    return f"{said} {numbers.cardinal(int(minute), found.profile)}" + (" phút" if minutes else "")


def _clock(found: Found) -> str:
    return _time(found["h"], found["m"], found, minutes=bool(found["tail"]))


def _spoken_clock(found: Found) -> str:
    if not found["m"]:
        return f"{numbers.cardinal(int(found['h']), found.profile)} giờ"
    return _time(found["h"], found["m"], found, minutes=bool(found["tail"]))


def _range(found: Found) -> str:
    first = _time(found["h1"], found["m1"], found)
    return f"{first} đến {_time(found['h2'], found['m2'], found, minutes=bool(found['tail']))}"


def _hours(found: Found) -> str:
    """`6-8h`: two hours and one sign."""
    first, last = (numbers.cardinal(int(found[name]), found.profile) for name in ("h1", "h2"))
    if found["m2"]:
        return f"{first} giờ đến {_time(found['h2'], found['m2'], found)}"
    return f"{first} đến {last} giờ"


def _always(found: Found) -> str:
    first, last = (numbers.cardinal(int(found[name]), found.profile) for name in ("a", "b"))
    return f"{first} trên {last}" + (" giờ" if found["sign"] else "")


RULES: tuple[Rule, ...] = (
    rule("always", r"(?<![\w.,/])(?P<a>24)/(?P<b>24|7)(?P<sign>\s?(?:[hH]|giờ))?(?!\w)", _always),
    rule(
        "time-range",
        rf"{_BEGIN}(?P<h1>{_H})(?:{_SIGN}(?P<m1>{_MIN})(?:{_TAIL})?|\s?(?:[hHgG]|giờ)){DASH}"
        rf"(?P<h2>{_H})(?:{_SIGN}(?P<m2>{_MIN})(?P<tail>{_TAIL})?|\s?(?:[hHgG]|giờ)(?!\w))(?![\w:])",
        _range,
    ),
    rule(
        "time-range",
        rf"{_BEGIN}(?P<h1>{_H}){DASH}(?P<h2>{_H})\s?[hHgG](?P<m2>{_MIN})?(?!\w)",
        _hours,
    ),
    rule("time", rf"{_BEGIN}(?P<h>{_H}):(?P<m>{_MIN})(?::\d\d)?(?P<tail>{_TAIL})?(?![\w:])", _clock),
    rule("time", rf"{_BEGIN}(?P<h>{_H})\s?[hHgG]\s?(?P<m>{_MIN}|(?<=h)[1-9])(?P<tail>{_TAIL})?(?!\w)", _clock),
    rule("time", rf"{_BEGIN}(?P<h>{_H})\s?(?:h|H)(?P<m>)(?!\w)", _clock),
    rule("time", rf"{_BEGIN}(?P<h>{_H})g(?P<m>)(?=\s+(?:ngày|sáng|chiều|tối|trưa|đêm|hôm|đến|thứ))", _clock),
    rule("time", rf"{_BEGIN}(?P<h>{_H})\s+giờ(?:\s+(?P<m>{_MIN})(?P<tail>{_TAIL})?(?![\w.,/]\d|\w))?", _spoken_clock),
    rule("time", rf"{_BEGIN}(?P<h>{_H}):(?P<m>{_MIN})(?=\D|$)", _clock, confidence=0.6),
)
