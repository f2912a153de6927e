"""From any sound to the sound of loudspeakers: inspect, listen, shape, level, encode, verify."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from nguon.media import checks, ffmpeg, mix, passes, peaks, rules, work
from nguon.media.checks import Finding
from nguon.media.errors import AudioRefused
from nguon.media.ffmpeg import Progress, ToolFailed
from nguon.media.mix import Music
from nguon.media.passes import Heard, Stream, part
from nguon.media.peaks import Envelope
from nguon.media.rules import Levels, Loudness, Material

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


@dataclass(frozen=True)
class Levelled:
    """An encoded file, what was measured of it, and what was found; `original` is the waveform of what was given."""

    path: Path
    duration_ms: int
    loudness: float
    true_peak: float
    waveform: bytes = b""
    original: bytes = b""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Sound:
    """What a file says of itself; `seconds` is 0 if it does not say how long it is."""

    seconds: float
    mime: str
    stream: Stream


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
    mime = next((MIMES[kind] for kind in kinds if kind in MIMES), "application/octet-stream")
    return Sound(seconds, mime, _stream(streams[0], seconds))


def _stream(told: dict[str, Any], seconds: float) -> Stream:
    layout = str(told.get("channel_layout", ""))
    rate, channels = int(told.get("sample_rate") or rules.SAMPLE_RATE), int(told.get("channels") or 1)
    return Stream(seconds, rate, channels, "" if layout == "unknown" else layout)


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


def level(
    source: Path,
    out: Path,
    *,
    max_minutes: int,
    progress: Progress,
    material: Material = Material.TALK,
    music: Music | None = None,
) -> Levelled:
    """Make `out` of any sound in `source`, at the loudness of loudspeakers: MP3, or FLAC of music to be mixed later.

    `music` is put around it. `progress` is called with 0–1. Raises AudioRefused, NotLevel, ToolFailed.
    """
    with work.folder() as folder:
        heard, found = _heard(source, folder, max_minutes, material, part(progress, 0.0, 0.25))
        span = _span(heard, material)
        shaped = passes.shape(heard, material, span, folder, part(progress, 0.25, 0.4))
        if heard.pcm != source:
            heard.pcm.unlink()
        finish = part(progress, 0.4, 1.0)
        if music is None:
            done = _encoded(shaped, out, material, folder, finish)
        else:
            done = _mixed(shaped, music, out, folder, finish)
    found += [*_findings(heard, span, done.starts[0]), *done.gaps]
    drawn, given = peaks.waveform(done.envelope), peaks.waveform(heard.envelope, gain=heard.room)
    length = round(done.envelope.seconds * 1000)
    progress(1.0)
    return Levelled(out, length, done.loudness.integrated, done.loudness.true_peak, drawn, given, tuple(found))


@dataclass(frozen=True)
class _Done:
    """What was made: `starts` as in `Mixed`, and the long silences of the voice."""

    loudness: Loudness
    envelope: Envelope
    starts: tuple[float, ...]
    gaps: list[Finding]


def _encoded(shaped: Heard, out: Path, material: Material, folder: Path, progress: Progress) -> _Done:
    """The sound alone, levelled, as the file to keep."""
    around, coding = rules.AROUND[material], passes.FLAC if material is Material.MUSIC else passes.MP3

    def attempt(levels: Levels, do: Progress) -> tuple[Loudness, Envelope]:
        passes.encode(shaped, out, levels, around, coding, folder, part(do, 0.0, 0.6))
        return passes.verify(out, folder, shaped.envelope.seconds, part(do, 0.6, 1.0))

    loudness, envelope = passes.settle(attempt, rules.first_levels(shaped.loudness), progress)
    gaps = [] if material is Material.MUSIC else checks.gaps(envelope)
    return _Done(loudness, envelope, (around.head,), gaps)


def _mixed(shaped: Heard, music: Music, out: Path, folder: Path, progress: Progress) -> _Done:
    """The voice levelled by itself, then mixed: music must not count for it."""
    stems: list[Heard] = []

    def attempt(levels: Levels, do: Progress) -> tuple[Loudness, Envelope]:
        stems[:] = [passes.stem(shaped, levels, folder, do)]
        return stems[0].loudness, stems[0].envelope

    passes.settle(attempt, rules.first_levels(shaped.loudness), part(progress, 0.0, 0.3))
    made = mix.around(stems[0], music, out, folder, part(progress, 0.3, 1.0))
    return _Done(made.loudness, made.envelope, made.starts, checks.gaps(stems[0].envelope, made.starts[0]))


@dataclass(frozen=True)
class Joined(Levelled):
    """Several sounds as one: when each begins, in seconds."""

    starts: tuple[float, ...] = ()


def join(sounds: Sequence[Path], out: Path, *, pauses: Sequence[float], progress: Progress) -> Joined:
    """One MP3 of several sounds with `pauses` seconds between them (one fewer than sounds), at the usual loudness.

    `progress` is called with 0–1. Raises ValueError, NotLevel, ToolFailed.
    """
    with work.folder() as folder:
        made = mix.join(sounds, out, folder, progress, pauses=pauses)
    length, loudness = round(made.envelope.seconds * 1000), made.loudness
    drawn = peaks.waveform(made.envelope)
    return Joined(out, length, loudness.integrated, loudness.true_peak, drawn, starts=made.starts)


def _heard(
    source: Path, folder: Path, max_minutes: int, material: Material, progress: Progress
) -> tuple[Heard, list[Finding]]:
    """The sound as PCM, and what had to be done for it. What a machine voice wrote is PCM already."""
    taken = passes.take(source) if material is Material.VOICE else None
    if taken is None:
        sound = inspect(source, max_minutes)
        return _listen(source, sound.stream, folder, max_minutes, material, progress)
    _refuse(taken, taken.envelope.seconds, max_minutes, rules.SYLLABLE)
    return taken, []


def _listen(
    source: Path, stream: Stream, folder: Path, max_minutes: int, material: Material, progress: Progress
) -> tuple[Heard, list[Finding]]:
    """The sound as one channel; the loudest alone where all together cancel each other. Raises AudioRefused."""
    look, cap = material is Material.TALK, max_minutes * 60 + 2
    mixing = passes.one_channel(stream)
    heard = passes.listen(source, stream, folder, cap=cap, look=look, mixing=mixing, do=progress)
    found = []
    if look and stream.channels > 1:
        means = [rules.mean_level([second.mean for second in channel]) for channel in heard.looks]
        alone = rules.louder_alone(means, peaks.mean_level(heard.pcm) + passes.ROOM)
        if alone is not None:
            mixing = passes.one_channel(stream, alone)
            heard = passes.listen(source, stream, folder, cap=cap, look=look, mixing=mixing, do=progress)
            found = [Finding(checks.Kind.CANCELLED)] if stream.channels == 2 else []
    _refuse(heard, stream.seconds, max_minutes)
    return heard, found


def _span(heard: Heard, material: Material) -> tuple[float, float]:
    """What is kept of it, in seconds: without long silences before and after."""
    under = rules.silence_under(heard.loudness.integrated, material) - heard.room
    return rules.kept_span(peaks.quiet(heard.envelope, under), heard.envelope.seconds, rules.AROUND[material])


def _findings(heard: Heard, span: tuple[float, float], begins: float) -> list[Finding]:
    """What was wrong with the original, told at the seconds of the finished sound, in which it begins at `begins`."""
    start, end = span
    if not heard.looks:  # a machine's voice or music: what was cut is no news
        return []
    found = checks.of_original(heard.looks, heard.loudness.integrated, lambda at: min(at, end) - start + begins)
    return found + checks.trimmed(start, heard.envelope.seconds - end)


def _refuse(heard: Heard, declared: float, max_minutes: int, shortest: float = rules.SHORTEST) -> None:
    """What only shows when the sound is decoded."""
    decoded = heard.envelope.seconds
    if decoded > max_minutes * 60 + 1:
        raise AudioRefused(_("Âm thanh dài quá mức cho phép %(max)d phút.") % {"max": max_minutes})
    if rules.is_cut_short(declared, decoded):
        raise AudioRefused(
            _("Tệp bị cắt cụt hoặc hỏng: chỉ đọc được %(decoded)d giây trên %(declared)d giây.")
            % {"decoded": decoded, "declared": declared}
        )
    if decoded < shortest:
        raise AudioRefused(_("Âm thanh quá ngắn, dưới nửa giây."))
    if rules.is_silent(heard.loudness):
        raise AudioRefused(_("Tệp không có tiếng: chỉ toàn im lặng."))
