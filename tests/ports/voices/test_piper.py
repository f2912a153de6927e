"""Piper voices from a folder: real espeak-ng, real onnxruntime, a model of the documented form."""

import json
import sys
from pathlib import Path

import pytest

from nguon.plugs.voices import piper_model
from nguon.plugs.voices.piper import Piper
from nguon.ports.voice import Failure, VoiceFailed, VoiceInfo
from tests.ports.voices import hearing, stub

TEXT = "kính mời bà con đến hội trường xã. buổi họp bắt đầu lúc bảy giờ ba mươi, mong bà con đến đúng giờ."
# What piper-phonemize 1.1, with which the Vietnamese voices were trained, gives for the same words.
TRAINED = {
    "kính mời bà con đến hội trường xã. buổi họp bắt đầu lúc bảy giờ ba mươi, mong bà con đến đúng giờ!": (
        "kˈiɜɲ mˈəː2j bˈaː2 kˌɔn ɗˌeɜn hˈo6j tʃˈyə2ŋ sˈaː5. "
        "bˈuə4j hˈɔ6p bˈaɜt̪ ɗˈə2w lˌuɜc bˈa4j zˈəː2 bˈaː mˈyəj, mˈɔŋ bˈaː2 kˌɔn ɗˌeɜn ɗˈuɜŋ zˈəː2!"
    ),
    "thông báo; số: hai?": "tˈoŋ bˈaːɜw; sˈoɜ: hˈaːj?",
    "ngày mười hai tháng năm năm hai nghìn không trăm hai mươi sáu": (
        "ŋˈa2j mˈyə2j hˈaːj tˈaːɜŋ nˈam nˈam hˈaːj ŋˈi2n xˌoŋ tʃˈam hˈaːj mˈyəj sˈaɜw"
    ),
}


def speak(piper: Piper, out: Path, text: str = TEXT, rate: int = 200, name: str = "", within: float = 60) -> float:
    """Seconds of what was said."""
    name = name or piper.voices()[0].id
    piper.speak(text, voice=name, rate=rate, out=out, progress=lambda done: None, within=within)
    return hearing.seconds(out)


@pytest.mark.parametrize("text", list(TRAINED))
def test_the_sounds_are_those_the_voices_were_trained_with(text: str) -> None:
    assert "".join(piper_model.sounds(text, "vi")) == TRAINED[text]


def test_numbers_are_framed_and_padded_and_unknown_sounds_left_out() -> None:
    ids = {"_": (0,), "^": (1,), "$": (2,), "a": (5,), "b": (6, 7)}
    assert piper_model.numbers(iter("axb"), ids) == [1, 0, 5, 0, 6, 7, 0, 2]


@pytest.mark.parametrize("rate", [120, 160, 200, 260, 300])
def test_the_rate_is_measured_not_assumed(tmp_path: Path, rate: int) -> None:
    stub.write(tmp_path, inference={"noise_scale": 0.667, "length_scale": 1.4, "noise_w": 0.8})
    piper = Piper(tmp_path)
    text = "kính mời bà con trong thôn về dự buổi họp dân bàn việc giữ gìn đường làng ngõ xóm luôn sạch đẹp"
    seconds = speak(piper, tmp_path / "out.wav", text, rate)
    assert len(text.split()) * 60 / seconds == pytest.approx(rate, rel=0.1)


def test_what_is_said_depends_on_every_sound_and_keeps_its_order(tmp_path: Path) -> None:
    stub.write(tmp_path)
    piper, out = Piper(tmp_path), tmp_path / "out.wav"
    found = []
    for text in ("kính mời bà con. xin cảm ơn.", "xin cảm ơn. kính mời bà con."):
        speak(piper, out, text)
        found.append(hearing.heard(out)[0])
    assert found[0] != found[1]
    assert abs(len(found[0]) - len(found[1])) < 20
    assert max(map(hearing.steepest, found)) < 16_000  # a tone of 2 kHz at this loudness; a click would be more


