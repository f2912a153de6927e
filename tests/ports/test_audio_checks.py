"""What is wrong with a sound is found, at the right second, and nothing is found where nothing is wrong."""

import subprocess
import wave
from pathlib import Path

import pytest

from nguon.media import audio, checks, peaks
from nguon.media.checks import Finding, Kind, told
from nguon.media.rules import Material
from nguon.plugs.espeak import VOICES, Espeak
from nguon.plugs.silent import Silent
from nguon.ports.voice import Failure, VoiceFailed

NOTICE = (
    "Kính thưa bà con. Hôm nay trạm y tế tiêm phòng cho trẻ em từ bảy giờ ba mươi. Bà con nhớ mang theo sổ tiêm. "
    "Mọi thắc mắc xin liên hệ trạm y tế xã. Xin trân trọng cảm ơn bà con đã lắng nghe bản tin này."
)


def silently(done: float) -> None:
    """Nobody watches."""


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """About twenty seconds of a voice."""
    out = tmp_path_factory.mktemp("speech") / "speech.wav"
    Espeak().speak(NOTICE, voice="vi", rate=160, out=out, progress=silently)
    return out


def changed(speech: Path, folder: Path, filters: str, name: str = "given.wav", *more: str) -> Path:
    out = folder / name
    run = ["ffmpeg", "-v", "error", "-y", "-i", str(speech), "-filter_complex", f"[0:a]{filters}", *more, str(out)]
    subprocess.run(run, check=True)
    return out


def found(path: Path, folder: Path) -> dict[Kind, Finding]:
    made = audio.level(path, folder / "out.mp3", max_minutes=60, progress=silently)
    return {one.kind: one for one in made.findings}


GAIN = "volume='if(between(t,5,7.9),{dB}dB,0dB)':eval=frame"


@pytest.mark.parametrize(("name", "coding"), [("x.wav", []), ("x.mp3", ["-b:a", "96k"]), ("x.m4a", []), ("x.opus", [])])
def test_where_it_is_clipped_is_told(speech: Path, tmp_path: Path, name: str, coding: list[str]) -> None:
    """Three seconds recorded far too loud, as a microphone does it: cut off first, encoded afterwards."""
    louder = "volume=volume='if(between(t,5,7.9),16,1)':eval=frame,alimiter=limit=1:level=disabled:attack=0.1:release=1"
    cut = changed(speech, tmp_path, f"{louder.split(',alimiter')[0]},aformat=sample_fmts=s16", "cut.wav")
    given = changed(cut, tmp_path, "aresample=48000", name, *coding)
    only = found(given, tmp_path)
    assert set(only) == {Kind.CLIPPED}
    where = only[Kind.CLIPPED].at
    assert where[0][0] == pytest.approx(5.2, abs=1.1)
    assert where[-1][1] == pytest.approx(8.2, abs=1.3)
    assert "vỡ" in told(only[Kind.CLIPPED])
    assert "0:0" in told(only[Kind.CLIPPED])


def test_clipping_that_was_turned_down_afterwards_is_still_found(speech: Path, tmp_path: Path) -> None:
    cut = changed(speech, tmp_path, "volume=18dB,aformat=sample_fmts=s16", "cut.wav")
    assert Kind.CLIPPED in found(changed(cut, tmp_path, "volume=-14dB"), tmp_path)


@pytest.mark.parametrize("filters", ["anull", "volume=-12dB", "aresample=8000,aformat=sample_fmts=u8", "lowpass=f=900"])
def test_a_clean_voice_is_never_called_broken(speech: Path, tmp_path: Path, filters: str) -> None:
    assert found(changed(speech, tmp_path, filters), tmp_path) == {}


@pytest.mark.parametrize("rate", [8000, 48000])
def test_a_full_tone_and_music_are_not_called_broken(tmp_path: Path, rate: int) -> None:
    for number, source in enumerate((f"sine=f=440:r={rate}:d=6,volume=17.9dB", f"anoisesrc=r={rate}:d=6:c=pink:a=0.9")):
        out = tmp_path / f"{number}.wav"
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source, str(out)], check=True)
        assert found(out, tmp_path) == {}


def test_a_silence_inside_is_told_with_its_place(speech: Path, tmp_path: Path) -> None:
    split = (
        "asplit[a][b];[a]atrim=end=6,apad=pad_dur=4[c];[b]atrim=start=6,asetpts=PTS-STARTPTS[d];[c][d]concat=v=0:a=1"
    )
    only = found(changed(speech, tmp_path, split), tmp_path)
    assert set(only) == {Kind.GAP}
    (where,) = only[Kind.GAP].at
    assert where[0] == pytest.approx(6.2, abs=0.6)
    assert where[1] == pytest.approx(10.2, abs=0.6)
    assert only[Kind.GAP].value == pytest.approx(4.0, abs=0.7)


def test_a_hissing_silence_inside_is_told_too(speech: Path, tmp_path: Path) -> None:
    """A tape is never quite still: the gap is 40 dB under the voice, not nothing."""
    split = (
        "asplit[a][b];[a]atrim=end=6,apad=pad_dur=4[c];[b]atrim=start=6,asetpts=PTS-STARTPTS[d];[c][d]concat=v=0:a=1"
    )
    hiss = "[m];anoisesrc=c=white:a=0.0008:d=60[n];[m][n]amix=inputs=2:normalize=0:duration=first"
    assert Kind.GAP in found(changed(speech, tmp_path, split + hiss), tmp_path)


