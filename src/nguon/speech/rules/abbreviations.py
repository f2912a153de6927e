"""Abbreviations: always the longest, and by the words around where one stands for several things."""

import re
from functools import cache
from typing import Any

from nguon.speech import lexicon, syllables
from nguon.speech.draft import CLAIMED, Found, Rule, rule
from nguon.speech.rules.common import NAME

_WORDS = lexicon.words("abbreviations", "words")
_TITLES = lexicon.words("abbreviations", "titles")
_CONTEXT: dict[str, list[dict[str, Any]]] = lexicon.table("abbreviations")["context"]
_TITLED = [key for key, entries in _CONTEXT.items() if any(r"\." in entry.get("after", "") for entry in entries)]
_HEADS = lexicon.words("abbreviations", "heads")
_SMALL = {
    key.lower(): said
    for key, said in _WORDS.items()
    if key.isalpha() and (len(key) > 3 or not re.search("[aeiouyAEIOUYƯư]", key))
}
_PLAIN = lexicon.alternation(key for key in _WORDS if key.isalpha())
_PHRASES = {key: said for key, said in _WORDS.items() if not key.isalpha()}
_LOAN_PHRASES = {key: said for key, said in lexicon.words("loanwords", "words").items() if not key.isalpha()}
_DOTTED = rf"(?:\.(?=\s?[A-ZĐ0-9À-Ỹ{CLAIMED}]|\s?$))?"


@cache
def _conditions(key: str) -> list[tuple[re.Pattern[str] | None, re.Pattern[str] | None, str, bool]]:
    """For each meaning its patterns before and after, what is said, and whether it is sure where they fit."""

    def compiled(entry: dict[str, Any], name: str) -> re.Pattern[str] | None:
        return re.compile(entry[name].replace("%name%", NAME)) if name in entry else None

    only = len(_CONTEXT[key]) == 1
    return [
        (compiled(entry, "before"), compiled(entry, "after"), entry["say"], entry.get("sure", only or len(entry) > 1))
        for entry in _CONTEXT[key]
    ]


def _chosen(key: str, before: str, after: str) -> tuple[str, bool] | None:
    """What an abbreviation of several meanings stands for here, and whether the words around say so."""
    for before_pattern, after_pattern, said, sure in _conditions(key):
        if before_pattern and not before_pattern.search(before):
            continue
        if after_pattern and not after_pattern.search(after):
            continue
        return said, sure
    return None


def meant(key: str, before: str, after: str) -> str | None:
    """The meaning of letters glued to a figure, as in `BĐ2`, only if the words around tell it or there is but one."""
    chosen = _chosen(key, before, after) if key in _CONTEXT else None
    return chosen[0] if chosen and chosen[1] else None


def _by_context(found: Found) -> tuple[str, float] | None:
    key = found["key"]
    after = found.line[found.match.start("key") + len(key) :][:40]
    chosen = _chosen(key, found.before(), after)
    if chosen is None:
        return None
    return chosen[0], 0.9 if chosen[1] else 0.7


def _phrase(found: Found) -> str:
    return _PHRASES[found["key"]]


def _loan_phrase(found: Found) -> str:
    return _LOAN_PHRASES[found["key"].lower()]


def _title(found: Found) -> str:
    return _TITLES[found["key"]]


def _word(found: Found) -> str:
    return _WORDS[found["key"]]


def _known(part: str) -> str | None:
    """One part of a joined abbreviation, said alone."""
    if part in _WORDS:
        return _WORDS[part]
    return _conditions(part)[0][2] if part in _CONTEXT and len(_CONTEXT[part]) == 1 else None


def _joined(found: Found) -> str | None:
    """`SX-KD`, `CNTT&CĐS`: known parts with a hyphen or & between them."""
    pieces = re.split(r"\s?([&-])\s?", found["key"])
    said = [_known(piece) for piece in pieces[::2]]
    if None in said:
        return None
    joints = [" và " if sign == "&" else " " for sign in pieces[1::2]]
    return "".join(f"{words}{joint}" for words, joint in zip(said, [*joints, ""], strict=True))


def _glued(found: Found) -> str | None:
    return glued(found["key"])


@cache
def glued(key: str) -> str | None:
    """`XDNTM`, `CTUBND`: a known head before a known abbreviation; the longest head first."""
    for head in sorted(_HEADS, key=len, reverse=True):
        if key.startswith(head) and len(key) > len(head) + 1 and key[len(head) :] in _WORDS:
            return f"{_HEADS[head]} {_WORDS[key[len(head) :]]}"
    return None


def _small(found: Found) -> str | None:
    """`ubnd xã`, `Hđnd`, `bhyt`: typed in small letters, if it is no Vietnamese word."""
    low = found["key"].lower()
    return None if syllables.is_syllable(low) else _SMALL.get(low)


def _gloss(found: Found) -> str | None:
    """`Ủy ban nhân dân (UBND)`: what has just been said in full is not said again."""
    said = _known(found["key"]) or _TITLES.get(found["key"])
    return "" if said and found.before().rstrip().lower().endswith(said) else None


PHRASES: tuple[Rule, ...] = (
    rule("gloss", r"\(\s?(?P<key>[A-ZĐƯ][A-ZĐƯ&-]+)\s?\)", _gloss, confidence=0.9),
    rule("abbreviation", rf"(?<![\w&])(?P<key>{lexicon.alternation(_PHRASES)})(?![\w&])", _phrase),
    rule("loanword", rf"(?<!\w)(?P<key>{lexicon.alternation(_LOAN_PHRASES)})(?!\w)", _loan_phrase, flags=re.IGNORECASE),
)
RULES: tuple[Rule, ...] = (
    rule("abbreviation", rf"(?<![\w'’])(?P<key>{lexicon.alternation(_TITLES)})(?!\w){_DOTTED}", _title, confidence=0.9),
    rule("abbreviation", rf"(?<![\w'’])(?P<key>{lexicon.alternation(_TITLED)})(?![\w'’]){_DOTTED}", _by_context),
    rule("abbreviation", rf"(?<![\w'’])(?P<key>{lexicon.alternation(_CONTEXT)})(?![\w'’])", _by_context),
    rule(
        "abbreviation",
        r"(?<![\w'’&-])(?P<key>[A-ZĐƯ]{2,}(?:\s?[&-]\s?[A-ZĐƯ]{2,}){1,4})(?![\w'’&-])",
        _joined,
        confidence=0.8,
    ),
    rule("abbreviation", rf"(?<![\w'’])(?P<key>{_PLAIN})(?![\w'’])", _word),
    rule("abbreviation", r"(?<![\w'’])(?P<key>[A-ZĐƯ]{4,})(?![\w'’])", _glued, confidence=0.7),
    rule(
        "abbreviation",
        r"(?<![\w'’.@])(?P<key>[A-Za-zĐđƯư]*[a-zđư]{2,}[A-Za-zĐđƯư]*)(?![\w'’@])",
        _small,
        confidence=0.85,
    ),
)  # fmt: skip
