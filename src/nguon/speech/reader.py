"""The reader: text → structure → rules → words → what is said."""

import re
from functools import lru_cache

from nguon.kit.text import nfc
from nguon.speech import structure, words
from nguon.speech.draft import Claim, Rule, claim, rule
from nguon.speech.lexicon import alternation
from nguon.speech.rules import RULES
from nguon.speech.spoken import FORMAL, Profile, Span, Spoken
from nguon.speech.traced import Traced

_MARKS = {",": 1, ";": 2, ":": 3, ".": 4, "?": 5, "!": 5}
_FINAL = ".?!;:"
Readings = tuple[tuple[str, str], ...]


class _Writer:
    """Spoken text as it grows: one blank between words, one mark between clauses, a span for each change."""

    def __init__(self) -> None:
        self.text = ""
        self.parts: list[str] = []
        self.size = 0
        self.mark = ""
        self.spans: list[Span] = []

    def _put(self, text: str) -> int:
        """Add text and give the place where it starts."""
        at = self.size
        self.parts.append(text)
        self.size += len(text)
        return at

    def say(self, piece: Claim, written: str, source: tuple[int, int]) -> None:
        """Add one piece; `written` is what it was, `source` where."""
        if piece.said in _MARKS:
            self._punctuate(piece.said)
            return
        if not piece.said:
            self._span(source, self.size, self.size, piece)
            return
        if self.size and not self.parts[-1].endswith("\n"):
            self._put(" ")
        self.mark = ""
        at = self._put(piece.said)
        if piece.said != written:
            self._span(source, at, self.size, piece)

    def _span(self, source: tuple[int, int], at: int, end: int, piece: Claim) -> None:
        self.spans.append(Span(*source, at, end, piece.rule, piece.confidence))

    def _punctuate(self, mark: str) -> None:
        """One mark stands after a word; of several the strongest."""
        if not self.size or self.parts[-1].endswith("\n"):
            return
        if not self.mark:
            self._put(mark)
            self.mark = mark
        elif _MARKS[mark] > _MARKS[self.mark]:
            self.parts[-1] = mark
            self.mark = mark

    def end_line(self) -> None:
        """Close a line: the next begins a new sentence."""
        if not self.size or self.parts[-1].endswith("\n"):
            return
        if self.mark not in _FINAL or not self.mark:
            self._replace_weak()
        self._put("\n")
        self.mark = ""

    def _replace_weak(self) -> None:
        if self.mark:
            self.parts[-1] = "."
        else:
            self._put(".")

    def result(self, source: str) -> Spoken:
        text = "".join(self.parts)
        kept = text.rstrip("\n, ")
        spans = tuple(span for span in self.spans if span.spoken_end <= len(kept))
        return Spoken(kept, source, spans)


def read(text: str, *, profile: Profile = FORMAL, readings: Readings = ()) -> Spoken:
    """How `text` is said aloud in Vietnamese. `readings` are a place's own (written, spoken), the first one wins.

    The result has no digit, no mark-up and no word a Vietnamese voice would take for English; lines are ended by a
    full stop and a line break. It never raises on any text. Reading the result again changes nothing.
    """
    source = nfc(text)
    writer, rules = _Writer(), (*own_rules(tuple(readings), profile), *RULES)
    for line in structure.paragraphs(structure.clean(source)):
        writer.end_line()
        _read_line(line, rules, profile, writer)
    return writer.result(source)


@lru_cache(maxsize=64)
def own_rules(readings: Readings, profile: Profile) -> tuple[Rule, ...]:
    """One rule for all readings of a place. What they say is read itself, so that nothing unspeakable comes in."""
    said: dict[str, str] = {}
    for written, spoken in readings:
        if key := _key(written):
            said.setdefault(key, read(spoken, profile=profile).text.rstrip(".?!"))
    if not said:
        return ()
    pattern = rf"(?<!\w)(?:{alternation(said)})(?!\w)"
    return (rule("own", pattern, lambda found: said[_key(found[0])], confidence=1.0, flags=re.IGNORECASE),)


def _key(written: str) -> str:
    """What a reading is found by: case and the width of blanks do not count."""
    return " ".join(nfc(written).casefold().split())


def _read_line(line: Traced, rules: tuple[Rule, ...], profile: Profile, writer: _Writer) -> None:
    at = 0
    for piece in [*claim(line.text, rules, profile), Claim(len(line.text), len(line.text), "", "end", 1)]:
        for plain in words.plain(line.text[at : piece.start], at, line.text, profile):
            writer.say(plain, line.text[plain.start : plain.end], line.range(plain.start, plain.end))
        if piece.start < piece.end:
            _say_claim(piece, line, writer)
        at = piece.end


def _say_claim(piece: Claim, line: Traced, writer: _Writer) -> None:
    writer.say(piece, line.text[piece.start : piece.end], line.range(piece.start, piece.end))


def speakable(text: str) -> bool:
    """Whether there is anything to say in it."""
    return any(c.isalpha() for c in read(text).text)


def sentences(spoken: Spoken | str, longest: int = 400) -> tuple[str, ...]:
    """Spoken text cut at the ends of sentences, long ones also at commas and then at blanks: pieces for a voice."""
    text = spoken if isinstance(spoken, str) else spoken.text
    found: list[str] = []
    for line in text.split("\n"):
        found += _cut(line.strip(), longest)
    return tuple(found)


def _cut(line: str, longest: int) -> list[str]:
    """Greedy pieces: to the first end of a sentence, or if that is too far to the last pause that fits."""
    found: list[str] = []
    while line:
        ends = [i + 1 for i in (line.find(mark + " ") for mark in ".?!") if 0 <= i < longest]
        if ends:
            size = min(ends)
        elif len(line) <= longest:
            size = len(line)
        else:
            size = max(line.rfind(", ", 0, longest), line.rfind("; ", 0, longest)) + 1
            size = size or line.rfind(" ", 0, longest) + 1 or longest
        found.append(line[:size].strip())
        line = line[size:].lstrip()
    return [piece for piece in found if piece]
