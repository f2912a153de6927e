"""What all services have in common: cut the text, ask for each piece, decode, check, join. A subclass is a service."""

import logging
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from nguon.kit.text import clean
from nguon.plugs.voices import pieces, sound
from nguon.plugs.voices.account import LIMITS, PACES, Account, catalogue, infos
from nguon.plugs.voices.call import FIRST_WAIT, Call
from nguon.plugs.voices.pieces import Piece
from nguon.plugs.voices.reply import Reply
from nguon.plugs.voices.sound import Samples
from nguon.plugs.voices.tape import Tape, recording, trimmed
from nguon.ports.voice import Failure, Setting, Terms, VoiceFailed, VoiceInfo

log = logging.getLogger(__name__)
STRETCH = (0.75, 1.33)  # how far we change the pace of a sound ourselves, where a service does not go as far as asked
ASKED = 0.9  # of the work on a piece is done when its sound is there


@dataclass(frozen=True)
class Scale:
    """The speeds a service can be asked for, as parts of its normal one."""

    low: float
    high: float
    step: float = 0.01

    def nearest(self, speed: float) -> float:
        """The speed that can be asked for, nearest to the wanted one."""
        return round(min(max(round(speed / self.step) * self.step, self.low), self.high), 3)


@dataclass(frozen=True)
class Said:
    """What a service gave for a piece: sounds in order, and the speed at which it really spoke.

    `texts` are what each sound says, where the service cut the piece further and tells how.
    """

    sounds: tuple[bytes, ...]
    speed: float
    texts: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Order:
    """How a text is to be spoken: syllables a minute, and what part of the service's normal speed that is."""

    voice: str
    rate: int
    speed: float


class Remote:
    """A voice of one account; the class itself is the provider. See `nguon.ports.voice` for both."""

    key: ClassVar[str]
    label: ClassVar[str]
    settings: ClassVar[tuple[Setting, ...]]
    terms: ClassVar[Terms]
    scale: ClassVar[Scale]

    def __init__(self, values: Mapping[str, str]) -> None:
        self.account = Account(self.settings, values)
        self.first_wait = FIRST_WAIT

    def __repr__(self) -> str:
        return f"<voice of {self.label}>"

    def check(self) -> None:
        """Raises ValueError with words for whoever fills the account in, or RuntimeError if ffmpeg is missing."""
        if shutil.which("ffmpeg") is None:
            raise RuntimeError("ffmpeg is not installed (apt-get install ffmpeg)")
        self.account.check()

    def voices(self) -> tuple[VoiceInfo, ...]:
        """Those of the documents, then those the account names itself; the same id once."""
        try:
            own = tuple(infos(self.account["voices"]))
        except ValueError:  # `check` says so
            own = ()
        return tuple({each.id: each for each in (*catalogue(self.key), *own)}.values())

    def speak(
        self, text: str, *, voice: str, rate: int, out: Path, progress: Callable[[float], None], within: float = 600
    ) -> None:
        """Piece by piece into one WAV (mono, 16 bits, 44,100 Hz). Raises VoiceFailed."""
        if voice not in {each.id for each in self.voices()}:
            raise VoiceFailed(f"{self.key} has no voice {voice!r}", Failure.TEXT)
        found = self.cut(clean(text), voice)
        if not found:
            raise VoiceFailed("nothing to say", Failure.TEXT)
        try:
            self.check()
        except ValueError:
            raise VoiceFailed(f"the account with {self.key} is not filled in rightly", Failure.KEY) from None
        except RuntimeError as error:
            raise VoiceFailed(str(error)) from error
        order = _Order(voice, rate, rate / self.pace)
        asking = Call(self.key, within, self.account.secrets, first_wait=self.first_wait)
        with asking as call, recording(out) as tape:
            self._tell(order, found, call, tape, progress)

    def _tell(
        self, order: _Order, found: tuple[Piece, ...], call: Call, tape: Tape, progress: Callable[[float], None]
    ) -> None:
        done, total = 0, sum(len(piece.text) for piece in found)
        for piece in found:
            parts = self._twice(order, piece, call)
            progress((done + ASKED * len(piece.text)) / total)
            for samples, pause in parts:
                tape.add(samples, pause)
            done += len(piece.text)
            progress(done / total)

    def _twice(self, order: _Order, piece: Piece, call: Call) -> "list[tuple[Samples[int], float]]":
        """The sounds of a piece; asked for once more if they are not what was asked for, as models have their moods."""
        try:
            return self._parts(order, piece, call)
        except VoiceFailed as failed:
            if failed.failure is not Failure.SOUND:
                raise
            log.info("%s: %s; asked for once more", self.key, failed)
        return self._parts(order, piece, call)

    def _parts(self, order: _Order, piece: Piece, call: Call) -> "list[tuple[Samples[int], float]]":
        """The checked sounds of a piece, each with the pause after it. Raises VoiceFailed."""
        try:
            said = self.say(call, piece.text, order.voice, self.scale.nearest(order.speed))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise VoiceFailed(f"{self.key} answered in a form nobody knows ({type(error).__name__})") from None
        tempo = min(max(order.speed / said.speed, STRETCH[0]), STRETCH[1])
        parts = [trimmed(sound.decode(data, tempo=tempo, within=call.left())) for data in said.sounds]
        if len(said.texts) != len(parts):
            sound.check(parts, piece.text, order.rate)
            return [(samples, pieces.SENTENCE) for samples in parts[:-1]] + [(parts[-1], piece.pause)]
        for samples, text in zip(parts, said.texts, strict=True):
            sound.check([samples], text, order.rate)
        pauses = [*map(pieces.pause_after, said.texts[:-1]), piece.pause]
        return list(zip(parts, pauses, strict=True))

    @property
    def pace(self) -> int:
        """Syllables a minute at the service's normal speed, as the account says or as is assumed."""
        return self.account.whole("pace", PACES)

    @property
    def limit(self) -> int:
        """The most that goes in one call, in the unit of the terms."""
        return self.account.whole("limit", LIMITS)

    def url(self, path: str) -> str:
        """A path of the service at the account's address."""
        return self.account["url"].rstrip("/") + path

    # What a service says for itself:

    def cut(self, text: str, voice: str) -> tuple[Piece, ...]:
        """The text in pieces for this voice."""
        return pieces.cut(text, self.limit, pieces.octets if self.terms.unit == "bytes" else len)

    def judge(self, reply: Reply) -> None:
        """Whether an answer is one. Raises Again or VoiceFailed; by its status where the service says no more."""
        reply.check()

    def say(self, call: Call, text: str, voice: str, speed: float) -> Said:
        """One piece, at a speed of the scale. Raises VoiceFailed."""
        raise NotImplementedError
