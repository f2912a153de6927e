"""What a service sent, as samples: looked at before it is believed, decoded, checked against the text."""

import array
import re
import sys
import tempfile
import wave
from io import BytesIO
from pathlib import Path

from nguon.media import ffmpeg
from nguon.ports.voice import Failure, VoiceFailed

Samples = array.array  # of "h": 16 bits, one channel, RATE a second
RATE = 44_100  # Hz: what loudspeakers get, and no less than any service sends
QUIET = 330  # of 32,768 (−40 dB): a voice is louder than this somewhere
_UNKNOWN = 0x7FFF_0000  # a WAV written while it was made says 0 or nearly the greatest length, as nobody knew
_MAGIC = (
    (re.compile(rb"RIFF....WAVE", re.DOTALL), "wav"),
    (re.compile(rb"ID3"), "mp3"),
    (re.compile(rb"\xff[\xf0\xf1\xf8\xf9]"), "aac"),
    (re.compile(rb"\xff[\xe2-\xff]"), "mp3"),
    (re.compile(rb"OggS"), "ogg"),
    (re.compile(rb"fLaC"), "flac"),
    (re.compile(rb"....ftyp", re.DOTALL), "m4a"),
    (re.compile(rb"\x1a\x45\xdf\xa3"), "webm"),
)


def kind(data: bytes) -> str:
    """The kind of sound by its first bytes, whatever a header calls it; empty if it is none."""
    return next((name for magic, name in _MAGIC if magic.match(data)), "")


def what(data: bytes) -> str:
    """What came in the place of sound, in words for the log."""
    start = data[:400].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if not data:
        return "nothing at all"
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return "a page of HTML"
    if start.startswith(b"<"):
        return "XML"
    if start.startswith((b"{", b"[")):
        return "JSON"
    if start.startswith(b"#extm3u"):
        return "a playlist"
    return f"{len(data)} bytes of no known sound"


def pcm(data: bytes, rate: int) -> bytes:
    """Bare samples (16 bits, little-endian, one channel) as a WAV, so that they can be looked at like any other."""
    made = BytesIO()
    with wave.open(made, "wb") as whole:
        whole.setnchannels(1)
        whole.setsampwidth(2)
        whole.setframerate(rate)
        whole.writeframes(data[: len(data) // 2 * 2])
    return made.getvalue()


def decode(data: bytes, *, tempo: float, within: float) -> "Samples[int]":
    """The samples of a sound of any kind, faster by `tempo` (1.0: as it is) at the same pitch. Raises VoiceFailed."""
    suffix = kind(data)
    if not suffix:
        raise VoiceFailed(f"{what(data)} instead of sound", Failure.AWAY)
    if suffix == "wav" and _is_cut(data):
        raise VoiceFailed("the WAV is shorter than it says", Failure.SOUND)
    filters = ["-af", f"atempo={tempo:.4f}"] if abs(tempo - 1) > 0.02 else []
    with tempfile.TemporaryDirectory(prefix="nguon-voice-") as folder:
        given, made = Path(folder, f"given.{suffix}"), Path(folder, "made.raw")
        given.write_bytes(data)
        form = ["-vn", *filters, "-ac", "1", "-ar", str(RATE), "-f", "s16le", "-y", f"file:{made}"]
        try:
            ffmpeg.run([*ffmpeg.opening(given), "-map", "0:a:0", *form], report=_nobody, timeout=max(5.0, within))
        except ffmpeg.ToolFailed as error:
            raise VoiceFailed(f"the {suffix} cannot be decoded: {error}", Failure.SOUND) from error
        samples = array.array("h", made.read_bytes())
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


def check(parts: "list[Samples[int]]", text: str, pace: int, rate: int = RATE) -> None:
    """Whether samples (`rate` a second) can be this text at about `pace` syllables a minute. Raises VoiceFailed."""
    if not any(len(part) and max(max(part), -min(part)) >= QUIET for part in parts):
        raise VoiceFailed("only silence came", Failure.SOUND)
    syllables = sum(any(c.isalnum() for c in word) for word in text.split())
    seconds, due = sum(map(len, parts)) / rate, syllables * 60 / pace
    if seconds < 0.5 * due - 0.2:
        raise VoiceFailed(f"only {seconds:.1f} s for {syllables} syllables", Failure.SOUND)
    if seconds > 3.5 * due + 4:
        raise VoiceFailed(f"{seconds:.1f} s for {syllables} syllables: more was said than asked", Failure.SOUND)


def _is_cut(data: bytes) -> bool:
    declared = int.from_bytes(data[4:8], "little")
    return 0 < declared < _UNKNOWN and len(data) + 1 < declared + 8


def _nobody(done: float) -> None:
    """No progress within a piece: decoding takes a hundredth of what the service took."""
