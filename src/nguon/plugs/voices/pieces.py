"""A spoken text cut into pieces that a service takes in one call, each with the pause that belongs after it. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from nguon.speech import sentences

SENTENCE, PARAGRAPH = 0.3, 0.6  # seconds
PAUSES = {".": SENTENCE, "?": SENTENCE, "!": SENTENCE, "…": SENTENCE, ";": 0.25, ":": 0.25, ",": 0.15}
BREATHS = (". ", "? ", "! ", "; ", ": ", ", ", " – ", " ")  # where a sentence that is too long is cut, best first
Size = Callable[[str], int]


@dataclass(frozen=True)
class Piece:
    """What is said in one call, and the seconds of silence after it (none where a sentence had to be cut inside)."""

    text: str
    pause: float


def octets(text: str) -> int:
    """The size of a text where a service counts bytes of UTF-8."""
    return len(text.encode())


def pause_after(text: str) -> float:
    """Seconds of silence that the mark at the end of a text asks for."""
    return PAUSES.get(text.rstrip()[-1:], 0.0)


def cut(text: str, limit: int, size: Size = len) -> tuple[Piece, ...]:
    """The whole text in as few pieces as the limit allows, cut at ends of sentences wherever that is possible.

    A line without a mark at its end gets a full stop: a service
    that runs lines together must not run on. What holds nothing to say (only marks) is left out.
    """
    packed: list[Piece] = []
    for atom in _atoms(text, limit, size):
        if packed and size(joined := _join(packed[-1], atom)) <= limit:
            packed[-1] = Piece(joined, atom.pause)
        else:
            packed.append(atom)
    return tuple(packed)


def _join(first: Piece, second: Piece) -> str:
    """Two neighbours in one call: between paragraphs stays a line end, which most services take for a longer pause."""
    if first.pause == 0.0:
        return f"{first.text} {second.text}"
    return f"{first.text}{chr(10) if first.pause == PARAGRAPH else ' '}{second.text}"


def _atoms(text: str, limit: int, size: Size) -> Iterator[Piece]:
    """Sentences, and the parts of those that are too long."""
    for line in text.split("\n"):
        found = [each for each in sentences(line, len(line) + 1) if any(c.isalnum() for c in each)]
        for place, sentence in enumerate(found, 1):
            last = place == len(found)
            whole = _ended(sentence) if last else sentence
            parts = [part for part in _parts(whole, limit, size) if any(c.isalnum() for c in part)]
            for part in parts[:-1]:
                yield Piece(part, pause_after(part))
            yield Piece(parts[-1], PARAGRAPH if last else pause_after(parts[-1]))


def _ended(line: str) -> str:
    return line if line[-1] in PAUSES or not line[-1].isalnum() else f"{line}."


def _parts(sentence: str, limit: int, size: Size) -> Iterator[str]:
    """A sentence in parts within the limit: each ends at the best breath that fits, or in the worst case anywhere."""
    while size(sentence) > limit:
        most = _fitting(sentence, limit, size)
        ends = (sentence.rfind(breath, 0, most) + len(breath.rstrip()) for breath in BREATHS)
        end = next((end for end in ends if end > most // 3), 0) or most
        yield sentence[:end].strip()
        sentence = sentence[end:].strip()
    if sentence:
        yield sentence


def _fitting(text: str, limit: int, size: Size) -> int:
    """How many characters from the start are within the limit; at least one, so that there is an end."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if size(text[:middle]) <= limit else (low, middle - 1)
    return low
