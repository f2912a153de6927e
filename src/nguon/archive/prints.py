"""Whether two recordings are the same sound, from their acoustic fingerprints. Pure: no ffmpeg, no database.

A print is what ffmpeg's own `chromaprint` muxer writes: 32 bits for every eighth of a second, from the strength of the
twelve notes. Two prints of one sound differ in few bits, whatever the coding, the loudness and a fair amount of noise;
of two sounds in nearly half of them (figures: docs/adr/0007). What is ours is the comparing:

- `marks` picks values by their own bits, so that a copy picks the same ones wherever it begins: they find candidates.
- `anchors` counts which shift most common values agree on.
- `compare` walks both prints block by block from an anchor, following the drift of a tape that ran a little fast.

Alike is not equal: two notices read by one machine voice that differ in one word are alike. So nothing is merged by it.
"""

import struct
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

STEP_MS = 1365 / 11_025 * 1000  # of one value
BLOCK = 32  # values compared together: 4 seconds
ALIKE = 0.25  # share of differing bits up to which a block is the same sound
SAME_SHARE = 0.8  # of the shorter one that must be alike
SAME_LENGTH = 0.5  # of the longer one; below that the shorter is a part of it
PART_LEAST = 240  # values (30 s): a shorter part, a jingle, is in everything
LEAST = 16  # values (2 s): nothing can be said of less
_HEAD, _DENSE, _SPARSE = 480, 2, 16  # of the first minute every other value is a mark, then one in 16
_DRIFT = 3  # values that a block may have moved against the one before
_HELD = 4  # a value that stays so long is silence or a tone
_OFTEN = 3  # marks of one value at most


@dataclass(frozen=True)
class Alike:
    """How two prints fit: the share of the shorter and of the longer that is alike, and where b begins in a."""

    share: float
    of_longer: float
    offset_ms: int
    shortest: int  # values

    @property
    def same(self) -> bool:
        """Whether they are copies of one recording, perhaps cut at the ends."""
        return self.share >= SAME_SHARE and self.of_longer >= SAME_LENGTH

    @property
    def part(self) -> bool:
        """Whether the shorter one is a part of the longer."""
        return self.share >= SAME_SHARE and not self.same and self.shortest >= PART_LEAST


def length(data: bytes) -> int:
    """How many values a print has."""
    return len(data) // 4


def values(data: bytes) -> tuple[int, ...]:
    """The values as signed numbers, as a database keeps them."""
    return struct.unpack(f"<{length(data)}i", data[: length(data) * 4])


def marks(data: bytes) -> list[tuple[int, int]]:
    """(value, where it stands) of the values to be found by. Silence and held tones give none."""
    found, seen, at = [], Counter[int](), 0
    for value, run in groupby(values(data)):
        count = sum(1 for _ in run)
        mixed = ((value & 0xFFFFFFFF) * 0x9E3779B1 & 0xFFFFFFFF) >> 16
        if count < _HELD and mixed % (_DENSE if at < _HEAD else _SPARSE) == 0 and seen[value] < _OFTEN:
            seen[value] += 1
            found.append((value, at))
        at += count
    return found


def anchors(hits: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Of pairs (place in a, place in b) of one value, those whose shift most others share, the best supported first."""
    by_shift: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for hit in hits:
        by_shift[(hit[0] - hit[1]) // _HELD].append(hit)
    if not by_shift:
        return []
    best = max(by_shift, key=lambda shift: len(by_shift[shift]) + len(by_shift.get(shift + 1, ())))
    return [*by_shift[best], *by_shift.get(best + 1, ())]


def compare(a: bytes, b: bytes, starts: Sequence[tuple[int, int]]) -> Alike | None:
    """How two prints fit from one of the anchors `starts`; None if none of them is inside a common sound."""
    shortest, longest = sorted((length(a), length(b)))
    if shortest < LEAST:
        return None
    for at, there in starts[:8]:
        shift = there - at
        first, last = max(0, -shift), min(length(a), length(b) - shift)  # what both have
        begin = max(first, min(at, last - BLOCK))
        size = min(BLOCK, last - begin)
        if size < LEAST:
            continue
        error, moved = _nearest(a, b, begin, shift, size)
        if error > ALIKE:
            continue
        shift += moved
        alike = _forth(a, b, begin, shift) + _back(a, b, begin, shift)
        share, of_longer = min(1.0, alike / shortest), min(1.0, alike / longest)
        return Alike(round(share, 3), round(of_longer, 3), round(-shift * STEP_MS), shortest)
    return None


def _forth(a: bytes, b: bytes, begin: int, shift: int) -> int:
    """How many values are alike from a place to the end of what both have."""
    alike = 0
    while (left := min(length(a) - begin, length(b) - begin - shift)) > 0:
        size = _size(left)
        error, moved = _nearest(a, b, begin, shift, size)
        if error <= ALIKE:
            alike += size
            shift += moved
        begin += size
    return alike


def _back(a: bytes, b: bytes, begin: int, shift: int) -> int:
    """How many values are alike from a place back to the beginning of what both have."""
    alike = 0
    while (left := min(begin, begin + shift)) > 0:
        size = _size(left)
        error, moved = _nearest(a, b, begin - size, shift, size)
        if error <= ALIKE:
            alike += size
            shift += moved
        begin -= size
    return alike


def _size(left: int) -> int:
    """Of the next block: a rest too small to tell anything goes with it."""
    return left if left < BLOCK + LEAST else BLOCK


def _nearest(a: bytes, b: bytes, begin: int, shift: int, size: int) -> tuple[float, int]:
    """The least share of differing bits of a block near a shift, and how much nearer."""
    here = int.from_bytes(a[4 * begin : 4 * (begin + size)], "big")
    best = (1.0, 0)
    for moved in sorted(range(-_DRIFT, _DRIFT + 1), key=abs):
        there = begin + shift + moved
        if not 0 <= there <= length(b) - size:
            continue
        other = int.from_bytes(b[4 * there : 4 * (there + size)], "big")
        best = min(best, ((here ^ other).bit_count() / (32 * size), moved), key=lambda one: one[0])
    return best
