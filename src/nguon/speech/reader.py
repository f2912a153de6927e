"""The reader: text → structure → rules → words → what is said."""

from functools import lru_cache

from nguon.kit.text import nfc
from nguon.speech import structure, words
from nguon.speech.draft import Claim, claim
from nguon.speech.own import Own, Readings, own
from nguon.speech.rules import RULES
from nguon.speech.spoken import FORMAL, Profile, Spoken
from nguon.speech.traced import Traced
from nguon.speech.writer import Writer


def read(text: str, *, profile: Profile = FORMAL, readings: Readings = ()) -> Spoken:
    """How `text` is said aloud in Vietnamese. `readings` are a place's own (written, spoken), the first one wins.

    The result has no digit, no mark-up and no word a Vietnamese voice would take for English; lines are ended by a
    full stop and a line break. It never raises on any text. Reading the result again changes nothing.
    """
    source = nfc(text)
    writer, mine = Writer(source), _own(tuple(readings), profile)
    for line in structure.paragraphs(structure.clean(source)):
        writer.end_line()
        _read_line(line, mine, profile, writer)
    return writer.result()


@lru_cache(maxsize=64)
def _own(readings: Readings, profile: Profile) -> Own:
    return own(readings, lambda spoken: read(spoken, profile=profile).text)


def _read_line(line: Traced, mine: Own, profile: Profile, writer: Writer) -> None:
    at = 0
    first = mine.claims(line.text) if mine.said else []
    for piece in [*claim(line.text, RULES, profile, first), Claim(len(line.text), len(line.text), "", "end", 1)]:
        for plain in words.plain(line.text[at : piece.start], at, line.text, profile):
            writer.say(plain, line.range(plain.start, plain.end))
        if piece.start < piece.end:
            writer.say(piece, line.range(piece.start, piece.end))
        at = piece.end


def speakable(text: str) -> bool:
    """Whether there is anything to say in it."""
    return any(c.isalpha() for c in read(text).text)
