"""Pieces of speech joined into one WAV, so that nobody hears where: edges trimmed and faded, pauses by punctuation."""

import array
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nguon.plugs.voices.sound import RATE, Samples

STEP = 0.01  # seconds looked at in one go
LOUD = 200  # of 32,768 (−44 dB): under this an edge is silence
MARGIN = 0.03  # seconds kept of that silence, so that no soft consonant is lost
FADE = 0.008  # seconds: long enough for no click and too short to be heard


@contextmanager
def recording(out: Path, rate: int = RATE) -> "Iterator[Tape]":
    """A WAV (mono, 16 bits, `rate` samples a second) that grows by pieces; nothing is left of it if one fails."""
    try:
        with wave.open(str(out), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(rate)
            yield Tape(file, rate)
    except BaseException:
        out.unlink(missing_ok=True)
        raise


class Tape:
    """Pieces one after the other into an open WAV."""

    def __init__(self, file: wave.Wave_write, rate: int) -> None:
        self._file, self._rate = file, rate
        self._pause = -1.0

    def add(self, samples: "Samples[int]", pause: float) -> None:
        """One piece, already trimmed; `pause` is the seconds of silence before the next, if one comes."""
        if self._pause >= 0:
            self._file.writeframes(bytes(round(self._pause * self._rate) * 2))
        self._file.writeframes(faded(samples, self._rate).tobytes())
        self._pause = pause


def trimmed(samples: "Samples[int]", rate: int = RATE) -> "Samples[int]":
    """The samples without the silence that voices put around what they say, but for a margin."""
    step, margin, first, last = round(STEP * rate), round(MARGIN * rate), 0, len(samples)
    while first < last and _silent(samples[first : first + step]):
        first += step
    while last > first and _silent(samples[max(first, last - step) : last]):
        last -= step
    return samples[max(0, first - margin) : min(len(samples), max(first, last) + margin)]


def faded(samples: "Samples[int]", rate: int = RATE) -> "Samples[int]":
    """The samples with both edges drawn down to zero."""
    made = array.array("h", samples)
    width = min(round(FADE * rate), len(made) // 2)
    for i in range(width):
        made[i] = made[i] * i // width
        made[-1 - i] = made[-1 - i] * i // width
    return made


def _silent(part: "Samples[int]") -> bool:
    return max(part) < LOUD and min(part) > -LOUD
