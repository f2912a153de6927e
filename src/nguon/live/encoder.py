"""What a browser records as it goes, made into MP3 for loudspeakers as it goes: one ffmpeg for each connection."""

import asyncio
import contextlib
from collections.abc import Callable

KINDS = "matroska,webm,ogg,mov,mp4"  # what browsers record; the demultiplexers that may be used
RATE = 44_100
# A voice near a microphone: no rumble, loud and soft brought together, and never over the top.
CHAIN = "highpass=f=90,acompressor=threshold=-22dB:ratio=4:attack=5:release=120:makeup=8dB,alimiter=limit=0.89:level=0"
CODING = ("-c:a", "libmp3lame", "-b:a", "64k", "-reservoir", "0", "-write_xing", "0", "-id3v2_version", "0")
BEHIND = 262_144  # bytes of the browser's sound that may wait for ffmpeg


class EncoderFailed(Exception):
    """ffmpeg ended by itself; its last words, for the log."""


class Encoder:
    """`tell(mp3)` gets whole packets as they are made. Begin it with `start`, end it with `close`."""

    def __init__(self, tell: Callable[[bytes], None]) -> None:
        self._tell = tell
        self._process: asyncio.subprocess.Process | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._said = b""

    async def start(self) -> None:
        """Raises OSError without ffmpeg."""
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(*command(), stdin=pipe, stdout=pipe, stderr=pipe)
        self._tasks = [asyncio.create_task(self._give()), asyncio.create_task(self._listen())]

    async def _give(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        while data := await self._process.stdout.read(8192):
            self._tell(data)

    async def _listen(self) -> None:
        assert self._process is not None
        assert self._process.stderr is not None
        while piece := await self._process.stderr.read(4096):
            self._said = (self._said + piece)[-300:]

    def write(self, data: bytes) -> None:
        """A piece of what the browser records, in order from the first. Raises EncoderFailed."""
        assert self._process is not None
        pipe = self._process.stdin
        assert pipe is not None
        late = pipe.transport.get_write_buffer_size() > BEHIND
        if late or pipe.is_closing() or self._process.returncode is not None:
            raise EncoderFailed(self._said.decode(errors="replace").strip() or "it takes no more")
        pipe.write(data)

    async def close(self) -> None:
        """Give what is left, for a moment; then no more."""
        if self._process is None:
            return
        assert self._process.stdin is not None
        self._process.stdin.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                await asyncio.gather(*self._tasks)
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._process.wait()
        with contextlib.suppress(ConnectionError):
            await self._process.stdin.wait_closed()


def command() -> list[str]:
    """ffmpeg from a pipe to a pipe: it opens nothing else, and waits for nothing it does not need."""
    return [
        *("ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "error", "-fflags", "nobuffer", "-flags", "low_delay"),
        *("-probesize", "1024", "-analyzeduration", "0", "-protocol_whitelist", "pipe", "-format_whitelist", KINDS),
        *("-i", "pipe:0", "-vn", "-af", CHAIN, "-ac", "1", "-ar", str(RATE), *CODING),
        *("-flush_packets", "1", "-f", "mp3", "pipe:1"),
    ]
