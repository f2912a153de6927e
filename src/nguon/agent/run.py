"""One device: the core joined to its shells in one asyncio loop."""

import asyncio
import contextlib
import logging
import random
from collections import deque
from importlib.metadata import version
from pathlib import Path

import httpx

from nguon.agent import core, events, identity, players, streams, tls
from nguon.agent import effects as ef
from nguon.agent.amplifier import Amplified
from nguon.agent.hour import Hour
from nguon.agent.link import Link
from nguon.agent.meter import Meter
from nguon.agent.planner import Planner
from nguon.agent.proof import Prover
from nguon.agent.signal import Signal
from nguon.agent.spare import Spare
from nguon.agent.state import State, believing, fresh, wanted
from nguon.agent.store import Store
from nguon.agent.vitals import Measures
from nguon.wire import codec
from nguon.wire.ladder import Level
from nguon.wire.messages import Vitals
from nguon.wire.trust import Ring

TICK = 1.0  # seconds between two looks at the clock, at most: clocks are set while we sleep
SHORTEST = 0.01  # and at least, should the core ask for the past: a fault must not take the whole processor
RECORDINGS = 100  # kept besides those still to be sent
TIDY_EVERY = 600.0  # seconds
CLOCK_EVERY = 600.0  # seconds between two looks at the server's clock
CLOCK_SLOWEST = 60.0  # and between two tries while it has not been seen, at most
CLOCK_DOUBTED = 15.0  # and at least, whatever is heard: a flood must not become one at the server
CLOCK_SPREAD = 2.0  # seconds over which devices that doubt the same order ask
CLOCK_PATIENCE = 60.0  # so long what is held at power-up waits for the server's clock
SIGNAL_EVERY = 60.0  # seconds between two looks at the signal
LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING}


def software() -> str:
    """Name and version of this program, as told to the server."""
    return f"nguon-agent {version('nguon')}"[:40]


