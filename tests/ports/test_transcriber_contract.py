"""The contract of the transcriber port, over the real sherpa-onnx with a model of two words, and over the twin."""

import shutil
import wave
from array import array
from itertools import pairwise
from pathlib import Path

import pytest

from nguon.plugs.transcribers.loud import Loud
from nguon.plugs.transcribers.sherpa import Sherpa
from nguon.ports.transcriber import RATE, Transcriber, TranscriberFailed
from tests.app.tapes import coded, spoken

MODEL = Path(__file__).with_name("asr_model")


@pytest.fixture(params=["sherpa", "loud"])
def plug(request: pytest.FixtureRequest) -> Transcriber:
    return Sherpa(str(MODEL)) if request.param == "sherpa" else Loud()


@pytest.fixture
def speech(tmp_path: Path) -> Path:
    """About seventy seconds of speech."""
    looped = ["-filter:a", "aloop=5:2e+06", "-ar", str(RATE), "-ac", "1"]
    return coded(spoken("dien"), tmp_path / "speech.wav", *looped)


def wav(path: Path, seconds: float, *, rate: int = RATE, channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as made:
        made.setnchannels(channels)
        made.setsampwidth(2)
        made.setframerate(rate)
        made.writeframes(bytes(round(seconds * rate) * 2 * channels))
    return path


def test_it_works_here_and_has_a_name(plug: Transcriber) -> None:
    plug.check()
    assert plug.key
    assert len(plug.key) <= 80


def test_words_come_with_times_in_order_and_progress_moves_to_the_end(plug: Transcriber, speech: Path) -> None:
    told: list[float] = []
    found = plug.transcribe(speech, progress=told.append)
    assert len(found) > 1
    with wave.open(str(speech), "rb") as whole:
        seconds = whole.getnframes() / RATE
    for one, following in pairwise(found):
        assert 0 <= one.first < one.last <= following.first
    assert found[-1].last <= seconds + 0.01
    assert all(one.text and one.text == one.text.strip() for one in found)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_silence_says_nothing(plug: Transcriber, tmp_path: Path) -> None:
    assert plug.transcribe(wav(tmp_path / "silence.wav", 40), progress=lambda _done: None) == []
    assert plug.transcribe(wav(tmp_path / "empty.wav", 0), progress=lambda _done: None) == []


@pytest.mark.parametrize(("rate", "channels"), [(8000, 1), (RATE, 2)])
def test_another_kind_of_wav_is_refused(plug: Transcriber, tmp_path: Path, rate: int, channels: int) -> None:
    with pytest.raises(TranscriberFailed, match="mono"):
        plug.transcribe(wav(tmp_path / "x.wav", 1, rate=rate, channels=channels), progress=lambda _done: None)


def test_what_is_no_wav_fails_with_a_reason(plug: Transcriber, tmp_path: Path) -> None:
    (tmp_path / "x.wav").write_bytes(b"no sound at all")
    for path in (tmp_path / "x.wav", tmp_path / "not there.wav"):
        with pytest.raises(TranscriberFailed) as failed:
            plug.transcribe(path, progress=lambda _done: None)
        assert str(failed.value)


def test_sherpa_hears_with_the_model_of_its_folder(speech: Path) -> None:
    plug = Sherpa(str(MODEL))
    assert plug.key == "sherpa/asr_model"
    assert {one.text for one in plug.transcribe(speech, progress=lambda _done: None)} == {"xin chào"}


def test_pieces_end_in_pauses(tmp_path: Path) -> None:
    path = tmp_path / "pause.wav"
    loud = array("h", [8000, -8000] * (RATE // 2))
    with wave.open(str(path), "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(RATE)
        made.writeframes(loud.tobytes() * 24 + bytes(2 * RATE) + loud.tobytes() * 20)
    found = Sherpa(str(MODEL)).transcribe(path, progress=lambda _done: None)
    assert 24 <= found[0].last <= 25


@pytest.mark.parametrize(
    ("missing", "why"), [("tokens.txt", "no tokens.txt"), ("encoder.onnx", "no encoder"), ("", "no such folder")]
)
def test_sherpa_is_off_with_a_reason_where_the_model_is_not_whole(tmp_path: Path, missing: str, why: str) -> None:
    folder = tmp_path / "model"
    if missing:
        shutil.copytree(MODEL, folder)
        (folder / missing).unlink()
    with pytest.raises(RuntimeError, match=why):
        Sherpa(str(folder)).check()


def test_a_model_that_is_broken_fails_and_the_server_goes_on(tmp_path: Path, speech: Path) -> None:
    folder = Path(shutil.copytree(MODEL, tmp_path / "model"))
    (folder / "encoder.onnx").write_bytes(b"this is no model")
    with pytest.raises(TranscriberFailed):
        Sherpa(str(folder)).transcribe(speech, progress=lambda _done: None)
