"""A day of one real page, its time run fast: does it hold more memory in the evening than in the morning?

The page's clock and its timers go faster (FAST), and the orders are issued and signed for the hours it believes in;
everything else is as always: the page, its worker, the tunnel, the broker, the files over HTTP, the receipts and their
acknowledgements. What does not go faster is the network and the machine, so for the page everything answers late.
Measured after a forced collection, when nothing is on the screen: the heap of its scripts, what the browser keeps of
the document, and the memory of all processes of the browser.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING, Any
from uuid import UUID

from nguon.agent.kiosk.browser import memory
from nguon.cli.bench import boardpages, documents, raw
from nguon.cli.bench.stage import say
from nguon.cli.bench.windows import Window, Windows, await_that

if TYPE_CHECKING:
    from nguon.cli.bench.stage import Stage
    from nguon.delivery.models import Broadcast
    from nguon.media.models import File

EVERY = 5  # minutes between two bulletins, each a document of its own
GRAVE_EVERY = 120  # minutes between two emergencies, which break into a bulletin
STOPPED_AFTER = 2  # minutes
SAMPLE_EVERY = 30  # minutes
WARM_UP = 60  # minutes before the first sample
SAMPLES = 3  # whose median is the beginning, and the end
PATIENCE = 20.0  # seconds for the screen to be empty again
FAST = """((speed) => {
  if (globalThis.benchBegan) return;
  const [began, counter] = [Date.now(), performance.now.bind(performance)];
  const first = counter();
  const fast = () => (counter() - first) * speed;
  const { setTimeout: later, setInterval: often, fetch: ask } = globalThis;
  globalThis.benchBegan = began;
  performance.now = () => first + fast();
  Date.now = () => Math.round(began + fast());
  globalThis.setTimeout = (work, ms = 0, ...more) => later(work, ms / speed, ...more);
  globalThis.setInterval = (work, ms = 0, ...more) => often(work, ms / speed, ...more);
  globalThis.fetch = (where, how) =>
    String(where).endsWith("/api/1/time") ? Promise.resolve(Response.json({ now: Date.now() })) : ask(where, how);
})(%d)"""


@dataclass(frozen=True)
class Sample:
    """At a minute of the day: bytes of the scripts' heap, of the processes of pages, of all; nodes and listeners."""

    minute: int
    heap: int
    renderers: int
    processes: int
    nodes: int
    listeners: int


