"""How a wording is heard while it is still being written: sentence by sentence, how long, and where to split. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from nguon import speech
from nguon.media.readings.beside import Change, Row, rows
from nguon.newsroom.rules import LONG_LISTENING
from nguon.speech import Readings, Spoken

PAUSES = {True: speech.OUTDOORS.paragraph / 1000, False: speech.OUTDOORS.sentence / 1000}  # by whether a line ends
EDGES = 0.6  # seconds of silence before and after
BREATHLESS = 25.0  # seconds: a sentence longer than this is not taken in by ear
_INSIDE = 20.0  # seconds: a cut inside a paragraph counts as so much farther off than one between two


@dataclass(frozen=True)
class Sentence:
    """One row with its length: `seconds` with the pause after it."""

    row: Row
    seconds: float

    @property
    def breathless(self) -> bool:
        """Whether it is too long to be taken in by ear."""
        return self.seconds > BREATHLESS


@dataclass(frozen=True)
class Part:
    """One of the bulletins a long one would make: which sentence it begins with, its length."""

    begins: Sentence
    seconds: float
    ordinal: int = 0  # how many times the same words stand in the text before


@dataclass(frozen=True)
class Aloud:
    """A whole wording as it is heard."""

    sentences: tuple[Sentence, ...]
    parts: tuple[Part, ...]  # empty while one listening is enough
    again: str = ""  # what is said once more at the end
    many_figures: bool = False  # more than a listener can keep
    seconds: float = 0.0  # about how long it takes to hear

    @property
    def changes(self) -> tuple[Change, ...]:
        """Everything that is said otherwise than it is written."""
        return tuple(change for sentence in self.sentences for change in sentence.row.changes)

    @property
    def doubts(self) -> int:
        """How many of them a person should look at."""
        return sum(change.doubtful for change in self.changes)

    @property
    def unsaid(self) -> int:
        """How many are not said at all."""
        return sum(not change.said for change in self.changes)

    @property
    def own(self) -> tuple[tuple[str, str], ...]:
        """The readings of the place that were used, each once, in the order of the text."""
        return tuple(dict.fromkeys((change.written, change.said) for change in self.changes if change.own))


def aloud(body: str, readings: Readings, rate: int, *, repeat: bool = False) -> Aloud:
    """The body as it is heard at `rate` syllables a minute; `repeat`: with its key facts once more at the end."""
    return _timed(speech.read(body, readings=readings), rate, repeat=repeat)


def of_spoken(body: str, readings: Readings, spoken: str, rate: int, *, repeat: bool = False) -> Aloud | None:
    """The same of a wording that was spoken already; None if our reader reads it otherwise by now than it was heard."""
    read = speech.read(body, readings=readings)
    told = _timed(read, rate, repeat=repeat)
    return told if spoken == "\n".join(filter(None, (read.text, told.again))) else None


def _timed(read: Spoken, rate: int, *, repeat: bool) -> Aloud:
    found = tuple(Sentence(row, _seconds(row, rate)) for row in rows(read))
    again = speech.again(read) if repeat else ""
    length = EDGES + sum(sentence.seconds for sentence in found) + speech.seconds(again, rate) if found else 0.0
    return Aloud(found, _parts(found, read.source), again, speech.too_many_figures(read), length)


def _seconds(row: Row, rate: int) -> float:
    """What is said of a row, and the pause after it."""
    ends = bool(row.written) and row.written[-1].text.endswith("\n")
    return speech.seconds(row.spoken, rate) + PAUSES[ends] if row.said else 0.0


def _parts(sentences: Sequence[Sentence], source: str) -> tuple[Part, ...]:
    """As few parts of about the same length as make each short enough, cut between paragraphs where it can be."""
    total = sum(sentence.seconds for sentence in sentences)
    most = LONG_LISTENING.total_seconds()
    if total <= most or len(sentences) < 2:
        return ()
    wanted = math.ceil(total / most)
    starts = [0]
    for n in range(1, wanted):
        at = _nearest(sentences, n * total / wanted)
        if at > starts[-1]:
            starts.append(at)
    ends = [*starts[1:], len(sentences)]
    return tuple(
        Part(
            first,
            sum(sentence.seconds for sentence in sentences[start:end]),
            source.count("".join(piece.text for piece in first.row.written).strip(), 0, first.row.start),
        )
        for start, end in zip(starts, ends, strict=True)
        for first in [sentences[start]]
    )


def _nearest(sentences: Sequence[Sentence], aim: float) -> int:
    """The number of the sentence to begin a part with, so that it begins about `aim` seconds after the start."""
    best, least, at = 1, math.inf, 0.0
    for n, sentence in enumerate(sentences):
        if n:
            paragraph = sentences[n - 1].row.written[-1:] and sentences[n - 1].row.written[-1].text.endswith("\n")
            distance = abs(at - aim) + (0 if paragraph else _INSIDE)
            if distance < least:
                best, least = n, distance
        at += sentence.seconds
    return best
