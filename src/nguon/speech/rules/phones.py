"""Phone numbers, identifiers and plates: digit by digit."""

import re

from nguon.speech import lexicon, numbers, syllables
from nguon.speech.draft import Found, Rule, rule
from nguon.speech.rules.common import after_cue

_GAP = r"(?:[\s:.,()+/;\-]|số|theo|về|đến|tới|qua|ngay|trực|nóng|hoặc|và|là|máy|bàn|hỗ trợ|khẩn cấp|cấp cứu|\d){0,40}"
_ID_GAP = r"(?:[\s:.,()/;\-]|số|là|công dân|nhân dân|cá nhân|của|hồ sơ|ngân hàng|\d){0,24}"
_SEQUENCE = r"\(?\+?\d[\d.\s()-]{1,22}\d(?!\w)"


def _call(found: Found) -> tuple[str, float] | None:
    """A number of three or more digits after a word for telephones."""
    figures = re.sub(r"\D", "", found[0])
    if len(figures) > 15 or len(figures) < 3:
        return None
    strong = after_cue(found, "phone", _GAP, 90)
    known = figures in lexicon.table("cues")["emergency_numbers"] and after_cue(found, "call", _GAP, 90)
    if not (strong or known):
        return None
    return _say(found[0]), 0.95 if strong else 0.85


def _say(text: str) -> str:
    plus = "cộng " if text.lstrip("(").startswith("+") else ""
    return plus + numbers.digits(text)


def _whole(found: Found) -> str | None:
    """A number that looks like a telephone by itself."""
    figures = re.sub(r"\D", "", found[0])
    return _say(found[0]) if 9 <= len(figures) <= 12 else None


def _service(found: Found) -> str:
    return numbers.digits(found[0])


def _identifier(found: Found) -> str | None:
    if not after_cue(found, "identifier", _ID_GAP, 60) or len(re.sub(r"\D", "", found[0])) < 4:
        return None
    return numbers.digits(found[0])


def _long(found: Found) -> tuple[str, float]:
    """Leading zero and more than two digits, or very long: not a quantity."""
    return numbers.digits(found[0]), 0.7


def _plate(found: Found) -> str:
    letters = " ".join(syllables.LETTERS[c.lower()] for c in found["series"])
    return f"{numbers.digits(found['province'])} {letters} {numbers.digits(found['rest'])}"


RULES: tuple[Rule, ...] = (
    rule(
        "plate",
        r"(?<!\w)(?P<province>[1-9]\d)[- ]?(?P<series>[A-ZĐ]{1,2})(?P<rest>\d?[- ]\d{3}\.?\d{2}|\d?-\d{4})(?!\w)",
        _plate,
    ),
    rule("phone", r"(?<![\w.,/])(?:\(\+?\d{2,4}\)|\+84|0)[\s.-]?\d(?:[\s.-]?\d){6,9}(?!\w)", _whole),
    rule("phone", r"(?<![\w.,/])1[89]00[\s.]?\d{2,4}(?:[\s.]?\d{1,3})?(?!\w)", _service),
    rule("phone", rf"(?<![\w.,/]){_SEQUENCE}", _call),
    rule("identifier", r"(?<![\w.,/])\d[\d.\s-]{2,22}\d(?![\w])", _identifier),
    rule("identifier", r"(?<![\w.,/])(?:0\d{2,}|\d{10,})(?![\w]|[.,/]\d)", _long),
)  # fmt: skip
