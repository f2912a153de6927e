"""A transcriber: a WAV file in, what is said in it out, with times."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

RATE = 16_000  # samples a second of the WAV it is given: mono, 16 bits


@dataclass(frozen=True)
class Segment:
    """Some words and when they are said, in seconds from the beginning. Text is NFC, without blanks around."""

    first: float
    last: float
    text: str


class TranscriberFailed(Exception):
    """Nothing usable came; the text says why, for the log."""


class Transcriber(Protocol):
    """One recogniser of speech. `key` names it and its model in records, for instance `sherpa/zipformer-vi-30M`."""

    key: str

    def check(self) -> None:
        """Raise with a reason if it cannot work here. Asks nobody outside this machine."""

    def transcribe(self, sound: Path, *, progress: Callable[[float], None]) -> list[Segment]:
        """What is said in a WAV (mono, 16 bits, `RATE`), in order of time; empty where nobody speaks.

        `progress` is called with 0–1. Raises TranscriberFailed.
        """
