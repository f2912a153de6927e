"""Pure rules of readings: what one may be, and which of them a text calls for."""

import re
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from nguon import speech
from nguon.kit.text import clean, nfc
from nguon.speech import Readings

WRITTEN_LIMIT, SPOKEN_LIMIT = 120, 400  # characters
MOST = 500  # in force at one place
_NUMERALS = {  # what may stand for a figure in a spoken number; 0 is often not said at all
    "1": ("một", "mốt", "mười"),
    "2": ("hai",),
    "3": ("ba",),
    "4": ("bốn", "tư"),
    "5": ("năm", "lăm", "nhăm"),
    "6": ("sáu",),
    "7": ("bảy", "bẩy"),
    "8": ("tám",),
    "9": ("chín",),
}
_NEGATIONS = frozenset({"không", "chưa", "chẳng", "cấm", "đừng", "chớ"})
_NUMBER_BEFORE = re.compile(r"(?:\d[.,/:–-]|\d[ ])\Z")
_NUMBER_AFTER = re.compile(r"[.,/:–-]\d|[ ]\d{3}(?!\w)")


class Problem(StrEnum):
    """What keeps a reading from being kept."""

    NO_WRITTEN = "no-written"
    LONG_WRITTEN = "long-written"
    NO_LETTER = "no-letter"
    NO_SPOKEN = "no-spoken"
    LONG_SPOKEN = "long-spoken"
    UNSPEAKABLE = "unspeakable"
    NUMBER_LOST = "number-lost"
    NEGATION_LOST = "negation-lost"
    SAME = "same"
    NO_EFFECT = "no-effect"


def line(text: str) -> str:
    """One line as it is kept: NFC, printable, single blanks."""
    return " ".join(clean(text).split())


def key(written: str) -> str:
    """What a reading is found by: case and the width of blanks do not count."""
    return " ".join(nfc(written).casefold().split())


def problem(written: str, spoken: str) -> Problem | None:
    """Why this reading (two tidied lines) cannot be kept; None when it can."""
    return _form(written, spoken) or _meaning(written, spoken)


def _form(written: str, spoken: str) -> Problem | None:
    if not written:
        return Problem.NO_WRITTEN
    if len(written) > WRITTEN_LIMIT:
        return Problem.LONG_WRITTEN
    if not any(c.isalpha() for c in written):
        return Problem.NO_LETTER  # figures alone would be taken out of dates, sums and telephone numbers
    if not spoken:
        return Problem.NO_SPOKEN
    return Problem.LONG_SPOKEN if len(spoken) > SPOKEN_LIMIT else None


def _meaning(written: str, spoken: str) -> Problem | None:
    said = speech.read(spoken).text
    if not any(c.isalpha() for c in said):
        return Problem.UNSPEAKABLE
    heard = Counter(said.casefold().replace(",", " ").replace(".", " ").split())
    if lost_figures(written, heard):
        return Problem.NUMBER_LOST
    negations = _NEGATIONS & set(written.casefold().split())
    if any(word not in heard for word in negations):
        return Problem.NEGATION_LOST
    plain, own = speech.read(written).text, speech.read(written, readings=((written, spoken),)).text
    if _bare(plain) != _bare(own):
        return None
    return Problem.SAME if _bare(plain) == _bare(said) else Problem.NO_EFFECT


def lost_figures(written: str, heard: Counter[str]) -> str:
    """The figures of what is written that are not said: each but 0 needs a word of its own among the spoken ones."""
    wanted = Counter(c for c in written if c in _NUMERALS)
    return "".join(sorted(c for c, count in wanted.items() if sum(heard[word] for word in _NUMERALS[c]) < count))


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def called_for(text: str, readings: Iterable[tuple[str, str]]) -> Readings:
    """Those readings whose written form stands in the text, the first of each form; it is enough to read it with them.

    One that stands anywhere in the text inside a longer number (`khoản 2` in `khoản 2.500.000`) is left out: the rest
    of the number would be read as another one.
    """
    source, found = nfc(text), dict[str, tuple[str, str]]()
    low = key(source)
    for written, spoken in readings:
        name = key(written)
        if name and name not in found and name in low and _stands(written, source):
            found[name] = (written, spoken)
    return tuple(found.values())


def _stands(written: str, source: str) -> bool:
    """Whether it stands in the source as words of its own and never inside a number."""
    words = r"\s+".join(map(re.escape, nfc(written).split()))
    places = [match.span() for match in re.finditer(rf"(?<!\w){words}(?!\w)", source, re.IGNORECASE)]
    return bool(places) and not any(_cuts_number(source, *place) for place in places)


def _cuts_number(source: str, start: int, end: int) -> bool:
    before, after = source[max(0, start - 2) : start], source[end : end + 6]
    first, last = source[start].isdigit(), source[end - 1].isdigit()
    return bool((first and _NUMBER_BEFORE.search(before)) or (last and _NUMBER_AFTER.match(after)))