def test_speakers_of_one_model_are_voices_of_their_own(tmp_path: Path) -> None:
    stub.write(tmp_path, "vi_VN-many-low", num_speakers=3, speaker_id_map={"lan": 1, "hung": 2})
    (tmp_path / "voices.yaml").write_text(
        "- vi_VN-many-low#lan, Lan, trung, nu, tin tức\n- vi_VN-many-low#hung, Hùng, nam, nam\n"
    )
    piper = Piper(tmp_path)
    assert piper.voices() == (
        VoiceInfo("vi_VN-many-low#lan", "Lan", "trung", "nu", "Tin tức"),
        VoiceInfo("vi_VN-many-low#hung", "Hùng", "nam", "nam"),
        VoiceInfo("vi_VN-many-low", "stub", "bac", "nu"),
    )
    said = set()
    for voice in piper.voices():
        speak(piper, tmp_path / "out.wav", name=voice.id)
        said.add(hearing.heard(tmp_path / "out.wav")[0].tobytes())
    assert len(said) == 3


def test_a_folder_with_all_kinds_of_faults_still_gives_what_is_good(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stub.write(tmp_path)
    stub.write(tmp_path, "en_US-amy-medium", espeak={"voice": "en-us"})
    stub.write(tmp_path, "vi_VN-text", phoneme_type="text")
    stub.write(tmp_path, "vi_VN-nomap", phoneme_id_map={"a": [1]})
    (tmp_path / "bare.onnx").write_bytes(b"x")
    (tmp_path / "bad.onnx").write_bytes(b"x")
    (tmp_path / "bad.onnx.json").write_text("[1")
    (tmp_path / "list.onnx").write_bytes(b"x")
    (tmp_path / "list.onnx.json").write_text("[1]")
    (tmp_path / "voices.yaml").write_text("- nobody, Không ai, bac, nu\n")
    piper = Piper(tmp_path)
    piper.check()
    assert [voice.id for voice in piper.voices()] == ["vi_VN-stub-medium"]
    for fault in ("en-us", "vi_VN-text", "vi_VN-nomap", "bare.onnx", "bad.onnx", "list.onnx", "nobody"):
        assert fault in caplog.text


@pytest.mark.parametrize("names", ["{", "- x, y, mars, nu", "5", "- [a]"])
def test_names_that_nobody_can_read_are_a_fault_and_no_more(tmp_path: Path, names: str) -> None:
    stub.write(tmp_path)
    (tmp_path / "voices.yaml").write_text(names)
    piper = Piper(tmp_path)
    piper.check()
    assert len(piper.voices()) == 1


def test_it_is_off_with_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RuntimeError, match="no folder"):
        Piper(tmp_path / "nowhere").check()
    with pytest.raises(RuntimeError, match="No file"):
        Piper(tmp_path).check()
    stub.write(tmp_path, espeak={"voice": "en"})
    with pytest.raises(RuntimeError, match="speaks en"):
        Piper(tmp_path).check()
    with pytest.raises(RuntimeError, match="not installed"):
        Piper(tmp_path, program="espeak-that-is-not-there").check()
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(RuntimeError, match=r"nguon\[piper\]"):
        Piper(tmp_path).check()


def test_a_model_that_is_broken_or_says_nothing_fails_with_its_kind(tmp_path: Path) -> None:
    path = stub.write(tmp_path)
    path.write_bytes(b"not a model")
    with pytest.raises(VoiceFailed, match="cannot be loaded") as failed:
        speak(Piper(tmp_path), tmp_path / "out.wav")
    assert failed.value.failure is Failure.AWAY
    stub.write(tmp_path, loud=0.0)
    with pytest.raises(VoiceFailed, match="silence") as failed:
        speak(Piper(tmp_path), tmp_path / "out.wav")
    assert failed.value.failure is Failure.SOUND
    stub.write(tmp_path, num_speakers=2)
    given = json.loads((tmp_path / "vi_VN-stub-medium.onnx.json").read_text())
    (tmp_path / "vi_VN-stub-medium.onnx.json").write_text(json.dumps(given | {"num_speakers": 1}))
    with pytest.raises(VoiceFailed, match="cannot speak"):  # the graph wants a speaker that the config does not name
        speak(Piper(tmp_path), tmp_path / "out.wav")


def test_it_gives_up_at_its_deadline_and_leaves_nothing(tmp_path: Path) -> None:
    stub.write(tmp_path)
    with pytest.raises(VoiceFailed) as failed:
        speak(Piper(tmp_path), tmp_path / "out.wav", TEXT * 20, within=0.3)
    assert failed.value.failure is Failure.LATE
    assert not (tmp_path / "out.wav").exists()
