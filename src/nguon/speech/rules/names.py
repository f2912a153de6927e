"""Roman numerals, roads and addresses, and words with digits in them."""

import re

from nguon.speech import lexicon, numbers, syllables
from nguon.speech.draft import Found, Rule, figure, rule
from nguon.speech.rules import abbreviations
from nguon.speech.rules.common import NAME, after_cue, cue, number

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
_ABBREVIATIONS = {**lexicon.words("abbreviations", "titles"), **lexicon.words("abbreviations", "words")}


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
    if (kind == "CT" and not re.match(r"CT\.0", found[0])) or after_cue(found, "variety", r"\W*(?:\w+\W+){0,4}"):
        return None
    name, before = _ROADS[kind], found.before(12).lower().split()
    if before and before[-1] == name.split()[0] and name.startswith("đường"):
        name = name.split()[1]  # `đường ĐT.640` has its đường already
    if kind == "CT":
        code = f"{syllables.spell(kind)} {numbers.code_number(found['n'], found.profile)}"
        return code if found.before(12).lower().endswith("cao tốc ") else f"cao tốc {code}"
    said = f"{name} {numbers.cardinal(int(found['n']), found.profile)}"
    return f"{said} {syllables.spell(found['letter'])}".rstrip()


def _kilometre(found: Found) -> str:
    said = f"ki lô mét {numbers.cardinal(int(found['n'].replace('.', '')), found.profile)}"
    if found["plus"] and int(found["plus"]):
        said = f"{said} cộng {numbers.cardinal(int(found['plus']), found.profile)}"
    return f"{said} đến" if found["to"] else said


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
        return f"{cue(found)} {numbers.ordinal(number, found.profile)}"
    if found["n"] in ("C", "D", "L", "M") or (found["n"] in ("V", "X") and found["cue"].lower() in ("nhóm", "điểm")):
        return None
    return f"{cue(found)} {numbers.cardinal(number, found.profile)}"


def _roman_list(found: Found) -> str | None:
    """`quý I, II và III`, `thế kỷ XX-XXI`: several after one cue."""
    parts = re.split(rf"({_JOINT})", found["n"])
    values = [numbers.roman(part) for part in parts[::2]]
    said = [numbers.cardinal(each, found.profile) for each in values if each is not None]
    if len(said) < len(values):
        return None
    joints = [" đến " if re.search("[-–]", joint) else _spaced(joint) for joint in parts[1::2]]
    return f"{cue(found)} " + "".join(words + joint for words, joint in zip(said, [*joints, ""], strict=True))


def _spaced(joint: str) -> str:
    """What stands between two numbers of a list, with a blank where one belongs: `I,II` has none."""
    return ", " if "," in joint else re.sub(r"\s+", " ", joint)


def _heading(found: Found) -> str | None:
    number = numbers.roman(found["n"])
    if found["n"] == "X" and re.match(rf"\.\s?{NAME}\s{NAME}", found.after()):
        return None  # `X. Phước Thuận` is a commune
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


def _mixed(found: Found) -> tuple[str, float] | None:
    """`12A1`, `H5N1`, `RON95-III`: letters and numbers one after another; a word before makes it sure."""
    pieces = re.findall(r"[^\W\d_]+|\d+|[.,](?=\d)", found[0])
    if any(c.islower() and not c.isascii() for c in found[0]):
        return None
    coded = after_cue(found, "code", r"\s*:?\s*") or after_cue(found, "identifier", r"\s*:?\s*")
    coded = coded or re.match(r"0\d{2}", found[0]) is not None
    long = coded or any(len(piece) > 4 for piece in pieces if piece.isdigit())
    said: list[str] = []
    for index, piece in enumerate(pieces):
        if piece in ".,":
            said.append("phẩy" if _is_decimal(pieces, index) else "chấm")
        elif not piece.isdigit():
            said.append(_mixed_letters(piece, long=long, first=not said, found=found))
        elif coded or len(piece) > 4 or (piece.startswith("0") and len(piece) > 1):
            said.append(numbers.digits(piece))
        else:
            said.append(numbers.cardinal(int(piece), found.profile))
    known = pieces[0] in _ABBREVIATIONS or abbreviations.meant(pieces[0], found.before(), found[0][len(pieces[0]) :])
    sure = (
        re.fullmatch("[2-6]G", found[0]) or (known and not long) or after_cue(found, "coded", r"\s*(?:số\s*)?[:.]?\s*")
    )
    return " ".join(filter(None, said)), 0.85 if sure else 0.7


