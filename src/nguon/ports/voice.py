"""A voice: spoken text in, a WAV file out."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class VoiceInfo:
    """One voice a plug offers. `region` is bac, trung or nam; `gender` is nam or nu; `id` is unique within the plug."""

    id: str
    name: str
    region: str
    gender: str
    style: str = ""


class VoiceFailed(Exception):
    """The voice gave no usable audio; the text says why, for the log."""


class Voice(Protocol):
    """One source of speech. `key` names it in settings, caches and records (for instance `espeak`)."""

    key: str

    def check(self) -> None:
        """Raise with a reason if this voice cannot work here."""

    def voices(self) -> tuple[VoiceInfo, ...]:
        """What it offers; the first is its default."""

    def speak(self, text: str, *, voice: str, rate: int, out: Path, progress: Callable[[float], None]) -> None:
        """Write `text` (already in spoken form, NFC) to `out` as mono WAV.

        `rate` is syllables a minute, 120–300; `progress` is called with 0–1 as work goes on. Raises VoiceFailed.
        """
