"""A place's own readings: they win over every rule, and what they say is as speakable as all else."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from nguon.kit.text import nfc
from nguon.speech import structure
from nguon.speech.draft import Claim

Readings = tuple[tuple[str, str], ...]
_ADDRESS = re.compile(r"@|://|\.[A-Za-z]{2,4}(?:/|$|[,;)])")  # its words are not words of the text
_JOINTS = ".,/:-"  # between figures they make one number


@dataclass(frozen=True)
class Own:
    """Readings ready to be looked up: for the first two characters of a writing, all such writings, longest first."""

    said: dict[str, str]
    by_head: dict[str, list[str]]

    def claims(self, line: str) -> list[Claim]:
        """What of the line is read in the place's own way. Case and the width of blanks do not count."""
        text, places = _squeezed(line)
        found: list[Claim] = []
        at = 0
        while self.said and at < len(text):
            key = self._at(text, at) if _may_begin(text, at) else None
            if key is None:
                at += 1
                continue
            start, end = places[at], places[at + len(key) - 1] + 1
            if not _ADDRESS.search(_token(line, start, end)) or _ADDRESS.search(key):
                found.append(Claim(start, end, self.said[key], "own", 1.0))
            at += len(key)
        return found

    def _at(self, text: str, at: int) -> str | None:
        """The longest writing that stands whole at this place."""
        for key in self.by_head.get(text[at : at + 2], ()):
            if text.startswith(key, at) and _whole(text, at, at + len(key)):
                return key
        return self._short(text, at)

    def _short(self, text: str, at: int) -> str | None:
        letter = text[at]
        return letter if letter in self.said and _whole(text, at, at + 1) else None


def own(readings: Readings, say: Callable[[str], str]) -> Own:
    """The readings of a place, the first of two for the same writing.

    `say` reads what they say, so that nothing unspeakable comes in; one whose words cannot be said is left out, an
    empty one silences.
    """
    said: dict[str, str] = {}
    for written, spoken in readings:
        words = " ".join(say(spoken).replace("\n", ", ").split()).rstrip(".?!,;: ")
        if (key := _key(structure.clean(nfc(written)).text)) and (words or not spoken.strip()):
            said.setdefault(key, words)
    for words in [words for words in said.values() if words]:
        said.setdefault(_key(words), words)  # what is said already is not said again: `Phước` inside `xã Phước`
    by_head: dict[str, list[str]] = {}
    for key in sorted(said, key=len, reverse=True):
        by_head.setdefault(key[:2], []).append(key)
    return Own(said, by_head)


def _key(written: str) -> str:
    return _squeezed(nfc(written))[0].strip()


def _squeezed(line: str) -> tuple[str, list[int]]:
    """The line in small letters with single blanks, and where each of its characters stands in the line."""
    text: list[str] = []
    places: list[int] = []
    for place, character in enumerate(line):
        small = " " if character.isspace() else character.lower()
        if small == " " and text and text[-1] == " ":
            continue
        text.append(small if len(small) == 1 else character)
        places.append(place)
    return "".join(text), places


def _may_begin(text: str, at: int) -> bool:
    return at == 0 or not (_is_word(text[at]) and _is_word(text[at - 1]))


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _whole(text: str, start: int, end: int) -> bool:
    """Whether this takes no part of a word and no part of a number."""
    if end < len(text) and _is_word(text[end - 1]) and _is_word(text[end]):
        return False
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    if text[start].isdigit() and len(before) == 2 and before[1] in _JOINTS and before[0].isdigit():
        return False
    return not (text[end - 1].isdigit() and len(after) == 2 and after[0] in _JOINTS and after[1].isdigit())


def _token(line: str, start: int, end: int) -> str:
    """The characters around up to blanks."""
    head = line[max(0, start - 80) : start].rsplit(" ", 1)[-1]
    return head + line[start:end] + line[end : end + 80].split(" ", 1)[0]
