"""The runs of ffmpeg that make a sound ready: listen, shape, encode, verify. Between them the sound stays PCM.

Each is one chain of filters in one process, so that nothing is decoded or measured twice.
"""

import math
import re
import wave
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from nguon.media import ffmpeg, peaks, rules
from nguon.media.errors import NotLevel
from nguon.media.ffmpeg import Progress
from nguon.media.peaks import Envelope
from nguon.media.rules import Levels, Loudness, Material, Second

ROOM = 6.0  # dB of headroom in the PCM between passes: what is loud for a moment is not clipped before the limiter
_INTEGRATED = re.compile(r"^\s*I:\s*(-?[\d.]+|-inf|nan) LUFS", re.MULTILINE)
_PEAK = re.compile(r"^\s*Peak:\s*(-?[\d.]+|-inf|nan) dBFS", re.MULTILINE)
# A machine voice is a row of sharp pulses 20 dB over its mean. All-pass filters spread each pulse over milliseconds,
# a soft clip rounds what is left: without them the limiter eats the gain and the target is not reached.
_SPREAD = [f"allpass=f={hertz}:t=q:w=0.7" for hertz in (200, 400, 800, 1600)]
_ROUND = "asoftclip=type=tanh:threshold=0.7"
_SQUEEZE = "acompressor=threshold=-24dB:ratio=4:attack=5:release=120:makeup=1"
_METER = "ebur128=framelog=verbose"
_LOOK = "measure_overall=none:measure_perchannel=DC_offset+Peak_level+RMS_level+Flat_factor+Peak_count"
_SEEN = re.compile(r"^(?:frame:(\d+)|lavfi\.astats\.(\d+)\.(\w+)=(\S+))", re.MULTILINE)
_PLAIN = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact"]
MP3 = ["-c:a", "libmp3lame", "-b:a", f"{rules.BIT_RATE}k", "-compression_level", "7", "-f", "mp3"]
"""At this rate the quickest of LAME's ways with a psychoacoustic model leaves less noise in every band than its
default (measured with speech: 0.3 dB less under 500 Hz, 2.7 dB less around 4 kHz) in half the time."""
FLAC = ["-c:a", "flac", "-sample_fmt", "s16", "-f", "flac"]


@dataclass(frozen=True)
class Stream:
    """The sound inside a file: how it is laid out, and how long it says to be (0 if it does not say)."""

    seconds: float
    rate: int
    channels: int
    layout: str = ""

    @property
    def kept(self) -> int:
        """Samples a second of the PCM between passes: as given, within what is worth keeping."""
        return min(max(self.rate, peaks.RATE), rules.SAMPLE_RATE)


@dataclass(frozen=True)
class Heard:
    """A decoded sound: one channel of PCM with its envelope and loudness; what each channel did in each second."""

    pcm: Path
    rate: int
    envelope: Envelope
    loudness: Loudness
    looks: tuple[tuple[Second, ...], ...] = ()  # by channel; empty if nobody asked
    room: float = ROOM  # dB by which the PCM and its envelope are quieter than the sound
    form: str = "s16le"


def listen(source: Path, stream: Stream, folder: Path, *, cap: float, look: bool, mixing: str, do: Progress) -> Heard:
    """Decode once: to PCM, with everything measured that has to be known of the original.

    `cap` is the most seconds that are read; `mixing` is the filter that makes one channel (`one_channel`).
    """
    pcm, seen = folder / "heard.pcm", folder / "seen.txt"
    filters = [mixing, f"aresample={stream.kept}", _METER, f"volume=-{ROOM}dB"]
    if look:  # before anything is changed, a second at a time
        watch = f"asetnsamples=n={stream.rate}:p=0,astats=metadata=1:reset=1:{_LOOK}"
        filters.insert(0, f"{watch},ametadata=print:file={seen.name}")
    given = ["-t", f"{cap:g}", *ffmpeg.opening(source), "-map", "0:a:0", "-vn", "-sn", "-dn"]
    log = run([*given, "-af", _chain(filters), "-f", "s16le", "-y", pcm.name], stream.seconds or cap, folder, do)
    envelope = peaks.read(pcm, stream.kept)
    return Heard(pcm, stream.kept, envelope, measured(log), _seconds(seen) if look else ())


