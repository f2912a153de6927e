"""Roman numerals, roads and addresses, and words with digits in them."""

import re

from nguon.speech import lexicon, numbers, syllables
from nguon.speech.draft import Found, Rule, rule
from nguon.speech.rules.common import after_cue

_ROADS = {
    "QL": "quốc lộ",
    "TL": "tỉnh lộ",
    "ĐT": "đường tỉnh",
    "DT": "đường tỉnh",
    "HL": "hương lộ",
    "ĐH": "đường huyện",
    "CT": "cao tốc",
    "ĐX": "đường xã",
}
_PIECES = re.compile(r"[^\W\d_]+|\d+")
_ROMAN = r"[IVXLC]+"
_JOINT = r"(?:\s?[-–]\s?|,\s?|\s+và\s+|\s+đến\s+)"
_EXACT = lexicon.words("loanwords", "case")
_LOANS = lexicon.words("loanwords", "words")
_ABBREVIATIONS = lexicon.words("abbreviations", "words")


def _letters(text: str) -> str:
    """Letters beside digits: a known word, or letter by letter."""
    known = _EXACT.get(text) or _LOANS.get(text.lower()) or _ABBREVIATIONS.get(text)
    if known and len(text) > 1:
        return known
    if len(text) > 3 and text[1:].islower():
        low = text.lower()
        return low if syllables.is_syllable(low) else syllables.approximate(low)
    return syllables.spell(text)


def _road(found: Found) -> str | None:
    kind = found["kind"]
    if kind == "CT" and not found["n"].startswith("0"):
        return None
    said = f"{_ROADS[kind]} {numbers.cardinal(int(found['n']), found.profile)}"
    return f"{said} {syllables.spell(found['letter'])}".rstrip()


def _kilometre(found: Found) -> str:
    said = f"ki lô mét {numbers.cardinal(int(found['n'].replace('.', '')), found.profile)}"
    return f"{said} cộng {numbers.cardinal(int(found['plus']), found.profile)}" if found["plus"] else said


def _house(found: Found) -> str | None:
    """`15/3`, `12/5/7A` after số, hẻm, ngõ, kiệt."""
    if not after_cue(found, "house", r"\s*"):
        return None
    parts = _PIECES.findall(found[0])
    said = [numbers.code_number(part, found.profile) if part.isdigit() else syllables.spell(part) for part in parts]
    slashes = re.sub(r"\b(?=\w)", "", found[0])
    joined = said[0]
    at = 0
    for part, words in zip(parts[1:], said[1:], strict=True):
        at = slashes.index(part, at)
        joined += f" xuyệt {words}" if slashes[at - 1] == "/" else f" {words}"
    return joined


def _cued_roman(found: Found) -> str | None:
    if re.search(_JOINT, found["n"]):
        return _roman_list(found)
    number = numbers.roman(found["n"])
    if number is None:
        return None
    if found["cue"].split()[-1].lower() == "thứ":
        return f"{found['cue']} {numbers.ordinal(number, found.profile)}"
    if found["n"] in ("C", "D", "L", "M") or (
        found["n"] in ("V", "X") and found["cue"].lower() in ("loại", "nhóm", "điểm")
    ):
        return None
    return f"{found['cue']} {numbers.cardinal(number, found.profile)}"


def _roman_list(found: Found) -> str | None:
    """`quý I, II và III`, `thế kỷ XX-XXI`: several after one cue."""
    parts = re.split(rf"({_JOINT})", found["n"])
    values = [numbers.roman(part) for part in parts[::2]]
    said = [numbers.cardinal(each, found.profile) for each in values if each is not None]
    if len(said) < len(values):
        return None
    joints = [" đến " if re.search("[-–]", joint) else re.sub(r"\s+", " ", joint) for joint in parts[1::2]]
    return f"{found['cue']} " + "".join(words + joint for words, joint in zip(said, [*joints, ""], strict=True))


def _heading(found: Found) -> str | None:
    number = numbers.roman(found["n"])
    return None if number is None else numbers.cardinal(number, found.profile)


def _roman(found: Found) -> str | None:
    """A Roman numeral without a cue: only two letters or more, and not a Vietnamese word in capitals."""
    number = numbers.roman(found["n"])
    if number is None or (found["n"] in ("VI", "XI", "LI", "MI", "CI", "DI") and found.after(3).strip()[:2].isupper()):
        return None
    return numbers.cardinal(number, found.profile)


def _roman_range(found: Found) -> str | None:
    first, last = numbers.roman(found["a"]), numbers.roman(found["b"])
    if first is None or last is None or first >= last:
        return None
    return f"{numbers.cardinal(first, found.profile)} đến {numbers.cardinal(last, found.profile)}"


def _mixed(found: Found) -> tuple[str, float]:
    """`12A1`, `H5N1`, `RON95-III`: letters and numbers one after another."""
    said = []
    for piece in re.findall(r"[^\W\d_]+|\d+|[.,](?=\d)", found[0]):
        if piece in ".,":
            said.append("phẩy" if piece == "," else "chấm")
        elif not piece.isdigit():
            roman = numbers.roman(piece) if said and len(piece) > 1 else None
            said.append(numbers.cardinal(roman, found.profile) if roman else _letters(piece))
        elif len(piece) > 4 or piece.startswith("0"):
            said.append(numbers.digits(piece))
        else:
            said.append(numbers.cardinal(int(piece), found.profile))
    return " ".join(filter(None, said)), 0.7


_L = r"[A-Za-zÀ-ỹĐđ]"
ROMANS: tuple[Rule, ...] = (
    rule("roman", r"^\s*(?P<n>[IVX]+)(?=\s?[./)\-–:]\s|[./)]\s*[^\W\d_]|\s?[./)]?$)", _heading),
    rule(
        "roman",
        rf"(?<!\w)(?P<cue>{lexicon.cues('roman')})\s+(?:số\s+)?(?P<n>{_ROMAN}(?:{_JOINT}{_ROMAN})*)(?!\w)(?!['’.]\w)",
        _cued_roman,
        flags=re.IGNORECASE,
    ),
    rule("roman", r"(?<![\w&/-])(?P<a>[IVX]+)\s?[-–]\s?(?P<b>[IVX]+)(?![\w&/-])", _roman_range, confidence=0.8),
    rule("roman", r"(?<![\w&/-])(?P<n>[IVX]{2,})(?![\w&]|[/-]\w)", _roman, confidence=0.7),
)
PLACES: tuple[Rule, ...] = (
    rule(
        "road",
        r"(?<!\w)(?P<kind>QL|TL|ĐT|DT|HL|ĐH|CT|ĐX)[\s.-]?(?P<n>\d{1,3})(?P<letter>[A-Z]?)(?![\w]|[.,]\d|\s\d{3})",
        _road,
    ),
    rule("road", r"(?i:(?<!\w)(?<!\d\s)km)\s?(?P<n>\d\.\d{3}|\d{1,4})(?:\s?\+\s?(?P<plus>\d{1,4}))?(?!\w)", _kilometre),
    rule("house", r"(?<![\w.,])\d{1,4}[A-Z]?(?:/\d{1,4}[A-Z]?){1,4}(?!\w)", _house, confidence=0.85),
)  # fmt: skip
MIXED: tuple[Rule, ...] = (
    rule("mixed", rf"(?<!\w)(?:{_L}{{1,12}}-?\d|\d+{_L})(?:{_L}|\d|-(?=\d)|[.,](?=\d)|-(?=[IVX]+\b)){{0,24}}", _mixed),
)
