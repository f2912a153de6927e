"""A live voice from mouth to player: a tone with known edges in, found again in the recorder's file.

Real parts: an ffmpeg that records as a browser does (Opus in WebM, a piece each 100 ms), the server's encoder, its
relay in a process of its own, the device's player of streams and its recorder. Beside the player, N bare listeners; and
the same number of them at a bare asyncio writer, for the relay's processor time as a ratio.
"""

import asyncio
import contextlib
import multiprocessing as mp
import os
import resource
import secrets
import socket
import subprocess
import tempfile
import time
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from nguon.agent.effects import StartPlayer
from nguon.agent.events import Event, PlayerStarted
from nguon.agent.identity import Identity
from nguon.agent.store import Store
from nguon.agent.streams import StreamPlayer
from nguon.kit.plugs import load
from nguon.live.encoder import Encoder
from nguon.live.relay import RelayServer, pace
from nguon.ports.relay import Relay
from nguon.wire.messages import Play, Settings, Stream

RATE, BLOCK = 48_000, 0.02  # of the "microphone": samples and seconds
PIECE = 0.1  # seconds: what the page hands on at once
ON = 0.35  # seconds of a tone
GAPS = (0.6, 1.1, 0.8, 1.6, 0.7, 1.3, 0.9)  # seconds of silence, never alike: each tone can be told by its neighbours
LOOK = 0.005  # seconds between two looks at the recorder's file
BYTES = 8_000  # of the recorder's MP3, a second
LOUD = 3_000  # of 32,768: a tone
NETS = 8  # loopback addresses of listeners: one has not enough ports for many


