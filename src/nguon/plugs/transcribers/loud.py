"""The twin of a transcriber for tests and trials: it hears nothing, and says so in every line it writes."""

import wave
from collections.abc import Callable
from pathlib import Path

from nguon.ports.transcriber import RATE, Segment, TranscriberFailed

LINE = 5.0  # seconds


class Loud:
    """Writes a line for every five seconds of sound that is not silent: THỬ, and which line it is."""

    key = "loud/thu"

    def check(self) -> None:
        """It works anywhere."""

    def transcribe(self, sound: Path, *, progress: Callable[[float], None]) -> list[Segment]:
        """Lines that nobody could take for what was said. Raises TranscriberFailed for what is no WAV as asked."""
        found: list[Segment] = []
        try:
            with wave.open(str(sound), "rb") as given:
                if (given.getnchannels(), given.getsampwidth(), given.getframerate()) != (1, 2, RATE):
                    raise TranscriberFailed("not mono, 16 bits, 16 kHz")
                total, at = given.getnframes(), 0
                while data := given.readframes(round(LINE * RATE)):
                    count = len(data) // 2
                    if any(data):
                        text = f"THỬ dòng {len(found) + 1} không phải lời thật"
                        found.append(Segment(at / RATE, (at + count) / RATE, text))
                    at += count
                    progress(at / total)
        except (wave.Error, EOFError, OSError) as error:
            raise TranscriberFailed(f"no usable WAV: {error}") from error
        progress(1.0)
        return found
