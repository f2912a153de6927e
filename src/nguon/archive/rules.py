"""Pure rules of the archive: words to search by, what of a text was found, periods in words, cells of a sheet."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from nguon.kit.text import fold, nfc

_WORD = re.compile(r"\w+")
MOST_WORDS = 12  # of one search
AROUND = 14  # words of a snippet on each side of a hit
TRIES = 3  # a file on which the worker died so often is given up


class Step(StrEnum):
    """What an officer may do with an import."""

    BEGIN = "begin"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"


def exact(*texts: str) -> str:
    """The words with their marks, in small letters, each between blanks: what a search with marks looks in."""
    return _spaced(_WORD.findall(nfc(text).casefold()) for text in texts)


def folded(*texts: str) -> str:
    """The words without marks: what any search looks in. A word begins after a blank."""
    return _spaced(_WORD.findall(fold(text)) for text in texts)


def _spaced(texts: Iterable[list[str]]) -> str:
    """A bar between two texts, so that no phrase goes from one into the next."""
    return f" {' | '.join(' '.join(words) for words in texts)} "


@dataclass(frozen=True)
class Asked:
    """A search: its words folded, and the phrase with its marks where it has any."""

    words: tuple[str, ...]
    phrase: str
    folded_phrase: str


def asked(text: str) -> Asked:
    """What somebody typed. Each word must begin a word of what is found."""
    words = _WORD.findall(fold(text))[:MOST_WORDS]
    phrase = " ".join(_WORD.findall(nfc(text).casefold())[:MOST_WORDS])
    return Asked(tuple(dict.fromkeys(words)), phrase, " ".join(words))


@dataclass(frozen=True)
class Run:
    """Some of a text, and whether it was searched for."""

    text: str
    hit: bool


def marked(text: str, words: Sequence[str]) -> list[Run]:
    """The text in runs; those that begin like one of the folded words are hits. Together they are the text."""
    runs: list[Run] = []
    at = 0
    for match in _WORD.finditer(text) if words else ():
        if not fold(match[0]).startswith(tuple(words)):
            continue
        if match.start() > at:
            runs.append(Run(text[at : match.start()], False))
        runs.append(Run(match[0], True))
        at = match.end()
    if at < len(text):
        runs.append(Run(text[at:], False))
    return runs


def snippet(text: str, words: Sequence[str]) -> list[Run]:
    """The part of a long text around its first hit, in runs; nothing if there is none."""
    found = [(match.start(), match.end(), match[0]) for match in _WORD.finditer(text)]
    first = next((n for n, (_, _, word) in enumerate(found) if words and fold(word).startswith(tuple(words))), None)
    if first is None:
        return []
    low, high = max(0, first - AROUND), min(len(found) - 1, first + AROUND)
    cut = text[found[low][0] : found[high][1]]
    return marked(f"{'… ' if low else ''}{cut}{' …' if high < len(found) - 1 else ''}", words)


def period(first: date | None, last: date | None) -> str:
    """A period as it is written: `12/05/2019`, `05/2019`, `2019`, `12/05/2019 – 18/05/2019`; empty without one."""
    if first is None or last is None:
        return ""
    if first == last:
        return f"{first:%d/%m/%Y}"
    if first.day == 1 and (last.year, last.month) == (first.year, first.month) and _ends_month(last):
        return f"{first:%m/%Y}"
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        return f"{first:%Y}"
    return f"{first:%d/%m/%Y} – {last:%d/%m/%Y}"


def _ends_month(day: date) -> bool:
    return day.toordinal() + 1 == date(day.year + day.month // 12, day.month % 12 + 1, 1).toordinal()


def cell(value: object) -> str:
    """A value for a sheet: what a spreadsheet would take for a formula stands behind an apostrophe."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def item_key(raw: bytes) -> str:
    """What names a file inside an import: SHA-256 hex of its path as the disk has it."""
    return hashlib.sha256(raw).hexdigest()


def shown_name(raw: bytes) -> str:
    """A path for people: NFC, bytes that are no UTF-8 as a replacement mark, no controls."""
    text = nfc(raw.decode("utf-8", "replace"))
    return "".join(c if c.isprintable() else "�" for c in text)


def seconds_left(done: int, total: int, seconds: float) -> float | None:
    """About how much longer, from bytes done of all and the seconds it took; None while that says nothing."""
    if done <= 0 or seconds < 5:
        return None
    return max(0.0, (total - done) * seconds / done)
