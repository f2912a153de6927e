"""Web and e-mail addresses."""

import re
from functools import cache

from nguon.speech import lexicon, numbers, syllables
from nguon.speech.draft import Found, Rule, rule
from nguon.speech.rules.common import number
from nguon.speech.spoken import Profile

_DOMAIN = (
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,6}(?:vn|com|net|org|info|edu|gov|io|me|app|asia|tv|xyz)\b"
)
_PIECE = re.compile(r"[A-Za-zÀ-ỹĐđ]+|\d+|[^\w\s]|_")
_SIGNS = {".": "chấm", "@": "a còng", "/": "xuyệt", "-": "gạch ngang", "_": "gạch dưới"}


def _label(letters: str) -> str:
    """A part of an address: a known name, several known names, a word cut into syllables, or letters."""
    low = letters.lower()
    known = lexicon.words("places", "labels").get(low) or lexicon.words("loanwords", "words").get(low)
    if known := known or _compound(low):
        return known
    if len(low) <= 3 or not re.search("[aeiouy]", low):
        return syllables.spell(low)
    return syllables.approximate(low)


@cache
def _compound(low: str) -> str | None:
    """`congannhandan`: known names one after another, the fewest that cover it; a single letter may end a person's."""
    known = lexicon.words("places", "labels")
    best: list[tuple[str, ...] | None] = [()]
    for end in range(1, len(low) + 1):
        found = [
            (*before, known[low[at:end]])
            for at in range(max(0, end - 20), end - 1)
            if (before := best[at]) is not None and low[at:end] in known
        ]
        best.append(min(found, key=len, default=None))
    if best[-1]:
        return " ".join(best[-1])
    initial = best[-2] if len(low) > 8 and low[-1] in syllables.LETTERS else None
    return f"{' '.join(initial)} {syllables.LETTERS[low[-1]]}" if initial else None


def _words(address: str, profile: Profile) -> str:
    said = []
    for piece in _PIECE.findall(address.rstrip("/")):
        if piece.isdigit():
            said.append(number(piece, profile) if len(piece) < 4 and piece[0] != "0" else numbers.digits(piece))
        elif piece in _SIGNS:
            said.append(_SIGNS[piece])
        elif piece[0].isalpha():
            said.append(_label(piece))
    return " ".join(filter(None, said))


def _address(found: Found) -> tuple[str, float]:
    query = re.split(r"[?#]", found["rest"])[0]
    return _words(found["host"] + query, found.profile), 0.8


def _mail(found: Found) -> tuple[str, float]:
    return _words(found[0], found.profile), 0.8


RULES: tuple[Rule, ...] = (
    rule("email", rf"(?<![\w.])[A-Za-z0-9._+-]{{1,64}}@{_DOMAIN}", _mail),
    rule(
        "url",
        rf"(?<![\w@.])(?:(?:https?|ftp)://)?(?:www\.)?(?P<host>{_DOMAIN})(?::\d+)?(?P<rest>/[^\s<>\"”,;)]*[^\s<>\"”,;).:!?])?",
        _address,
        flags=re.IGNORECASE,
    ),
    rule("url", r"(?:https?|ftp)://(?:www\.)?(?P<host>[^\s/<>\"”,;)?\#]+)(?P<rest>/[^\s<>\"”,;)]*)?", _address),
)