def test_silence_at_the_ends_is_cut_and_the_rest_stays(speech: Path, tmp_path: Path) -> None:
    given = changed(speech, tmp_path, "adelay=6000,apad=pad_dur=9")
    made = audio.level(given, tmp_path / "out.mp3", max_minutes=60, progress=silently)
    plain = audio.level(speech, tmp_path / "plain.mp3", max_minutes=60, progress=silently)
    assert [one.kind for one in made.findings] == [Kind.TRIMMED]
    assert made.findings[0].value == pytest.approx(15, abs=1.5)
    assert made.duration_ms == pytest.approx(plain.duration_ms, abs=1000)
    with_silence = peaks.quiet(_envelope(made.path, tmp_path), -48)
    head, tail = with_silence[0], with_silence[-1]
    assert 0.2 <= head[1] - head[0] <= 1.0
    assert 0.2 <= tail[1] - tail[0] <= 1.0


def _envelope(path: Path, folder: Path) -> peaks.Envelope:
    from nguon.media import passes

    return passes.sketch(path, folder, cap=600)


def test_times_are_those_of_the_finished_sound(speech: Path, tmp_path: Path) -> None:
    """Ten seconds of silence are cut before a broken place: it is told where it is now, not where it was."""
    cut = changed(
        speech, tmp_path, "volume=volume='if(between(t,5,7.9),16,1)':eval=frame,aformat=sample_fmts=s16", "c.wav"
    )
    only = found(changed(cut, tmp_path, "adelay=10000"), tmp_path)
    assert only[Kind.CLIPPED].at[0][0] == pytest.approx(5.5, abs=1.2)


def test_a_constant_voltage_is_told_and_gone(speech: Path, tmp_path: Path) -> None:
    only = found(changed(speech, tmp_path, "volume=-9dB,dcshift=0.15,aformat=sample_fmts=s16"), tmp_path)
    assert set(only) == {Kind.OFFSET}
    assert only[Kind.OFFSET].value == pytest.approx(0.15, abs=0.02)
    run = ["ffmpeg", "-hide_banner", "-i", str(tmp_path / "out.mp3"), "-af", "astats", "-f", "null", "-"]
    log = subprocess.run(run, capture_output=True, text=True, check=True).stderr
    assert abs(float(log.split("DC offset: ")[1].split()[0])) < 0.002


def test_a_recording_from_far_away_is_told(speech: Path, tmp_path: Path) -> None:
    only = found(changed(speech, tmp_path, "volume=-26dB"), tmp_path)
    assert set(only) == {Kind.FAINT}
    assert only[Kind.FAINT].value < -40


def test_of_music_nothing_is_told(speech: Path, tmp_path: Path) -> None:
    given = changed(speech, tmp_path, "volume=20dB,aformat=sample_fmts=s16")
    made = audio.level(given, tmp_path / "x.flac", max_minutes=5, progress=silently, material=Material.MUSIC)
    assert made.findings == ()


# What a voice gives back


@pytest.mark.parametrize("voice", [one.id for one in VOICES])
@pytest.mark.parametrize("rate", [120, 210, 300])
def test_what_a_voice_said_whole_passes(tmp_path: Path, voice: str, rate: int) -> None:
    out = tmp_path / "speech.wav"
    for text in (NOTICE, "Xin chào.", "Có", "Kính mời bà con đi họp lúc bảy giờ."):
        Espeak().speak(text, voice=voice, rate=rate, out=out, progress=silently)
        checks.check_speech(out, text, rate)
        assert checks.of_speech(out, text, rate) == []


def refused(path: Path, text: str = NOTICE, rate: int = 160) -> str:
    with pytest.raises(VoiceFailed) as error:
        checks.check_speech(path, text, rate)
    assert error.value.failure is Failure.SOUND
    return str(error.value)


def test_a_voice_cut_short_is_refused(speech: Path, tmp_path: Path) -> None:
    cut = changed(speech, tmp_path, "atrim=end=7", "cut.wav", "-c:a", "pcm_s16le")
    assert "syllables" in refused(cut)
    assert [one.kind for one in checks.of_speech(cut, NOTICE, 160)] == [Kind.PACE]


def test_a_voice_that_says_everything_three_times_or_another_text_is_refused(speech: Path) -> None:
    assert "syllables" in refused(speech, "Xin chào bà con thôn Lộc Hạ.")


def test_silence_noise_and_a_beep_are_refused(tmp_path: Path) -> None:
    silence, beep = tmp_path / "silence.wav", tmp_path / "beep.wav"
    run = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "anullsrc=r=22050:cl=mono", "-t", "20", str(silence)]
    subprocess.run(run, check=True)
    assert "nothing is heard" in refused(silence)
    Silent().speak("bíp", voice="beep", rate=300, out=beep, progress=silently)
    refused(beep)


def test_a_broken_voice_is_refused(speech: Path, tmp_path: Path) -> None:
    loud = changed(speech, tmp_path, "volume=24dB,aformat=sample_fmts=s16", "loud.wav", "-c:a", "pcm_s16le")
    assert "clipped" in refused(loud)


@pytest.mark.parametrize("data", [b"", b"RIFF\x00\x00\x00\x00WAVE", b"<html>502</html>", b"RIFF" + bytes(60)])
def test_what_is_no_wav_is_refused(tmp_path: Path, data: bytes) -> None:
    out = tmp_path / "x.wav"
    out.write_bytes(data)
    refused(out)


def test_stereo_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "x.wav"
    with wave.open(str(out), "wb") as whole:
        whole.setnchannels(2)
        whole.setsampwidth(2)
        whole.setframerate(22050)
        whole.writeframes(bytes(22050 * 8))
    assert "one channel" in refused(out)
