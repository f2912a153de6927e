"""Where the sound of a stream goes: a program that plays it, or the recorder's file. It comes as plain samples."""

import asyncio
import contextlib
import os
from pathlib import Path
from typing import Protocol, Self

from nguon.agent.effects import StartPlayer
from nguon.agent.store import Store

RATE = 44_100  # samples a second, 16 bits, one channel
BYTES = 2 * RATE  # a second
BEHIND = BYTES  # of samples that wait: live sound is left out rather than heard later and later
SAMPLES = ("-f", "s16le", "-ar", str(RATE), "-ac", "1")
QUIET = ("ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "error")


class Outlet(Protocol):
    """Made for one order, and closed when it is over: then nothing sounds any more."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(self, *_: object) -> None: ...

    async def write(self, samples: bytes) -> None:
        """Let these sound after what came before. Raises OSError when that cannot be."""


class Child:
    """Samples into a program; `record` is the file its output goes to. It ends with the `with`, at once."""

    def __init__(self, argv: list[str], *, live: bool, record: str = "") -> None:
        self._argv, self._live, self._record = argv, live, record

    async def __aenter__(self) -> Self:
        with Path(self._record or os.devnull).open("ab") as out:  # noqa: ASYNC230 - a local file, opened once
            self._process = await asyncio.create_subprocess_exec(
                *self._argv,
                stdin=asyncio.subprocess.PIPE,
                stdout=out,
                stderr=asyncio.subprocess.PIPE,
            )
        self._saying = asyncio.create_task(self._listen())
        return self

    async def _listen(self) -> str:
        """Its last words; read all the time, or it would stand still one day."""
        assert self._process.stderr is not None
        said = b""
        while piece := await self._process.stderr.read(4096):
            said = (said + piece)[-300:]
        return said.decode(errors="replace").strip()

    async def __aexit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        if self._record:  # an encoder gives back what it still holds; a player would go on sounding
            with contextlib.suppress(TimeoutError, asyncio.CancelledError):
                await asyncio.wait_for(self._process.wait(), 1)
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        with contextlib.suppress(ConnectionError):
            await self._process.stdin.wait_closed()
        self._saying.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._saying

    async def write(self, samples: bytes) -> None:
        pipe = self._process.stdin
        assert pipe is not None
        if self._process.returncode is not None or pipe.is_closing():
            raise OSError(f"the player ended: {await self._saying or 'without a word'}")
        if self._live and pipe.transport.get_write_buffer_size() > BEHIND:
            return
        pipe.write(samples)
        try:
            if not self._live:
                await pipe.drain()
        except ConnectionError:
            raise OSError(f"the player ended: {await self._saying or 'without a word'}") from None


def mpv(order: StartPlayer, live: bool, store: Store) -> Outlet:
    """mpv, with a tenth of a second of its own between us and the loudspeaker."""
    argv = [
        *("mpv", "--no-config", "--no-video", "--no-terminal", "--cache=no", "--audio-buffer=0.1"),
        *("--demuxer=rawaudio", f"--demuxer-rawaudio-rate={RATE}", "--demuxer-rawaudio-channels=1"),
        *("--demuxer-rawaudio-format=s16le", f"--volume={order.volume}"),
        *os.environ.get("NGUON_PLAYER_OPTIONS", "").split(),
        "-",
    ]
    return Child(argv, live=live)


def ffplay(order: StartPlayer, live: bool, store: Store) -> Outlet:
    """ffplay, without a window."""
    argv = [
        *("ffplay", "-hide_banner", "-nodisp", "-vn", "-loglevel", "error", "-fflags", "nobuffer", "-autoexit"),
        *("-probesize", "32", "-analyzeduration", "0", "-volume", str(order.volume)),
        *os.environ.get("NGUON_PLAYER_OPTIONS", "").split(),
        *("-f", "s16le", "-ar", str(RATE), "-ac", "1", "-i", "pipe:0"),
    ]
    return Child(argv, live=live)


def recorder(order: StartPlayer, live: bool, store: Store) -> Outlet:
    """The recorder's file, written on behind what is there. MAKES NO SOUND, as `players.Recorder` says."""
    coding = ("-c:a", "libmp3lame", "-b:a", "64k", "-reservoir", "0", "-write_xing", "0", "-id3v2_version", "0")
    argv = [
        *(*QUIET, "-fflags", "nobuffer", "-probesize", "32", "-analyzeduration", "0", *SAMPLES, "-i", "pipe:0"),
        *(*coding, "-flush_packets", "1", "-f", "mp3", "pipe:1"),
    ]
    return Child(argv, live=live, record=str(store.recording(order.order.id)))


KINDS = {"mpv": mpv, "ffplay": ffplay, "recorder": recorder}
