"""Players: what makes sound, or says loudly that it makes none. Each plays one thing at a time."""

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Protocol, runtime_checkable

from nguon.agent import mpeg
from nguon.agent.effects import StartPlayer
from nguon.agent.events import Event, PlayerFailed, PlayerFinished, PlayerStarted
from nguon.agent.store import Store

log = logging.getLogger(__name__)
Tell = Callable[[Event], None]
FADE = 1.0  # seconds
STEP = 0.05  # seconds between two writes of the recorder


@lru_cache
def _say_once(words: str) -> None:
    """A warning, once for all devices of this process."""
    log.warning(words)


class Player(Protocol):
    """`play` tells PlayerStarted, then PlayerFinished or PlayerFailed, with the go of its order."""

    def play(self, order: StartPlayer, path: Path, tell: Tell) -> None:
        """Begin. The caller has stopped what played before."""

    def stop(self) -> None:
        """Silence at once; what played tells nothing more."""


@runtime_checkable
class Closes(Protocol):
    """A player that has something to wait for at the end."""

    async def close(self) -> None:
        """Stop, and wait until nothing is left of what played."""


class Tasked:
    """A player whose playing is one task; cancelling it is silence."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None
        self._ending: set[asyncio.Task[None]] = set()

    def play(self, order: StartPlayer, path: Path, tell: Tell) -> None:
        self.stop()
        self._task = asyncio.get_running_loop().create_task(self._guarded(order, path, tell))

    def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._ending.add(self._task)
            self._task.add_done_callback(self._ending.discard)
            self._task = None

    async def close(self) -> None:
        """Stop, and wait until nothing is left of what played."""
        self.stop()
        await asyncio.gather(*self._ending, return_exceptions=True)

    async def _guarded(self, order: StartPlayer, path: Path, tell: Tell) -> None:
        try:
            await self._play(order, path, tell)
        except (OSError, ValueError) as error:
            tell(PlayerFailed(order.go, str(error)))

    async def _play(self, order: StartPlayer, path: Path, tell: Tell) -> None:
        raise NotImplementedError


def _files_only(order: StartPlayer) -> None:
    if order.order.stream is not None:
        raise ValueError("this player plays files, and no streams")


class Timer(Tasked):
    """Keeps time and MAKES NO SOUND: for swarms so large that a file per device would be too much."""

    def __init__(self) -> None:
        super().__init__()
        _say_once("the timer player only keeps time: it makes NO SOUND and records none")

    async def _play(self, order: StartPlayer, path: Path, tell: Tell) -> None:
        tell(PlayerStarted(order.go))
        duration = order.order.duration
        await asyncio.sleep(max(duration - order.offset, 0) / 1000)
        tell(PlayerFinished(order.go, duration))


class Recorder(Tasked):
    """Writes what a loudspeaker would play into a file, frame by frame at the pace of the clock.

    What breaks off is a shorter file; what goes on is written on behind. MAKES NO SOUND, and says so.
    """

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        _say_once("the recorder player writes sounds to files below its home and makes NO SOUND itself")

    async def _play(self, order: StartPlayer, path: Path, tell: Tell) -> None:
        _files_only(order)
        data = await asyncio.to_thread(path.read_bytes)
        found = await asyncio.to_thread(lambda: list(mpeg.frames(data)))
        if not found:
            raise ValueError("no MP3 frame in it; the recorder knows only MP3")
        with self._store.recording(order.order.id).open("ab", buffering=0) as file:
            began = time.monotonic() * 1e6 - order.offset * 1000
            position, chunk = 0.0, bytearray()
            tell(PlayerStarted(order.go))
            for frame in found:
                position += frame.duration
                if position <= order.offset * 1000:
                    continue
                if position > time.monotonic() * 1e6 - began:
                    file.write(chunk)
                    chunk.clear()
                    await asyncio.sleep(max(STEP, position / 1e6 - time.monotonic() + began / 1e6))
                chunk += data[frame.start : frame.start + frame.size]
            file.write(chunk)
        tell(PlayerFinished(order.go, round(position / 1000)))


class Program(Tasked):
    """A real player as a child process, killed for silence. It has started when its first status line comes."""

    def __init__(self, arguments: Callable[[StartPlayer, Path], list[str]]) -> None:
        super().__init__()
        self._arguments = arguments

    async def _play(self, order: StartPlayer, path: Path, tell: Tell) -> None:
        _files_only(order)
        process = await asyncio.create_subprocess_exec(
            *self._arguments(order, path),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            began, words = await self._follow(process, order.go, tell)
            code = await process.wait()
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()  # so that nothing of it is left
        if code != 0 or began is None:
            raise OSError(f"the player ended with {code}: {words or 'without a word'}")
        tell(PlayerFinished(order.go, order.offset + round((time.monotonic() - began) * 1000)))

    async def _follow(self, process: asyncio.subprocess.Process, go: int, tell: Tell) -> tuple[float | None, str]:
        """Read what it says to the end. When it began (monotonic seconds), and its last words that are no status."""
        assert process.stdout is not None
        began, words, rest = None, "", b""
        while piece := await process.stdout.read(4096):
            *lines, rest = (rest + piece).replace(b"\r", b"\n").split(b"\n")
            for line in (text.decode(errors="replace").replace("\x1b[K", "").strip() for text in lines):
                if _is_status(line):
                    if began is None:
                        began = time.monotonic()
                        tell(PlayerStarted(go))
                elif line:
                    words = line[:300]
            rest = rest[-4096:]
        return began, words


def _is_status(line: str) -> bool:
    """mpv is told to say `at <seconds>`; ffplay says `<seconds> M-A: …`, `nan` until sound comes out."""
    first, _, rest = line.partition(" ")
    number = rest.split(" ")[0] if first == "at" else first if "M-A:" in rest or "A-V:" in rest else ""
    return number.replace(".", "", 1).isdigit()


def fade(order: StartPlayer) -> list[str]:
    """The filter for a sound that begins in its middle: from silence within a second, so that nobody is startled."""
    return [f"afade=t=in:st={order.offset / 1000:.3f}:d={FADE}"] if order.offset else []


def mpv(order: StartPlayer, path: Path) -> list[str]:
    """The command of mpv: no window, no keys, no configuration of the user's."""
    return [
        *(
            "mpv",
            "--no-config",
            "--no-video",
            "--no-input-terminal",
            "--input-default-bindings=no",
            "--msg-level=all=error",
        ),
        *("--msg-level=all=error,statusline=status", "--term-status-msg=at ${=time-pos}"),
        *(f"--volume={order.volume}", f"--start={order.offset / 1000:.3f}"),
        *(f"--af=lavfi=[{each}]" for each in fade(order)),
        *os.environ.get("NGUON_PLAYER_OPTIONS", "").split(),
        *("--", str(path)),
    ]


def ffplay(order: StartPlayer, path: Path) -> list[str]:
    """The command of ffplay: no window, ends by itself."""
    return [
        *("ffplay", "-hide_banner", "-nodisp", "-autoexit", "-vn", "-loglevel", "error", "-stats"),
        *("-volume", str(order.volume), "-ss", f"{order.offset / 1000:.3f}"),
        *(word for each in fade(order) for word in ("-af", each)),
        *os.environ.get("NGUON_PLAYER_OPTIONS", "").split(),
        *("-i", str(path)),
    ]


NAMES = ("mpv", "ffplay", "recorder", "timer")


def build(name: str, store: Store) -> Player:
    """The player of this name. Raises ValueError for another name."""
    match name:
        case "mpv":
            return Program(mpv)
        case "ffplay":
            return Program(ffplay)
        case "recorder":
            return Recorder(store)
        case "timer":
            return Timer()
    raise ValueError(f"no player {name!r}; there are {', '.join(NAMES)}")
