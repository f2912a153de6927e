"""The voice that always works: espeak-ng as a subprocess. It is run, not linked (GPL-3)."""

import re
import shutil
import subprocess
import tempfile
import time
import wave
from collections.abc import Callable
from pathlib import Path

from nguon.kit.words import gettext_noop
from nguon.ports.voice import Failure, VoiceFailed, VoiceInfo
from nguon.speech import script

VOICES = (
    VoiceInfo("vi-vn-x-central", gettext_noop("Giọng Trung"), "trung", "nam"),
    VoiceInfo("vi", gettext_noop("Giọng Bắc"), "bac", "nam"),
    VoiceInfo("vi-vn-x-south", gettext_noop("Giọng Nam"), "nam", "nam"),
)
LONGEST = 300  # characters in one call
TIMEOUT = 30.0  # seconds for one call; it needs about 0.02
AMPLITUDE = 80  # of 200; at the default of 100 its peaks clip
WORDS_PER_SYLLABLE = 140 / 204  # `-s 140` was measured to give 204 syllables a minute, in proportion from 120 to 300
WIDTH, FRAME_RATE = 2, 22_050  # what espeak writes: bytes of a sample, samples a second; one channel
_RESPELLED = (  # Vietnamese words that espeak-ng 1.51 takes for English
    (re.compile(r"\bveo\b", re.IGNORECASE), "ve-o"),
)


class Espeak:
    """espeak-ng with its three Vietnamese voices; the first is the default."""

    key = "espeak"

    def __init__(self, program: str = "espeak-ng", timeout: float = TIMEOUT) -> None:
        self.program = program
        self.timeout = timeout

    def check(self) -> None:
        """Raises RuntimeError if the program or one of its voices is missing."""
        if shutil.which(self.program) is None:
            raise RuntimeError(f"{self.program} is not installed (apt-get install espeak-ng)")
        listed = subprocess.run(
            [self.program, "--voices=vi"], capture_output=True, text=True, timeout=self.timeout, check=True
        ).stdout.split()
        missing = [voice.id for voice in VOICES if voice.id not in listed]
        if missing:
            raise RuntimeError(f"{self.program} lacks the voices {', '.join(missing)}")

    def voices(self) -> tuple[VoiceInfo, ...]:
        """North, centre and south, all of a man; the centre first."""
        return VOICES

    def speak(
        self, text: str, *, voice: str, rate: int, out: Path, progress: Callable[[float], None], within: float = 600
    ) -> None:
        """Sentence by sentence into one WAV (mono, 16 bits, 22,050 Hz). Raises VoiceFailed."""
        if voice not in {each.id for each in VOICES}:
            raise VoiceFailed(f"espeak has no voice {voice!r}", Failure.TEXT)
        lines, end = script(text, longest=LONGEST), time.monotonic() + within
        if not lines:
            raise VoiceFailed("nothing to say", Failure.TEXT)
        done, total = 0, sum(len(line.text) for line in lines)
        with tempfile.TemporaryDirectory(prefix="nguon-espeak-") as folder, wave.open(str(out), "wb") as whole:
            whole.setnchannels(1)
            whole.setsampwidth(WIDTH)
            whole.setframerate(FRAME_RATE)
            part = Path(folder, "part.wav")
            for at, line in enumerate(lines, 1):
                left = end - time.monotonic()
                if left <= 0:
                    raise VoiceFailed(f"espeak did not finish within {within:g} s", Failure.LATE)
                self._call(line.text, voice, round(rate * line.pace), part, min(left, self.timeout))
                whole.writeframes(_frames(part))
                if at < len(lines):
                    whole.writeframes(bytes(line.pause * FRAME_RATE // 1000 * WIDTH))
                done += len(line.text)
                progress(done / total)

    def _call(self, piece: str, voice: str, rate: int, part: Path, within: float) -> None:
        """One sentence through the program; the text goes through stdin, never through a command line."""
        speed = round(rate * WORDS_PER_SYLLABLE)
        command = [
            self.program,
            "-v",
            voice,
            "-s",
            str(speed),
            "-a",
            str(AMPLITUDE),
            "-b",
            "1",
            "--stdin",
            "-w",
            str(part),
        ]
        part.unlink(missing_ok=True)
        try:
            ended = subprocess.run(
                command, input=_respelled(piece).encode(), capture_output=True, timeout=within, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise VoiceFailed(f"espeak did not finish within {within:g} s", Failure.LATE) from error
        except OSError as error:
            raise VoiceFailed(f"espeak cannot be run: {error}") from error
        if ended.returncode != 0 or not part.exists():
            raise VoiceFailed(f"espeak ended with {ended.returncode}: {ended.stderr.decode(errors='replace')[:200]}")


def _respelled(text: str) -> str:
    for pattern, instead in _RESPELLED:
        text = pattern.sub(instead, text)
    return text


def _frames(part: Path) -> bytes:
    """The samples of one sentence."""
    try:
        with wave.open(str(part), "rb") as read:
            found = (read.getnchannels(), read.getsampwidth(), read.getframerate())
            if found != (1, WIDTH, FRAME_RATE):
                raise VoiceFailed(f"espeak wrote an unknown form of WAV: {found}")
            return read.readframes(read.getnframes())
    except (wave.Error, EOFError) as error:
        raise VoiceFailed(f"espeak wrote no usable WAV: {error}") from error
