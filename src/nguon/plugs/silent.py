"""The harmless twin of the voice port: it says no word, only a beep for each syllable: nobody takes it for a voice."""

import array
import math
import wave
from collections.abc import Callable
from pathlib import Path

from nguon.kit.words import gettext_noop
from nguon.ports.voice import Failure, VoiceFailed, VoiceInfo

FRAME_RATE = 16_000
VOICES = (VoiceInfo("beep", gettext_noop("KHÔNG PHẢI GIỌNG ĐỌC (chỉ có tiếng bíp)"), "trung", "nam"),)


class Silent:
    """Beeps in the place of syllables: as long as speech, and plainly not speech."""

    key = "silent"

    def check(self) -> None:
        """It needs nothing."""

    def voices(self) -> tuple[VoiceInfo, ...]:
        """One, which says by its name that it is none."""
        return VOICES

    def speak(
        self, text: str, *, voice: str, rate: int, out: Path, progress: Callable[[float], None], within: float = 600
    ) -> None:
        """One beep for each syllable at the asked rate. Raises VoiceFailed for an unknown voice or an empty text."""
        if voice != VOICES[0].id:
            raise VoiceFailed(f"silent has no voice {voice!r}", Failure.TEXT)
        syllables = text.split()
        if not syllables:
            raise VoiceFailed("nothing to say", Failure.TEXT)
        beep = _beep(60 / rate)
        with wave.open(str(out), "wb") as whole:
            whole.setnchannels(1)
            whole.setsampwidth(2)
            whole.setframerate(FRAME_RATE)
            for count in range(1, len(syllables) + 1):
                whole.writeframes(beep)
                progress(count / len(syllables))


def _beep(seconds: float) -> bytes:
    """A tone of 440 Hz that fades in and out, as 16-bit samples in the byte order of the machine's WAV writer."""
    size = round(seconds * FRAME_RATE)
    shape = (math.sin(math.pi * i / size) * math.sin(2 * math.pi * 440 * i / FRAME_RATE) for i in range(size))
    return array.array("h", [round(8000 * sample) for sample in shape]).tobytes()
