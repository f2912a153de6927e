"""What ffmpeg tells of a recording: the hash of its samples and its acoustic print; and taking noise away."""

import re
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from nguon.media import ffmpeg
from nguon.media.ffmpeg import ToolFailed

DENOISE = "afftdn=nr=12:nf={floor:.1f}"  # at most 12 dB less noise; figures of what it does: docs/adr/0007
CLEAN_FLOOR = -60.0  # dBFS: what is quieter in its pauses needs no cleaning
LEAST_PAUSE = 9.0  # dB between speech and pause: with less there are no pauses (music), and noise cannot be told apart
LIFT = 5.0  # dB over what was measured: the quietest moments are quieter than the noise is on the whole
FLOORS = (-80.0, -20.0)  # what afftdn takes
_LEVEL = re.compile(r"RMS_level=(-?[\d.]+|-inf)")
FLAC = "audio/flac"
SILENT_PRINT = b""


class Heard:
    """The samples' SHA-256 (hex) and the print (`archive.prints`), empty where this ffmpeg makes none."""

    def __init__(self, sound_hash: str, data: bytes) -> None:
        self.sound_hash = sound_hash
        self.data = data


@cache
def prints_made() -> bool:
    """Whether this machine's ffmpeg can make prints: Debian's can. Without, only equal sounds are found."""
    ended = subprocess.run(
        ["ffmpeg", "-hide_banner", "-muxers"], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    return " chromaprint " in ended.stdout


def hear(path: Path, seconds: float, max_minutes: int) -> Heard:
    """Decode a file once for both. The hash is over the first sound track at its own rate, as 32 bits: the same
    sound in another container or with other tags has the same. Raises ToolFailed.
    """
    with tempfile.TemporaryDirectory(prefix="nguon-hear-") as name:
        hashed, printed = Path(name, "hash"), Path(name, "print")
        cap = ["-t", str(max_minutes * 60 + 2)]
        track = ["-map", "0:a:0", "-vn", *cap]
        outputs = [*track, "-c:a", "pcm_s32le", "-f", "hash", "-hash", "sha256", f"file:{hashed}"]
        if prints_made():
            outputs += [*track, "-ac", "1", "-f", "chromaprint", "-fp_format", "raw", f"file:{printed}"]
        patience = 60 + (seconds or max_minutes * 60)
        ffmpeg.run([*ffmpeg.opening(path), *outputs], report=lambda _at: None, timeout=patience)
        said = hashed.read_text().strip().rpartition("=")[2]
        if len(said) != 64:
            raise ToolFailed(f"no hash of the sound: {said[:80]!r}")
        return Heard(said.lower(), printed.read_bytes() if printed.exists() else SILENT_PRINT)


def noise_floor(path: Path, seconds: float, max_minutes: int) -> float | None:
    """How loud the pauses are, in dBFS: what one moment of 25 ms in twenty is under. None where nothing needs cleaning,
    or where there are no pauses to tell noise from sound. Raises ToolFailed.
    """
    with tempfile.TemporaryDirectory(prefix="nguon-floor-") as name:
        told = Path(name, "levels")
        meter = "aresample=16000,aformat=channel_layouts=mono,highpass=f=110,asetnsamples=400,astats=metadata=1:reset=1"
        write = f"ametadata=print:key=lavfi.astats.Overall.RMS_level:file={told}"
        cap = ["-t", str(max_minutes * 60 + 2)]
        arguments = [*ffmpeg.opening(path), "-map", "0:a:0", "-vn", *cap, "-af", f"{meter},{write}", "-f", "null", "-"]
        ffmpeg.run(arguments, report=lambda _at: None, timeout=60 + (seconds or max_minutes * 60))
        levels = sorted(max(-120.0, float(found)) for found in _LEVEL.findall(told.read_text()))
    if len(levels) < 40:
        return None
    floor, speech = levels[len(levels) // 20], levels[len(levels) * 95 // 100]
    return floor if floor > CLEAN_FLOOR and speech - floor >= LEAST_PAUSE else None


def clean(source: Path, out: Path, seconds: float, max_minutes: int) -> bool:
    """The same sound with less hiss, as FLAC (mono, 16 bits, 32 kHz); False if there was nothing to take away.

    Raises ToolFailed.
    """
    floor = noise_floor(source, seconds, max_minutes)
    if floor is None:
        return False
    denoise = DENOISE.format(floor=min(max(floor + LIFT, FLOORS[0]), FLOORS[1]))
    filters = f"aresample=32000,aformat=channel_layouts=mono,{denoise}"
    coding = ["-c:a", "flac", "-sample_fmt", "s16", "-map_metadata", "-1", "-f", "flac", "-y", f"file:{out}"]
    arguments = [*ffmpeg.opening(source), "-map", "0:a:0", "-vn", "-t", str(max_minutes * 60 + 2), "-af", filters]
    ffmpeg.run([*arguments, *coding], report=lambda _at: None, timeout=120 + (seconds or max_minutes * 60))
    return True
