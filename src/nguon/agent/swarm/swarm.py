"""The swarm itself: connecting at a bounded rate, putting off what can wait, looking at the clock for all."""

import asyncio
import contextlib
import logging
import random
import ssl
import time
from collections import Counter, deque
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any

from nguon.agent import effects as ef
from nguon.agent import events as ev
from nguon.agent.identity import Identity
from nguon.agent.swarm import mqtt
from nguon.agent.swarm.device import KEEPALIVE, Device
from nguon.agent.swarm.shared import SharedFetch
from nguon.agent.units import CHANNEL
from nguon.wire.messages import Content, Document, Receipt

log = logging.getLogger(__name__)
Observer = Callable[[Device, Receipt], None]
QUIET = 0.1  # seconds without an order before put-off work begins: about what a player on a slow box takes to begin
PATIENCE = 1.0  # seconds it is put off at most
SLICE = 100  # pieces of put-off work between two looks at the sockets
LOOK = 0.1  # seconds between two looks at the clock
PER_ADDRESS = 5_000  # sockets of one loopback address: as many may still be closing when all come back
OPENING = 100  # connections being made at once


class Swarm:
    """Devices with their own identities against one broker.

    `devices` are their live objects in the same order, with the moments of their last link, order, sound and silence.
    `channel` is that of the orders they obey.
    `observer(device, receipt)` is called for each receipt sent, in the loop: keep it short. `sent` counts by stage.
    """

    def __init__(
        self,
        devices: Sequence[Identity],
        broker_host: str,
        broker_port: int,
        *,
        observer: Observer | None = None,
        connect_rate: int = 2_000,
        software: str = "nguon-swarm",
        tls: ssl.SSLContext | None = None,
        channel: str = CHANNEL,
    ) -> None:
        self.devices = [Device(one, self, software, index, channel) for index, one in enumerate(devices)]
        self.online = self.refused = 0
        self.sent: Counter[str] = Counter()
        self.heard_ns = 0
        self._host, self._port, self._rate = broker_host, broker_port, connect_rate
        self._observer, self._tls = observer, tls
        self._waiting: deque[tuple[Device, ef.Effect | ev.Event]] = deque()
        self._shared = SharedFetch(self.put_off)
        self._tasks: set[asyncio.Task[None]] = set()
        self._away: set[Device] = set()
        self._all_online = asyncio.Event()
        self._draining = self._stopping = False
        self._put_off_at = 0.0
        self._opening = asyncio.Semaphore(OPENING)
        log.warning("%d devices of a swarm: they keep time and make NO SOUND; downloads are shared", len(devices))

    async def start(self) -> None:
        """Begin to connect all, and to look at the clock. Returns at once; see `wait_connected`."""
        self._loop = asyncio.get_running_loop()
        self._spawn(self._connect_all())
        self._spawn(self._watch())

    async def wait_connected(self, within: float = 60.0) -> None:
        """Until every device is connected and subscribed. Raises TimeoutError after `within` seconds."""
        async with asyncio.timeout(within):
            await self._all_online.wait()

    async def stop(self) -> None:
        """Disconnect all in good order."""
        self._stopping = True
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for device in self.devices:
            device.say_goodbye()
        await self._shared.close()
        await asyncio.sleep(0)

    def _spawn(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # connecting

    async def _connect_all(self) -> None:
        began = self._loop.time()
        for index, device in enumerate(self.devices):
            ahead = index / self._rate - (self._loop.time() - began)
            if ahead > 0.01:
                await asyncio.sleep(ahead)
            await self._opening.acquire()
            self._opening.release()
            self._spawn(self._open(device))

    async def _open(self, device: Device) -> None:
        loopback = self._host.startswith("127.")
        local = (f"127.0.0.{2 + device.index // PER_ADDRESS}", 0) if loopback else None
        wire = mqtt.Wire(device)
        device.wire = wire
        try:
            async with self._opening:
                made = self._loop.create_connection
                await made(lambda: wire, self._host, self._port, local_addr=local, ssl=self._tls)
        except OSError as error:
            device.wire = None
            log.info("no link to %s:%d (%s)", self._host, self._port, error)
            self.went_offline(device, False)

    def came_online(self, device: Device) -> None:
        """A device is connected and subscribed."""
        self.online += 1
        if self.online == len(self.devices):
            self._all_online.set()

    def went_offline(self, device: Device, was_online: bool) -> None:
        """A device lost its link, or got none: it tries again, later each time, not all at once."""
        self.online -= was_online
        if self._stopping:
            return
        self._all_online.clear()
        if device in self._away:
            return
        wait = min(2**device.tries, 60) * random.uniform(0.5, 1.5)
        device.tries += 1
        self._loop.call_later(wait, self._again, device)

    def leave(self, devices: Iterable[Device]) -> None:
        """Their links break, as without a network, and they stay away until `come_back`."""
        for device in devices:
            self._away.add(device)
            if device.wire is not None:
                device.wire.close()

    def come_back(self, within: float) -> None:
        """All that are away dial again, each at its own moment within so many seconds."""
        away, self._away = self._away, set()
        for device in away:
            self._loop.call_later(random.uniform(0, within), self._again, device)

    def _again(self, device: Device) -> None:
        if not self._stopping:
            self._spawn(self._open(device))

    # what can wait

    def note(self, device: Device, receipt: Receipt) -> None:
        """A receipt was sent."""
        self.sent[receipt.stage] += 1
        if self._observer is not None:
            self._observer(device, receipt)

    def fetch(self, device: Device, content: Content, until: int) -> None:
        """One download for all."""
        self._shared.fetch(device, content, until)

    def fetch_plan(self, device: Device, document: Document, until: int) -> None:
        """One plan in memory for all that live by it."""
        self._shared.fetch_plan(device, document, until)

    def look(self, device: Device, contents: tuple[Content, ...]) -> None:
        """What one has is what all have."""
        self._shared.look(device, contents)

    def put_off(self, device: Device, work: ef.Effect | ev.Event) -> None:
        """Do this when no order has come for a moment: a real device would not keep the others waiting."""
        self._waiting.append((device, work))
        if not self._draining:
            self._draining, self._put_off_at = True, self._loop.time()
            self._loop.call_later(QUIET, self._drain)

    def _drain(self) -> None:
        busy = time.monotonic_ns() - self.heard_ns < QUIET * 1e9
        if busy and self._loop.time() - self._put_off_at < PATIENCE:
            self._loop.call_later(QUIET, self._drain)
            return
        touched: list[Device] = []
        for _ in range(min(SLICE, len(self._waiting))):
            device, work = self._waiting.popleft()
            if device.out is None:
                device.out = []
                touched.append(device)
            if isinstance(work, ev.Fetched | ev.FetchFailed | ev.Here | ev.PlanCame | ev.PlanFailed | ev.PlayerStarted):
                device.take(work)
            else:
                device.do(work)  # type: ignore[arg-type]
        for device in touched:
            device.flush()
        self._draining = bool(self._waiting)
        if self._draining:
            self._loop.call_soon(self._drain)

    async def _watch(self) -> None:
        """The clock of all devices, and a ping for each in half the keepalive."""
        every = len(self.devices) * LOOK / (KEEPALIVE / 2)
        at = 0.0
        while True:
            await asyncio.sleep(LOOK)
            if self._draining:
                continue
            now = time.time_ns() // 1_000_000
            for device in self.devices:
                if device.due <= now or device.ends_at <= now or device.begins_at <= now:
                    device.look(now)
            upto = at + every
            for index in range(int(at), min(int(upto), len(self.devices))):
                self._ping(self.devices[index])
            at = upto if upto < len(self.devices) else 0.0

    def _ping(self, device: Device) -> None:
        wire = device.wire
        if wire is None or wire.transport is None or not device.online:
            return
        if not wire.alive:
            wire.close()
            return
        wire.alive = False
        with contextlib.suppress(RuntimeError):
            wire.transport.write(mqtt.PING)