class Day:
    """Says orders at the minutes of a day that goes `speed` times as fast as ours."""

    def __init__(self, made: "Stage", windows: Windows, page: Window, speed: int, signers: tuple[UUID, ...]) -> None:
        self._made, self._windows, self._page, self._speed, self._signers = made, windows, page, speed, signers
        self._line = raw.Counter("127.0.0.1", made.broker_port, "server", made.server_password, "bench/none")
        self._began = float(page.ask("benchBegan")) / 1000
        self.orders = 0
        self.shown: set[str] = set()  # level and title of what stood on the screen

    def live(self, minutes: int) -> list[Sample]:
        """Until so many minutes are over."""
        found: list[Sample] = []
        for minute in range(EVERY, minutes + 1, EVERY):
            self._await(minute)
            self._order(documents.bulletin(f"Tin lúc {minute // 60} giờ {minute % 60:02}"), 40)
            if minute % GRAVE_EVERY == 0:
                warning = self._order(documents.warning(f"Lũ lên nhanh lúc {minute // 60} giờ"), 90)
                self._await(minute + STOPPED_AFTER)
                self._silence(warning)
            if minute >= WARM_UP and minute % SAMPLE_EVERY == 0:
                found.append(self._sample(minute))
                say(f"{minute / 60:g} h: {found[-1]}")
        self._line.close()
        return found

    @property
    def now(self) -> datetime:
        """The moment the page believes in."""
        return datetime.fromtimestamp(self._began + (time.time() - self._began) * self._speed, UTC)

    def _await(self, minute: int) -> None:
        time.sleep(max(0.0, self._began + minute * 60 / self._speed - time.time()))

    def _order(self, file: "File", level: int) -> "Broadcast":
        from nguon.delivery import sealed
        from nguon.delivery.actions import create_broadcast
        from nguon.delivery.queries import outgoing
        from nguon.delivery.rules import Targets
        from nguon.devices import channels

        now = self.now
        made = create_broadcast(
            subject="bench:1",
            review=None,
            title="Bench",
            place_id=self._made.place.pk,
            channel=self._made.channel,
            level=level,
            file=file,
            targets=Targets(places=(self._made.place.pk,)),
            start_at=None,
            expires_at=now + timedelta(minutes=30),
            signers=self._signers if level >= 90 else (),
            actor=self._made.person,
            now=now,
        )
        channel = channels.active()[self._made.channel]
        self._say(channel.announce(outgoing(made), sealed.seal_of(made, now)))
        self.orders += 1
        return made

    def _silence(self, broadcast: "Broadcast") -> None:
        from nguon.delivery import sealed
        from nguon.delivery.queries import outgoing
        from nguon.devices import channels

        channel = channels.active()[self._made.channel]
        self._say(channel.silence(outgoing(broadcast), sealed.silence_of(broadcast, self.now)))

    def _say(self, publications: Any) -> None:
        for one in publications:
            self._line.socket.sendall(raw.publish(one.topic, one.payload))

    def _sample(self, minute: int) -> Sample:
        """When nothing is shown, and all is acknowledged. Raises RuntimeError if that does not come."""
        await_that(self._page, "board.idle && board.state.pending.length === 0", PATIENCE)
        self.shown |= {said for _, said in self._page.ask(boardpages.SEEN) if said}
        boardpages.forget([self._page])
        for _ in range(2):  # what the first frees may hold something that the second frees
            self._page.order("HeapProfiler.collectGarbage")
        counted = self._page.order("Memory.getDOMCounters")
        heap = int(self._page.order("Runtime.getHeapUsage")["usedSize"])
        of_pages = sum(map(memory, self._windows.renderers()))
        every = memory(self._windows.pid)
        return Sample(minute, heap, of_pages, every, int(counted["nodes"]), int(counted["jsEventListeners"]))


def measure(made: "Stage", windows: Windows, hours: int, speed: int, signers: tuple[UUID, ...]) -> dict[str, Any]:
    """A page is enrolled and loaded anew with a fast clock; its day, and how its memory grew."""
    (page,) = boardpages.enrolled(windows, made, 1)
    page.before(FAST % speed)
    page.ask("location.reload()")
    await_that(page, f"globalThis.benchBegan && {boardpages.READY}", boardpages.PATIENCE)
    day = Day(made, windows, page, speed, signers)
    samples = day.live(hours * 60)
    page.close()
    return {"hours": hours, "speed": speed, "orders": day.orders, "shown": len(day.shown)} | figures(samples)


def figures(samples: list[Sample]) -> dict[str, Any]:
    """How it grew, percent, from the median of the first samples to that of the last. Raises RuntimeError for one."""
    if len(samples) < 2:
        raise RuntimeError("a day of fewer than two samples shows no growth")
    some = min(SAMPLES, len(samples) // 2)
    found: dict[str, Any] = {"samples": len(samples)}
    for name, unit in (("heap", 1e6), ("renderers", 1e6), ("processes", 1e6), ("nodes", 1), ("listeners", 1)):
        values = [getattr(one, name) for one in samples]
        first, last = median(values[:some]), median(values[-some:])
        ending = "_MB" if unit > 1 else ""
        found[f"{name}_first{ending}"] = round(first / unit, 2)
        found[f"{name}_last{ending}"] = round(last / unit, 2)
        found[f"{name}_growth_percent"] = round((last / first - 1) * 100, 1)
    return found
