"""What a listener understands: spoken Vietnamese numbers, dates and times turned back into values.

Written apart from the reader and knowing nothing of it: it takes the words a person hears and gives what they mean,
or raises NotUnderstood. Both styles of speech are understood (nghìn/ngàn, linh/lẻ, tư/bốn).
"""

import re
from datetime import date
from decimal import Decimal

ONES = {
    "không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "sáu": 6, "bảy": 7,
    "tám": 8, "chín": 9,
}  # fmt: skip
SCALES = (("tỷ", 10**9), ("triệu", 10**6), ("nghìn", 10**3))


class NotUnderstood(Exception):
    """These words are no value of the kind that was asked for."""


def number(words: str) -> int:
    """A whole number ≥ 0, every word of it used."""
    found = words.lower().replace("ngàn", "nghìn").split()
    if not found:
        raise NotUnderstood(words)
    return _scaled(found, 0)


def _scaled(words: list[str], level: int) -> int:
    if level == len(SCALES):
        return _below_thousand(words)
    name, size = SCALES[level]
    if name not in words:
        return _scaled(words, level + 1)
    at = len(words) - 1 - words[::-1].index(name) if level == 0 else words.index(name)
    head, tail = words[:at], words[at + 1 :]
    rest = _scaled(tail, level + 1) if tail else 0
    if not head or rest >= size or (tail and not _full_group(tail, size)):
        raise NotUnderstood(" ".join(words))
    return _scaled(head, level) * size + rest if level == 0 else _scaled(head, level + 1) * size + rest


def _full_group(tail: list[str], size: int) -> bool:
    """After a scale its next group names its hundreds, or the listener takes `năm` for five hundreds more."""
    first = tail[: next((i for i, w in enumerate(tail) if w in ("triệu", "nghìn")), len(tail))]
    return "trăm" in first


def _below_thousand(words: list[str]) -> int:
    hundreds = 0
    if "trăm" in words:
        if len(words) < 2 or words[1] != "trăm":
            raise NotUnderstood(" ".join(words))
        hundreds, words = _one(words[0]) * 100, words[2:]
        if words[:1] and words[0] in ("linh", "lẻ"):
            if len(words) != 2 or _one(words[1]) == 0:
                raise NotUnderstood(" ".join(words))
            return hundreds + _one(words[1])
        if len(words) == 1 and words[0] != "mười":
            raise NotUnderstood(" ".join(words))
    return hundreds + (_below_hundred(words) if words else 0)


def _below_hundred(words: list[str]) -> int:
    if words[0] == "mười":
        rest = words[1:]
        if len(rest) > 1 or rest in (["mốt"], ["tư"], ["năm"], ["không"]):
            raise NotUnderstood(" ".join(words))
        return 10 + (_one(rest[0]) if rest else 0)
    if len(words) == 1:
        if words[0] in ("mốt", "lăm", "tư"):
            raise NotUnderstood(" ".join(words))
        return _one(words[0])
    if words[1] != "mươi" or len(words) > 3 or _one(words[0]) < 2:
        raise NotUnderstood(" ".join(words))
    if words[2:] in (["năm"], ["một"], ["không"]):
        raise NotUnderstood(" ".join(words))
    return _one(words[0]) * 10 + (_one(words[2]) if words[2:] else 0)


def _one(word: str) -> int:
    if word not in ONES:
        raise NotUnderstood(word)
    return ONES[word]


def figures(words: str) -> str:
    """Digits said one by one: `không chín không năm` is 0905."""
    return "".join(str(_one(word)) for word in words.lower().split())


def amount(words: str) -> Decimal:
    """A number with or without a fraction, perhaps negative: `âm hai phẩy không năm`."""
    sign, rest = (-1, words[3:]) if words.startswith("âm ") else (1, words)
    whole, comma, fraction = rest.strip().partition(" phẩy ")
    value = Decimal(number(whole))
    if comma:
        value += Decimal("0." + _fraction(fraction))
    return sign * value


def _fraction(words: str) -> str:
    try:
        return figures(words)
    except NotUnderstood:
        return str(number(words))


def day(words: str) -> date:
    """`bảy tháng tư năm hai nghìn không trăm hai mươi lăm`."""
    match = re.fullmatch(r"(?:ngày )?(.+?) tháng (.+?) năm (.+)", words.lower())
    if not match:
        raise NotUnderstood(words)
    return date(number(match[3]), month(match[2]), number(match[1]))


def day_and_month(words: str) -> tuple[int, int]:
    """`hai tháng chín` is (2, 9)."""
    match = re.fullmatch(r"(?:ngày )?(.+?) tháng (.+)", words.lower())
    if not match:
        raise NotUnderstood(words)
    return number(match[1]), month(match[2])


def month(words: str) -> int:
    """The name of a month: tư is the fourth."""
    return 4 if words == "tư" else number(words)


def clock(words: str) -> tuple[int, int]:
    """`bảy giờ không năm phút` is (7, 5); minutes under ten need their `không` or `phút`."""
    match = re.fullmatch(r"(.+?) giờ(?: (.+?))?( phút)?", words.lower())
    if not match:
        raise NotUnderstood(words)
    minutes = match[2] or ""
    if minutes.startswith("không "):
        minutes = minutes[6:]
        if number(minutes) > 9:
            raise NotUnderstood(words)
    elif minutes and number(minutes) < 10:
        raise NotUnderstood(words)
    return number(match[1]), number(minutes) if minutes else 0


def both(words: str) -> tuple[str, str]:
    """The two ends of a range."""
    first, to, last = words.partition(" đến ")
    if not to:
        raise NotUnderstood(words)
    return first.strip(), last.strip()
