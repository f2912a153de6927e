"""What is a film, and what ffmpeg is told to make of it."""

from pathlib import Path
from typing import Any

import pytest

from nguon.media import ffmpeg, video
from nguon.media.errors import FilmRefused
from tests import films


def made(source: Path, tmp_path: Path, minutes: int = 3) -> dict[str, Any]:
    """What is made of it, as ffprobe sees it, with its length in ms."""
    out = tmp_path / "out.mp4"
    length = video.transcode(source, out, max_minutes=minutes, progress=lambda done: None)
    return ffmpeg.probe(out) | {"length": length, "path": out}


def entries(path: Path) -> str:
    """Every entry of streams and tags."""
    import subprocess

    asked = "format_tags:stream_tags:stream=codec_name,profile,pix_fmt,width,height,avg_frame_rate,codec_type"
    command = ["ffprobe", "-v", "error", "-show_entries", asked, "-of", "default=nw=1", str(path)]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


def test_an_old_film_becomes_one_that_browsers_play_without_sound_and_words(tmp_path: Path) -> None:
    old = films.old_camera(tmp_path / "cu.avi")
    found = made(old, tmp_path)
    said = entries(found["path"])
    assert found["length"] == pytest.approx(2000, abs=100)
    for wanted in ("codec_name=h264", "profile=Main", "pix_fmt=yuv420p", "width=320", "height=240"):
        assert wanted in said
    assert "codec_type=audio" not in said
    assert "Lavf" not in said
    data = found["path"].read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_a_large_fast_film_gets_smaller_and_keeps_its_shape(tmp_path: Path) -> None:
    large = films.a_film(
        tmp_path / "lon.mkv", "-metadata", "title=Nhà tôi", "-c:v", "mpeg4", seconds=1, size="2560x1080", rate=60
    )
    said = entries(made(large, tmp_path)["path"])
    assert ("width=1920" in said, "height=810" in said, "avg_frame_rate=30/1" in said) == (True, True, True)
    assert "Nhà tôi" not in said


@pytest.mark.parametrize(
    ("size", "wide", "high"), [("1080x2560", 810, 1920), ("321x241", 320, 240), ("1920x1080", 1920, 1080)]
)
def test_a_portrait_stays_one_and_sizes_are_even(tmp_path: Path, size: str, wide: int, high: int) -> None:
    given = films.a_film(tmp_path / "x.mkv", "-c:v", "mjpeg", seconds=0.6, size=size)
    said = entries(made(given, tmp_path)["path"])
    assert (f"width={wide}\n" in said, f"height={high}\n" in said) == (True, True)


def test_what_a_phone_took_upright_is_upright(tmp_path: Path) -> None:
    flat = films.a_film(tmp_path / "nam.mp4", "-c:v", "mpeg4")
    upright = films.turned(flat, tmp_path / "dung.mov")
    said = entries(made(upright, tmp_path)["path"])
    assert ("width=240\n" in said, "height=320\n" in said) == (True, True)


def test_pictures_too_large_to_be_decoded_are_refused(tmp_path: Path) -> None:
    huge = films.a_film(tmp_path / "to.avi", "-c:v", "mjpeg", "-threads", "1", seconds=0.1, size="8000x5000", rate=10)
    with pytest.raises(FilmRefused, match="Không chuyển được phim này"):
        made(huge, tmp_path)


def test_what_is_no_film_is_refused_with_what_to_do(tmp_path: Path) -> None:
    text = tmp_path / "phim.mp4"
    text.write_text("đây là chữ, không phải phim " * 100)
    empty = tmp_path / "trong.mp4"
    empty.touch()
    for path, words in (
        (text, "Không mở được phim này"),
        (empty, "trống"),
        (films.sound_with_cover(tmp_path / "nhac.mp3"), "chỉ có tiếng, không có hình"),
    ):
        with pytest.raises(FilmRefused, match=words):
            video.inspect(path, 3)


def test_what_is_too_long_is_refused_also_when_it_does_not_say_so(tmp_path: Path) -> None:
    long = films.a_film(tmp_path / "dai.mp4", "-c:v", "mpeg4", seconds=62, size="32x32", rate=5)
    with pytest.raises(FilmRefused, match="Phim dài 1 phút 2 giây, nhiều nhất là 1 phút"):
        video.inspect(long, 1)
    silent = films.a_film(tmp_path / "dai.mkv", "-c:v", "mpeg4", "-live", "1", seconds=62, size="32x32", rate=5)
    assert video.inspect(silent, 1).seconds == 0
    with pytest.raises(FilmRefused, match="nhiều nhất là 1 phút"):
        made(silent, tmp_path, minutes=1)


def test_a_film_of_which_the_end_is_missing_is_refused(tmp_path: Path) -> None:
    whole = films.a_film(tmp_path / "du.mp4", "-c:v", "mpeg4", "-movflags", "+faststart", seconds=8)
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with pytest.raises(FilmRefused, match="Phim bị cắt cụt: chỉ đọc được"):
        made(cut, tmp_path)
    headless = films.a_film(tmp_path / "dau.mp4", "-c:v", "mpeg4")
    cut.write_bytes(headless.read_bytes()[: headless.stat().st_size // 2])
    with pytest.raises(FilmRefused, match="bị cắt cụt"):
        video.inspect(cut, 3)


def test_three_minutes_stay_small_enough_to_be_fetched() -> None:
    assert video.MOST_BITS * 1000 / 8 * 180 < 60_000_000
    said = video.arguments(Path("a b.mov"), 1, Path("out.mp4"), 3)
    assert said[said.index("-maxrate") + 1] == f"{video.MOST_BITS}k"
    assert said[said.index("-map") + 1] == "0:1"
    assert said[said.index("-t") + 1] == "182"
    assert "-an" in said
    assert said[said.index("-map_metadata") + 1] == "-1"