SILENCE = bytes(2 * round(RATE * BLOCK))
TONE = array("h", [12_000 if (n // 24) % 2 else -12_000 for n in range(round(RATE * BLOCK))]).tobytes()


def score(seconds: float) -> list[float]:
    """When the tones begin, in seconds, on whole blocks."""
    found, at = [], 0.4
    while at + ON < seconds:
        found.append(round(at / BLOCK) * BLOCK)
        at += ON + GAPS[len(found) % len(GAPS)]
    return found


async def speak(seconds: float, encoder: Encoder) -> list[float]:
    """Speak in real time; the moments (monotonic) at which a tone began."""
    browser = await asyncio.create_subprocess_exec(
        *("ffmpeg", "-loglevel", "error", "-fflags", "nobuffer", "-probesize", "32", "-analyzeduration", "0"),
        *("-f", "s16le", "-ar", str(RATE), "-ac", "1", "-i", "pipe:0", "-c:a", "libopus", "-b:a", "48k"),
        *("-cluster_time_limit", "60", "-flush_packets", "1", "-f", "webm", "pipe:1"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert browser.stdin is not None
    pieces = asyncio.create_task(_pieces(browser, encoder))
    began, tones = time.monotonic(), score(seconds)
    for number in range(round(seconds / BLOCK)):
        at = number * BLOCK + BLOCK / 2
        await asyncio.sleep(max(0.0, began + at + BLOCK / 2 - time.monotonic()))  # a block is there when it is over
        browser.stdin.write(TONE if any(tone < at < tone + ON for tone in tones) else SILENCE)
    browser.stdin.close()
    await pieces
    await browser.wait()
    return [began + tone for tone in tones]


async def _pieces(browser: asyncio.subprocess.Process, encoder: Encoder) -> None:
    """What was recorded since the last piece, each tenth of a second."""
    assert browser.stdout is not None
    waiting, handed = bytearray(), time.monotonic()
    while data := await browser.stdout.read(65_536):
        waiting += data
        if time.monotonic() - handed >= PIECE:
            encoder.write(bytes(waiting))
            waiting.clear()
            handed = time.monotonic()


async def watch(path: Path, seen: list[tuple[float, int]]) -> None:
    """Note when the file has grown, and to what size."""
    size = 0
    while True:
        with contextlib.suppress(FileNotFoundError):
            now = os.stat(path).st_size
            if now != size:
                size = now
                seen.append((time.monotonic(), size))
        await asyncio.sleep(LOOK)


def found(path: Path, seen: list[tuple[float, int]]) -> list[float]:
    """The moments at which the beginning of each tone was in the file."""
    argv = ["ffmpeg", "-v", "error", "-i", str(path), "-f", "s16le", "-ar", "16000", "-ac", "1", "-"]
    samples = array("h", subprocess.run(argv, check=True, capture_output=True).stdout)
    moments, quiet = [], 0
    for at, value in enumerate(samples):
        if abs(value) > LOUD:
            if quiet > 16_000 * GAPS[0] / 2:
                needed = (at / 16_000 + 0.026) * BYTES  # its frame is whole
                moments.append(next((when for when, size in seen if size >= needed), seen[-1][0]))
            quiet = 0
        else:
            quiet += 1
    return moments


def delays(edges: list[float], moments: list[float]) -> list[float]:
    """Each tone found, against the one that it is: that at which the delays of all are most alike.

    The player may come after the first tones. Raises ValueError if what was found is not what was spoken.
    """
    fits = []
    for first in range(len(edges) - len(moments) + 1):
        late = [moment - edge for moment, edge in zip(moments, edges[first:], strict=False)]
        fits.append((max(late) - min(late), late))
    if len(moments) < 5 or not fits:
        raise ValueError(f"{len(moments)} tones were found of {len(edges)}")
    return min(fits)[1]


def _relay(port: int, login: str, cpu: Any) -> None:
    """The relay's process."""

    async def main() -> None:
        server = await RelayServer(login).start("127.0.0.1", port)
        await _told(cpu)
        server.close()

    _files()
    asyncio.run(main())


def _bare(port: int, listeners: int, cpu: Any) -> None:
    """As little as can be: an asyncio server that writes constant bytes to all who came, as often as the relay."""
    transports: list[asyncio.WriteTransport] = []

    class Plain(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            assert isinstance(transport, asyncio.WriteTransport)
            transports.append(transport)

    async def write() -> None:
        wait = pace(listeners)
        data = bytes(round(BYTES * wait))
        while True:
            await asyncio.sleep(wait)
            for transport in transports:
                transport.write(data)

    async def main() -> None:
        await asyncio.get_running_loop().create_server(Plain, "127.0.0.1", port, backlog=4096)
        writing = asyncio.create_task(write())
        await _told(cpu)
        writing.cancel()

    _files()
    asyncio.run(main())


async def _told(cpu: Any) -> None:
    """Say how much processor time was used each time somebody asks, until "end"."""
    while True:
        asked = await asyncio.to_thread(cpu.recv)
        used = resource.getrusage(resource.RUSAGE_SELF)
        cpu.send(used.ru_utime + used.ru_stime)
        if asked == "end":
            return


def _listen(port: int, name: str, listeners: int, ready: Any) -> None:
    """The process of bare listeners: they read and forget."""

    class Reader(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            assert isinstance(transport, asyncio.WriteTransport)
            transport.write(f"GET /{name}.mp3 HTTP/1.0\r\n\r\n".encode())

    async def main() -> None:
        loop = asyncio.get_running_loop()
        for number in range(listeners):
            await loop.create_connection(Reader, "127.0.0.1", port, local_addr=(f"127.0.0.{2 + number % NETS}", 0))
        ready.send(listeners)
        await asyncio.to_thread(ready.recv)

    _files()
    asyncio.run(main())


def _files() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


@contextmanager
def process(work: Callable[..., None], *arguments: Any) -> Iterator[Any]:
    """A process that is told to end at the end; the line to it."""
    context = mp.get_context("spawn")
    here, there = context.Pipe()
    child = context.Process(target=work, args=(*arguments, there), daemon=True)
    child.start()
    try:
        yield here
    finally:
        here.send("end")
        child.join(10)
        child.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def used(line: Any) -> float:
    """Processor seconds of a process so far."""
    line.send("used")
    return float(line.recv())


async def _mouth_to_player(port: int, password: str, name: str, seconds: float, cpu: Any) -> dict[str, Any]:
    relay: Relay = load("nguon.plugs.relays.own.Own")(f"http://source:{password}@127.0.0.1:{port}", "")
    feed = await relay.feed(name)
    encoder = Encoder(feed.write)
    await encoder.start()
    with tempfile.TemporaryDirectory(prefix="nguon-bench-") as folder:
        store, order = Store(Path(folder)), _order(relay.address(name, "127.0.0.1"))
        player = StreamPlayer("recorder", store, _nobody())
        told: list[Event] = []
        seen: list[tuple[float, int]] = []
        watching = asyncio.create_task(watch(store.recording(order.order.id), seen))
        asked = time.monotonic()
        player.play(order, Path("/"), told.append)
        before, began = used(cpu), time.monotonic()
        edges = await speak(seconds, encoder)
        spent = (used(cpu) - before) / (time.monotonic() - began)
        await asyncio.sleep(1.5)
        await player.close()
        watching.cancel()
        await encoder.close()
        await feed.close()
        late = delays(edges, found(store.recording(order.order.id), seen))
    if PlayerStarted(1) not in told:
        raise RuntimeError(f"the player never sounded: {told}")
    cuts = quantiles(late, n=20, method="inclusive")
    return {
        "edges": len(edges),
        "found": len(late),
        "mouth_to_player_p50_s": round(median(late), 3),
        "mouth_to_player_p95_s": round(cuts[18], 3),
        "mouth_to_player_max_s": round(max(late), 3),
        "first_sound_s": round(seen[0][0] - asked, 3),
        "relay_core_percent": round(100 * spent, 1),
    }


def _order(url: str) -> StartPlayer:
    stream = Stream(urls=(url,), duration=3_600_000, silence=0)
    return StartPlayer(1, Play(id="b" * 32, at=0, expires=1, level=80, stream=stream), 0, 50)


def _nobody() -> Identity:
    return Identity(
        "d" * 32, "", "http://127.0.0.1:9", "mqtt://127.0.0.1:9", Settings(id="5" * 32, at=0, version=1, areas=())
    )


def _bare_percent(listeners: int, seconds: float) -> float:
    port = _free_port()
    with process(_bare, port, listeners) as cpu:
        used(cpu)
        time.sleep(0.3)
        with process(_listen, port, "x", listeners) as ready:
            ready.recv()
            before, began = used(cpu), time.monotonic()
            time.sleep(seconds)
            return 100 * (used(cpu) - before) / (time.monotonic() - began)


def run(seconds: float, listeners: int) -> dict[str, Any]:
    """Speak for so long to one player and so many bare listeners."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nguon.config.settings")
    port, password, name = _free_port(), secrets.token_hex(8), secrets.token_hex(8)

    async def main(cpu: Any) -> dict[str, Any]:
        relay: Relay = load("nguon.plugs.relays.own.Own")(f"http://source:{password}@127.0.0.1:{port}", "")
        holder = await relay.feed(name)  # so that listeners find something; the voice takes its place
        with process(_listen, port, name, listeners) as ready:
            await asyncio.to_thread(ready.recv)
            figures = await _mouth_to_player(port, password, name, seconds, cpu)
        await holder.close()
        return figures

    with process(_relay, port, f"source:{password}") as cpu:
        used(cpu)
        time.sleep(0.3)
        figures = asyncio.run(main(cpu))
    bare = _bare_percent(listeners, min(seconds, 10)) if listeners else 0.0
    ratio = (
        {"bare_core_percent": round(bare, 1), "ratio": round(figures["relay_core_percent"] / bare, 2)} if bare else {}
    )
    return {"listeners": listeners, "seconds": seconds, **figures, **ratio}
