"""Numbers with a sign after them: money, percent, units, and rates such as tạ/ha."""

import re

from nguon.speech import lexicon, numbers, syllables
from nguon.speech.draft import CLAIMED, Found, Rule, figure, rule
from nguon.speech.rules.common import DASH, NUMBER, number, value

_SYMBOLS = lexicon.words("units", "symbols")
_DEGREES = lexicon.words("units", "degree_words")
_WORDS = frozenset(lexicon.table("units")["words"])
_MONEY = frozenset(lexicon.table("units")["money"])
_SYMBOL = lexicon.alternation(_SYMBOLS)
_WORD = lexicon.alternation(_WORDS)
_DEGREE = lexicon.alternation(_DEGREES)
_PER = lexicon.alternation(lexicon.table("units")["per"])
_UNIT_END = r"(?![\w²³])"
_UNIT = rf"(?:{_DEGREE}|{_SYMBOL}|{_WORD})"
_RATE = rf"(?P<rate>(?:\s?/\s?(?:\d{{1,4}}\s?)?(?:{_PER}){_UNIT_END}){{0,3}})"
_CURRENT = re.compile(r"(?i)dòng|điện|cầu chì|át|sạc|ampe")
_LOADED = re.compile(r"(?i)(?:tải|xe|cầu|nặng|trên|dưới|quá|hàng|trọng lượng|cân)\W*(?:\w+\W+){0,3}$")
_TECHNICAL = frozenset({"h", "s", "ha", "l", "m2", "m²", "m3", "m³", "giây", "giờ", "lít", "m", "kg", "km2", "g"})
_ITEM = re.compile(rf"/\s?(\d{{0,4}})\s?({_PER}){_UNIT_END}")
_COUNTED = re.compile(r"\d[\d.,]*(?:\s?[^\W\d_%²³]+|%|[²³]|\s){1,5}$")
_SIGN = r"(?:(?<![^\s(])(?<!\d\s)(?P<sign>[-–−+]))?"


def _unit(text: str) -> str:
    plain = re.sub(r"\s+", " ", text)
    return _DEGREES.get(plain) or _SYMBOLS.get(plain) or plain


def _rate(text: str, unit: str, found: Found) -> str:
    """The denominators: money and people are counted `một`, technical measures are divided `trên`."""
    said = []
    money = unit.split(" ")[-1] in _MONEY or unit in _MONEY or unit.endswith(("đồng", "đô la mỹ"))
    for count, name in _ITEM.findall(text):
        technical = name in _TECHNICAL and not money
        amount = number(count, found.profile) if count else ("" if technical else "một")
        said += ["trên" if technical or count else "", amount, _SYMBOLS.get(name, name)]
    return " ".join(filter(None, said))


def _amount(found: Found) -> str:
    low, high = found["low"], found["high"]
    said = number(low, found.profile)
    if found["sign"]:
        said = ("âm " if found["sign"] != "+" else "cộng ") + said
    if not high:
        return said
    if found["unit1"]:
        said += f" {_unit(found['unit1'])}"
    return f"{said}{_joint(found)}{number(high, found.profile)}"


def _joint(found: Found) -> str:
    """Between two amounts: a range if the second is more of the same, else a pause (`5 hộ - 3 người`)."""
    first, last = found["unit1"], found["unit"]
    if not first or _unit(first) == _unit(last):
        return " đến " if value(found["high"]) > value(found["low"]) or first == "%" else ", "
    if {"vĩ", "kinh"} & {*_unit(first).split(), *_unit(last).split()}:
        return ", "
    measures = [each in _SYMBOLS or each in _MONEY or each in _DEGREES for each in (first, last)]
    return " đến " if all(measures) else ", "


def _is_label(found: Found) -> bool:
    """`số nhà 12A`, `thông điệp 5K`: a letter that only looks like a unit."""
    if found["unit"] == "A":
        return not re.search(r"\s", found[0]) and not _CURRENT.search(found.before())
    if found["unit"] == "T":
        return not _LOADED.search(found.before())
    return found["unit"] in ("K", "Đ") and value(found["low"]) < 10 and not found["high"]


def _quantity(found: Found) -> str | None:
    if _is_label(found):
        return None
    unit = _unit(found["unit"])
    said = f"{_amount(found)} {unit}"
    if found["again"]:
        said += f" {_unit(found['again'])}"
    rate = _rate(found["rate"], unit, found)
    return f"{said} {rate}" if rate else said