def take(wav: Path) -> Heard | None:
    """What a machine voice wrote, as it is: nothing to decode. None if it is not one channel of 16 bits.

    Its loudness is guessed from its envelope, to 2 LU: near enough for the compressor, and measured behind it.
    """
    try:
        with wave.open(str(wav), "rb") as sound:
            if (sound.getnchannels(), sound.getsampwidth()) != (1, 2) or sound.getframerate() < peaks.RATE:
                return None
            envelope, rate = peaks.of_wave(sound, 3), sound.getframerate()
    except (wave.Error, EOFError):
        return None
    guessed = rules.guessed_loudness(envelope.tops, peaks.FULL)
    return Heard(wav, rate, envelope, guessed, room=0.0, form="wav")


def one_channel(stream: Stream, only: int | None = None) -> str:
    """The filter that makes one channel of all, or takes `only` one of them (counted from 0)."""
    if only is not None:
        return f"pan=mono|c0=c{only}"
    if stream.channels > 2 and not stream.layout:  # nobody knows which is which
        return "pan=mono|c0<" + "+".join(f"c{number}" for number in range(stream.channels))
    return "aresample=ochl=mono"  # not `aformat`: ffmpeg would make one channel of it before it is looked at


def shape(heard: Heard, material: Material, span: tuple[float, float], folder: Path, do: Progress) -> Heard:
    """The part `span` (seconds) of a sound without rumble; speech brought near the target and compressed.

    `loudness` of what comes back has the highest sample, not the true peak. Its envelope is still that of the original.
    """
    pcm = folder / "shaped.pcm"
    filters = [f"atrim={span[0]:.3f}:{span[1]:.3f}", "asetpts=PTS-STARTPTS"]
    if material is Material.MUSIC:
        filters += [f"volume={heard.room}dB", "highpass=f=40"]
    else:  # what a horn cannot play is left out
        near = rules.TARGET - heard.loudness.integrated
        filters += ["highpass=f=110", *_SPREAD, f"volume={heard.room + near:.2f}dB", _SQUEEZE]
    filters += ["apad=whole_dur=0.5", f"{_METER}:peak=sample", f"volume=-{ROOM}dB"]  # the meter needs 0.4 s
    arguments = [*raw(heard), "-af", _chain(filters), "-f", "s16le", "-y", pcm.name]
    log = run(arguments, heard.envelope.seconds, folder, do)
    return Heard(pcm, heard.rate, heard.envelope, measured(log))


def limited(levels: Levels, *, rounded: bool = True) -> str:
    """The filters after which nothing is louder than the ceiling of these levels; what is new is `rounded` first."""
    limit = f"alimiter=limit={peaks.amplitude(levels.limit):.4f}:level=disabled:attack=1:release=20"
    return ",".join([f"volume={levels.gain:.2f}dB", *([_ROUND] if rounded else []), limit])


def stem(shaped: Heard, levels: Levels, folder: Path, do: Progress) -> Heard:
    """Gain and limiter, still as PCM: a voice that is to be mixed with music."""
    pcm = folder / "stem.pcm"
    raised = Levels(levels.gain + shaped.room, levels.limit)
    filters = [f"aresample={rules.SAMPLE_RATE}", limited(raised), f"{_METER}:peak=sample"]
    log = run(
        [*raw(shaped), "-af", _chain(filters), "-f", "s16le", "-y", pcm.name], shaped.envelope.seconds, folder, do
    )
    return Heard(pcm, rules.SAMPLE_RATE, peaks.read(pcm, rules.SAMPLE_RATE), measured(log), room=0.0)


def encode(
    shaped: Heard, out: Path, levels: Levels, around: rules.Around, coding: list[str], folder: Path, do: Progress
) -> None:
    """Gain, limiter, a little silence around, and the form in which it is kept."""
    raised = Levels(levels.gain + shaped.room, levels.limit)
    filters = f"aresample={rules.SAMPLE_RATE},{limited(raised)}"
    if around.head or around.tail:
        filters += f",adelay={round(around.head * 1000)},apad=pad_dur={around.tail}"
    run([*raw(shaped), "-af", filters, *written(coding, out)], shaped.envelope.seconds, folder, do)


