"""A device in a world of our making: it keeps what the core asks and answers as good shells would."""

import msgspec

from nguon.agent import core, effects, events
from nguon.agent.state import State, fresh
from nguon.wire.messages import Ack, Content, Down, Play, Receipt, Settings, Stage, Stop
from tests import authority
from tests.authority import sealed

DEVICE = "d" * 32
AREA = "a" * 32
T0 = 1_700_000_000_000


def content(mark: str = "1", duration: int = 10_000) -> Content:
    return Content(url="/x", sha256=mark * 64, size=10, duration=duration)


def play(
    mark: str, *, at: int = T0, level: int = 40, start: int = 0, expires: int = T0 + 600_000, duration: int = 10_000
) -> Play:
    """An order for our area; its id and its content are made of one hexadecimal digit."""
    return Play(
        id=mark * 32,
        at=at,
        level=level,
        start=start,
        expires=expires,
        content=content(mark, duration),
        areas=(AREA,),
    )


def stop(mark: str | None, *, at: int = T0, number: str = "f") -> Stop:
    return Stop(
        id=number * 32, at=at, expires=at + 600_000, broadcast=None if mark is None else mark * 32, areas=(AREA,)
    )


class World:
    """`sent` are the receipts that left, `saved` every state put on disk, `asked` the player's present go or None."""

    def __init__(self, state: State | None = None, *, now: int = T0) -> None:
        settings = Settings(id="5" * 32, at=0, version=1, areas=(AREA,))
        self.state = state or fresh(settings, DEVICE, authority.RING, checked=True)
        self.now = now
        self.sent: list[Receipt] = []
        self.effects: list[effects.Effect] = []
        self.saved: list[bytes] = []
        self.asked: effects.StartPlayer | None = None
        self.sounds_at_once = 0
        self.fetches: dict[str, Content] = {}

    def tell(self, event: events.Event) -> None:
        self.state, asked = core.step(self.state, event, self.now)
        for effect in asked:
            self._take(effect)

    def _take(self, effect: effects.Effect) -> None:
        self.effects.append(effect)
        match effect:
            case effects.Send("receipt", message):
                assert isinstance(message, Receipt)
                self.sent.append(message)
            case effects.Save():
                self.saved.append(msgspec.json.encode(self.state))
            case effects.Fetch(wanted):
                self.fetches[wanted.sha256] = wanted
            case effects.StartPlayer():
                assert self.asked is None, "two sounds at once"
                self.asked = effect
            case effects.StopPlayer(go):
                assert self.asked is not None
                assert self.asked.go == go
                self.asked = None

    def hear(self, *messages: Down) -> None:
        for message in messages:
            self.tell(events.Heard(sealed(message)))

    def fetch_all(self) -> None:
        """Everything asked for comes, in the order of the hashes, whatever the order it was asked in."""
        for digest in sorted(self.fetches):
            del self.fetches[digest]
            self.tell(events.Fetched(digest))

    def start(self) -> None:
        assert self.asked is not None
        self.tell(events.PlayerStarted(self.asked.go))

    def finish(self) -> None:
        assert self.asked is not None
        asked, self.asked = self.asked, None
        self.now += asked.order.duration - asked.offset
        self.tell(events.PlayerFinished(asked.go, asked.order.duration))

    def wait(self, ms: int) -> None:
        self.now += ms
        self.tell(events.Tick())

    def move_clock(self, by: int, *, checked: bool = True) -> None:
        """The clock is set while no time passes."""
        self.now += by
        self.tell(events.ClockMoved(by, checked))

    def ack(self) -> None:
        self.hear(Ack(id="c" * 32, at=self.now, seqs=tuple(receipt.seq for receipt in self.sent)))

    def sounding(self) -> str | None:
        """The digit of the broadcast the player has been asked to play."""
        return None if self.asked is None else self.asked.order.id[0]

    def stages(self, mark: str) -> list[Stage]:
        return [receipt.stage for receipt in self.sent if receipt.broadcast == mark * 32]

    def play_out(self) -> None:
        """Let everything that can sound sound to its end."""
        for _ in range(100):
            self.fetch_all()
            if self.asked is not None:
                self.start()
                self.finish()
            elif self.state.held:
                self.now = max(self.now + 1, min(core.due_at(self.state, self.now), self.now + 3_600_000))
                self.tell(events.Tick())
            else:
                return
        raise AssertionError("it does not come to an end")


def connected() -> World:
    world = World()
    world.tell(events.Connected())
    return world


def after_power_loss(saved: bytes, now: int) -> World:
    """The device that starts from what was on disk; nobody has checked its clock yet."""
    world = World(msgspec.json.decode(saved, type=State), now=now)
    world.tell(events.Restored())
    world.tell(events.Connected())
    return world
