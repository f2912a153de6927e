"""Abbreviations: always the longest, and by the words around where one stands for several things."""

import re
from functools import cache
from typing import Any

from nguon.speech import lexicon
from nguon.speech.draft import Found, Rule, rule

_WORDS = lexicon.words("abbreviations", "words")
_TITLES = lexicon.words("abbreviations", "titles")
_CONTEXT: dict[str, list[dict[str, str]]] = lexicon.table("abbreviations")["context"]
_PLAIN = lexicon.alternation(key for key in _WORDS if key.isalpha())
_PHRASES = {key: said for key, said in _WORDS.items() if not key.isalpha()}
_LOAN_PHRASES = {key: said for key, said in lexicon.words("loanwords", "words").items() if not key.isalpha()}
_DOTTED = r"(?:\.(?=\s?[A-ZĐ0-9À-Ỹ]|\s?$))?"


@cache
def _conditions(key: str) -> list[tuple[re.Pattern[str] | None, re.Pattern[str] | None, str]]:
    def compiled(entry: dict[str, Any], name: str) -> re.Pattern[str] | None:
        return re.compile(entry[name]) if name in entry else None

    return [(compiled(entry, "before"), compiled(entry, "after"), entry["say"]) for entry in _CONTEXT[key]]


def _by_context(found: Found) -> tuple[str, float] | None:
    key = found["key"]
    after = found.line[found.match.start("key") + len(key) :][:40]
    for before_pattern, after_pattern, said in _conditions(key):
        if before_pattern and not before_pattern.search(found.before()):
            continue
        if after_pattern and not after_pattern.search(after):
            continue
        return said, 0.9 if before_pattern or after_pattern else 0.7
    return None


def _phrase(found: Found) -> str:
    return _PHRASES[found["key"]]


def _loan_phrase(found: Found) -> str:
    return _LOAN_PHRASES[found["key"].lower()]


def _title(found: Found) -> str:
    return _TITLES[found["key"]]


def _word(found: Found) -> str:
    return _WORDS[found["key"]]


PHRASES: tuple[Rule, ...] = (
    rule("abbreviation", rf"(?<![\w&])(?P<key>{lexicon.alternation(_PHRASES)})(?![\w&])", _phrase),
    rule("loanword", rf"(?<!\w)(?P<key>{lexicon.alternation(_LOAN_PHRASES)})(?!\w)", _loan_phrase, flags=re.IGNORECASE),
)
RULES: tuple[Rule, ...] = (
    rule("abbreviation", rf"(?<![\w'’])(?P<key>{lexicon.alternation(_TITLES)})(?!\w){_DOTTED}", _title, confidence=0.9),
    rule("abbreviation", rf"(?<![\w'’])(?P<key>{lexicon.alternation(_CONTEXT)})(?![\w'’]){_DOTTED}", _by_context),
    rule("abbreviation", rf"(?<![\w'’])(?P<key>{_PLAIN})(?![\w'’])", _word),
)  # fmt: skip
