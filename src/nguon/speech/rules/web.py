"""Web and e-mail addresses."""

import re

from nguon.speech import lexicon, syllables
from nguon.speech.draft import Found, Rule, rule
from nguon.speech.rules.common import number
from nguon.speech.spoken import Profile

_DOMAIN = (
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,6}(?:vn|com|net|org|info|edu|gov|io|me|app|asia|tv|xyz)\b"
)
_PIECE = re.compile(r"[A-Za-zÀ-ỹĐđ]+|\d+|[^\w\s]|_")
_SIGNS = {".": "chấm", "@": "a còng", "/": "xuyệt", "-": "gạch ngang", "_": "gạch dưới"}


def _label(letters: str) -> str:
    """A part of an address: a known name, a word cut into syllables, or letters."""
    low = letters.lower()
    known = lexicon.words("places", "labels").get(low) or lexicon.words("loanwords", "words").get(low)
    if known:
        return known
    if len(low) <= 3 or not re.search("[aeiouy]", low):
        return syllables.spell(low)
    return syllables.approximate(low)


def _words(address: str, profile: Profile) -> str:
    said = []
    for piece in _PIECE.findall(address.rstrip("/")):
        if piece.isdigit():
            said.append(number(piece, profile) if len(piece) < 5 else " ".join(number(c, profile) for c in piece))
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
