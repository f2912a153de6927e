"""Pure rules of sound: the key of a rendition, what loudness is accepted, how far a gain is corrected."""

import hashlib
import json
from dataclasses import dataclass

TARGET = -16.0  # LUFS integrated: speech for loudspeakers
TOLERANCE = 1.0  # LU either side
CEILING = -1.5  # dBTP, highest true peak after encoding
SILENCE = -60.0  # LUFS: at or under this there is no sound worth playing
SHORTEST = 0.5  # seconds
BIT_RATE = 64  # kbit/s, constant
SAMPLE_RATE = 44_100  # Hz: MPEG-1 layer III, which the oldest decoder chips in loudspeakers can play
TRIES = 5
STALE = 15 * 60  # seconds without progress after which waiting work is asked for again
SLOWEST, FASTEST = 120, 300  # syllables a minute
SETTINGS = f"mp3-{BIT_RATE}k-{SAMPLE_RATE}-mono {TARGET:g}LUFS {CEILING:g}dBTP chain-2"  # part of every key
_AIM = 0.3  # LU: a correction aims inside the tolerance, not at its edge


@dataclass(frozen=True)
class Loudness:
    """A measurement: LUFS integrated and dBTP."""

    integrated: float
    true_peak: float


@dataclass(frozen=True)
class Levels:
    """How an encoding is levelled: gain in dB before the limiter, and the limiter's ceiling in dBFS."""

    gain: float
    limit: float


def rendition_key(*, source: str, spoken: str = "", original: str = "", voice: str = "", rate: int = 0) -> str:
    """SHA-256 hex over all that decides how a rendition sounds, and the settings of the chain."""
    parts = [source, spoken, original, voice, rate, SETTINGS]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def acceptable(measured: Loudness) -> bool:
    """Whether an encoded file may go to loudspeakers."""
    return abs(measured.integrated - TARGET) <= TOLERANCE and measured.true_peak <= CEILING


def is_silent(measured: Loudness) -> bool:
    """Whether there is nothing to hear."""
    return measured.integrated <= SILENCE


def first_levels(shaped: Loudness) -> Levels:
    """The first try for a sound that measures so before gain and limiter: the more it peaks, the more is taken."""
    crest = shaped.true_peak - shaped.integrated
    return Levels(TARGET - shaped.integrated + max(0.0, (crest - 10) * 0.15), CEILING - 1.0)


def corrected(levels: Levels, measured: Loudness) -> Levels:
    """The next try after an encoding measured so: gain by what is missing, the ceiling down by what came over it."""
    gain = levels.gain
    if abs(measured.integrated - TARGET) > _AIM:
        gain += (TARGET - measured.integrated) * 1.1  # the limiter takes its part again
    over = measured.true_peak - CEILING
    return Levels(gain, levels.limit - over - 0.3 if over > 0 else levels.limit)


def speech_minutes(spoken: str, rate: int) -> float:
    """About how long a spoken text lasts, pauses aside."""
    return len(spoken.split()) / rate


def is_cut_short(declared: float, decoded: float) -> bool:
    """Whether a file holds much less sound than it says: seconds declared and decoded."""
    return declared - decoded > max(1.0, declared * 0.05)


def is_plausible(spoken: str, rate: int, seconds: float) -> bool:
    """Whether a voice said the whole text: far too short a sound was cut."""
    return seconds >= 0.4 * speech_minutes(spoken, rate) * 60


def split_voice(name: str) -> tuple[str, str]:
    """`espeak/vi` → its plug and its voice; both may be empty."""
    plug, _, voice = name.partition("/")
    return plug, voice
