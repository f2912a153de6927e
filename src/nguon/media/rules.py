"""Pure rules of sound: the key of a rendition, what loudness is accepted, how far a gain is corrected, what is cut."""

import hashlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

TARGET = -16.0  # LUFS integrated: speech for loudspeakers
TOLERANCE = 1.0  # LU either side
CEILING = -1.5  # dBTP, highest true peak after encoding
SILENCE = -60.0  # LUFS: at or under this there is no sound worth playing
SHORTEST, SYLLABLE = 0.5, 0.1  # seconds: of an upload, and of what a voice says
BIT_RATE = 64  # kbit/s, constant
SAMPLE_RATE = 44_100  # Hz: MPEG-1 layer III, which the oldest decoder chips in loudspeakers can play
TRIES = 5
STALE = 15 * 60  # seconds without progress after which waiting work is asked for again
SLOWEST, FASTEST = 120, 300  # syllables a minute
SETTINGS = f"mp3-{BIT_RATE}k-{SAMPLE_RATE}-mono {TARGET:g}LUFS {CEILING:g}dBTP chain-3"  # part of every key
GAP = 2.5  # seconds: a longer silence inside is told
FAINT = -38.0  # LUFS: an original fainter than this brings its noise along when it is made loud
OFFSET = 0.02  # of full scale: a constant voltage over this comes from broken equipment
SLOW, FAST = 2.0, 6.5  # syllables a second, pauses aside: outside of it a voice left something out, or stammers
CANCELLED = 10.0  # dB by which one channel alone must be louder than all together to be taken instead
BED = -12.0  # LU under the voice where nobody speaks; under speech it is held at least 18 LU below
CROSS = 1.5  # seconds at most in which bed and jingle cross
BREATH, LEAD = 0.3, 1.5  # seconds: between jingle and voice, and of bed alone before a voice without jingle
SOFT = 0.02  # seconds in which a sound comes or goes that should do so at once
_CREST = 11.0  # dB
_AIM = 0.3  # LU: a correction aims inside the tolerance, not at its edge
_SYLLABLE = re.compile(r"[^\W\d_]+")


class Material(StrEnum):
    """What a sound is, which decides how it is shaped and how closely it is looked at."""

    VOICE = "voice"  # a machine's, straight from its plug
    TALK = "talk"  # an upload or a recording
    MUSIC = "music"  # neither compressed nor freed of its bass


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


@dataclass(frozen=True)
class Second:
    """What one channel did in one second: dBFS of peak and mean, how flat and how often it was at its peak.

    `flat` is 20·log10 of how many samples stay at the peak in a row; `offset` is the mean, 1 being full scale.
    """

    peak: float
    mean: float
    flat: float
    count: int
    offset: float


@dataclass(frozen=True)
class Mix:
    """The music around a voice, by the hashes of the files it was given as. Empty: none."""

    opening: str = ""
    closing: str = ""
    bed: str = ""

    def __bool__(self) -> bool:
        return any((self.opening, self.closing, self.bed))

    def as_json(self) -> dict[str, str]:
        """What is there, by name: how it is kept and hashed."""
        return {name: sha256 for name, sha256 in asdict(self).items() if sha256}

    @classmethod
    def of(cls, kept: Mapping[str, Any] | None) -> "Mix":
        """From what `as_json` gave; unknown names are left out."""
        return cls(**{name: str(value) for name, value in (kept or {}).items() if name in cls.__dataclass_fields__})


NO_MUSIC = Mix()


def rendition_key(
    *, source: str, spoken: str = "", original: str = "", voice: str = "", rate: int = 0, mix: Mix | None = None
) -> str:
    """SHA-256 hex over all that decides how a rendition sounds, and the settings of the chain."""
    parts = [source, spoken, original, voice, rate, SETTINGS, *([mix.as_json()] if mix else [])]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def acceptable(measured: Loudness) -> bool:
    """Whether an encoded file may go to loudspeakers."""
    return abs(measured.integrated - TARGET) <= TOLERANCE and measured.true_peak <= CEILING


def is_near(measured: Loudness) -> bool:
    """Whether it is so near the target that another meter would accept it too."""
    return abs(measured.integrated - TARGET) <= 0.8 * TOLERANCE


def is_silent(measured: Loudness) -> bool:
    """Whether there is nothing to hear."""
    return measured.integrated <= SILENCE


def first_levels(shaped: Loudness) -> Levels:
    """The first try for a sound that measures so before gain and limiter: the more it peaks, the more is taken."""
    crest = min(30.0, shaped.true_peak - shaped.integrated)
    return Levels(TARGET - shaped.integrated + 0.2 + max(0.0, (crest - 10) * 0.15), CEILING - 1.0)


def corrected(levels: Levels, measured: Loudness) -> Levels:
    """The next try after an encoding measured so: gain by what is missing, the ceiling down by what came over it."""
    gain = levels.gain
    if abs(measured.integrated - TARGET) > _AIM:
        gain += (TARGET - measured.integrated) * 1.1  # the limiter takes its part again
    over = measured.true_peak - CEILING
    return Levels(gain, levels.limit - over - 0.3 if over > 0 else levels.limit)


def guessed_loudness(tops: Sequence[int], full: int) -> Loudness:
    """Of speech, from the highest sample of every 20 ms: those of voices lie 11 dB (±2) over the loudness."""
    loudest = max(tops, default=0)
    voiced = [top * top for top in tops if top * 64 > loudest]
    if not voiced:
        return Loudness(-math.inf, -math.inf)
    mean, peak = math.sqrt(sum(voiced) / len(voiced)) / full, loudest / full
    return Loudness(20 * math.log10(mean) - _CREST, 20 * math.log10(peak))


