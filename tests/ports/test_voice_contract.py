"""The contract of the voice port, run over every plug that stands in the repository."""

import subprocess
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest

from nguon.plugs.espeak import Espeak
from nguon.plugs.silent import Silent
from nguon.plugs.voices.piper import Piper
from nguon.ports.voice import Voice, VoiceFailed
from nguon.speech import read
from tests.ports.voices import stub
from tests.ports.voices.cases import CASES
from tests.unit.speech.notices import ALL, VACCINE

TEXT = "kính mời bà con đến hội trường xã. buổi họp bắt đầu lúc bảy giờ ba mươi, mong bà con đến đúng giờ."


@pytest.fixture(params=["espeak", "silent", "piper", *CASES])
def voice(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voice]:
    """Every plug; the services with their fakes, Piper with a model of the documented form."""
    if request.param in CASES:
        with CASES[request.param].open() as (remote, _fake):
            yield remote
    elif request.param == "piper":
        folder = tmp_path_factory.mktemp("piper")
        stub.write(folder)
        yield Piper(folder)
    else:
        yield Espeak() if request.param == "espeak" else Silent()


def _sound(path: Path) -> tuple[float, bytes]:
    """Seconds and samples; fails if the file is not a mono WAV of 16 bits."""
    with wave.open(str(path), "rb") as read_:
        assert read_.getnchannels() == 1
        assert read_.getsampwidth() == 2
        return read_.getnframes() / read_.getframerate(), read_.readframes(read_.getnframes())


def test_it_works_here_and_offers_voices(voice: Voice) -> None:
    voice.check()
    offered = voice.voices()
    assert offered
    assert voice.key.isidentifier()
    assert len({each.id for each in offered}) == len(offered)
    for each in offered:
        assert each.region in ("bac", "trung", "nam")
        assert each.gender in ("nam", "nu")


def test_every_voice_says_the_text_and_progress_moves_to_the_end(voice: Voice, tmp_path: Path) -> None:
    for each in voice.voices():
        told: list[float] = []
        out = tmp_path / f"{each.id}.wav"
        voice.speak(TEXT, voice=each.id, rate=200, out=out, progress=told.append)
        seconds, samples = _sound(out)
        assert 2 < len(TEXT.split()) / seconds < 6  # syllables a second
        assert any(samples)
        assert told == sorted(told)
        assert len(told) > 1
        assert told[-1] == 1.0


def test_a_higher_rate_is_shorter(voice: Voice, tmp_path: Path) -> None:
    lengths = []
    for rate in (120, 200, 300):
        out = tmp_path / f"{rate}.wav"
        voice.speak(TEXT, voice=voice.voices()[0].id, rate=rate, out=out, progress=lambda done: None)
        lengths.append(_sound(out)[0])
    assert lengths[0] > lengths[1] > lengths[2]


def test_an_unknown_voice_and_an_empty_text_fail_with_a_reason(voice: Voice, tmp_path: Path) -> None:
    for text, name in ((TEXT, "nobody"), ("", voice.voices()[0].id), (" \n ", voice.voices()[0].id)):
        with pytest.raises(VoiceFailed) as failed:
            voice.speak(text, voice=name, rate=200, out=tmp_path / "out.wav", progress=lambda done: None)
        assert str(failed.value)


def test_a_text_that_looks_like_options_is_only_said(voice: Voice, tmp_path: Path) -> None:
    out = tmp_path / "out.wav"
    text = "-w /tmp/x --voices <break time='9s'/> $(id) ; rm"
    voice.speak(text, voice=voice.voices()[0].id, rate=200, out=out, progress=lambda done: None)
    assert 0.5 < _sound(out)[0] < 30


@pytest.mark.parametrize("name", [each.id for each in Espeak().voices()])
@pytest.mark.parametrize("notice", ALL)
def test_nothing_the_reader_says_is_taken_for_english(name: str, notice: str) -> None:
    said = subprocess.run(
        ["espeak-ng", "-v", name, "-q", "-x", "--stdin"],
        input=read(notice).text,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert len(said) > 200
    assert "(en)" not in said


def test_the_gate_would_see_english() -> None:
    command = ["espeak-ng", "-v", "vi", "-q", "-x", "--stdin"]
    assert "(en)" in subprocess.run(command, input="UBND website", capture_output=True, text=True, check=True).stdout


def test_espeak_is_off_with_a_reason_where_it_is_not_installed(tmp_path: Path) -> None:
    absent = Espeak(program="espeak-that-is-not-there")
    with pytest.raises(RuntimeError, match="not installed"):
        absent.check()
    with pytest.raises(VoiceFailed, match="cannot be run"):
        absent.speak(TEXT, voice="vi", rate=200, out=tmp_path / "out.wav", progress=lambda done: None)


def test_espeak_that_hangs_is_given_up(tmp_path: Path) -> None:
    hanging = tmp_path / "hanging"
    hanging.write_text("#!/bin/sh\nexec sleep 60\n")
    hanging.chmod(0o755)
    with pytest.raises(VoiceFailed, match="did not finish"):
        Espeak(program=str(hanging), timeout=0.2).speak(
            TEXT, voice="vi", rate=200, out=tmp_path / "out.wav", progress=lambda done: None
        )


def test_a_long_notice_is_said_in_many_short_calls(tmp_path: Path) -> None:
    told: list[float] = []
    Espeak().speak(read(VACCINE * 3).text, voice="vi", rate=200, out=tmp_path / "out.wav", progress=told.append)
    assert len(told) > 15
