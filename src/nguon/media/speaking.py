"""Speaking with the first voice of a chain that answers in time and gives the sound of the text.

An account is asked in a thread of its own: one that hangs against its contract is left behind when its time is up, and
the worker goes on. The voices of the server itself come last; no deadline of the others cuts them short.
"""

import logging
import shutil
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from nguon.media import chain, using, voice_words
from nguon.media.chain import Passed
from nguon.media.checks import check_speech
from nguon.media.errors import MediaError
from nguon.media.ffmpeg import Progress
from nguon.media.rules import split_voice
from nguon.media.voices import Source, label, scrubbed
from nguon.ports.voice import Failure, Voice, VoiceFailed, VoiceInfo

GRACE = 5.0  # seconds that a voice may be over its time before it is left behind
LEAST = 2.0  # seconds: with less than this left, an account is not asked any more
LOOK = 0.2  # seconds between two looks at the progress of a voice
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Errand:
    """What is to be said, and where to. `now` is the moment it began, with `began` on the monotonic clock."""

    spoken: str
    rate: int
    out: Path
    progress: Progress
    now: datetime
    began: float = field(default_factory=time.monotonic)

    def moment(self) -> datetime:
        """The present moment."""
        return self.now + timedelta(seconds=time.monotonic() - self.began)

    def left(self) -> float:
        """Seconds that are left for all accounts together."""
        whole = chain.patience(settings.NGUON_VOICE_SECONDS, len(self.spoken), chain.OVERALL)
        return self.began + whole - time.monotonic()


@dataclass(frozen=True)
class Said:
    """Who spoke. Both empty when it was the voice that was asked for."""

    by: str = ""  # plug/voice
    why: str = ""  # words for the officer


@dataclass(frozen=True)
class Miss:
    """A voice that did not speak. `seconds` is the time it was given."""

    why: Failure | Passed
    seconds: float = 0

    @property
    def tried(self) -> bool:
        """Whether it was asked at all."""
        return isinstance(self.why, Failure)


def speak(errand: Errand, sources: Sequence[Source], name: str) -> Said:
    """Say it with the named voice (`plug/voice`), or with the next of the sources that can. Raises MediaError."""
    asked: list[Miss] = []
    others = 0
    for turn in chain.turns([(source.key, source.voices) for source in sources], name):
        source = sources[turn.source]
        miss = _turn(errand, source, turn.voice)
        if miss is None and turn.asked:
            return Said()
        if miss is None:
            main = next((one for one in asked if one.tried), asked[0] if asked else Miss(Passed.ABSENT))
            return Said(f"{source.key}/{turn.voice}", _instead(sources, name, main, source, turn.voice, others))
        if turn.asked:
            asked.append(miss)
        elif miss.why is not Passed.OFF:
            others += 1
    raise MediaError(_("Không giọng đọc nào làm việc được. Xin báo người quản trị hệ thống."))


def speak_alone(errand: Errand, source: Source, voice: str) -> int:
    """Say it with this voice and no other, even if it is off or resting; the milliseconds it took. Raises MediaError.

    What the words of the error hold is for the officer who tries the voice.
    """
    if source.passed in (Passed.LOCKED, Passed.BROKEN):
        raise MediaError(source.complaint or str(voice_words.PASSED[source.passed]))
    began = time.monotonic()
    miss = _ask(errand, source, voice, chain.patience(_deadline(source), len(errand.spoken)))
    if miss is None:
        return round((time.monotonic() - began) * 1000)
    if isinstance(miss.why, Failure):
        raise MediaError(f"{voice_words.failure(miss.why, miss.seconds)} {voice_words.ADVICE[miss.why]}")
    raise MediaError(str(voice_words.PASSED[miss.why]))


def _turn(errand: Errand, source: Source, voice: str) -> Miss | None:
    """One voice of the chain: None if it spoke."""
    if source.passed is not None:
        return Miss(source.passed)
    within = chain.LONGEST
    if source.account is not None:
        within = min(chain.patience(_deadline(source), len(errand.spoken)), errand.left())
        if within < LEAST:
            return Miss(Passed.TIME)
    return _ask(errand, source, voice, within)


def _deadline(source: Source) -> float:
    return source.account.deadline if source.account is not None else chain.LONGEST


def _ask(errand: Errand, source: Source, voice: str, within: float) -> Miss | None:
    """Ask a voice, check what it said, and book it on the account. None if it is good, and stands in `errand.out`."""
    if source.plug is None:
        return Miss(Passed.BROKEN)
    account, characters = source.account, len(errand.spoken)
    use = using.reserve(account, characters, errand.moment()) if account is not None else None
    if account is not None and use is None:
        return Miss(Passed.OVER)
    try:
        if account is None:
            _say(source.plug, errand, voice, within, errand.out)
        else:
            _say_apart(source.plug, errand, voice, within)
    except VoiceFailed as error:
        log.warning("voice %s/%s failed: %s", source.key, voice, scrubbed(str(error), source.hidden))
        if use is not None:
            words = voice_words.failure(error.failure, within)
            using.failed(use, characters, error.failure, words, errand.moment())
        return Miss(error.failure, within)
    if account is not None:
        using.spoke(account)
    return None


def _say(plug: Voice, errand: Errand, voice: str, within: float, out: Path, progress: Progress | None = None) -> None:
    """The voice's own call, and the check. Raises VoiceFailed, whatever the plug raised."""
    try:
        plug.speak(
            errand.spoken,
            voice=voice,
            rate=errand.rate,
            out=out,
            progress=progress or errand.progress,
            within=within,
        )
    except VoiceFailed:
        raise
    except Exception as error:  # a foreign plug may raise anything: the next voice speaks
        raise VoiceFailed(f"{type(error).__name__}: {error}") from None
    check_speech(out, errand.spoken, errand.rate)


def _say_apart(plug: Voice, errand: Errand, voice: str, within: float) -> None:
    """The same in a thread, into a file of its own: one that hangs can spoil nothing after it was left behind."""
    failed: list[VoiceFailed] = []
    done = [0.0]

    def work(out: Path) -> None:
        try:
            _say(plug, errand, voice, within, out, lambda share: done.__setitem__(0, share))
        except VoiceFailed as error:
            failed.append(error)

    with tempfile.TemporaryDirectory(prefix="nguon-voice-", ignore_cleanup_errors=True) as folder:
        out = Path(folder, "spoken.wav")
        thread = threading.Thread(target=work, args=(out,), daemon=True)
        thread.start()
        end = time.monotonic() + within + GRACE
        while thread.is_alive() and time.monotonic() < end:
            thread.join(LOOK)
            errand.progress(done[0])
        if thread.is_alive():
            raise VoiceFailed(f"it did not give up after {within + GRACE:g} s and was left behind", Failure.LATE)
        if failed:
            raise failed[0]
        shutil.move(out, errand.out)


def _instead(sources: Sequence[Source], name: str, miss: Miss, used: Source, voice: str, others: int) -> str:
    asked = _called(sources, name)
    return voice_words.instead(asked, voice_words.reason(miss.why, miss.seconds), _name(used, voice), others)


def _called(sources: Sequence[Source], name: str) -> str:
    """What the officer knows the asked voice by; where no source has it, by what was stored."""
    plug, wanted = split_voice(name)
    for source in sources:
        if source.key == plug and any(each.id == wanted for each in source.voices):
            return _name(source, wanted)
    return voice_words.called(None, wanted or name, label(plug))


def _name(source: Source, voice: str) -> str:
    info: VoiceInfo | None = next((each for each in source.voices if each.id == voice), None)
    return voice_words.called(info, voice, source.label)
