"""Small films, made by ffmpeg as old cameras and phones make them."""

import subprocess
from pathlib import Path


def a_film(path: Path, *more: str, seconds: float = 2, size: str = "320x240", rate: int = 25) -> Path:
    """A film whose picture moves all the time; its ending says the kind, `more` what else ffmpeg is told."""
    moving = f"testsrc=size={size}:rate={rate}:duration={seconds}"
    return _made(path, "-f", "lavfi", "-i", moving, *more)


def old_camera(path: Path, seconds: float = 2) -> Path:
    """AVI with MPEG-4 and a sound: no browser plays it."""
    beep = f"sine=frequency=440:duration={seconds}"
    return a_film(path, "-f", "lavfi", "-i", beep, "-c:v", "mpeg4", "-c:a", "mp2", "-b:v", "500k", seconds=seconds)


def turned(film: Path, path: Path) -> Path:
    """The same as a phone writes it that was held upright: lying, with a word that it is to be turned."""
    return _made(path, "-i", str(film), "-c", "copy", "-metadata:s:v", "rotate=90")


def sound_with_cover(path: Path) -> Path:
    """MP3 with the picture of its cover: nothing of it moves."""
    cover = path.with_name("cover.png")
    _made(cover, "-f", "lavfi", "-i", "color=red:size=64x64:duration=1", "-frames:v", "1")
    sound = ("-f", "lavfi", "-i", "sine=duration=2", "-i", str(cover), "-map", "0", "-map", "1")
    return _made(path, *sound, "-c:v", "copy", "-disposition:v", "attached_pic")


def _made(path: Path, *arguments: str) -> Path:
    command = ["ffmpeg", "-y", "-v", "error", "-nostdin", *arguments, str(path)]
    subprocess.run(command, check=True, timeout=60, stdin=subprocess.DEVNULL)
    return path
