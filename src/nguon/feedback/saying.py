"""Whether a text says some words: whole ones, in any case, with their marks or typed without any."""

from collections.abc import Sequence
from itertools import pairwise

from nguon.kit.text import fold, nfc


def syllables(text: str) -> list[str]:
    """The syllables of a text in small letters, with their marks, without any punctuation."""
    plain = nfc(text).casefold()
    return "".join(sign if sign.isalnum() else " " for sign in plain).split()


def says(text: Sequence[str], words: str) -> bool:
    """Whether the syllables of a text hold these words, one after the other.

    A syllable typed without marks may mean any: `cong` says `cống`, `cổng` does not.
    """
    wanted = syllables(words)
    last = len(text) - len(wanted)
    return bool(wanted) and any(all(map(_means, text[at : at + len(wanted)], wanted)) for at in range(last + 1))


def tokens(text: str) -> list[str]:
    """Folded syllables, and pairs of neighbours."""
    single = [fold(one) for one in syllables(text)]
    return [*single, *(f"{one} {other}" for one, other in pairwise(single))]


def as_written(text: str) -> dict[str, str]:
    """Each token of a text → how the text writes it."""
    single = syllables(text)
    pairs = [f"{one} {other}" for one, other in pairwise(single)]
    return {fold(word): word for word in [*pairs, *single]}


def _means(written: str, wanted: str) -> bool:
    return written == wanted or (written == fold(wanted) and written == fold(written))