class Agent:
    """The device enrolled in `home`. Raises identity.NotEnrolled, OSError. `run` until cancelled, or until `unplug`."""

    def __init__(
        self, home: Path, player: str = "mpv", *, proof: bool = False, signal_file: Path | None = None
    ) -> None:
        self.identity = identity.load(home)
        self.log = logging.getLogger(f"nguon.agent.{self.identity.device[-6:]}")
        self._hour = Hour()
        self._store = Store(home)
        self._player = streams.beside(players.build(player, self._store), player, self._store, self.identity)
        self._amplified = Amplified(self._player, self._hour.now, lambda: self.state.settings.warm_up)
        self._proof = proof
        self._meter = Meter()
        hooks = {"response": [self._meter.see]}
        self._client = httpx.AsyncClient(timeout=20, verify=tls.context(), event_hooks=hooks)
        self._link = Link(self.identity, self.tell, self._will)
        self._fetcher = Spare(
            self._store,
            self.identity,
            self.tell,
            self._wanted,
            self._hour.now,
            is_urgent=self._is_urgent,
            count=self._meter.add,
        )
        self._planner = Planner(
            self._store, self.identity, self.tell, self._kept_plans, self._hour.now, self._meter.add, self._ring
        )
        self._prover = Prover(self._client, self.identity, self._store.recording, self.tell)
        self._measures = Measures(home, self.identity.server, self._hour, signal=Signal(signal_file))
        self._todo: deque[ef.Effect] = deque()
        self._working = False
        self._saving: asyncio.Task[None] | None = None
        self._clock_doubted = asyncio.Event()
        self._tick: asyncio.TimerHandle | None = None
        self._running: asyncio.Task[None] | None = None
        self._ended = self._unplugged = False
        self.state = self._remembered()

    def _remembered(self) -> State:
        state = self._store.load()
        if state is not None and state.device == self.identity.device:
            return believing(state, self.identity.ring())
        if state is not None:
            self.log.warning("the saved state is of another device (%s) and is not used", state.device)
        return fresh(self.identity.settings, self.identity.device, self.identity.ring(), software())

    def _wanted(self) -> dict[str, int]:
        return wanted(self.state, self._hour.now())

    def _is_urgent(self, digest: str) -> bool:
        held = self.state.held.values()
        return any(one.order.sha256 == digest and one.order.level >= Level.EMERGENCY for one in held)

    def _ring(self) -> Ring:
        return self.state.ring

    def _kept_plans(self) -> dict[str, int]:
        """The one in force, and the one that comes: neither makes room for the other."""
        coming = self.state.announced
        return {
            digest: 0
            for digest in (self.state.agenda and self.state.agenda.sha256, coming and coming.document.sha256)
            if digest
        }

    async def run(self) -> None:
        """Be the device. Ends in good order when cancelled; returns after `unplug`. Raises OSError if one runs here."""
        with self._store.alone():
            await self._run()

    async def _run(self) -> None:
        self._running = asyncio.create_task(self._live())
        try:
            await self._running
        except asyncio.CancelledError:
            if not self._unplugged:
                raise
        finally:
            self._ended = True
            if self._tick is not None:
                self._tick.cancel()
            self._amplified.stop()
            if self._saving is not None:
                await self._saving
            if not self._unplugged:
                self._write(self.state)
            await self._amplified.close()
            await self._fetcher.close()
            await self._planner.close()
            await self._prover.close()
            await self._client.aclose()

    async def _live(self) -> None:
        self._amplified.begin_silent()
        await self._wait_for_the_time()
        self._hour.follow()
        self.tell(events.Restored(self._proof, self._hour.checked))
        async with asyncio.TaskGroup() as group:
            group.create_task(self._link.run())
            group.create_task(self._watch_clock())
            group.create_task(self._watch_signal())
            group.create_task(self._tidy())

    def unplug(self) -> None:
        """As if the plug were pulled: silence, no farewell, nothing saved. The broker publishes the last will."""
        self._ended = self._unplugged = True
        self._amplified.stop()
        self._link.cut()
        if self._running is not None:
            self._running.cancel()

    async def _wait_for_the_time(self) -> None:
        """Before anything sounds; but the network may be away for days, and with empty hands there is no hurry.

        What is due meanwhile is not kept waiting, unless the clock is surely wrong.
        """
        loop, wait = asyncio.get_running_loop(), 1.0
        until = loop.time() + self._patience()
        while await self._measures.ask_the_time(self._client) is None and (self.state.held or self.state.agenda):
            if loop.time() + wait > until:
                self.log.warning("the server does not tell the time: going by the clock of this machine")
                return
            await asyncio.sleep(wait)
            wait = min(wait * 2, CLOCK_SLOWEST)

    def _patience(self) -> float:
        """Seconds to wait for the server's clock: not into the next item of the plan."""
        now, agenda = self._hour.now(), self.state.agenda
        if agenda is None or now < self.state.seen or (index := agenda.after(now)) == len(agenda.plays):
            return CLOCK_PATIENCE
        return min(CLOCK_PATIENCE, (agenda.plays[index].start - self.state.settings.warm_up - now) / 1000)

    async def _tidy(self) -> None:
        while True:
            with contextlib.suppress(OSError):
                kept = frozenset({*self.state.proofs, *self.state.held})
                await asyncio.to_thread(self._store.keep_recordings, RECORDINGS, kept)
            await asyncio.sleep(TIDY_EVERY)

    async def _watch_signal(self) -> None:
        while True:
            self.tell(events.Measured(await self._measures.measure_signal()))
            await asyncio.sleep(SIGNAL_EVERY)

    async def _watch_clock(self) -> None:
        wait = 1.0
        while True:
            usual = CLOCK_EVERY if self._hour.checked else wait
            doubted = await self._clock_doubted_within(usual * random.uniform(0.7, 1.3))  # not all devices at once
            self._clock_doubted.clear()
            wait = min(wait * 2, CLOCK_SLOWEST)
            moved = await self._measures.ask_the_time(self._client)
            if moved is not None and (moved or not self.state.checked):
                self.log.info("the clock was set by %d ms", moved)
                self.tell(events.ClockMoved(moved, True))
            if doubted:
                await asyncio.sleep(CLOCK_DOUBTED)

    async def _clock_doubted_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._clock_doubted.wait(), seconds)
        except TimeoutError:
            return False
        await asyncio.sleep(random.uniform(0, CLOCK_SPREAD))
        return True

    def tell(self, event: events.Event) -> None:
        """Let the core take one event, and do what it asks. In the loop's own thread only."""
        if self._ended:
            return
        if moved := self._hour.follow():
            self.log.info("the clock of this machine was set by %d ms", moved)
            self._take(events.ClockMoved(moved, False))
        if isinstance(event, events.Heard):
            self._meter.add(len(event.data))
        if used := self._meter.take():
            self._take(events.Metered(used))
        self._take(event)
        self._work()
        self._set_tick()

    def _take(self, event: events.Event) -> None:
        try:
            self.state, effects = core.step(self.state, event, self._hour.now())
        except Exception:  # a fault of ours in one event must not silence the device for the next
            self.log.exception("the core could not take %s", type(event).__name__)
            return
        for effect in effects:
            if isinstance(effect, ef.StopPlayer):
                self._silence(effect)
            elif isinstance(effect, ef.StartPlayer) and effect.order.level >= Level.EMERGENCY:
                self._try(effect)  # a warning waits for no disk either
            else:
                self._todo.append(effect)

    def _silence(self, effect: ef.StopPlayer) -> None:
        """Silence waits for no disk; and what was to begin behind a save does not begin."""
        self._amplified.stop()
        waiting = (each for each in self._todo if not (isinstance(each, ef.StartPlayer) and each.go == effect.go))
        self._todo = deque(waiting)

    def _work(self) -> None:
        """Do what is to be done, in order. A save is made in a thread; what stands behind it waits for it."""
        if self._working or self._saving is not None:
            return
        self._working = True
        try:
            while self._todo:
                effect = self._todo.popleft()
                if isinstance(effect, ef.Save):
                    self._saving = asyncio.get_running_loop().create_task(self._save())
                    return
                self._try(effect)
        finally:
            self._working = False

    def _try(self, effect: ef.Effect) -> None:
        try:
            self._do(effect)
        except Exception:  # a fault of the machine in one thing must not keep the others from being done
            self.log.exception("%s could not be done", type(effect).__name__)

    def _do(self, effect: ef.Effect) -> None:
        match effect:
            case ef.Send(what, message):
                if isinstance(message, Vitals):
                    message = self._measures.complete(message)
                data = codec.encode(message)
                self._meter.add(len(data))
                self._link.send(what, data)
            case ef.StartPlayer():
                self.log.info("playing %s from %d ms: %s", effect.order.id, effect.offset, effect.order.title)
                self._amplified.play(effect, self._fetcher.path(effect.order.sha256 or ""), self.tell)
            case ef.Fetch(content, until):
                self._fetcher.fetch(content, until)
            case ef.FetchPlan(document, until):
                self._planner.fetch(document, until)
            case ef.Look(contents):
                self._fetcher.look(contents)
            case ef.Subscribe(areas):
                self._link.subscribe(areas)
            case ef.SendProof(broadcast):
                self._prover.send(broadcast)
            case ef.AskTime():
                self._clock_doubted.set()
            case ef.Log(level, words):
                self.log.log(LEVELS[level], "%s", words)

    async def _save(self) -> None:
        """Put the newest state on disk: that covers every save asked for until now."""
        self._todo = deque(each for each in self._todo if not isinstance(each, ef.Save))
        try:
            await asyncio.to_thread(self._write, self.state)
        finally:
            self._saving = None
        if not self._ended:
            self._work()

    def _write(self, state: State) -> None:
        try:
            self._store.save(state)
        except OSError as error:  # also when the home of a simulated device was taken away
            self.log.warning("the state could not be saved: %s", error)

    def _will(self) -> bytes:
        return codec.encode(core.presence(self.state, False, self._hour.now()))

    def _set_tick(self) -> None:
        if self._tick is not None:
            self._tick.cancel()
        wait = min((core.due_at(self.state, self._hour.now()) - self._hour.now()) / 1000, TICK)
        self._tick = asyncio.get_running_loop().call_later(max(wait, SHORTEST), self.tell, events.Tick())