def _variety(found: Found) -> str | None:
    """`giống lúa OM 5451, ĐV108`: the name of a variety, by its letters."""
    if not after_cue(found, "variety", r"\W*(?:[A-ZĐ]{1,4}[ -]?\d{1,5}\W+(?:và\W+)?){0,5}", 60):
        return None
    return f"{syllables.spell(found['name'])} {numbers.code_number(found['n'], found.profile)}"


def _diameter(found: Found) -> str:
    return f"phi {number(found['n'], found.profile)}"


def _mixed_range(found: Found) -> str | None:
    """`hạng A1-A3`, `số nhà 5A-7B`: from one to another."""
    if found["a"]:
        if int(found["m"]) >= int(found["n"]):
            return None
        letters = syllables.spell(found["a"])
        first, last = (numbers.code_number(found[name], found.profile) for name in ("m", "n"))
        return f"{letters} {first} đến {letters} {last}"
    first, last = (numbers.code_number(found[name], found.profile) for name in ("p", "q"))
    return f"{first} {syllables.spell(found['c'])} đến {last} {syllables.spell(found['d'])}"


def _is_decimal(pieces: list[str], at: int) -> bool:
    """`PM2.5`, `0,05S`: a comma, or a point after letters and one figure."""
    return pieces[at] == "," or (at == 2 and len(pieces[1]) == 1 and len(pieces[3]) == 1)


def _mixed_letters(letters: str, *, long: bool, first: bool, found: Found) -> str:
    roman = numbers.roman(letters) if not first and len(letters) > 1 else None
    if roman:
        return numbers.cardinal(roman, found.profile)
    if long:
        return syllables.spell(letters)
    meant = abbreviations.meant(letters, found.before(), found[0][len(letters) :] + found.after()) if first else None
    return meant or _letters(letters)


_L = r"[A-Za-zÀ-ỹĐđ]"
ROMANS: tuple[Rule, ...] = (
    rule("roman", r"(?<=RON\s\d\d-)(?P<n>I{2,3}|IV|V)(?!\w)", _heading),
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
KILOMETRES: tuple[Rule, ...] = (
    rule(
        "road",
        r"(?i:(?<!\w)(?<!\d\s)km)\s?(?P<n>\d\.\d{3}|\d{1,4})(?:\s?\+\s?(?P<plus>\d{1,4}))?(?![\w]|[.,]\d)"
        r"(?P<to>\s?[-–]\s?(?=[Kk][Mm]\s?\d))?",
        _kilometre,
    ),
)
PLACES: tuple[Rule, ...] = (
    rule(
        "road",
        r"(?<!\w)(?P<kind>QL|TL|ĐT|DT|HL|ĐH|CT|ĐX)[\s.-]?(?P<n>\d{1,3})(?P<letter>[A-Z]?)(?![\w]|[.,]\d|\s\d{3})",
        _road,
    ),
    figure("house", r"(?<![\w.,])\d{1,4}[A-Z]?(?:/\d{1,4}[A-Z]?){1,4}(?!\w)", _house, confidence=0.85),
)  # fmt: skip
MIXED: tuple[Rule, ...] = (
    rule(
        "mixed-range",
        r"(?<![\w.,-])(?:(?P<a>[A-ZĐ]{1,3})(?P<m>\d{1,4})\s?[-–]\s?(?P=a)(?P<n>\d{1,4})|(?P<p>\d{1,3})(?P<c>[A-H])[-–](?P<q>\d{1,3})(?P<d>[A-H]))(?![\w-])",
        _mixed_range,
        confidence=0.85,
    ),
    rule("variety", r"(?<![\w.,])(?P<name>[A-ZĐ]{1,4})[ -]?(?P<n>\d{1,5})(?!\w)", _variety, confidence=0.85),
    rule("diameter", r"(?<!\w)[ØøΦφ]\s?(?P<n>\d{1,4}(?:,\d)?)(?!\w)", _diameter),
    rule(
        "mixed",
        rf"(?<![\w.,])(?:{_L}{{1,12}}-?\d|\d+(?:,\d+)?{_L})(?:{_L}|\d|-(?=\d)|[.,](?=\d)|-(?=[IVX]+\b)){{0,24}}",
        _mixed,
    ),
)
