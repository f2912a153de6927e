"""From any sound to the sound of loudspeakers: probe, measure, shape, level, encode, measure again."""

import math
import re
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from nguon.media import ffmpeg, rules
from nguon.media.errors import AudioRefused, NotLevel
from nguon.media.ffmpeg import Progress, ToolFailed
from nguon.media.rules import Levels, Loudness

MIMES = {
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "ogg": "audio/ogg",
    "mov": "audio/mp4",
    "matroska": "audio/webm",
    "flac": "audio/flac",
    "aac": "audio/aac",
    "amr": "audio/amr",
}
HEAD, TAIL = 0.2, 0.4  # seconds of silence before and after, so that an amplifier switching on cuts no word
_INTEGRATED = re.compile(r"^\s*I:\s*(-?[\d.]+|-inf|nan) LUFS", re.MULTILINE)
_PEAK = re.compile(r"^\s*Peak:\s*(-?[\d.]+|-inf|nan) dBFS", re.MULTILINE)
# A machine voice is a row of sharp pulses 20 dB over its mean. All-pass filters spread each pulse over milliseconds,
# a soft clip rounds what is left: without them the limiter eats the gain and the target is not reached.
_SPREAD = [f"allpass=f={hertz}:t=q:w=0.7" for hertz in (200, 400, 800, 1600)]
_ROUND = "asoftclip=type=tanh:threshold=0.7"
_METER = "ebur128=peak=true:framelog=verbose"


@dataclass(frozen=True)
class Levelled:
    """An encoded file and what was measured of it."""

    path: Path
    duration_ms: int
    loudness: float
    true_peak: float


@dataclass(frozen=True)
class Sound:
    """What a file says of itself; `seconds` is 0 if it does not say how long it is."""

    seconds: float
    mime: str


def inspect(path: Path, max_minutes: int) -> Sound:
    """Look at a file that should be sound. Raises AudioRefused with words for the officer."""
    if path.stat().st_size == 0:
        raise AudioRefused(_("Tệp âm thanh trống, không có gì bên trong."))
    try:
        found = ffmpeg.probe(path)
    except ToolFailed as error:
        raise AudioRefused(
            _("Tệp này không phải tệp âm thanh, hoặc đã hỏng. Hãy chọn tệp MP3, WAV hoặc M4A.")
        ) from error
    streams = [stream for stream in found.get("streams", []) if stream.get("codec_type") == "audio"]
    if not streams:
        raise AudioRefused(_("Tệp này không có phần âm thanh."))
    if _is_cut_wav(path):
        raise AudioRefused(_("Tệp bị cắt cụt: phần sau của âm thanh không còn. Hãy chép hoặc tải lại tệp gốc."))
    seconds = _seconds(found.get("format", {}), streams[0])
    if seconds > max_minutes * 60:
        raise AudioRefused(
            _("Âm thanh dài %(minutes)d phút, quá mức cho phép %(max)d phút.")
            % {"minutes": math.ceil(seconds / 60), "max": max_minutes}
        )
    kinds = str(found.get("format", {}).get("format_name", "")).split(",")
    return Sound(seconds, next((MIMES[kind] for kind in kinds if kind in MIMES), "application/octet-stream"))


def _is_cut_wav(path: Path) -> bool:
    """Whether a WAV is shorter than its own header says. ffprobe tells the length that is left, not the one that was.

    A WAV written to a pipe says 0 or the greatest length, as its writer did not know.
    """
    with path.open("rb") as handle:
        head = handle.read(12)
    if head[:4] != b"RIFF" or head[8:] != b"WAVE":
        return False
    declared = int.from_bytes(head[4:8], "little")
    return 0 < declared < 0x7FFF_0000 and path.stat().st_size + 1 < declared + 8


def _seconds(*places: dict[str, object]) -> float:
    """The declared length; 0 where the file does not say (a recording of a browser does not)."""
    for place in places:
        try:
            return max(0.0, float(str(place.get("duration"))))
        except ValueError:
            continue
    return 0.0


def level(source: Path, out: Path, *, max_minutes: int, progress: Progress) -> Levelled:
    """Make `out` (MP3) of any sound in `source`, at the loudness of loudspeakers.

    `progress` is called with 0–1. Raises AudioRefused, NotLevel, ToolFailed.
    """
    declared = inspect(source, max_minutes).seconds
    raw, decoded = _measure(source, _shape(None), declared, max_minutes, _part(progress, 0.0, 0.2))
    _refuse(raw, declared, decoded, max_minutes)
    shape = _shape(rules.TARGET - raw.integrated)
    shaped, decoded = _measure(source, shape, decoded, max_minutes, _part(progress, 0.2, 0.4))
    levels = rules.first_levels(shaped)
    for attempt in range(rules.TRIES):
        low = 0.4 + 0.6 * (1 - 0.5**attempt)
        middle, high = low + (1 - low) * 0.35, low + (1 - low) * 0.5
        _encode(source, out, shape, levels, decoded, _part(progress, low, middle))
        measured, length = _measure(out, "anull", decoded, max_minutes, _part(progress, middle, high))
        if rules.acceptable(measured):
            progress(1.0)
            return Levelled(out, round(length * 1000), measured.integrated, measured.true_peak)
        levels = rules.corrected(levels, measured)
    raise NotLevel(
        _("Không chỉnh được âm lượng của âm thanh này (đo được %(loudness).1f LUFS, đỉnh %(peak).1f dBTP).")
        % {"loudness": measured.integrated, "peak": measured.true_peak}
    )


