"""The check of what a voice gave: real speech passes at every pace, and whatever providers send instead does not."""

import array
import random
import wave
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from nguon.media.checks import check_speech
from nguon.plugs.espeak import Espeak
from nguon.ports.voice import Failure, VoiceFailed
from nguon.speech import read
from tests.unit.speech.notices import ALL

VOICES = [voice.id for voice in Espeak().voices()]
NOTICE = read(ALL[0]).text
SHORT = ("chín", "xin chào", "kính mời bà con đi họp.")
Samples: TypeAlias = "array.array[int]"


def say(text: str, out: Path, rate: int = 210, voice: str = "vi") -> Path:
    Espeak().speak(text, voice=voice, rate=rate, out=out, progress=lambda done: None)
    return out


def changed(path: Path, change: Callable[[Samples], Samples]) -> Path:
    with wave.open(str(path), "rb") as sound:
        form, data = sound.getparams(), array.array("h", sound.readframes(sound.getnframes()))
    with wave.open(str(path), "wb") as out:
        out.setparams(form)
        out.writeframes(change(data).tobytes())
    return path


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("rate", [120, 170, 210, 240, 300])
def test_real_speech_passes_at_every_pace(voice: str, rate: int, tmp_path: Path) -> None:
    for text in (*SHORT, NOTICE):
        check_speech(say(text, tmp_path / "a.wav", rate, voice), text, rate)


@pytest.mark.parametrize("share", [0.25, 0.5])
def test_a_text_cut_short_is_seen(share: float, tmp_path: Path) -> None:
    path = changed(say(NOTICE, tmp_path / "a.wav"), lambda data: data[: round(len(data) * share)])
    with pytest.raises(VoiceFailed, match="115 syllables in") as failed:
        check_speech(path, NOTICE, 210)
    assert failed.value.failure is Failure.SOUND


def test_a_much_longer_sound_than_the_text_is_seen(tmp_path: Path) -> None:
    with pytest.raises(VoiceFailed, match="6 syllables in"):
        check_speech(say(NOTICE, tmp_path / "a.wav"), "kính mời bà con đi họp.", 210)


@pytest.mark.parametrize("level", [0, 50])
def test_silence_and_the_hiss_of_nothing_are_seen(level: int, tmp_path: Path) -> None:
    chance = random.Random(1)
    path = changed(
        say(NOTICE, tmp_path / "a.wav"),
        lambda data: array.array("h", (chance.randint(-level, level) for _ in data)),
    )
    with pytest.raises(VoiceFailed, match="nothing is heard"):
        check_speech(path, NOTICE, 210)


def test_a_sound_driven_into_the_rails_is_seen(tmp_path: Path) -> None:
    path = changed(
        say(NOTICE, tmp_path / "a.wav"),
        lambda data: array.array("h", (max(-32768, min(32767, 12 * sample)) for sample in data)),
    )
    with pytest.raises(VoiceFailed, match="clipped"):
        check_speech(path, NOTICE, 210)


def test_a_long_gap_inside_is_seen(tmp_path: Path) -> None:
    gap = array.array("h", bytes(2 * 22_050 * 6))
    middle = changed(
        say(NOTICE, tmp_path / "a.wav"), lambda data: data[: len(data) // 2] + gap + data[len(data) // 2 :]
    )
    with pytest.raises(VoiceFailed, match="a gap of 6"):
        check_speech(middle, NOTICE, 210)


@pytest.mark.parametrize("data", [b"", b"RIFF", b"<html>502 Bad Gateway</html>", b'{"error": 1}'])
def test_what_is_no_wav_is_seen(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(data)
    with pytest.raises(VoiceFailed, match="no usable WAV"):
        check_speech(path, NOTICE, 210)
    with pytest.raises(VoiceFailed, match="no usable WAV"):
        check_speech(tmp_path / "none.wav", NOTICE, 210)


def test_stereo_and_empty_sounds_are_seen(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    for channels, words in ((2, "one channel"), (1, "nothing")):
        with wave.open(str(path), "wb") as out:
            out.setnchannels(channels)
            out.setsampwidth(2)
            out.setframerate(8000)
        with pytest.raises(VoiceFailed, match=words):
            check_speech(path, "một hai ba", 210)
