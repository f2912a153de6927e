"""Spoken text cut into pieces that a voice takes in one call."""

from nguon.speech.spoken import Spoken


def sentences(spoken: Spoken | str, longest: int = 400) -> tuple[str, ...]:
    """Spoken text cut at the ends of sentences, long ones also at commas and then at blanks: pieces for a voice."""
    text = spoken if isinstance(spoken, str) else spoken.text
    return tuple(piece for line in text.split("\n") for piece in pieces(line.strip(), longest))


def pieces(line: str, longest: int) -> list[str]:
    """Of one line: to the first end of a sentence, or if that is too far to the last pause that fits."""
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
