"""What in a text would tell who somebody is, as far as a program can see it. Pure.

It finds what it was told to look for (the reporter's own name, number, address) however it is accented, and what looks
like a telephone number, an identity number or an e-mail address. The rest is for an officer's eyes.
"""

import re
from collections.abc import Iterable

from nguon.kit.text import fold

GONE = "[đã xóa]"
SHORTEST = 3  # letters: a shorter name would be found everywhere
_NUMBERS = re.compile(r"(?<![\d])(?:\+?84|0)(?:[\s.\-()]*\d){8,10}(?!\d)|(?<!\d)\d{12}(?!\d)|(?<!\d)\d{9}(?!\d)")
_MAIL = re.compile(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")


def found(words: str, known: Iterable[str] = ()) -> list[str]:
    """The parts of a text that tell who somebody is, in their order."""
    return [words[start:end] for start, end in _spans(words, known)]


def redacted(words: str, known: Iterable[str] = ()) -> str:
    """The text with these parts replaced."""
    parts, at = [], 0
    for start, end in _spans(words, known):
        parts += [words[at:start], GONE]
        at = end
    return "".join([*parts, words[at:]])


def _spans(words: str, known: Iterable[str]) -> list[tuple[int, int]]:
    spans = [match.span() for pattern in (_NUMBERS, _MAIL) for match in pattern.finditer(words)]
    plain, at = _folded(words)
    for one in known:
        pattern = _pattern(one)
        if pattern is not None:
            spans += [(at[match.start()], at[match.end() - 1] + 1) for match in pattern.finditer(plain)]
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _folded(words: str) -> tuple[str, list[int]]:
    """The folded text, and for each letter of it which letter of the text it comes from."""
    plain, at = [], []
    for index, letter in enumerate(words):
        for one in fold(letter):
            plain.append(one)
            at.append(index)
    return "".join(plain), at


def _pattern(known: str) -> "re.Pattern[str] | None":
    """What finds a name, a number or an address: blanks may differ, digits may have dots between them."""
    parts = fold(known).split()
    if len("".join(parts)) < SHORTEST:
        return None
    if all(part.lstrip("+").replace(".", "").replace("-", "").isdigit() for part in parts):
        digits = [letter for letter in "".join(parts) if letter.isdigit()]
        return re.compile(r"[\s.\-]*".join(digits))
    return re.compile(r"(?<!\w)" + r"\s+".join(re.escape(part) for part in parts) + r"(?!\w)")
