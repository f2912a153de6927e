"""What no rule claimed: plain words, signs, and the guarantee that nothing unspeakable is left."""

import re
import unicodedata
from functools import lru_cache

from nguon.speech import lexicon, numbers, syllables
from nguon.speech.draft import Claim
from nguon.speech.spoken import Profile

_LETTERS = r"[^\W\d_²³½¼¾⅓⅔]+"
_PIECE = re.compile(rf"{_LETTERS}(?:['’]{_LETTERS})*|\d+|\s+|.", re.DOTALL)
_CAPS_RUN = re.compile(r"[A-ZĐÀ-Ỹ]{2,}(?:[\s,–-]+[A-ZĐÀ-Ỹ]{2,})+")
_CAMEL = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}(?![a-z])|[A-Z](?=[A-Z][a-z])")
_SIGNS = {
    "&": "và", "+": "cộng", "=": "bằng", "%": "phần trăm", "‰": "phần nghìn", "@": "a còng", ">": "lớn hơn",
    "<": "nhỏ hơn", "≥": "từ", "≤": "không quá", "±": "cộng trừ", "≈": "khoảng", "~": "khoảng", "×": "nhân",
    "^": "mũ", "°": "độ", "º": "độ", "℃": "độ xê", "$": "đô la", "€": "ơ rô", "₫": "đồng",
}  # fmt: skip
_PAUSES = {**dict.fromkeys("()[]/–—", ","), **{mark: mark for mark in ",.;:!?"}}
_UNITS = lexicon.words("units", "symbols")
_LOANS = lexicon.words("loanwords", "words")
_SPELLED = frozenset(lexicon.table("loanwords")["spelled"])
_EXACT = lexicon.words("loanwords", "case")


def plain(text: str, at: int, line: str, profile: Profile) -> list[Claim]:
    """The pieces of an unclaimed part of a line: `text` stands at `at` in `line`."""
    return [
        Claim(at + match.start(), at + match.end(), *_piece(match[0], at + match.start(), line, profile))
        for match in _PIECE.finditer(text)
        if not match[0].isspace()
    ]


def _piece(piece: str, at: int, line: str, profile: Profile) -> tuple[str, str, float]:
    if piece[0].isalpha():
        return _word(piece, at, line) if piece.isupper() else _common(piece)
    if piece.isdecimal():
        return _digits(piece, profile), "number", 0.9 if _after_point(at, line) else 0.5
    if piece in _SIGNS:
        return _SIGNS[piece], "sign", 0.8
    if piece in _PAUSES:
        return _PAUSES[piece], "pause", 1.0
    if piece in "-−" and (_spaced(at, line) or _between_figures(at, line)):
        return ",", "pause", 1.0
    value = unicodedata.digit(piece, None)
    if value is not None:
        return numbers.cardinal(value, profile), "number", 0.5
    return "", "silent", 1.0


def _after_point(at: int, line: str) -> bool:
    """Whether the figures follow a shortened word: `Q.1`, `tr.25`."""
    return line[at - 1 : at] == "." and line[at - 2 : at - 1].isalpha()


def _digits(piece: str, profile: Profile) -> str:
    ascii_digits = "".join(str(unicodedata.digit(c)) for c in piece)
    return numbers.code_number(ascii_digits, profile) if len(piece) < 7 else numbers.digits(ascii_digits)


def _spaced(at: int, line: str) -> bool:
    """Whether a dash stands alone between blanks, as a pause."""
    return line[at - 1 : at].isspace() and line[at + 1 : at + 2].isspace()


def _between_figures(at: int, line: str) -> bool:
    """Whether a dash that no rule claimed stands between figures: silent it would make one number of two."""
    before, after = line[:at].rstrip()[-1:], line[at + 1 :].lstrip()[:1]
    return before.isalnum() and after.isalnum() and (before.isdigit() or after.isdigit())


@lru_cache(maxsize=16_384)
def _common(word: str) -> tuple[str, str, float]:
    """A word not in capitals: the words around it do not matter."""
    return _word(word, -1, "")


def _word(word: str, at: int, line: str) -> tuple[str, str, float]:
    word = syllables.repaired(word)
    low = word.lower()
    capital = len(word) > 1 and word.isupper()
    if word in _EXACT and not (capital and _in_caps(at, line)):
        return _EXACT[word], "loanword", 0.9
    if capital and syllables.is_syllable(low) and (low not in _LOANS or _in_caps(at, line)):
        lonely = len(word) <= 3 and word.isascii() and not _in_caps(at, line)
        return low, "capitals", 0.6 if lonely else 0.9
    if syllables.is_syllable(low) and not capital:
        if len(word) > 1 or low == word or low not in "aeiou":
            return word, "word", 1.0
        return {"o": "ô"}.get(low, low), "letter", 0.9
    if word in _SPELLED:
        return syllables.spell(low), "spelled", 0.9
    if low in _LOANS:
        return _LOANS[low], "loanword", 0.9
    if len(word) > 2 and word in _UNITS:
        return _UNITS[word], "unit", 0.85
    return _unknown(word, capital)


def _in_caps(at: int, line: str) -> bool:
    """Whether the word at `at` is one of several in capitals: a heading, not an abbreviation."""
    return any(match.start() <= at < match.end() for match in _CAPS_RUN.finditer(line))


def _unknown(word: str, capital: bool) -> tuple[str, str, float]:
    """The guarantee: anything else becomes letters or syllables that every voice reads as Vietnamese."""
    parts = _CAMEL.findall(word)
    if len(parts) > 1 and "".join(parts) == word:
        said = [_word(part, -1, "")[0] for part in parts]
        return " ".join(filter(None, said)), "foreign", 0.6
    low = syllables.latin(word)
    if not low:
        return "", "foreign-script", 0.0
    if word == "d":
        return "dê", "letter", 0.9  # điểm d is not điểm đ
    if len(low) == 1:
        return syllables.LETTERS[syllables.bare(low)], "letter", 0.9
    if capital and (len(low) <= 5 or syllables.stray(low) > 2):
        return syllables.spell(low), "spelled", 0.5
    if not re.search("[aeiouyăâêôơư]", syllables.bare(low)):
        return syllables.spell(low), "spelled", 0.5
    return syllables.approximate(low), "foreign", 0.3
