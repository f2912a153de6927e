"""One box in a day that passes in a moment: the real core, shells of our making, a plug that is pulled.

What really sounded is written down beside the core, in true time, for somebody else to judge.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from msgspec.structs import replace

from nguon.agent import core
from nguon.agent import effects as ef
from nguon.agent import events as ev
from nguon.agent.agenda import Agenda
from nguon.agent.state import State, fresh
from nguon.wire import codec, seal, trust
from nguon.wire.messages import Authority, Document, Down, Keys, NewPlan, Play, Reason, Receipt, Settings, Stop

LATENCY = (20, 400)  # ms from the moment asked for until a player sounds
EXACT = (-40, 150)  # ms a player ends after the declared end
PLACE, KEY = "a" * 32, seal.SigningKey.new()
RING = trust.anchored(
    Keys(id="9" * 32, at=0, version=1, authorities=(Authority(place=PLACE, rank=0, key=KEY.public, until=1 << 47),))
)
SETTINGS = Settings(id="5" * 32, at=0, version=1, areas=(PLACE,))
STEPS_MOST = 100_000  # of one box in a day; usual are 1,500
BOOTS = 3_000  # ms from the power to the agent


@dataclass
class Sound:
    """What came out of the loudspeaker: of which broadcast, on which rung, from where in it, from when to when."""

    broadcast: str
    level: int
    offset: int
    start: int
    end: int = 0
    volume: int = 0


@dataclass
class Box:
    """`now` is the device's own time, ms; it is `behind` the true time. `off`: when it had no power (true time).

    `blind`: when it had power, and a clock that stood still while it had none.
    """

    device: str
    rng: Random
    battery: bool = True  # of its clock
    settings: Settings = SETTINGS
    now: int = 0
    sounds: list[Sound] = field(default_factory=list)
    behind: int = 0
    off: list[tuple[int, int]] = field(default_factory=list)
    blind: list[tuple[int, int]] = field(default_factory=list)
    disk: set[str] = field(default_factory=set)
    steps: int = 0
    network: bool = True

    def __post_init__(self) -> None:
        self.state: State = fresh(self.settings, self.device, RING, checked=True)
        self._saved: State = self.state
        self._queue: list[tuple[int, int, ev.Event, int]] = []
        self._count = 0
        self._go = 0
        self._sounding: Sound | None = None
        self._agendas: dict[str, Agenda] = {}

    # what the world does

    def give(self, agenda: Agenda, version: int = 1) -> None:
        """A new plan is announced, fetched and applied."""
        self._agendas[agenda.sha256] = agenda
        document = Document(url="/api/1/plan/x", sha256=agenda.sha256, size=1)
        self.hear(NewPlan(id="e" * 32, at=self.now, version=version, document=document))

    def hear(self, message: Down) -> None:
        """The server says this."""
        if isinstance(message, Play | Stop):
            message = replace(message, issuer=PLACE, seq=max(self.now, 1))
        elif isinstance(message, NewPlan | Settings):
            message = replace(message, device=self.device)
        self._step(ev.Heard(seal.sign(codec.encode(message), KEY)))

    def live(self, until: int) -> None:
        """Time passes, from one thing to the next, up to a true time."""
        until -= self.behind
        while True:
            due = max(core.due_at(self.state, self.now), self.now + 1)
            at = min(due, self._queue[0][0] if self._queue else due)
            if at > until:
                break
            self.now = max(self.now, at)
            if self._queue and self._queue[0][0] <= self.now:
                _at, _count, event, go = heapq.heappop(self._queue)
                if go in (0, self._go):
                    self._happen(event)
            else:
                self._step(ev.Tick())
        self.now = until

    def lose_power(self, until: int) -> None:
        """Nothing, until the plug is in again; then what was on disk."""
        gone, back = self.now + self.behind, until + BOOTS
        self._end_sound()
        self._queue.clear()
        if self.behind and self.off:
            self.blind.append((self.off[-1][1], gone))
        self.off.append((gone, back))
        self.now = back - self.behind if self.battery else self._saved.seen - 1  # where a clock without one stands
        self.behind = back - self.now
        self.state = replace(self._saved, here={}, asked=frozenset(), troubles={})
        self._step(ev.Restored(checked=False))

    def check_clock(self) -> None:
        """The server tells the time."""
        by, self.behind = self.behind, 0
        if by and self.off:
            self.blind.append((self.off[-1][1], self.now + by))
        self.now += by
        self._queue = [(at + by, count, event, go) for at, count, event, go in self._queue]
        self._step(ev.ClockMoved(by, True))

    # what the shells do

    def _happen(self, event: ev.Event) -> None:
        if isinstance(event, ev.PlayerStarted):
            assert self._sounding is not None
            self._sounding.start = self.now + self.behind
            self.sounds.append(self._sounding)
        elif isinstance(event, ev.PlayerFinished):
            self._end_sound()
        self._step(event)

    def _end_sound(self) -> None:
        if self._sounding is not None and self._sounding.start:
            self._sounding.end = self.now + self.behind
        self._sounding = None
        self._go = -1

    def _step(self, event: ev.Event) -> None:
        self.steps += 1
        if self.steps > STEPS_MOST:
            raise RuntimeError("the core does not come to rest")
        self.state, effects = core.step(self.state, event, self.now)
        for effect in effects:
            self._do(effect)

    def _do(self, effect: ef.Effect) -> None:
        match effect:
            case ef.Save():
                self._saved = self.state
            case ef.Fetch(content, until):
                self._fetch(content.sha256, until)
            case ef.FetchPlan(document):
                self._later(self.rng.randint(50, 3_000), ev.PlanCame(self._agendas[document.sha256]))
            case ef.Look(contents):
                here = frozenset(content.sha256 for content in contents if content.sha256 in self.disk)
                self._later(self.rng.randint(10, 500), ev.Here(here))
            case ef.StartPlayer():
                self._play(effect)
            case ef.StopPlayer(go):
                assert go == self._go, "what does not sound is stopped"
                self._end_sound()
            case _:
                pass

    def _fetch(self, digest: str, until: int) -> None:
        if digest in self.disk or self.network:
            self.disk.add(digest)
            self._later(self.rng.randint(10, 4_000), ev.Fetched(digest))
        else:
            self._later(max(until - self.now, 1), ev.FetchFailed(digest, Reason.FETCH, "no network"))

    def _play(self, asked: ef.StartPlayer) -> None:
        assert self._sounding is None, "two sounds at once"
        self._go = asked.go
        order = asked.order
        self._sounding = Sound(order.id, order.level, asked.offset, 0, volume=asked.volume)
        begins = max(asked.at - self.now, 0) + self.rng.randint(*LATENCY)
        self._later(begins, ev.PlayerStarted(asked.go), asked.go)
        lasts = max(order.duration - asked.offset + self.rng.randint(*EXACT), 1)
        self._later(begins + lasts, ev.PlayerFinished(asked.go, order.duration), asked.go)

    def _later(self, ms: int, event: ev.Event, go: int = 0) -> None:
        self._count += 1
        heapq.heappush(self._queue, (self.now + ms, self._count, event, go))


def receipts(box: Box) -> Sequence[Receipt]:
    """All it has to say, as the server will hear it."""
    return box.state.pending
