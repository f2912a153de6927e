"""Levelling with the real ffmpeg: any sound comes out as loud as loudspeakers need, and what is no sound is refused."""

import math
import re
import struct
import subprocess
import wave
from pathlib import Path

import pytest

from nguon.media import audio, rules
from nguon.media.errors import AudioRefused
from nguon.media.rules import Material
from nguon.plugs.espeak import Espeak

NOTICE = (
    "điện lực thông báo từ bảy giờ ba mươi đến mười một giờ ba mươi tạm ngừng cấp điện tại thôn phụng sơn. "
    "mong bà con chủ động sắp xếp việc nhà."
)


def ffmpeg(*arguments: str) -> None:
    subprocess.run(["ffmpeg", "-v", "error", "-y", *arguments], check=True, stdin=subprocess.DEVNULL)


def measured(path: Path) -> tuple[float, float]:
    """Loudness and true peak, measured here by another filter than the product's."""
    log = subprocess.run(
        ["ffmpeg", "-hide_banner", "-nostats", "-i", str(path), "-af", "loudnorm=print_format=json", "-f", "null", "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    found = [re.search(rf'"{name}" : "(-?[\d.]+)"', log) for name in ("input_i", "input_tp")]
    assert found[0]
    assert found[1]
    return float(found[0][1]), float(found[1][1])


def told_of(path: Path) -> str:
    asked = "stream=codec_name,sample_rate,channels,bit_rate"
    command = ["ffprobe", "-v", "error", "-show_entries", asked, "-of", "csv=p=0", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("speech") / "speech.wav"
    Espeak().speak(NOTICE, voice="vi", rate=210, out=out, progress=lambda done: None)
    return out


def _variant(speech: Path, kind: str, folder: Path) -> Path:
    out = folder / f"{kind}.wav"
    filters = {
        "plain": "anull",
        "very quiet": "volume=-34dB",
        "clipped": "volume=20dB",
        "one loud knock": "volume='if(between(t,2,2.02),30,0.05)':eval=frame",
        "offset": "dcshift=0.3",
        "short": "atrim=0.3:1.1",
        "with long silences": "apad=pad_dur=20",
        "stereo": "aformat=channel_layouts=stereo,aresample=48000",
    }[kind]
    ffmpeg("-i", str(speech), "-af", filters, str(out))
    return out


@pytest.mark.parametrize(
    "kind",
    ["plain", "very quiet", "clipped", "one loud knock", "offset", "short", "with long silences", "stereo"],
)
def test_every_sound_comes_out_at_the_loudness_of_loudspeakers(speech: Path, tmp_path: Path, kind: str) -> None:
    told: list[float] = []
    made = audio.level(_variant(speech, kind, tmp_path), tmp_path / "out.mp3", max_minutes=60, progress=told.append)
    loudness, peak = measured(made.path)
    assert abs(loudness - rules.TARGET) <= rules.TOLERANCE + 0.1
    assert peak <= rules.CEILING + 0.1
    assert made.loudness == pytest.approx(loudness, abs=0.3)
    assert made.true_peak == pytest.approx(peak, abs=0.4)
    assert told_of(made.path) == "mp3,44100,1,64000"
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_the_length_told_is_the_length_heard(speech: Path, tmp_path: Path) -> None:
    with wave.open(str(speech), "rb") as whole:
        seconds = whole.getnframes() / whole.getframerate()
    made = audio.level(speech, tmp_path / "out.mp3", max_minutes=60, progress=lambda done: None)
    assert made.duration_ms / 1000 == pytest.approx(seconds + 0.2 + 0.4, abs=0.15)


@pytest.mark.parametrize(
    ("ending", "mime"), [("m4a", "audio/mp4"), ("ogg", "audio/ogg"), ("webm", "audio/webm"), ("flac", "audio/flac")]
)
def test_other_kinds_of_sound_are_taken(speech: Path, tmp_path: Path, ending: str, mime: str) -> None:
    given = tmp_path / f"given.{ending}"
    coding = ["-c:a", "libopus"] if ending in ("ogg", "webm") else []
    ffmpeg("-i", str(speech), "-ar", "48000", *coding, str(given))
    assert audio.inspect(given, 60).mime == mime
    assert rules.acceptable(_level(given, tmp_path))


def test_the_sound_of_a_video_is_taken(speech: Path, tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    ffmpeg("-f", "lavfi", "-i", "color=s=64x64:d=5", "-i", str(speech), "-t", "5", "-c:v", "mpeg4", str(film))
    assert rules.acceptable(_level(film, tmp_path))


def _level(path: Path, folder: Path) -> rules.Loudness:
    made = audio.level(path, folder / "out.mp3", max_minutes=60, progress=lambda done: None)
    return rules.Loudness(made.loudness, made.true_peak)


def _refused(path: Path, folder: Path) -> str:
    with pytest.raises(AudioRefused) as refused:
        audio.level(path, folder / "out.mp3", max_minutes=60, progress=lambda done: None)
    return str(refused.value)


def test_a_text_named_mp3_is_refused(tmp_path: Path) -> None:
    given = tmp_path / "given.mp3"
    given.write_text("Đây không phải âm thanh. " * 50)
    assert "không phải tệp âm thanh" in _refused(given, tmp_path)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    given = tmp_path / "given.mp3"
    given.touch()
    assert "trống" in _refused(given, tmp_path)


def test_a_picture_is_refused(tmp_path: Path) -> None:
    given = tmp_path / "given.mp3"
    ffmpeg("-f", "lavfi", "-i", "color=s=64x64", "-frames:v", "1", "-f", "image2", "-c:v", "png", str(given))
    assert "không phải tệp âm thanh" in _refused(given, tmp_path)


def test_a_film_without_sound_is_refused(tmp_path: Path) -> None:
    given = tmp_path / "given.mp4"
    ffmpeg("-f", "lavfi", "-i", "color=s=64x64:d=1", "-c:v", "mpeg4", str(given))
    assert "không có phần âm thanh" in _refused(given, tmp_path)


def test_silence_is_refused(tmp_path: Path) -> None:
    given = tmp_path / "given.wav"
    ffmpeg("-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono", "-t", "5", str(given))
    assert "im lặng" in _refused(given, tmp_path)


def test_a_blink_of_sound_is_refused(tmp_path: Path) -> None:
    given = tmp_path / "given.wav"
    ffmpeg("-f", "lavfi", "-i", "sine=440:duration=0.2", str(given))
    assert "quá ngắn" in _refused(given, tmp_path)


def test_three_hours_are_refused_without_listening_to_them(tmp_path: Path) -> None:
    given = tmp_path / "given.wav"
    rate, seconds = 1000, 3 * 3600
    with wave.open(str(given), "wb") as whole:
        whole.setnchannels(1)
        whole.setsampwidth(1)
        whole.setframerate(rate)
        whole.writeframes(b"\x90" * rate * seconds)
    assert "180 phút" in _refused(given, tmp_path)


def test_a_file_that_hides_its_length_is_refused_when_it_goes_on_too_long(speech: Path, tmp_path: Path) -> None:
    given = tmp_path / "given.aac"
    ffmpeg("-stream_loop", "19", "-i", str(speech), "-c:a", "aac", "-b:a", "32k", str(given))
    with pytest.raises(AudioRefused, match="quá mức"):
        audio.level(given, tmp_path / "out.mp3", max_minutes=1, progress=lambda done: None)


def test_a_file_cut_off_is_refused(speech: Path, tmp_path: Path) -> None:
    given = tmp_path / "given.wav"
    data = speech.read_bytes()
    given.write_bytes(data[: len(data) // 3])
    assert "cắt cụt" in _refused(given, tmp_path)


@pytest.mark.parametrize("playlist", ["hls", "concat", "ffconcat"])
def test_a_playlist_opens_no_other_file(speech: Path, tmp_path: Path, playlist: str) -> None:
    given = tmp_path / "given.mp3"
    given.write_text(
        {
            "hls": f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://{speech}\n#EXT-X-ENDLIST\n",
            "concat": f"file '{speech}'\n",
            "ffconcat": f"ffconcat version 1.0\nfile '{speech}'\n",
        }[playlist]
    )
    assert "không phải tệp âm thanh" in _refused(given, tmp_path)


@pytest.mark.parametrize("said", ["À", "Có", "Dạ vâng"])
def test_a_single_syllable_of_a_voice_is_levelled(tmp_path: Path, said: str) -> None:
    """An editor hears one word at a time; of an upload half a second is the least."""
    given = tmp_path / "given.wav"
    Espeak().speak(said, voice="vi", rate=300, out=given, progress=lambda done: None)
    made = audio.level(given, tmp_path / "out.mp3", max_minutes=60, progress=lambda done: None, material=Material.VOICE)
    assert rules.acceptable(rules.Loudness(made.loudness, made.true_peak))
    assert made.findings == ()


def test_a_tone_of_one_second_is_levelled(tmp_path: Path) -> None:
    given = tmp_path / "given.wav"
    with wave.open(str(given), "wb") as whole:
        whole.setnchannels(1)
        whole.setsampwidth(2)
        whole.setframerate(16000)
        wave_ = (round(3000 * math.sin(2 * math.pi * 440 * i / 16000)) for i in range(16000))
        whole.writeframes(struct.pack("<16000h", *wave_))
    assert rules.acceptable(_level(given, tmp_path))
