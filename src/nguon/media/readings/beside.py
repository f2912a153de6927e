"""What is said beside what was written, sentence by sentence. Pure."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import count, pairwise

from nguon.speech import DOUBTFUL, Spoken

OWN = "own"  # the rule of a place's own readings
UNSAID = "unsaid"  # what no span tells of: a list of recipients, say
_MANY = 4000  # words of an unchanged run; above it the two sides are not compared, so that no page waits
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_CLOSING = re.compile(r"[^\w\s(\[“‘«]*\s*")  # after the last word of a sentence: its marks, and the blanks
_SENTENCE_END = re.compile(r"[.?!](?=\s|\Z)|\n")


@dataclass(frozen=True)
class Change:
    """Characters `start:end` of the source are said as something else. `said` is empty where nothing is said."""

    number: int
    start: int
    end: int
    written: str
    said: str
    rule: str
    confidence: float
    ordinal: int = 0  # how many times the same characters stand in the source before

    @property
    def doubtful(self) -> bool:
        """Whether a person should look at it."""
        return self.confidence < DOUBTFUL

    @property
    def own(self) -> bool:
        """Whether a reading of the place did it."""
        return self.rule == OWN


@dataclass(frozen=True)
class Piece:
    """Some consecutive characters of one side, and the change they belong to."""

    text: str
    change: Change | None = None


@dataclass(frozen=True)
class Row:
    """One sentence: as written and as said. `start` is its place in the source."""

    written: tuple[Piece, ...]
    said: tuple[Piece, ...]
    start: int

    @property
    def changes(self) -> tuple[Change, ...]:
        """What is said otherwise, in the order of the text; what is not said too."""
        seen = {piece.change.number: piece.change for piece in (*self.written, *self.said) if piece.change}
        return tuple(seen[number] for number in sorted(seen))

    @property
    def doubtful(self) -> bool:
        """Whether there is anything a person should look at."""
        return any(change.doubtful for change in self.changes)

    @property
    def text(self) -> str:
        """What is written, on one line."""
        return " ".join("".join(piece.text for piece in self.written).split())

    @property
    def spoken(self) -> str:
        """What is said, on one line."""
        return " ".join("".join(piece.text for piece in self.said).split())


@dataclass(frozen=True)
class _Block:
    """A stretch of both texts that belong together: one change, or a run of words said as they are written."""

    start: int
    end: int
    spoken_start: int
    spoken_end: int
    change: Change | None = None


def rows(spoken: Spoken) -> tuple[Row, ...]:
    """The sentences of what is said, each beside what was written. Together they hold every character of both texts.

    A number of a list stands with what follows it. A text of which nothing is said has no rows.
    """
    if not _WORD.search(spoken.text):
        return ()
    blocks = list(_blocks(spoken))
    cuts = [(0, 0), *_cuts(spoken, blocks), (len(spoken.source), len(spoken.text))]
    written = _sides(spoken.source, [at for at, _ in cuts], [(b.start, b.end, b.change) for b in blocks])
    said = _sides(spoken.text, [at for _, at in cuts], [(b.spoken_start, b.spoken_end, b.change) for b in blocks])
    return tuple(Row(ours, theirs, at) for ours, theirs, (at, _) in zip(written, said, cuts, strict=False))


def _blocks(spoken: Spoken) -> Iterator[_Block]:
    """Changes and the runs between them, in order, without gap. A span that overlaps an earlier one is passed over."""
    number = count()
    at = said_at = 0
    for span in sorted(spoken.spans, key=lambda span: (span.start, span.spoken_start)):
        if span.start < at or span.spoken_start < said_at:
            continue
        here = _Block(span.start, span.end, span.spoken_start, span.spoken_end)
        if not _is_change(spoken, here):
            continue
        yield from _runs(spoken, _Block(at, here.start, said_at, here.spoken_start), number)
        yield _changed(spoken, here, next(number), span.rule, span.confidence)
        at, said_at = here.end, here.spoken_end
    yield from _runs(spoken, _Block(at, len(spoken.source), said_at, len(spoken.text)), number)


def _runs(spoken: Spoken, block: _Block, number: Iterator[int]) -> Iterator[_Block]:
    """A run of the same words on both sides; what is not said, or is said without a span, is cut out as a change."""
    ours = list(_WORD.finditer(spoken.source, block.start, block.end))
    theirs = list(_WORD.finditer(spoken.text, block.spoken_start, block.spoken_end))
    one, two = [match[0].casefold() for match in ours], [match[0].casefold() for match in theirs]
    if one == two or len(one) + len(two) > _MANY:
        if block.start < block.end or block.spoken_start < block.spoken_end:
            yield block
        return
    at = ours[0].start() if ours else block.end
    said_at = theirs[0].start() if theirs else block.spoken_end
    yield _Block(block.start, at, block.spoken_start, said_at)
    for kind, _, high, _, said_high in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        end = ours[high].start() if high < len(ours) else block.end
        said_end = theirs[said_high].start() if said_high < len(theirs) else block.spoken_end
        piece = _Block(at, end, said_at, said_end)
        yield piece if kind == "equal" else _changed(spoken, piece, next(number), UNSAID, 1.0)
        at, said_at = end, said_end


def _changed(spoken: Spoken, block: _Block, number: int, rule: str, confidence: float) -> _Block:
    written = spoken.source[block.start : block.end]
    change = Change(
        number=number,
        start=block.start,
        end=block.end,
        written=written,
        said=spoken.text[block.spoken_start : block.spoken_end],
        rule=rule,
        confidence=confidence,
        ordinal=spoken.source.count(written, 0, block.start),
    )
    return replace(block, change=change)


def _is_change(spoken: Spoken, block: _Block) -> bool:
    """Whether it sounds otherwise than it looks: not only another case, a mark or blanks."""
    written, said = spoken.source[block.start : block.end], spoken.text[block.spoken_start : block.spoken_end]
    return _words(written) != _words(said)


def _words(text: str) -> list[str]:
    return [match[0].casefold() for match in _WORD.finditer(text)]


def _cuts(spoken: Spoken, blocks: list[_Block]) -> Iterator[tuple[int, int]]:
    """Where one sentence ends and the next begins, as places in both texts, rising in both."""
    last = (0, 0)
    for block in blocks:
        if block.change is not None:
            continue
        said = [match.end() for match in _WORD.finditer(spoken.text, block.spoken_start, block.spoken_end)]
        written = [match.end() for match in _WORD.finditer(spoken.source, block.start, block.end)]
        if len(said) != len(written):
            continue  # a run too long to be compared
        for mark in _SENTENCE_END.finditer(spoken.text, block.spoken_start, block.spoken_end):
            words = bisect_right(said, mark.start())
            end = written[words - 1] if words else block.start
            closing = _CLOSING.match(spoken.source, end, block.end)
            at, said_at = closing.end() if closing else end, _after_blanks(spoken.text, mark.end())
            more = said_at < len(spoken.text) or _WORD.search(spoken.source, at)
            if more and at > last[0] and said_at > last[1] and not _is_number(spoken.source[last[0] : at]):
                last = (at, said_at)
                yield last


def _is_number(written: str) -> bool:
    """Whether it is only the number of what follows: `1. `, `IV. `."""
    return "\n" not in written and len(_WORD.findall(written)) < 2


def _after_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _sides(text: str, cuts: list[int], blocks: list[tuple[int, int, Change | None]]) -> list[tuple[Piece, ...]]:
    """The text cut at the cuts, and each part again where a block ends."""
    found, first = [], 0
    for start, end in pairwise(cuts):
        pieces = []
        while first < len(blocks) and blocks[first][1] <= start:
            first += 1
        for low, high, change in blocks[first:]:
            if low >= end:
                break
            if max(low, start) < min(high, end):
                pieces.append(Piece(text[max(low, start) : min(high, end)], change))
        found.append(tuple(pieces))
    return found
