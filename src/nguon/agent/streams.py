"""The player of streams: another station relayed, or somebody who speaks now.

An address is opened (`stations`), ffmpeg makes plain samples of what comes, their level is looked at, and they go to
the outlet (`outlets`). No sound for a while: the next address, round and round. It ends at its duration in any case.
"""

import asyncio
import contextlib
from array import array
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from nguon.agent import outlets, tls
from nguon.agent.effects import StartPlayer
from nguon.agent.events import PlayerFailed, PlayerFinished, PlayerStarted
from nguon.agent.identity import Identity
from nguon.agent.outlets import BYTES, QUIET, SAMPLES, Outlet
from nguon.agent.players import Closes, Player, Tasked, Tell
from nguon.agent.stations import CONNECT, Flow, NoSound, Pieces, Stations
from nguon.agent.store import Store
from nguon.wire.ladder import Level

HEARD = 130  # of 32,768: a peak over this (-48 dBFS) is sound
LEAD = 0.5  # seconds a relay may be ahead of the clock: then a file, or what a server sends at first, waits
LATE = 0.4  # seconds a live voice may lag: what comes at once after a slow start or a stop of the line is left out
STOPPED = 0.5  # seconds without a sample: the line stood still
KNOWN = "mp3,aac,ogg,wav,flac,mpegts,mov,matroska,hls"  # demultiplexers; none that opens what the list does not allow
PIECES = "http,https,tcp,tls,crypto"


@dataclass(frozen=True)
class Patience:
    """Seconds. `first`: from the beginning until sound must have come out; `later`: without sound before it is given
    up; `stalled`: without a byte before the next address; `pause`, `longest`: between two rounds, doubling.
    """

    first: float = 40.0
    later: float = 40.0
    stalled: float = 10.0
    pause: float = 1.0
    longest: float = 20.0
    each: float = 8.0  # an address gets at least so long at the beginning


class StreamPlayer(Tasked):
    """A `Player` for orders with a stream. Fails with the words of each address when none gave sound in time."""

    def __init__(self, outlet: str, store: Store, identity: Identity, patience: Patience | None = None) -> None:
        """`outlet` is a name in `outlets.KINDS`."""
        super().__init__()
        self._outlet, self._store, self._identity = outlets.KINDS[outlet], store, identity
        self._patience = patience or Patience()

    async def _play(self, order: StartPlayer, path: Path, tell: Tell) -> None:
        live = order.order.level >= Level.LIVE
        timeout = httpx.Timeout(self._patience.stalled, connect=CONNECT)
        async with (
            httpx.AsyncClient(timeout=timeout, verify=tls.context()) as client,
            self._outlet(order, live, self._store) as outlet,
        ):
            show = _Show(order, live, outlet, Stations(client, self._identity), tell, self._patience)
            try:
                await show.run()
            except _GivenUp as error:
                tell(PlayerFailed(order.go, str(error), show.heard_to()))
                return
        tell(PlayerFinished(order.go, order.order.duration))


class _GivenUp(Exception):
    """No address gives sound; the words of each."""


class _Lost(Exception):
    """This address gives no sound, or none any more; why."""


@dataclass
class _Show:
    """One stream order while it sounds."""

    order: StartPlayer
    live: bool
    outlet: Outlet
    stations: Stations
    tell: Tell
    patience: Patience
    started: bool = False
    began_at: float = 0.0  # loop time: when sound first came
    heard_at: float = 0.0  # when sound last came, at first when we began
    written: float = 0.0  # seconds of sound since `paced_from`
    paced_from: float = 0.0
    came_at: float = 0.0  # when the last sample came
    pause: float = 0.0
    why: dict[str, str] = field(default_factory=dict)
    limit: asyncio.Timeout = field(default_factory=lambda: asyncio.timeout(None))

    async def run(self) -> None:
        """Until its duration is over. Raises _GivenUp, OSError."""
        stream = self.order.order.stream
        assert stream is not None
        self.loop = asyncio.get_running_loop()
        self.heard_at, self.pause, self.silence = self.loop.time(), self.patience.pause, stream.silence / 1000
        self.urls = stream.urls
        try:
            async with self.limit:
                await self._round_and_round()
        except TimeoutError:
            if not self.limit.expired():
                raise

    async def _round_and_round(self) -> None:
        while True:
            for url in self.urls:
                try:
                    await self._listen(url)
                except (_Lost, NoSound) as error:
                    self.why[url] = str(error)
                except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
                    self.why[url] = f"it cannot be reached: {error or type(error).__name__}"
                self._perhaps_give_up()
            await asyncio.sleep(self.pause)
            self.pause = min(self.pause * 2, self.patience.longest)

    def heard_to(self) -> int:
        """How far (ms) into the content sound was heard: the silence in which we waited for more is not counted."""
        return self.order.offset + round((self.heard_at - self.began_at) * 1000) if self.started else self.order.offset

    def _perhaps_give_up(self) -> None:
        """When the time is over, but never before each address had its turn."""
        if len(self.why) < len(set(self.urls)):
            return
        without = self.loop.time() - self.heard_at
        if without + self.pause >= (self.patience.later if self.started else self.patience.first):
            raise _GivenUp("no sound from " + "; ".join(f"{url}: {why}" for url, why in self.why.items()))

    async def _listen(self, url: str) -> None:
        """Let one address sound until it gives none any more. Raises _Lost, NoSound, httpx.HTTPError, OSError."""
        async with self.stations.open(url) as source, _decoded(source) as decoder:
            since, heard = self.loop.time(), False
            self.written, self.paced_from = 0.0, since
            while True:
                samples = await self._next(decoder)
                now = self.loop.time()
                if self.silence == 0 or loud(samples):
                    since, heard = now, True
                    self._heard(now)
                elif now - since >= self._allowed(heard):
                    raise _Lost(f"it is silent for {now - since:.0f} s")
                if self.started and heard:
                    await self._sound(samples)

    async def _next(self, decoder: "_Decoder") -> bytes:
        try:
            async with asyncio.timeout(self.patience.stalled):
                samples = await decoder.read()
        except TimeoutError:
            raise _Lost(f"nothing came for {self.patience.stalled:.0f} s") from None
        if not samples:
            raise _Lost(await decoder.words() or "it ended")
        return samples

    def _allowed(self, heard: bool) -> float:
        """How long it may be silent now: at the beginning each address must have had its turn in time."""
        if heard or self.started:
            return self.silence
        return min(self.silence, max(self.patience.each, self.patience.first / len(self.urls) - 1))

    def _heard(self, now: float) -> None:
        self.heard_at, self.pause = now, self.patience.pause
        if not self.started:
            self.started = True
            self.began_at = self.paced_from = now
            left = max(self.order.order.duration - self.order.offset, 0) / 1000
            self.limit.reschedule(now + left)
            self.tell(PlayerStarted(self.order.go))

    async def _sound(self, samples: bytes) -> None:
        """To the outlet: a relay whole and not faster than it is heard, a live voice as soon as it can be."""
        length, now = len(samples) / BYTES, self.loop.time()
        if self.live:
            if now - self.came_at > STOPPED:
                self.paced_from, self.written = now, 0.0
            self.came_at = now
            if self.written + length > now - self.paced_from + LATE:
                return
        await self.outlet.write(samples)
        self.written += length
        if not self.live and (ahead := self.paced_from + self.written - self.loop.time()) > LEAD:
            await asyncio.sleep(ahead - LEAD)


