"""The voices of this server, loaded once from settings; and speaking with the first that can."""

import logging
import wave
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from nguon.kit.plugs import Loaded, load_all
from nguon.media import rules
from nguon.media.errors import MediaError
from nguon.media.ffmpeg import Progress
from nguon.ports.voice import Voice, VoiceFailed, VoiceInfo

log = logging.getLogger(__name__)


@cache
def status() -> tuple[Loaded, ...]:
    """Every voice plug of the settings after loading: those that are off say why in `reason`."""
    return tuple(load_all(settings.NGUON_VOICES))


def active() -> tuple[Voice, ...]:
    """The plugs that work here, in the order of the settings."""
    return tuple(loaded.plug for loaded in status() if loaded.plug is not None)


def speak(spoken: str, name: str, rate: int, out: Path, progress: Progress) -> None:
    """Say a text with the named voice, or if it fails one of the same region of the next plug. Raises MediaError."""
    for plug, voice in _chain(name):
        try:
            plug.speak(spoken, voice=voice, rate=rate, out=out, progress=progress)
            _check_length(spoken, rate, out)
        except VoiceFailed as error:
            log.warning("voice %s/%s failed: %s", plug.key, voice, error)
        else:
            return
    raise MediaError(_("Không giọng đọc nào làm việc được. Xin báo người quản trị hệ thống."))


def _chain(name: str) -> Iterator[tuple[Voice, str]]:
    """The plugs to try with the voice of each: the asked one first, the rest in the order of the settings."""
    key, wanted = rules.split_voice(name)
    plugs = active()
    asked = next((each for plug in plugs if plug.key == key for each in plug.voices() if each.id == wanted), None)
    for plug in sorted(plugs, key=lambda plug: plug.key != key):
        yield plug, _nearest(plug.voices(), wanted if plug.key == key else "", asked).id


def _nearest(offered: tuple[VoiceInfo, ...], wanted: str, asked: VoiceInfo | None) -> VoiceInfo:
    """The wanted voice, or one of the asked region, or the default."""
    exact = [voice for voice in offered if voice.id == wanted]
    near = [voice for voice in offered if asked and voice.region == asked.region]
    return (exact or near or list(offered))[0]


def _check_length(spoken: str, rate: int, out: Path) -> None:
    try:
        with wave.open(str(out), "rb") as sound:
            seconds = sound.getnframes() / sound.getframerate()
    except (wave.Error, EOFError, OSError) as error:
        raise VoiceFailed(f"no usable WAV: {error}") from error
    if not rules.is_plausible(spoken, rate, seconds):
        raise VoiceFailed(f"only {seconds:.1f} s for {len(spoken.split())} syllables")
