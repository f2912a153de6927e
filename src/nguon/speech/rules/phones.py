"""Phone numbers, identifiers and plates: digit by digit."""

import re

from nguon.speech import lexicon, numbers, syllables
from nguon.speech.draft import Found, Rule, figure, rule
from nguon.speech.rules.common import after_cue

_GAP = (
    r"(?:[\s:.,()+/;\-]|số|theo|về|đến|tới|qua|ngay|trực|nóng|hoặc|và|là|máy|bàn|hỗ trợ|khẩn cấp|cấp cứu|quốc gia"
    r"|miễn phí|đt|\d){0,40}"
)
_SHORT_GAP = r"(?:[\s:.,(]|số|máy|quốc gia|trực|khẩn cấp|miễn phí|là|gọi|1[01]\d|và|hoặc){0,12}"
_ID_GAP = r"(?:[\s:.,()/;\-]|số|là|công dân|nhân dân|cá nhân|của|hồ sơ|ngân hàng|\d){0,24}"
_CODE_WORDS = "số|khách|hàng|bưu|chính|hộ|định|danh|hồ|sơ|vùng|trồng|đơn|vị|thẻ|sản|phẩm|điểm|trạm|công|tơ"
_CODE_GAP = rf"(?:\s(?:{_CODE_WORDS})){{0,4}}\s?:?\s?"
_ASKED_BY_MESSAGE = re.compile(
    r"(?i)(?:soạn|nhắn|tin|cú pháp|sms)[^.;]{0,40}(?:gửi|đến|tới|qua)\s+(?:số\s+|đầu số\s+)?$"
)
_SEQUENCE = r"\(?\+?\d[\d.\s()-]{1,22}\d(?!\w)"
_COUNTED = re.compile(
    rf"\s*(?:{lexicon.cues('ratio_noun')}|{lexicon.alternation(lexicon.table('units')['words'])}|bà con|phần|%)(?!\w)",
    re.IGNORECASE,
)


def _call(found: Found) -> tuple[str, float] | None:
    """A number of three or more digits after a word for telephones."""
    figures = re.sub(r"\D", "", found[0])
    if len(figures) > 15 or len(figures) < 3:
        return None
    if not re.match(r"0|84|1[89]00", figures) and _COUNTED.match(found.after()):
        return None
    strong = after_cue(found, "phone", _GAP if len(figures) > 5 else _SHORT_GAP, 90)
    known = figures in lexicon.table("cues")["emergency_numbers"]
    helped = known and after_cue(found, "help", r"\W*(?:\w+\W+){0,2}")
    if not (strong or helped or (known and after_cue(found, "call", _GAP, 90))):
        return None
    return _say(found[0]), 0.95 if strong else 0.85


def _message(found: Found) -> str | None:
    """The four figures a message is sent to: `soạn tin … gửi 8079`, `nhắn tin đến 1407`."""
    if not _ASKED_BY_MESSAGE.search(found.before(60)):
        return None
    return None if _COUNTED.match(found.after()) else numbers.digits(found[0])


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
    if len(re.sub(r"\D", "", found[0])) < 4 or _COUNTED.match(found.after()):
        return None
    if after_cue(found, "identifier", _ID_GAP, 60) or after_cue(found, "code", _CODE_GAP, 60):
        return numbers.digits(found[0])
    return None


def _long(found: Found) -> tuple[str, float] | None:
    """Leading zero and more than two digits, or very long: not a quantity."""
    if re.search(r"(?<![\d.,])[1-9]\d{0,2}(?:[ ]\d{3})*[ ]$", found.before(24)) and len(found[0]) == 3:
        return None  # the last group of 12 000
    if found[0][0] != "0" and _COUNTED.match(found.after()):
        return None
    return numbers.digits(found[0]), 0.7


def _plate(found: Found) -> str:
    letters = " ".join(syllables.LETTERS[c.lower()] for c in found["series"])
    return f"{numbers.digits(found['province'])} {letters} {numbers.digits(found['rest'])}"


def _boat(found: Found) -> str:
    """`BĐ 95123 TS`: a fishing boat, its letters and its figures one by one."""
    return f"{syllables.spell(found['port'])} {numbers.digits(found['n'])} tê ét"


RULES: tuple[Rule, ...] = (
    figure(
        "plate",
        r"(?<!\w)(?P<province>[1-9]\d)[- ]?(?P<series>[A-ZĐ]{1,2})(?P<rest>\d?\s?[- ]\s?\d{3}\.?\d{2}|\d?-\d{4})(?!\w)",
        _plate,
    ),
    rule("plate", r"(?<!\w)(?P<port>[A-ZĐ]{1,3})[- ]?(?P<n>\d{4,5})[- ]?TS(?!\w)", _boat),
    figure("identifier", r"(?<![\w.,/])\d[\d.\s-]{2,22}\d(?![\w]|[.,/-]\d)", _identifier),
    figure(
        "phone",
        r"(?<![\w.,/])(?:\(\+?\d{2,4}\)|\+84|0)(?<!\d[ ]0)[\s.-]?\d(?:[\s.-]?\d){6,9}(?![\w]|[\s.-]\d{3})",
        _whole,
    ),
    figure("phone", r"(?<![\w.,/])1[89]00(?:[\s.-]?\d){4,6}(?![\w]|[\s.-]?\d)", _service),
    figure("phone", rf"(?<![\w.,/]){_SEQUENCE}", _call),
    figure("phone", r"(?<![\w.,/])\d{4}(?![\w]|[.,/-]\d)", _message),
    figure("identifier", r"(?<![\w.,/])(?:0\d{2,}|\d{10,})(?![\w]|[.,/]\d)", _long),
)
