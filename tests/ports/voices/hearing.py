"""Hearing what a voice wrote: how long, how loud, and whether it is the sound that is meant."""

import array
import wave
from pathlib import Path

import numpy
import numpy.typing

Track = numpy.typing.NDArray[numpy.float64]
STEP = 0.02  # seconds of one value of an envelope


def heard(path: Path) -> "tuple[array.array[int], int]":
    """The samples of a WAV and how many make a second; fails if it is not mono of 16 bits."""
    with wave.open(str(path), "rb") as read:
        assert (read.getnchannels(), read.getsampwidth()) == (1, 2)
        return array.array("h", read.readframes(read.getnframes())), read.getframerate()


def seconds(path: Path) -> float:
    """How long a WAV is."""
    samples, rate = heard(path)
    return len(samples) / rate


def envelope(samples: "array.array[int]", rate: int) -> Track:
    """Loudness by time, one value for each STEP."""
    step = round(rate * STEP)
    found = numpy.array(samples, dtype=numpy.float64)
    found = found[: len(found) // step * step].reshape(-1, step)
    level: Track = numpy.sqrt((found**2).mean(axis=1))
    return level


def likeness(one: Track, other: Track, slack: float = 0.5) -> float:
    """How alike two envelopes are, −1 to 1, at the best of the shifts up to `slack` seconds."""
    best = -1.0
    for shift in range(-round(slack / STEP), round(slack / STEP) + 1):
        first, second = one[max(0, shift) :], other[max(0, -shift) :]
        size = min(len(first), len(second))
        if size > 20:
            best = max(best, float(numpy.corrcoef(first[:size], second[:size])[0, 1]))
    return best


def steepest(samples: "array.array[int]") -> int:
    """The greatest jump between two samples: what a click would be."""
    return int(numpy.abs(numpy.diff(numpy.array(samples, dtype=numpy.int64))).max())