def silence_under(loudness: float, material: Material = Material.TALK) -> float:
    """The level in dBFS at and under which a sound of this loudness (LUFS) is silent. Music may die away."""
    if material is Material.MUSIC:
        return min(-50.0, max(-75.0, loudness - 45))
    return min(-40.0, max(-65.0, loudness - 32))


@dataclass(frozen=True)
class Around:
    """The silence around a sound, in seconds: what is added at each end, how long it may be, what a cut leaves."""

    head: float
    tail: float
    longest: float
    left: float


AROUND = {
    Material.VOICE: Around(0.2, 0.4, 1.0, 0.5),  # added, so that an amplifier switching on cuts no word
    Material.TALK: Around(0.2, 0.4, 1.0, 0.5),
    Material.MUSIC: Around(0.0, 0.0, 0.1, 0.05),  # a jingle begins when it is told to
}


def kept_span(silences: list[tuple[float, float]], seconds: float, around: Around) -> tuple[float, float]:
    """What is kept of a sound: a silence at an end that would be too long is cut. Seconds (from, to)."""
    start, end = 0.0, seconds
    for first, last in silences:
        if first <= 0 and last < seconds and last + around.head > around.longest:
            start = max(0.0, last + around.head - around.left)
        if last >= seconds and first > 0 and seconds - first + around.tail > around.longest:
            end = min(seconds, first + max(0.0, around.left - around.tail))
    return start, end


@dataclass(frozen=True)
class Plan:
    """When what is heard, in seconds: (from, to) of each music, the beginning of the voice, and the length of all."""

    voice: float
    seconds: float
    opening: tuple[float, float] = (0.0, 0.0)
    closing: tuple[float, float] = (0.0, 0.0)
    bed: tuple[float, float] = (0.0, 0.0)
    fades: Mapping[str, tuple[float, float]] = field(default_factory=dict)  # in and out, by name


def plan(voice: float, *, opening: float = 0.0, closing: float = 0.0, bed: float = 0.0) -> Plan:
    """How music of these lengths (seconds; 0: none) lies around a voice of this length.

    No jingle lies over the voice. The bed comes in under the end of the opening and goes out under the beginning of
    the closing; alone, it begins before the voice and ends after it.
    """
    silence = AROUND[Material.TALK]
    at = silence.head + opening
    comes, goes = (min(CROSS, length / 3) if length else alone for length, alone in ((opening, 1.0), (closing, 2.0)))
    under = at - comes if opening else silence.head
    begin = at + BREATH if opening else at + (LEAD if bed else 0.0)
    last = begin + voice
    after = last + 2 * BREATH if closing else last
    bed_to = after + goes
    end = max(after + closing, bed_to if bed else 0.0)
    return Plan(
        voice=begin,
        seconds=end + silence.tail,
        opening=(silence.head, at),
        closing=(after, after + closing),
        bed=(under, bed_to) if bed else (0.0, 0.0),
        fades={"opening": (SOFT, SOFT), "closing": (SOFT, SOFT), "bed": (comes, goes)},
    )


def is_clipped(second: Second) -> bool:
    """Whether the tops of the waves are cut off: they stay at their peak (which may have been turned down afterwards),
    reach full scale again and again (another sampling rate rounded them), or go over it (a codec did).
    """
    stays = second.flat >= 12 and second.count >= 16 and second.peak >= -20
    again = second.peak >= -0.05 and second.count >= 60
    return stays or again or (second.peak >= 0.8 and second.peak - second.mean < 12)


def steady_offset(offsets: Sequence[float]) -> float:
    """The constant part of a channel by its means of each second, 1 being full scale; 0 if it comes and goes."""
    if not offsets or min(offsets) <= 0 <= max(offsets):
        return 0.0
    return min(offsets, key=abs)


def louder_alone(channels: list[float], together: float) -> int | None:
    """The channel to take instead of all: their means in dBFS, and that of all together, which cancel each other."""
    best = max(range(len(channels)), key=channels.__getitem__, default=None)
    if best is None or len(channels) < 2 or channels[best] - together < CANCELLED:
        return None
    return best


def mean_level(levels: Sequence[float]) -> float:
    """The mean energy of levels in dB, in dB."""
    energy = sum(10 ** (level / 10) for level in levels) / len(levels) if levels else 0.0
    return 10 * math.log10(energy) if energy > 0 else -math.inf


def syllables(spoken: str) -> int:
    """How many syllables a text in spoken form has: in Vietnamese each is a word of its own."""
    return len(_SYLLABLE.findall(spoken))


def fits_text(said: int, voiced: float, rate: int) -> bool:
    """Whether so many syllables can have been said in `voiced` seconds (pauses aside) by a voice asked for `rate`.

    Not every voice follows the rate, so it only widens what is possible. A word or two are not judged.
    """
    asked = rate / 60
    if said < 4:
        return voiced >= 0.08 * said
    return min(SLOW, 0.6 * asked) <= said / max(voiced, 0.01) <= max(FAST, 1.5 * asked)


def speech_minutes(spoken: str, rate: int) -> float:
    """About how long a spoken text lasts, pauses aside."""
    return len(spoken.split()) / rate


def is_cut_short(declared: float, decoded: float) -> bool:
    """Whether a file holds much less sound than it says: seconds declared and decoded."""
    return declared - decoded > max(1.0, declared * 0.05)


def split_voice(name: str) -> tuple[str, str]:
    """`espeak/vi` → its plug and its voice; both may be empty."""
    plug, _, voice = name.partition("/")
    return plug, voice
