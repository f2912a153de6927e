"""Whatever people upload: every common format becomes the same kind of file, and what is no sound says why not."""

import re
import subprocess
import wave
from pathlib import Path

import pytest

from nguon.media import audio, rules
from nguon.media.errors import AudioRefused
from nguon.plugs.espeak import Espeak

NOTICE = "Trạm y tế xã mời bà con đưa trẻ đến tiêm phòng vào sáng thứ bảy. Xin trân trọng cảm ơn."


def ffmpeg(*arguments: str) -> None:
    subprocess.run(["ffmpeg", "-v", "error", "-y", *arguments], check=True, stdin=subprocess.DEVNULL)


def told_of(path: Path) -> str:
    asked = "stream=codec_name,sample_rate,channels,bit_rate"
    command = ["ffprobe", "-v", "error", "-show_entries", asked, "-of", "csv=p=0", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("speech") / "speech.wav"
    Espeak().speak(NOTICE, voice="vi", rate=210, out=out, progress=lambda done: None)
    return out


def level(path: Path, folder: Path, max_minutes: int = 60) -> audio.Levelled:
    return audio.level(path, folder / "out.mp3", max_minutes=max_minutes, progress=lambda done: None)


def refused(path: Path, folder: Path) -> str:
    with pytest.raises(AudioRefused) as error:
        level(path, folder)
    return str(error.value)


FORMATS = {
    "mp3": ["-c:a", "libmp3lame", "-b:a", "96k"],
    "vbr.mp3": ["-c:a", "libmp3lame", "-q:a", "5"],
    "wav": [],
    "24bit.wav": ["-c:a", "pcm_s24le"],
    "float.wav": ["-c:a", "pcm_f32le"],
    "alaw.wav": ["-ar", "8000", "-c:a", "pcm_alaw"],
    "adpcm.wav": ["-c:a", "adpcm_ms"],
    "8bit.wav": ["-ar", "8000", "-c:a", "pcm_u8"],
    "m4a": ["-c:a", "aac"],
    "alac.m4a": ["-c:a", "alac"],
    "aac": ["-c:a", "aac"],
    "ogg": ["-c:a", "libvorbis"],
    "opus": ["-c:a", "libopus", "-b:a", "24k"],
    "webm": ["-c:a", "libopus"],
    "mka": ["-c:a", "flac"],
    "flac": ["-c:a", "flac"],
    "wma": ["-c:a", "wmav2"],
    "aiff": [],
    "caf": ["-c:a", "pcm_s16le"],
    "au": [],
    "ac3": ["-c:a", "ac3"],
    "wv": ["-c:a", "wavpack"],
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_common_format_is_taken(speech: Path, tmp_path: Path, name: str) -> None:
    given = tmp_path / f"given.{name}"
    ffmpeg("-i", str(speech), "-ar", "48000" if "opus" in str(FORMATS[name]) else "44100", *FORMATS[name], str(given))
    made = level(given, tmp_path)
    assert rules.acceptable(rules.Loudness(made.loudness, made.true_peak))
    assert told_of(made.path) == "mp3,44100,1,64000"
    with wave.open(str(speech), "rb") as whole:
        seconds = whole.getnframes() / whole.getframerate()
    assert made.duration_ms / 1000 == pytest.approx(seconds + 0.6, abs=0.35)
    assert made.findings == ()


def test_a_recording_of_an_old_phone_is_taken(speech: Path, tmp_path: Path) -> None:
    """AMR: the encoder is not in every ffmpeg, so where it is missing this file is made of silence frames by hand."""
    given = tmp_path / "given.amr"
    made = subprocess.run(
        ["ffmpeg", "-v", "error", "-y", "-i", str(speech), "-ar", "8000", "-c:a", "libopencore_amrnb", str(given)],
        capture_output=True,
    )
    if made.returncode:  # 12.2 kbit/s frames without a sound: enough to see that the form is read
        frame = bytes.fromhex("3c912fc0") + bytes(28)
        given.write_bytes(b"#!AMR\n" + frame * 250)
        sound = audio.inspect(given, 60)
        assert (sound.mime, sound.stream.rate, sound.stream.channels) == ("audio/amr", 8000, 1)
        return
    assert rules.acceptable(rules.Loudness(level(given, tmp_path).loudness, -9))


@pytest.mark.parametrize(
    ("name", "coding"),
    [
        ("mp4", ["-c:v", "mpeg4", "-c:a", "aac"]),
        ("mkv", ["-c:v", "mpeg4", "-c:a", "libmp3lame"]),
        ("avi", ["-c:v", "mpeg4", "-c:a", "libmp3lame"]),
        ("3gp", ["-c:v", "mpeg4", "-c:a", "aac"]),
        ("mpg", ["-r", "25", "-c:v", "mpeg1video", "-c:a", "mp2"]),
        ("ts", ["-c:v", "mpeg4", "-c:a", "aac"]),
        ("flv", ["-c:v", "flv", "-c:a", "libmp3lame"]),
        ("wmv", ["-c:v", "wmv2", "-c:a", "wmav2"]),
        ("webm", ["-c:v", "libvpx", "-c:a", "libopus"]),
    ],
)
def test_of_a_film_the_sound_is_taken(speech: Path, tmp_path: Path, name: str, coding: list[str]) -> None:
    film = tmp_path / f"film.{name}"
    rate = ["-ar", "48000" if "opus" in str(coding) else "44100"]
    ffmpeg("-f", "lavfi", "-i", "color=s=64x64:d=5:r=25", "-i", str(speech), "-t", "5", *rate, *coding, str(film))
    made = level(film, tmp_path)
    assert rules.acceptable(rules.Loudness(made.loudness, made.true_peak))
    assert 4.5 < made.duration_ms / 1000 < 6


@pytest.mark.parametrize(
    ("name", "filters"),
    [
        ("8 kHz", "aresample=8000"),
        ("192 kHz", "aresample=192000"),
        ("odd rate", "aresample=37800"),
        ("stereo", "aformat=channel_layouts=stereo"),
        ("5.1", "aformat=channel_layouts=5.1"),
        ("8 channels", "aformat=channel_layouts=7.1"),
        ("only one of eight speaks", "pan=7.1|FL=0*c0|FC=0*c0|FR=0*c0|BL=0*c0|BR=0*c0|SL=0*c0|SR=c0|LFE=0*c0"),
        ("one side is silent", "pan=stereo|c0=c0|c1=0*c0"),
    ],
)
def test_every_rate_and_number_of_channels_comes_out_the_same(
    speech: Path, tmp_path: Path, name: str, filters: str
) -> None:
    given = tmp_path / "given.wav"
    ffmpeg("-i", str(speech), "-af", filters, str(given))
    made = level(given, tmp_path)
    assert rules.acceptable(rules.Loudness(made.loudness, made.true_peak))
    assert told_of(made.path) == "mp3,44100,1,64000"
    assert made.findings == ()


def test_nine_channels_that_nobody_named_are_taken(speech: Path, tmp_path: Path) -> None:
    with wave.open(str(speech), "rb") as one:
        frames, rate = one.readframes(one.getnframes()), one.getframerate()
    given = tmp_path / "nine.wav"
    with wave.open(str(given), "wb") as nine:
        nine.setnchannels(9)
        nine.setsampwidth(2)
        nine.setframerate(rate)
        nine.writeframes(b"".join(frames[at : at + 2] * 9 for at in range(0, len(frames), 2)))
    made = level(given, tmp_path)
    assert rules.acceptable(rules.Loudness(made.loudness, made.true_peak))


def test_two_channels_that_cancel_each_other_are_heard_and_told(speech: Path, tmp_path: Path) -> None:
    given = tmp_path / "given.wav"
    ffmpeg("-i", str(speech), "-af", "pan=stereo|c0=c0|c1=-0.98*c0", str(given))
    made = level(given, tmp_path)
    assert rules.acceptable(rules.Loudness(made.loudness, made.true_peak))
    assert [str(found.kind) for found in made.findings] == ["cancelled"]
    plain = level(speech, tmp_path)
    assert made.duration_ms == pytest.approx(plain.duration_ms, abs=60)


@pytest.mark.parametrize("suffix", ["jpg", "txt", "exe", "mp3", "không dấu chấm"])
def test_the_name_of_a_file_says_nothing(speech: Path, tmp_path: Path, suffix: str) -> None:
    flac = tmp_path / "x.flac"
    ffmpeg("-i", str(speech), str(flac))
    given = flac.rename(tmp_path / f"given.{suffix}")
    assert audio.inspect(given, 60).mime == "audio/flac"
    assert level(given, tmp_path).findings == ()


def test_names_with_everything_in_them_are_only_names(speech: Path, tmp_path: Path) -> None:
    for name in ("-y", "a'b;c,d[e].wav", "%03d.wav", "http:__x.wav", "tệp âm thanh.wav"):
        given = tmp_path / name
        given.write_bytes(speech.read_bytes())
        assert level(given, tmp_path).duration_ms > 1000


def test_a_file_of_zero_bytes_a_text_a_picture_and_a_mute_film_say_what_they_are(tmp_path: Path) -> None:
    empty, text, picture, film = (tmp_path / name for name in ("a.mp3", "b.mp3", "c.mp3", "d.mp4"))
    empty.touch()
    text.write_text("Đây không phải âm thanh. " * 50)
    ffmpeg("-f", "lavfi", "-i", "color=s=64x64", "-frames:v", "1", "-f", "image2", "-c:v", "png", str(picture))
    ffmpeg("-f", "lavfi", "-i", "color=s=64x64:d=1", "-c:v", "mpeg4", str(film))
    assert "trống" in refused(empty, tmp_path)
    assert "không phải tệp âm thanh" in refused(text, tmp_path)
    assert "không phải tệp âm thanh" in refused(picture, tmp_path)
    assert "không có phần âm thanh" in refused(film, tmp_path)


@pytest.mark.parametrize("name", ["mp3", "m4a", "wav", "opus"])
def test_three_hours_are_refused_by_what_the_file_says(tmp_path: Path, name: str) -> None:
    given = tmp_path / f"given.{name}"
    quick = {"mp3": ["-b:a", "8k"], "m4a": ["-b:a", "8k"], "opus": ["-b:a", "6k", "-ar", "8000"]}.get(name, [])
    # ten minutes, eighteen times, without encoding again
    ffmpeg("-f", "lavfi", "-i", "sine=f=300:r=8000:d=600", *quick, str(tmp_path / f"ten.{name}"))
    ffmpeg("-stream_loop", "17", "-i", str(tmp_path / f"ten.{name}"), "-c", "copy", str(given))
    assert re.search("18[01] phút, quá mức cho phép 60 phút", refused(given, tmp_path))


def test_three_hours_that_say_they_are_one_minute_are_refused_when_heard(tmp_path: Path) -> None:
    """A FLAC whose header is that of its first part: nothing is read beyond the limit."""
    one, given = tmp_path / "one.flac", tmp_path / "given.flac"
    ffmpeg("-f", "lavfi", "-i", "sine=f=300:r=8000:d=60", str(one))
    ffmpeg("-stream_loop", "179", "-i", str(one), "-c", "copy", str(given))
    assert "quá mức cho phép 60 phút" in refused(given, tmp_path)


@pytest.mark.parametrize("name", ["mp3", "m4a", "ogg", "flac", "wma", "webm"])
def test_a_file_cut_off_or_spoilt_is_refused_or_whole(speech: Path, tmp_path: Path, name: str) -> None:
    """Never half of a notice as if it were all, where the file says anywhere how long it was.

    OGG says it nowhere but at its end, and of WMA ffmpeg believes the size of the file, not the header.
    """
    whole, given = tmp_path / f"whole.{name}", tmp_path / f"given.{name}"
    ffmpeg("-i", str(speech), "-ar", "48000", *(["-c:a", "libopus"] if name == "webm" else []), str(whole))
    data = whole.read_bytes()
    given.write_bytes(data[: len(data) * 2 // 5])
    if name in ("ogg", "wma"):
        assert level(given, tmp_path).duration_ms > 1000
    else:
        assert re.search("cắt cụt|không phải tệp âm thanh", refused(given, tmp_path))


def test_noise_in_the_middle_of_a_file_does_no_harm(speech: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole.mp3"
    ffmpeg("-i", str(speech), str(whole))
    data = bytearray(whole.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 300] = b"\xa5" * 300
    whole.write_bytes(bytes(data))
    made = level(whole, tmp_path)
    assert rules.acceptable(rules.Loudness(made.loudness, made.true_peak))
