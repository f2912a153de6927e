"""Whether a WAV is this text spoken: as long as its syllables, with a voice in it, and not broken.

Catches what providers send instead: half a text, silence, a text of somebody else, sound driven into the rails.
"""

import array
import re
import sys
import wave
from dataclasses import dataclass
from pathlib import Path

from nguon.ports.voice import Failure, VoiceFailed

SLOWEST, FASTEST = 2.0, 6.5  # syllables a second, pauses aside
SLACK = 1.0  # seconds: a few syllables may be said more slowly, or with a breath between
LONGEST_PAUSE = 5.0  # seconds without a sound
FRAME = 0.02  # seconds
PAUSE = 0.12  # seconds: a shorter quiet is the closure of a consonant, not a pause
QUIET = 0.03  # of the loudest: quieter is no voice
FAINT = 300  # of 32,768: about -41 dBFS; a loudest sample under it is silence
RAIL = 32_700  # of 32,768
MOST_CLIPPED = 0.01  # share of samples at the rail
_SYLLABLE = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Heard:
    """What was measured: seconds in all, with voice, of the longest quiet; the loudest sample; the share that clips."""

    seconds: float
    voiced: float
    longest_quiet: float
    loudest: int
    clipped: float


def check_speech(path: Path, spoken: str, rate: int) -> Heard:
    """What was heard in a mono WAV of 16 bits. `rate` is the syllables a minute that were asked for.

    Raises VoiceFailed (Failure.SOUND) with the reason for the log.
    """
    heard = _listen(path)
    syllables = len(_SYLLABLE.findall(spoken))
    if heard.loudest < FAINT:
        raise _bad(f"silence: the loudest sample is {heard.loudest}")
    if heard.clipped > MOST_CLIPPED:
        raise _bad(f"{heard.clipped:.1%} of the samples are clipped")
    slowest = min(SLOWEST, 0.8 * rate / 60)  # where so slow a pace was asked for
    if heard.voiced < syllables / FASTEST - SLACK / 4:
        raise _bad(f"only {heard.voiced:.1f} s of voice for {syllables} syllables")
    if heard.voiced > syllables / slowest + SLACK:
        raise _bad(f"{heard.voiced:.1f} s of voice for only {syllables} syllables")
    if heard.longest_quiet > LONGEST_PAUSE:
        raise _bad(f"a gap of {heard.longest_quiet:.1f} s")
    return heard


def _bad(why: str) -> VoiceFailed:
    return VoiceFailed(why, Failure.SOUND)


def _listen(path: Path) -> Heard:
    try:
        with wave.open(str(path), "rb") as sound:
            if (sound.getnchannels(), sound.getsampwidth()) != (1, 2):
                raise _bad("not a mono WAV of 16 bits")
            return _measure(sound)
    except (wave.Error, EOFError, OSError) as error:
        raise _bad(f"no usable WAV: {error}") from error


def _measure(sound: wave.Wave_read) -> Heard:
    """Frame by frame, a second of sound at a time: an hour of it does not stand in memory."""
    rate = sound.getframerate()
    size = max(1, round(rate * FRAME))
    peaks: list[int] = []
    clipped = samples = 0
    while data := sound.readframes(size * 50):
        block = array.array("h", data)
        if sys.byteorder == "big":
            block.byteswap()
        for at in range(0, len(block), size):
            frame = block[at : at + size]
            peak = max(max(frame), -min(frame))
            peaks.append(peak)
            if peak >= RAIL:
                clipped += sum(abs(sample) >= RAIL for sample in frame)
        samples += len(block)
    loudest = max(peaks, default=0)
    quiet, longest = _quiet(peaks, max(QUIET * loudest, 1))
    seconds = samples / rate
    return Heard(seconds, max(0.0, seconds - quiet), longest, loudest, clipped / max(1, samples))


def _quiet(peaks: list[int], under: float) -> tuple[float, float]:
    """Seconds of all pauses, and of the longest."""
    total = longest = run = 0
    for peak in [*peaks, sys.maxsize]:
        if peak < under:
            run += 1
            continue
        if run * FRAME >= PAUSE:
            total += run
            longest = max(longest, run)
        run = 0
    return total * FRAME, longest * FRAME
