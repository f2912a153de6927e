"""ffmpeg and ffprobe as subprocesses. What they open is a file of a known kind of sound, and nothing else."""

import json
import os
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

KINDS = "mp3,wav,w64,aiff,ogg,flac,mov,matroska,webm,aac,amr,asf,caf,au,ac3,ape,wv,avi,mpeg,mpegts,flv"
"""Demultiplexers that may be used: none that opens further files or addresses (playlists, concat, images)."""
PROTOCOLS = "file,pipe"
UNWRITTEN = (b"Error writing trailer", b"Error closing file")
"""What it says when the last bytes found no room: it ends with 0 all the same, and a short sound is all in them."""
Progress = Callable[[float], None]
Report = Callable[[float], None]


class ToolFailed(Exception):
    """ffmpeg or ffprobe ended badly or did not end; the text is for the log."""


def opening(path: Path) -> list[str]:
    """The arguments that open an input: limited in protocols and kinds, its name never read as an option or address."""
    return ["-protocol_whitelist", PROTOCOLS, "-format_whitelist", KINDS, "-i", f"file:{path.absolute()}"]


def probe(path: Path, timeout: float = 30) -> dict[str, Any]:
    """What ffprobe knows of a file. Raises ToolFailed if it is no kind of sound or video."""
    asked = "format=duration,format_name:stream=codec_type,codec_name,duration,sample_rate,channels,channel_layout"
    asked += ",index:stream_disposition=attached_pic"
    command = ["ffprobe", "-v", "error", "-show_entries", asked, "-of", "json", *opening(path)]
    try:
        ended = subprocess.run(command, capture_output=True, timeout=timeout, check=False, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired as error:
        raise ToolFailed("ffprobe did not end in time") from error
    if ended.returncode != 0:
        raise ToolFailed(_tail(ended.stderr))
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def run(arguments: list[str], *, report: Report, timeout: float, folder: Path | None = None) -> str:
    """Run ffmpeg and give back its log; `report` gets the seconds of sound done so far. Raises ToolFailed.

    `folder` is where it runs: filters then name files by their bare names, which need no quoting.
    """
    command = ["ffmpeg", "-hide_banner", "-nostdin", "-nostats", "-progress", "pipe:1", *arguments]
    log = _Log()
    pipes: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, **pipes, env=_plain_environment(), cwd=folder) as process:
        killer = threading.Timer(timeout, process.kill)
        reader = threading.Thread(target=log.take, args=(process.stderr,), daemon=True)
        killer.start()
        reader.start()
        try:
            _follow(process, report)
            code = process.wait()
        except BaseException:
            process.kill()
            raise
        finally:
            killer.cancel()
            reader.join(timeout=5)
    if code != 0 or any(words in log.data for words in UNWRITTEN):
        raise ToolFailed(f"ffmpeg ended with {code}: {_tail(log.data)}")
    return log.data.decode(errors="replace")


class _Log:
    """The end of what a process writes to stderr; the beginning is dropped when it grows."""

    def __init__(self) -> None:
        self.data = b""

    def take(self, stream: Any) -> None:
        for line in iter(stream.readline, b""):
            self.data = (self.data + line)[-64_000:]


def _follow(process: subprocess.Popen[bytes], report: Report) -> None:
    """Read `-progress`: lines of key=value; out_time_us is the place in microseconds, or N/A."""
    assert process.stdout is not None
    for line in process.stdout:
        key, _, value = line.decode(errors="replace").strip().partition("=")
        if key == "out_time_us" and value.lstrip("-").isdigit():
            report(max(0, int(value)) / 1e6)


def _plain_environment() -> dict[str, str]:
    """The environment without locale, so that numbers in the log are written with a point."""
    return {**os.environ, "LC_ALL": "C.UTF-8"}


def _tail(log: bytes) -> str:
    return log.decode(errors="replace").strip()[-300:]
