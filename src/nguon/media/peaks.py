"""How loud a sound is from moment to moment: for its waveform, and for finding where nothing is said."""

import itertools
import math
import sys
import wave
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import mul
from pathlib import Path

RATE = 8_000  # samples a second are enough to see where it is loud
STEP = 0.02  # seconds
PARTS = 800  # most bytes of a waveform
FULL = 32_767  # the highest sample
FLOOR = -48.0  # dBFS at and under which a waveform is flat
_WINDOWS = 4096  # read at a time


@dataclass(frozen=True)
class Envelope:
    """The highest sample of every 20 ms, 0–32767, in order."""

    tops: Sequence[int]

    @property
    def seconds(self) -> float:
        """How long the sound is."""
        return len(self.tops) * STEP


def read(path: Path, rate: int = RATE) -> Envelope:
    """The envelope of raw PCM as ffmpeg writes it (`-f s16le`): one channel of 16 bits, `rate` samples a second."""
    window, stride = round(rate * STEP), max(1, rate // RATE)
    tops = array("H")
    with path.open("rb") as handle:
        while data := handle.read(window * 2 * _WINDOWS):
            tops.extend(highest(samples_of(data), window, stride))
    return Envelope(tops)


def of_wave(sound: wave.Wave_read, stride: int = 1) -> Envelope:
    """The envelope of an open WAV of one channel and 16 bits."""
    window, tops = round(sound.getframerate() * STEP), array("H")
    while data := sound.readframes(window * _WINDOWS):
        tops.extend(highest(samples_of(data), window, stride))
    return Envelope(tops)


def samples_of(data: bytes) -> "array[int]":
    """PCM of 16 bits, little-endian, as numbers; half a sample at the end is left out."""
    samples = array("h", data[: len(data) // 2 * 2])
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


def highest(samples: "array[int]", window: int, stride: int = 1) -> Iterator[int]:
    """The distance from zero of the farthest of every `window` samples, of which each `stride`th is looked at."""
    for start in range(0, len(samples), window):
        piece = samples[start : start + window : stride]
        yield min(FULL, max(max(piece), -min(piece)))


def mean_level(path: Path, stride: int = 8) -> float:
    """The mean of raw PCM in dBFS, by every `stride`th sample."""
    energy, count = 0, 0
    with path.open("rb") as handle:
        while data := handle.read(1 << 20):
            samples = samples_of(data)[::stride]
            energy, count = energy + sum(map(mul, samples, samples)), count + len(samples)
    return decibels(math.sqrt(energy / max(1, count)) / FULL)


def quiet(envelope: Envelope, under: float) -> list[tuple[float, float]]:
    """Where nothing is louder than `under` dBFS: (from, to) in seconds. A crackle of 40 ms does not end a silence."""
    limit, spans = amplitude(under) * FULL, list[tuple[int, int]]()
    start: int | None = None
    for at, top in enumerate(envelope.tops):
        if top <= limit:
            start = at if start is None else start
        elif start is not None:
            spans.append((start, at))
            start = None
    if start is not None:
        spans.append((start, len(envelope.tops)))
    return [(first * STEP, last * STEP) for first, last in _joined(spans)]


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans with no more than two windows between them as one."""
    found: list[tuple[int, int]] = []
    for first, last in spans:
        if found and first - found[-1][1] <= 2:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found


def waveform(envelope: Envelope, *, gain: float = 0.0, parts: int = PARTS) -> bytes:
    """A drawing of the sound: one byte for each of at most `parts` equal parts, 0 (at most −48 dBFS) to 255 (0 dBFS).

    A part is as loud as the mean energy of its tops, so that pauses still show in an hour of talk. `gain` in dB is
    added, where the envelope is of a quieter copy.
    """
    tops, count = envelope.tops, min(parts, len(envelope.tops))
    edges = [len(tops) * number // count for number in range(count + 1)] if count else []
    return bytes(_height(tops[first:last], gain) for first, last in itertools.pairwise(edges))


def _height(tops: Sequence[int], gain: float) -> int:
    energy = sum(top * top for top in tops) / len(tops)
    level = decibels(math.sqrt(energy) / FULL) + gain
    return round(255 * min(1.0, max(0.0, 1 - level / FLOOR)))


def decibels(amplitude_: float) -> float:
    """An amplitude (1 is full scale) in dBFS."""
    return 20 * math.log10(amplitude_) if amplitude_ > 0 else -math.inf


def amplitude(level: float) -> float:
    """A level in dBFS as an amplitude."""
    return float(10 ** (level / 20))
