"""One whole device: real broker, real HTTP server, real sound, recorder."""

import asyncio
import contextlib
import stat
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import msgspec
import pytest

from nguon.agent import enrol, identity
from nguon.agent.report import report
from nguon.agent.run import RECORDINGS, Agent
from nguon.agent.state import State
from nguon.agent.store import Store
from nguon.agent.swarm import mqtt
from nguon.wire import codec, topics
from nguon.wire.ladder import Level
from nguon.wire.messages import Ack, Content, Down, Play, Presence, Receipt, Settings, Stage, Stop, Up, Vitals
from tests.authority import KEYS, sealed
from tests.ports.agent_help import Broker, Web, an_identity, an_mp3, seconds_of, until

DEVICE, AREA = "d" * 32, "a" * 32


class Server:
    """The server's side of the broker: hears everything, says what the test says."""

    def __init__(self) -> None:
        self.heard_all: list[Up] = []
        self.ready = asyncio.Event()
        self.wire = mqtt.Wire(self)

    def opened(self) -> None:
        self._write(mqtt.connect("1" * 32, "x", 60, "w", b""))

    def _write(self, data: bytes) -> None:
        assert self.wire.transport is not None
        self.wire.transport.write(data)

    def accepted(self, code: int) -> None:
        self._write(mqtt.subscribe([topics.UPLINK]))

    def subscribed(self) -> None:
        self.ready.set()

    def heard(self, payload: bytes) -> None:
        self.heard_all.append(codec.decode_up(payload))

    def lost(self) -> None:
        pass

    def say(self, message: Down, topic: str = topics.area(AREA, "speaker")) -> None:
        self._write(mqtt.publish(mqtt.text(topic), sealed(message)))

    def stages(self, order: Play) -> list[Stage]:
        return [m.stage for m in self.heard_all if isinstance(m, Receipt) and m.broadcast == order.id]

    def presences(self) -> list[bool]:
        return [m.online for m in self.heard_all if isinstance(m, Presence)]


def an_order(mark: str, content: Content, *, level: int = 40, seconds: int = 600) -> Play:
    now = time.time_ns() // 1_000_000
    return Play(
        id=mark * 32, at=now, expires=now + seconds * 1000, level=level, content=content, areas=(AREA,), title="Thử loa"
    )


@contextlib.asynccontextmanager
async def running(home: Path, *, proof: bool = False) -> AsyncIterator[Agent]:
    agent = Agent(home, "recorder", proof=proof)
    task = asyncio.create_task(agent.run())
    try:
        yield agent
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    async with Web() as found:
        yield found


@pytest.fixture
def broker() -> Iterator[Broker]:
    with Broker() as found:
        yield found


@pytest.fixture
async def server(broker: Broker) -> AsyncIterator[Server]:
    found = Server()
    await asyncio.get_running_loop().create_connection(lambda: found.wire, "127.0.0.1", broker.port)
    await found.ready.wait()
    yield found
    found.wire.close()
    await asyncio.sleep(0)


@pytest.fixture
def home(tmp_path: Path, web: Web, broker: Broker) -> Path:
    path = tmp_path / "home"
    path.mkdir()
    identity.save(path, an_identity(web.url, broker.url, vitals_every=1))
    return path


async def test_an_order_is_played_and_proved(home: Path, web: Web, server: Server, tmp_path: Path) -> None:
    sound = an_mp3(tmp_path, 1.5)
    order = an_order("1", web.put(sound, 1_500))
    async with running(home, proof=True) as agent:
        await until(lambda: server.presences() == [True])
        server.say(order)
        await until(lambda: web.proofs and Stage.FINISHED in server.stages(order))
        assert server.stages(order) == [Stage.RECEIVED, Stage.STARTED, Stage.FINISHED]
        (tmp_path / "proof.mp3").write_bytes(web.proofs[order.id])
        assert seconds_of(tmp_path / "proof.mp3") == pytest.approx(1.5, abs=0.1)
        await until(lambda: any(isinstance(m, Vitals) and m.clock_offset is not None for m in server.heard_all))
        vitals = [m for m in server.heard_all if isinstance(m, Vitals)][-1]
        assert vitals.clock_offset is not None
        assert abs(vitals.clock_offset) < 1_000
        assert vitals.disk_free
        assert vitals.power is None
        assert len(agent.state.pending) == 3
        seqs = tuple(m.seq for m in server.heard_all if isinstance(m, Receipt))
        server.say(Ack(id="c" * 32, at=0, seqs=seqs), topics.down(DEVICE))
        await until(lambda: not agent.state.pending)
    await until(lambda: server.presences()[-1] is False)
    assert report(home)["over"] == 1


