"""One device of the swarm: the core, and the thinnest of shells."""

import time
from typing import TYPE_CHECKING

from nguon.agent import core
from nguon.agent import effects as ef
from nguon.agent import events as ev
from nguon.agent.identity import Identity
from nguon.agent.state import fresh
from nguon.agent.swarm import mqtt
from nguon.agent.waiting import NEVER
from nguon.wire import codec, topics
from nguon.wire.messages import Receipt, Stage

if TYPE_CHECKING:
    from nguon.agent.swarm.swarm import Swarm

KEEPALIVE = 60  # seconds
UNKNOWN = 0  # `due` has to be computed


class Device:
    """The last link, order, sound and silence have their moments in `online_ns`, `received_ns`, `started_ns` and so on.

    They are time.monotonic_ns, 0 for none yet; `starts` counts the players that were asked to play. Silence and
    receipts are at once; whatever else the core asks is put off, so that no device's work delays another's receipt.
    """

    __slots__ = (
        "_areas",
        "_go",
        "_receipts",
        "_swarm",
        "begins_at",
        "due",
        "ends_at",
        "identity",
        "index",
        "online",
        "online_ns",
        "out",
        "received_ns",
        "silenced_ns",
        "started_ns",
        "starts",
        "state",
        "tries",
        "wire",
    )

    def __init__(self, identity: Identity, swarm: "Swarm", software: str, index: int, channel: str) -> None:
        self.identity = identity
        self.index = index
        self._swarm = swarm
        self._receipts = mqtt.text(topics.up(identity.device, "receipt"))
        self._areas: frozenset[str] = frozenset()
        self._go = 0
        ring = identity.ring()
        self.state = fresh(identity.settings, identity.device, ring, software, channel=channel, checked=True)
        self.wire: mqtt.Wire | None = None
        self.online = False
        self.out: list[bytes] | None = None
        self.tries = 0
        self.due = UNKNOWN
        self.begins_at = self.ends_at = NEVER
        self.online_ns = 0
        self.received_ns = 0
        self.started_ns = 0
        self.starts = 0
        self.silenced_ns = 0

    # what the wire says

    def opened(self) -> None:
        device = self.identity.device
        will = self._offline()
        self._write(mqtt.connect(device, self.identity.password, KEEPALIVE, topics.up(device, "presence"), will))

    def _offline(self) -> bytes:
        return codec.encode(core.presence(self.state, False, time.time_ns() // 1_000_000))

    def say_goodbye(self) -> None:
        """Disconnect in good order: the broker forgets the will, so the words of the will are said before."""
        wire = self.wire
        if wire is not None and wire.transport is not None:
            topic = mqtt.text(topics.up(self.identity.device, "presence"))
            wire.transport.write(mqtt.publish(topic, self._offline(), True) + mqtt.FAREWELL)
            wire.transport.close()

    def accepted(self, code: int) -> None:
        if code == 0:
            self._areas = frozenset()
            self.take(ev.Connected())
        else:
            self._swarm.refused += 1
            if self.wire is not None:
                self.wire.close()

    def subscribed(self) -> None:
        if not self.online:
            self.online, self.tries = True, 0
            self.online_ns = time.monotonic_ns()
            self._swarm.came_online(self)

    def heard(self, payload: bytes) -> None:
        """The hot path: one step, and the receipt is on its way."""
        at, swarm = time.monotonic_ns(), self._swarm
        self.state, effects = core.step(self.state, ev.Heard(payload), time.time_ns() // 1_000_000)
        self.due = UNKNOWN
        for effect in effects:
            if type(effect) is ef.Send:
                message = effect.message
                if type(message) is Receipt:
                    self._write(mqtt.publish(self._receipts, codec.encode(message)))
                    if message.stage is Stage.RECEIVED:
                        self.received_ns = swarm.heard_ns = at
                        swarm.note(self, message)
            elif type(effect) is ef.StopPlayer:
                self._silence()
            elif type(effect) is not ef.Save:
                swarm.put_off(self, effect)

    def lost(self) -> None:
        was, self.online, self.wire = self.online, False, None
        self.take(ev.Disconnected())
        self._swarm.went_offline(self, was)

    # what the core asks

    def take(self, event: ev.Event) -> None:
        """One event other than a message; its effects in order, its packets in one write."""
        self.state, effects = core.step(self.state, event, time.time_ns() // 1_000_000)
        self.due = UNKNOWN
        for effect in effects:
            self.do(effect)

    def do(self, effect: ef.Effect) -> None:
        """One effect, now."""
        match effect:
            case ef.Send(what, message):
                topic = mqtt.text(topics.up(self.identity.device, what))
                self._write(mqtt.publish(topic, codec.encode(message), what == "presence"))
                if isinstance(message, Receipt):
                    self._swarm.note(self, message)
            case ef.Fetch(content, until):
                self._swarm.fetch(self, content, until)
            case ef.FetchPlan(document, until):
                self._swarm.fetch_plan(self, document, until)
            case ef.Look(contents):
                self._swarm.look(self, contents)
            case ef.StartPlayer():
                self._play(effect)
            case ef.StopPlayer():
                self._silence()
            case ef.Subscribe(areas):
                self._subscribe(areas)
            case ef.SendProof(broadcast):
                self.take(ev.ProofSent(broadcast))  # a timer has no sound to send
            case _:
                pass

    def _play(self, asked: ef.StartPlayer) -> None:
        """Begin at the moment asked for; that is now, but for an amplifier that would have to warm up."""
        now = time.time_ns() // 1_000_000
        self._go = asked.go
        self.starts += 1
        self.ends_at = max(now, asked.at) + max(asked.order.duration - asked.offset, 0)
        if asked.at > now:
            self.begins_at = asked.at
        else:
            self._begin()

    def _begin(self) -> None:
        """The sound begins; the word of it has a moment, as with a real player."""
        self.begins_at, self.started_ns = NEVER, time.monotonic_ns()
        self._swarm.put_off(self, ev.PlayerStarted(self._go))

    def _silence(self) -> None:
        self.begins_at = self.ends_at = NEVER
        self.silenced_ns = time.monotonic_ns()

    def _subscribe(self, areas: tuple[str, ...]) -> None:
        wanted = frozenset(
            {topics.down(self.identity.device), *(topics.area(area, self.state.channel) for area in areas)}
        )
        if wanted - self._areas:
            self._write(mqtt.subscribe(sorted(wanted - self._areas)))
        if self._areas - wanted:
            self._write(mqtt.unsubscribe(sorted(self._areas - wanted)))
        self._areas = wanted

    def look(self, now: int) -> None:
        """Whatever time (ms) has brought: the beginning or the end of a sound, or a tick of the core."""
        if self.begins_at <= now:
            self._begin()
        if self.ends_at <= now:
            self.ends_at = NEVER
            sounding = self.state.sounding
            if sounding is not None:
                duration = self.state.held[sounding.broadcast].order.duration
                self.take(ev.PlayerFinished(self._go, duration))
        if self.due == UNKNOWN:
            self.due = core.due_at(self.state, now)
        if self.due <= now:
            self.take(ev.Tick())

    def _write(self, data: bytes) -> None:
        if self.out is not None:
            self.out.append(data)
        elif self.wire is not None and self.wire.transport is not None:
            self.wire.transport.write(data)

    def flush(self) -> None:
        """Write what was gathered since `out` was made a list."""
        gathered, self.out = self.out, None
        if gathered:
            self._write(b"".join(gathered))