def verify(path: Path, folder: Path, seconds: float, do: Progress) -> tuple[Loudness, Envelope]:
    """What an encoded file really is: decoded once, its loudness, true peak and envelope."""
    pcm = folder / "verified.pcm"
    filters = f"{_METER}:peak=true,aresample={peaks.RATE}"
    arguments = [*ffmpeg.opening(path), "-map", "0:a:0", "-vn", "-sn", "-dn", "-af", filters]
    log = run([*arguments, "-ac", "1", "-f", "s16le", "-y", pcm.name], seconds, folder, do)
    envelope = peaks.read(pcm)
    pcm.unlink()
    return measured(log), envelope


Try = Callable[[Levels, Progress], tuple[Loudness, Envelope]]


def settle(attempt: Try, levels: Levels, progress: Progress) -> tuple[Loudness, Envelope]:
    """Try levels until what comes out may go to loudspeakers, and say how it came out. Raises NotLevel."""
    for number in range(rules.TRIES):
        low = 1 - 0.25**number  # most often the first is right
        found, envelope = attempt(levels, part(progress, low, low + (1 - low) * 0.75))
        if rules.acceptable(found) and (rules.is_near(found) or number):  # at the edge one more try is worth its time
            progress(1.0)
            return found, envelope
        levels = rules.corrected(levels, found)
    raise NotLevel(
        _("Không chỉnh được âm lượng của âm thanh này (đo được %(loudness).1f LUFS, đỉnh %(peak).1f dBTP).")
        % {"loudness": found.integrated, "peak": found.true_peak}
    )


def part(progress: Progress, low: float, high: float) -> Progress:
    """The part of the whole work from `low` to `high`."""
    return lambda done: progress(low + (high - low) * min(1.0, done))


def sketch(path: Path, folder: Path, *, cap: float) -> Envelope:
    """The envelope of any file, and nothing else: for a waveform."""
    pcm = folder / "sketched.pcm"
    given = ["-t", f"{cap:g}", *ffmpeg.opening(path), "-map", "0:a:0", "-vn", "-sn", "-dn", "-ac", "1"]
    run([*given, "-ar", str(peaks.RATE), "-f", "s16le", "-y", pcm.name], cap, folder, lambda done: None)
    return peaks.read(pcm)


def raw(heard: Heard) -> list[str]:
    """The arguments that open the PCM of a pass."""
    told = ["-ar", str(heard.rate), "-ac", "1"] if heard.form == "s16le" else []
    return ["-f", heard.form, *told, "-i", f"file:{heard.pcm.absolute()}"]


def written(coding: list[str], out: Path) -> list[str]:
    """The arguments that write a file to keep."""
    return ["-ar", str(rules.SAMPLE_RATE), "-ac", "1", *_PLAIN, *coding, "-y", f"file:{out.absolute()}"]


def measured(log: str) -> Loudness:
    """What the meter said at its end; what cannot be measured is as low as can be."""
    integrated, peak = _INTEGRATED.findall(log), _PEAK.findall(log)
    return Loudness(*(_number(found[-1]) if found else -math.inf for found in (integrated, peak)))


def _seconds(seen: Path) -> tuple[tuple[Second, ...], ...]:
    """What `ametadata=print` wrote of each second of each channel."""
    channels: dict[str, list[dict[str, float]]] = {}
    for frame, channel, name, value in _SEEN.findall(seen.read_text()):
        if frame:
            for rows in channels.values():
                rows.append({})
        else:
            channels.setdefault(channel, [{}])[-1][name] = _number(value)
    return tuple(tuple(_second(row) for row in rows if row) for rows in channels.values())


def _second(row: dict[str, float]) -> Second:
    peak, mean, flat = (row.get(name, -math.inf) for name in ("Peak_level", "RMS_level", "Flat_factor"))
    return Second(peak, mean, flat, count=int(row.get("Peak_count", 0)), offset=row.get("DC_offset", 0.0))


def _number(text: str) -> float:
    return -math.inf if text in ("nan", "-nan", "-inf") else float(text)


def _chain(filters: list[str]) -> str:
    return ",".join(filters)


def run(arguments: list[str], seconds: float, folder: Path, do: Progress) -> str:
    """Run ffmpeg with its progress in a sound of so many seconds. It may take far longer than it ever needs."""

    def report(at: float) -> None:
        do(min(1.0, at / seconds) if seconds else 0.0)

    return ffmpeg.run(arguments, report=report, timeout=60 + seconds, folder=folder)