async def test_a_warning_waits_for_no_disk(
    home: Path, web: Web, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It sounds while the card still writes; what is told of it waits until it is on the card, as always."""
    free, save = threading.Event(), Store.save

    def slowly(store: Store, state: State) -> None:
        free.wait(20)
        save(store, state)

    warning = an_order("1", web.put(an_mp3(tmp_path, 20), 20_000), level=Level.EMERGENCY)
    async with running(home) as agent:
        await until(lambda: server.presences() == [True])
        monkeypatch.setattr(Store, "save", slowly)
        try:
            server.say(warning)
            await until(lambda: agent.state.sounding is not None and agent.state.sounding.started)
            assert server.stages(warning) == []
        finally:
            free.set()
        await until(lambda: server.stages(warning) == [Stage.RECEIVED, Stage.STARTED])


async def test_stop_silences(home: Path, web: Web, server: Server, tmp_path: Path) -> None:
    order = an_order("1", web.put(an_mp3(tmp_path, 20), 20_000))
    async with running(home) as agent:
        await until(lambda: server.presences() == [True])
        server.say(order)
        await until(lambda: Stage.STARTED in server.stages(order))
        server.say(Stop(id="2" * 32, at=order.at + 1, expires=order.expires, broadcast=order.id, areas=(AREA,)))
        await until(lambda: Stage.STOPPED in server.stages(order))
        path = home / "recordings" / f"{order.id}.mp3"
        size = path.stat().st_size
        await asyncio.sleep(0.3)
        assert path.stat().st_size == size
        assert agent.state.sounding is None


async def test_plug_pulled_and_put_in_again(home: Path, web: Web, server: Server, tmp_path: Path) -> None:
    """The broker publishes the will; after the plug is in again the broadcast goes on, and is not told twice."""
    order = an_order("1", web.put(an_mp3(tmp_path, 2), 2_000))
    agent = Agent(home, "recorder")
    task = asyncio.create_task(agent.run())
    await until(lambda: server.presences() == [True])
    server.say(order)
    await until(lambda: Stage.STARTED in server.stages(order))
    agent.unplug()
    await task
    await until(lambda: server.presences()[-1] is False)
    missed = an_order("2", web.put(an_mp3(tmp_path, 0.5), 500))
    server.say(missed)  # nobody hears it: QoS 0
    async with running(home):
        await until(lambda: Stage.FINISHED in server.stages(order))
        server.say(missed)  # as the outbox does
        await until(lambda: Stage.FINISHED in server.stages(missed))
    receipts = [m for m in server.heard_all if isinstance(m, Receipt)]
    assert len({m.seq for m in receipts}) == len({(m.seq, m.broadcast, m.stage) for m in receipts})


async def test_broker_goes_and_comes_back(home: Path, web: Web, broker: Broker, tmp_path: Path) -> None:
    order = an_order("1", web.put(an_mp3(tmp_path, 1), 1_000))
    async with running(home) as agent:
        await until(lambda: agent.state.connected)
        broker.stop()
        await until(lambda: not agent.state.connected)
        broker.start()
        server = Server()
        await asyncio.get_running_loop().create_connection(lambda: server.wire, "127.0.0.1", broker.port)
        await server.ready.wait()
        await until(lambda: True in server.presences())
        server.say(order)
        await until(lambda: Stage.FINISHED in server.stages(order))
        server.wire.close()
        await asyncio.sleep(0)


async def test_settings_change_what_it_listens_to(home: Path, web: Web, server: Server, tmp_path: Path) -> None:
    order = an_order("1", web.put(an_mp3(tmp_path, 0.5), 500))
    elsewhere = msgspec.structs.replace(order, areas=("b" * 32,))
    async with running(home) as agent:
        await until(lambda: server.presences() == [True])
        newer = Settings(id="9" * 32, at=0, version=2, areas=("b" * 32,))
        server.say(newer, topics.down(DEVICE))
        await until(lambda: agent.state.settings.version == 2)
        await asyncio.sleep(0.2)
        server.say(elsewhere, topics.area("b" * 32, "speaker"))
        await until(lambda: Stage.RECEIVED in server.stages(order))
    assert report(home)["areas"] == ["b" * 32]


async def test_noise_from_above_disturbs_nothing(home: Path, web: Web, server: Server, tmp_path: Path) -> None:
    order = an_order("1", web.put(an_mp3(tmp_path, 0.5), 500))
    async with running(home):
        await until(lambda: server.presences() == [True])
        for noise in (b"", b"\x00" * 1000, b"{" * 90_000, b'{"payload":"e30","signatures":[]}'):
            assert server.wire.transport is not None
            server.wire.transport.write(mqtt.publish(mqtt.text(topics.area(AREA, "speaker")), noise))
        server.say(order)
        await until(lambda: Stage.FINISHED in server.stages(order))


async def test_enrolment(tmp_path: Path, web: Web) -> None:
    home = tmp_path / "new"
    with pytest.raises(identity.NotEnrolled):
        identity.load(home)
    with pytest.raises(enrol.EnrolmentFailed, match=r"Mã \(410\)"):
        await asyncio.to_thread(enrol.enrol, home, web.url, "abcd-efgh")
    settings = msgspec.to_builtins(Settings(id="5" * 32, at=0, version=3, areas=(AREA,)))
    keys = msgspec.to_builtins(KEYS)
    web.enrolment = {"device": DEVICE, "password": "pw", "broker": "mqtt://127.0.0.1:1", "settings": settings}
    web.enrolment["keys"] = keys
    made = await asyncio.to_thread(enrol.enrol, home, web.url, " abcd-efgh ")
    assert identity.load(home) == made
    assert made.settings.version == 3
    assert {stat.S_IMODE((home / name).stat().st_mode) for name in (identity.FILE, identity.KEY)} == {0o600}
    assert web.enrolled[0]["code"] == "ABCD-EFGH"
    assert web.enrolled[0]["public_key"] == web.enrolled[1]["public_key"]


async def test_enrolment_with_nobody_there(tmp_path: Path) -> None:
    with pytest.raises(enrol.EnrolmentFailed, match="no answer"):
        await asyncio.to_thread(enrol.enrol, tmp_path, "http://127.0.0.1:1", "x", client=httpx.Client(timeout=2))


async def test_two_agents_in_one_home(home: Path) -> None:
    async with running(home) as agent:
        await until(lambda: agent.state.connected)
        second = Agent(home, "recorder")
        with pytest.raises(OSError, match="another agent"):
            await second.run()
        assert agent.state.connected


async def test_recordings_do_not_grow_for_ever_though_nobody_wants_them(home: Path, server: Server) -> None:
    folder = home / "recordings"
    folder.mkdir()
    for number in range(RECORDINGS + 20):
        (folder / f"{number:032x}.mp3").write_bytes(b"x")
    async with running(home):
        await until(lambda: len(list(folder.iterdir())) == RECORDINGS)


async def test_what_is_told_as_received_is_on_disk(home: Path, web: Web, server: Server) -> None:
    """The power may go the moment after: the server does not repeat what was received."""
    order = an_order("1", web.put(b"x"))
    found: list[bool] = []
    hear = server.heard

    def heard(payload: bytes) -> None:
        hear(payload)
        if server.stages(order) and not found:
            state = Store(home).load()
            found.append(state is not None and order.id in state.held)

    server.heard = heard  # type: ignore[method-assign]
    async with running(home):
        await until(lambda: server.presences() == [True])
        server.say(order)
        await until(lambda: found)
    assert found == [True]