def _per(found: Found) -> str | None:
    """`5 bữa/ngày`, `20 kg giống/sào`, `3 viên/lần`: any countable thing after the slash of a quantity."""
    word = found["word"]
    if not _COUNTED.search(found.before()) or not (syllables.is_syllable(word) or word in _SYMBOLS):
        return None
    technical = word in _TECHNICAL and word not in ("giờ", "giây", "lít")
    return f"trên {_SYMBOLS.get(word, word)}" if technical else f"một {_SYMBOLS.get(word, word)}"


def _lost_degree(found: Found) -> tuple[str, float] | None:
    """`330C`: 33⁰C whose raised sign was lost in copying."""
    if int(found["n"]) > 60 or not re.search(r"(?i)nhiệt|độ|sốt|nóng|lạnh|rét|bảo quản", found.line):
        return None
    low = found["low"]
    first = f"{number(low[:-1] if low.endswith('0') and len(low) == 3 else low, found.profile)} đến " if low else ""
    return f"{first}{number(found['n'], found.profile)} độ xê", 0.6


def _in_two(found: Found) -> str | None:
    """`1m60`, `2km5`: the unit in the middle; `5m2` and `5m3` are areas and volumes."""
    if found["unit"] in ("m", "km") and found["tail"] in ("2", "3"):
        return None
    whole, part = (numbers.cardinal(int(found[name]), found.profile) for name in ("n", "tail"))
    return f"{whole} {_SYMBOLS[found['unit']]} {part if found['tail'][0] != '0' else numbers.digits(found['tail'])}"


def _months(found: Found) -> str:
    return f"{number(found['n'], found.profile)} tháng"


def _half_million(found: Found) -> str:
    """`2tr5`: two million and five hundred thousand."""
    tail = found["tail"].ljust(3, "0")
    said = f"{number(found['n'], found.profile)} triệu"
    return f"{said} {numbers.cardinal(int(tail), found.profile)} {found.profile.thousand}"


def _prefixed(found: Found) -> str:
    return f"{number(found['n'], found.profile)} {_SYMBOLS[found['sign']]}"


def _bare_rate(found: Found) -> str | None:
    """`đồng/kg`, `lần/ngày` without a number before it; `con/em` is two words."""
    unit = _unit(found["unit"])
    measured = (
        found["unit"] in _SYMBOLS or unit in _MONEY or unit.split(" ")[-1] in ("đồng", "lần", "lượt", "tấn", "tạ")
    )
    if not measured and not re.search(r"\d[^.;]{0,30}$", found.before()):
        return None
    return f"{unit} {_rate(found['rate'], unit, found)}"


RULES: tuple[Rule, ...] = (
    figure("quantity", r"(?<![\w.,/])(?:(?P<low>\d{2,3})\s?[-–]\s?)?(?P<n>[1-5]\d)0C(?!\w)", _lost_degree),
    rule("money", r"(?<!\w)(?P<sign>[$€])\s?(?P<n>" + NUMBER + r")(?![\w])", _prefixed),
    figure("quantity", r"(?<![\w.,])(?P<n>\d{1,3})(?P<unit>km|kg|ha|m)(?P<tail>\d{1,2})(?![\w]|[.,]\d)", _in_two),
    figure("quantity", r"(?<![\w.,])(?P<n>\d{1,2})T(?=\s+(?:đầu|cuối)\s+năm)", _months),
    figure("money", r"(?<![\w.,])(?P<n>\d{1,3})tr(?P<tail>\d{1,3})(?!\w)", _half_million),
    figure(
        "quantity",
        rf"{_SIGN}(?<![\w.,/])(?P<low>{NUMBER})(?:\s?(?P<unit1>{_UNIT})?{DASH}(?P<high>{NUMBER}))?"
        rf"\s?(?P<unit>{_UNIT}){_UNIT_END}(?:\s?(?P<again>đ|Đ|đồng|VNĐ|VND|USD){_UNIT_END})?{_RATE}",
        _quantity,
    ),
    rule(
        "rate",
        rf"(?<![\w/])(?P<unit>{_UNIT})(?P<rate>(?:\s?/\s?(?:\d{{1,4}}\s?)?(?:{_PER}){_UNIT_END}){{1,3}})",
        _bare_rate,
    ),
    rule(
        "rate",
        rf"(?:(?<=[^\W\d_])|(?<=[²³%{CLAIMED}]))\s?/\s?(?P<word>[^\W\d_A-ZĐ]{{1,7}})(?![\w/²³])",
        _per,
        confidence=0.85,
    ),
)  # fmt: skip