def _refuse(raw: Loudness, declared: float, decoded: float, max_minutes: int) -> None:
    """What only shows when the sound is decoded."""
    if decoded > max_minutes * 60 + 1:
        raise AudioRefused(_("Âm thanh dài quá mức cho phép %(max)d phút.") % {"max": max_minutes})
    if rules.is_cut_short(declared, decoded):
        raise AudioRefused(
            _("Tệp bị cắt cụt hoặc hỏng: chỉ đọc được %(decoded)d giây trên %(declared)d giây.")
            % {"decoded": decoded, "declared": declared}
        )
    if decoded < rules.SHORTEST:
        raise AudioRefused(_("Âm thanh quá ngắn, dưới nửa giây."))
    if rules.is_silent(raw):
        raise AudioRefused(_("Tệp không có tiếng: chỉ toàn im lặng."))


def _shape(pregain: float | None) -> str:
    """Filters before the gain: no rumble that a horn cannot play; speech brought near the target and compressed."""
    filters = ["aresample=44100", "aformat=channel_layouts=mono", "highpass=f=110", *_SPREAD]
    if pregain is not None:
        filters += [
            f"volume={pregain:.2f}dB",
            "acompressor=threshold=-24dB:ratio=4:attack=5:release=120:makeup=1",
        ]
    return ",".join(filters)


def _measure(path: Path, filters: str, seconds: float, max_minutes: int, progress: Progress) -> tuple[Loudness, float]:
    """Loudness of a file after some filters, and the seconds of sound that came out; it stops just over the limit."""
    place = _Place(seconds, progress)
    cap = ["-t", str(max_minutes * 60 + 2)]
    arguments = [*ffmpeg.opening(path), "-map", "0:a:0", "-vn", *cap, "-af", f"{filters},{_METER}", "-f", "null", "-"]
    log = ffmpeg.run(arguments, report=place.report, timeout=_patience(seconds, max_minutes))
    integrated, peak = _INTEGRATED.findall(log), _PEAK.findall(log)
    if not integrated or not peak:
        return Loudness(-math.inf, -math.inf), place.at
    return Loudness(_number(integrated[-1]), _number(peak[-1])), place.at


def _encode(source: Path, out: Path, shape: str, levels: Levels, seconds: float, progress: Progress) -> None:
    """Gain, limiter, a little silence around, MP3."""
    limit = 10 ** (levels.limit / 20)
    filters = (
        f"{shape},volume={levels.gain:.2f}dB,{_ROUND},alimiter=limit={limit:.4f}:level=disabled:attack=1:release=20,"
        f"adelay={round(HEAD * 1000)},apad=pad_dur={TAIL}"
    )
    place = _Place(seconds, progress)
    coding = ["-c:a", "libmp3lame", "-b:a", f"{rules.BIT_RATE}k", "-ar", str(rules.SAMPLE_RATE), "-ac", "1"]
    plain = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact", "-f", "mp3", "-y", f"file:{out}"]
    arguments = [*ffmpeg.opening(source), "-map", "0:a:0", "-vn", "-af", filters, *coding, *plain]
    ffmpeg.run(arguments, report=place.report, timeout=_patience(seconds, 0))


def _number(text: str) -> float:
    """A measured number; what cannot be measured is as low as can be."""
    return -math.inf if text in ("nan", "-inf") else float(text)


def _patience(seconds: float, max_minutes: int) -> float:
    """How long ffmpeg may take: far more than it needs (about a hundredth of the sound's length)."""
    return 60 + (seconds or max_minutes * 60)


def _part(progress: Progress, low: float, high: float) -> Progress:
    """The part of the whole work from `low` to `high`."""
    return lambda done: progress(low + (high - low) * min(1.0, done))


class _Place:
    """How far ffmpeg is in a sound of known length."""

    def __init__(self, seconds: float, progress: Progress) -> None:
        self.seconds = seconds
        self.progress = progress
        self.at = 0.0

    def report(self, at: float) -> None:
        self.at = max(self.at, at)
        if self.seconds:
            self.progress(at / self.seconds)
