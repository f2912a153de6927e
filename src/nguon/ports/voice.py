"""A voice: spoken text in, a WAV file out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
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


class Failure(StrEnum):
    """What kind of thing went wrong: it decides what an officer is told, and whether another try makes sense."""

    KEY = "key"  # not let in: the key is wrong, has run out, or is not for this
    CREDIT = "credit"  # no money or no quota left
    BUSY = "busy"  # asked to come later
    TEXT = "text"  # this text or this voice is refused
    AWAY = "away"  # no connection, an error of the service, or an answer nobody understands
    LATE = "late"  # nothing within the time that was given
    SOUND = "sound"  # audio came, and it is not what was asked for


class VoiceFailed(Exception):
    """The voice gave no usable audio; the text says why, for the log, and never holds a key."""

    def __init__(self, why: str, failure: Failure = Failure.AWAY) -> None:
        super().__init__(why)
        self.failure = failure


class Voice(Protocol):
    """One source of speech."""

    @property
    def key(self) -> str:
        """Its name in settings, caches and records, for instance `espeak`."""

    def check(self) -> None:
        """Raise with a reason if this voice cannot work here. Asks nobody outside this machine."""

    def voices(self) -> tuple[VoiceInfo, ...]:
        """What it offers; the first is its default."""

    def speak(
        self, text: str, *, voice: str, rate: int, out: Path, progress: Callable[[float], None], within: float = 600
    ) -> None:
        """Write `text` (already in spoken form, NFC) to `out` as mono WAV of 16 bits.

        `rate` is syllables a minute, 120–300; `progress` is called with 0–1 as work goes on; `within` is the seconds it
        may take, after which it gives up with Failure.LATE. Raises VoiceFailed.
        """


@dataclass(frozen=True)
class Setting:
    """One thing an account of a provider needs. `label` and `hint` are words for people, still to be translated.

    `optional`: may stay empty. `rare`: hardly anybody changes it, so a page may keep it out of the way.
    """

    name: str
    label: str
    secret: bool = False
    default: str = ""
    optional: bool = False
    hint: str = ""
    rare: bool = False


@dataclass(frozen=True)
class Terms:
    """What is publicly known of a provider's conditions. Nothing here was promised to us: contracts differ.

    `limit` counts `unit` (`characters`, or `bytes` of UTF-8) and is of one call, not of a text: longer ones are cut.
    `price` is the public list price in its own words, for characters sent; empty: not known. `site` is where an
    account is opened.
    """

    limit: int
    unit: str = "characters"
    price: str = ""
    site: str = ""


class VoiceProvider(Protocol):
    """A service that speaks for those who have an account: calling it with the account's values gives a Voice.

    A class named in NGUON_VOICE_PROVIDERS is one: it has the attributes, its instances are the voices of accounts.
    """

    @property
    def key(self) -> str:
        """That of its voices."""

    @property
    def label(self) -> str:
        """Its own name, the same in every language."""

    @property
    def settings(self) -> tuple[Setting, ...]:
        """What an account needs, in the order in which it is asked for."""

    @property
    def terms(self) -> Terms:
        """What is known of its conditions."""

    def __call__(self, values: Mapping[str, str]) -> Voice:
        """The voice of one account; what `values` lacks is its default. Asks nobody, and never fails: `check` does."""