def loud(samples: bytes) -> bool:
    """Whether some of these 16-bit samples are sound; every eighth is looked at."""
    some = array("h", samples)[::8]
    return max(some) > HEARD or min(some) < -HEARD


class _Decoder:
    """ffmpeg making samples of one source."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process, self._rest = process, b""

    async def read(self) -> bytes:
        """The next samples as they come, whole ones; empty at the end."""
        assert self._process.stdout is not None
        while True:
            found = self._rest + (piece := await self._process.stdout.read(BYTES // 10))
            whole = len(found) - len(found) % 2
            self._rest = found[whole:]
            if whole or not piece:
                return found[:whole]

    async def words(self) -> str:
        """Its last words, after the end."""
        assert self._process.stderr is not None
        said = (await self._process.stderr.read(4096)).decode(errors="replace").strip()
        return said.splitlines()[-1][:200] if said else ""


@contextlib.asynccontextmanager
async def _decoded(source: Flow | Pieces) -> AsyncIterator[_Decoder]:
    """ffmpeg over a source: no file, and no address but those of a playlist's pieces."""
    process = await asyncio.create_subprocess_exec(
        *arguments(source),
        stdin=asyncio.subprocess.PIPE if isinstance(source, Flow) else asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=BYTES,
    )
    feeding = asyncio.create_task(_feed(source, process)) if isinstance(source, Flow) else None
    try:
        yield _Decoder(process)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        if feeding is not None:
            feeding.cancel()
            await asyncio.gather(feeding, return_exceptions=True)
        if process.stdin is not None:
            with contextlib.suppress(ConnectionError):
                await process.stdin.wait_closed()
        await process.communicate()  # not `wait`: that waits for ever while samples nobody reads stand in the pipe


def arguments(source: Flow | Pieces) -> list[str]:
    """The command of ffmpeg for a source."""
    into = ("-vn", *SAMPLES, "-flush_packets", "1", "pipe:1")
    if isinstance(source, Pieces):
        opened = ("-protocol_whitelist", PIECES, "-format_whitelist", KNOWN, "-rw_timeout", "10000000")
        return [*QUIET, *opened, "-i", source.url, *into]
    kind = ("-f", source.kind) if source.kind else ()
    quick = ("-fflags", "nobuffer", "-probesize", "4096", "-analyzeduration", "0") if source.kind == "mp3" else ()
    return [*QUIET, *quick, "-protocol_whitelist", "pipe", "-format_whitelist", KNOWN, *kind, "-i", "pipe:0", *into]


async def _feed(source: Flow, process: asyncio.subprocess.Process) -> None:
    """The bytes into ffmpeg; at their end, or when they break off, so does its input."""
    assert process.stdin is not None
    try:
        async for piece in source.pieces:
            process.stdin.write(piece)
            await process.stdin.drain()
    except (httpx.HTTPError, ConnectionError):
        pass
    finally:
        process.stdin.close()


class Either:
    """A player for files and one for streams, as one: what begins ends the other."""

    def __init__(self, files: Player, streams: Player) -> None:
        self._files, self._streams = files, streams

    def play(self, order: StartPlayer, path: Path, tell: Tell) -> None:
        self.stop()
        (self._streams if order.order.stream else self._files).play(order, path, tell)

    def stop(self) -> None:
        self._files.stop()
        self._streams.stop()

    async def close(self) -> None:
        """Stop, and wait until nothing is left of either."""
        for player in (self._files, self._streams):
            if isinstance(player, Closes):
                await player.close()


def beside(files: Player, name: str, store: Store, identity: Identity) -> Player:
    """The player of this name with one for streams beside it; the timer only keeps time of those too."""
    return Either(files, StreamPlayer(name, store, identity)) if name in outlets.KINDS else files
