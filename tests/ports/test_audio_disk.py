"""A sound that is made while the disk becomes full is whole, or it is none."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from nguon.media import audio, ffmpeg
from nguon.media.ffmpeg import ToolFailed
from tests.walks.faulty import small_disk

SECONDS = 7


def test_ffmpeg_that_could_not_write_its_last_bytes_has_failed(tmp_path: Path) -> None:
    """It says so in its log, and ends with 0: a short sound is all in the last bytes."""
    with small_disk(tmp_path / "disk", 1) as disk:
        out = tmp_path / "disk" / "out.pcm"
        sound = ["-f", "lavfi", "-i", "sine=d=1", "-ar", "8000", "-f", "s16le", str(out)]
        disk.fill()
        with pytest.raises(ToolFailed, match="No space left"):
            ffmpeg.run(["-y", *sound], report=lambda seconds: None, timeout=60)
        disk.empty()
        ffmpeg.run(["-y", *sound], report=lambda seconds: None, timeout=60)
        assert out.stat().st_size == 16_000


@pytest.mark.parametrize("kilobytes", [0, 600, 700, 800, 65_536])
def test_it_is_whole_or_none(kilobytes: int, tmp_path: Path, settings: Any) -> None:
    """However much room is left: at each the work ends at another of its steps."""
    source, settings.DATA = tmp_path / "spoken.wav", tmp_path / "data"
    tone = f"aevalsrc=0.3*sin(440*2*PI*t)*lt(mod(t\\,2)\\,1.5):s=44100:d={SECONDS}"
    subprocess.run(["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", tone, "-ac", "1", str(source)], check=True)
    with small_disk(settings.DATA, 80):
        (settings.DATA / "ballast").write_bytes(bytes(80 * 1024 * 1024 - kilobytes * 1024 - 8192))
        try:
            made = audio.level(source, settings.DATA / "out.mp3", max_minutes=5, progress=lambda share: None)
        except (ToolFailed, OSError):
            assert kilobytes < 65_536
            return
    assert made.duration_ms / 1000 == pytest.approx(SECONDS, abs=2)
