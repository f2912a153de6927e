"""Numbers in words. Pure functions of digits and a profile; nothing here looks at text around a number."""

from nguon.speech.spoken import Profile

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_LONGEST_CARDINAL = 15  # more digits than hundreds of trillions is an identifier, not a quantity
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_ROMAN_PARTS = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
)
_ROMAN_LOW = ((9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def digits(text: str) -> str:
    """Every digit by its own name, all else skipped: `0256.31` is không hai năm sáu ba một."""
    return " ".join(_DIGITS[int(c)] for c in text if c in "0123456789")


def cardinal(value: int, profile: Profile) -> str:
    """A whole number ≥ 0 in words. Beyond 15 digits it is read digit by digit."""
    if value < 10:
        return _DIGITS[value]
    if len(str(value)) > _LONGEST_CARDINAL:
        return digits(str(value))
    billions, rest = divmod(value, 10**9)
    if billions:
        head = f"{cardinal(billions, profile)} tỷ"
        return f"{head} {_below_billion(rest, profile, follows=True)}".rstrip()
    return _below_billion(rest, profile, follows=False)


def _below_billion(value: int, profile: Profile, *, follows: bool) -> str:
    said: list[str] = []
    for size, name in ((10**6, "triệu"), (10**3, profile.thousand), (1, "")):
        group, value = divmod(value, size)
        if group:
            said += [_group(group, profile, follows=follows or bool(said)), name]
    return " ".join(filter(None, said))


def _group(value: int, profile: Profile, *, follows: bool) -> str:
    """One group of up to three digits; `follows` means a greater group was said before it."""
    hundreds, rest = divmod(value, 100)
    said = [f"{_DIGITS[hundreds]} trăm"] if hundreds or follows else []
    tens, units = divmod(rest, 10)
    if tens == 0:
        if units:
            said.append(f"{profile.zero_ten} {_DIGITS[units]}" if said else _DIGITS[units])
        return " ".join(said)
    said.append("mười" if tens == 1 else f"{_DIGITS[tens]} mươi")
    if units:
        said.append(_unit_after_tens(tens, units, profile))
    return " ".join(said)


def _unit_after_tens(tens: int, units: int, profile: Profile) -> str:
    if units == 5:
        return "lăm"
    if units == 1 and tens > 1:
        return "mốt"
    if units == 4 and tens > 1:
        return profile.four_after_tens
    return _DIGITS[units]


def decimal(whole: str, fraction: str, profile: Profile) -> str:
    """`2`, `5` → hai phẩy năm. A fraction with a leading zero, or longer than three digits, is read digit by digit."""
    return f"{cardinal(int(whole), profile)} phẩy {fraction_part(fraction, profile)}"


def fraction_part(fraction: str, profile: Profile) -> str:
    """The digits after the decimal comma."""
    if fraction.startswith("0") or len(fraction) > 3:
        return digits(fraction)
    return cardinal(int(fraction), profile)


def code_number(text: str, profile: Profile) -> str:
    """The number of a document or a thing: a leading zero is kept, `05` is không năm."""
    if text.startswith("0") and len(text) > 1:
        zeros = len(text) - len(text.lstrip("0"))
        rest = text[zeros:]
        return " ".join(filter(None, [digits("0" * zeros), cardinal(int(rest), profile) if rest else ""]))
    return cardinal(int(text), profile)


def month(value: int, profile: Profile) -> str:
    """The name of a month after `tháng`: the fourth is tư."""
    return "tư" if value == 4 else cardinal(value, profile)


def ordinal(value: int, profile: Profile) -> str:
    """The word after `thứ`: nhất, hai, ba, tư, năm…"""
    return {1: "nhất", 4: "tư"}.get(value) or cardinal(value, profile)


def roman(text: str) -> int | None:
    """The value of a well-formed Roman numeral in capitals (1–3999), or None."""
    if not text or any(c not in _ROMAN for c in text):
        return None
    values = [_ROMAN[c] for c in text]
    total = sum(-v if v < nxt else v for v, nxt in zip(values, [*values[1:], 0], strict=True))
    return total if total < 4000 and to_roman(total) == text else None


def to_roman(value: int) -> str:
    """The Roman numeral of 1–3999."""
    said = ""
    for size, letters in (*_ROMAN_PARTS, *_ROMAN_LOW):
        count, value = divmod(value, size)
        said += letters * count
    return said
