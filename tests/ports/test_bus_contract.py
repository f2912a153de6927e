"""What every bus must do, over each of its plugs; and what only a real broker can show."""

import asyncio
import socket
import subprocess
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nguon.plugs.memory_bus import MemoryBus, matches
from nguon.plugs.mqtt import MqttBus
from nguon.ports.bus import Bus

Make = Callable[[], Bus]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Broker:
    """A real mosquitto that lets anybody in, for the contract only."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.conf = folder / "mosquitto.conf"
        self.conf.write_text(f"listener {self.port} 127.0.0.1\nallow_anonymous true\nuser root\nlog_dest none\n")
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(["mosquitto", "-c", str(self.conf)], stderr=subprocess.DEVNULL)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    one = Broker(tmp_path)
    yield one
    one.stop()


@pytest.fixture(params=["mqtt", "memory"])
def make(request: pytest.FixtureRequest) -> Make:
    if request.param == "memory":
        url = f"memory:{uuid.uuid4()}"
        return lambda: MemoryBus(url)
    port = request.getfixturevalue("broker").port
    return lambda: MqttBus(f"mqtt://127.0.0.1:{port}", "server", "secret")


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.02)


async def test_what_is_published_is_heard_by_who_subscribed(make: Make) -> None:
    heard: list[tuple[str, bytes]] = []
    ear, mouth = make(), make()
    await ear.connect(client_id="ear", subscribe=("a/+/c", "b/#"), handler=lambda *m: heard.append(m))
    await mouth.connect(client_id="mouth")
    for _ in range(100):  # the subscription may still be on its way
        mouth.publish("a/1/c", b"\x00\xff")
        await asyncio.sleep(0.02)
        if heard:
            break
    heard.clear()
    mouth.publish("a/1/d", b"not for us")
    mouth.publish("b/x/y", "tiếng Việt".encode())
    await until(lambda: bool(heard))
    await asyncio.sleep(0.1)
    assert [m for m in heard if m[0] != "a/1/c"] == [("b/x/y", "tiếng Việt".encode())]
    await ear.close()
    await mouth.close()


async def test_retained_messages_wait_for_who_comes_later(make: Make) -> None:
    heard: list[tuple[str, bytes]] = []
    mouth, ear = make(), make()
    await mouth.connect(client_id="mouth")
    mouth.publish("state/1", b"here", retain=True)
    await asyncio.sleep(0.2)
    await ear.connect(client_id="ear", subscribe=("state/+",), handler=lambda *m: heard.append(m))
    await until(lambda: heard == [("state/1", b"here")])
    await ear.close()
    await mouth.close()


async def test_publishing_without_a_connection_says_so(make: Make) -> None:
    bus = make()
    with pytest.raises(ConnectionError):
        bus.publish("a", b"")
    await bus.connect(client_id="x")
    await bus.close()
    with pytest.raises(ConnectionError):
        bus.publish("a", b"")


async def test_a_broker_that_dies_and_returns_is_found_again(broker: Broker) -> None:
    heard: list[bytes] = []
    bus = MqttBus(f"mqtt://127.0.0.1:{broker.port}", "server", "x")
    await bus.connect(client_id="x", subscribe=("t",), handler=lambda _, payload: heard.append(payload))
    broker.stop()
    await until(lambda: not bus.connected)
    broker.start()
    await until(lambda: bus.connected)
    for _ in range(100):
        bus.publish("t", b"again")
        await asyncio.sleep(0.05)
        if heard:
            break
    assert heard
    await bus.close()


def test_patterns_are_those_of_mqtt() -> None:
    assert matches("a/+/c", "a/b/c")
    assert matches("a/#", "a/b/c")
    assert not matches("a/+", "a/b/c")
    assert not matches("a/b", "a")


async def test_while_paused_nothing_is_heard_and_nothing_is_lost(make: Make) -> None:
    heard: list[bytes] = []
    ear, mouth = make(), make()
    await ear.connect(client_id="ear", subscribe=("a/#",), handler=lambda topic, payload: heard.append(payload))
    await mouth.connect(client_id="mouth")
    mouth.publish("a/b", b"first")
    await until(lambda: heard == [b"first"])
    ear.pause()
    ear.pause()
    for number in range(100):
        mouth.publish("a/b", b"%d" % number)
    await asyncio.sleep(0.2)
    assert heard == [b"first"]
    ear.resume()
    await until(lambda: heard[1:] == [b"%d" % number for number in range(100)])
    for bus in (ear, mouth):
        await bus.close()
    ear.pause()  # without a connection: nothing happens
    ear.resume()


async def test_what_comes_in_pieces_is_heard_whole_and_in_order(make: Make) -> None:
    heard: list[bytes] = []
    ear, mouth = make(), make()
    await ear.connect(client_id="ear", subscribe=("a",), handler=lambda _, payload: heard.append(payload))
    await mouth.connect(client_id="mouth")
    mouth.publish("a", b"first")
    await until(lambda: heard == [b"first"])
    sent = [bytes([number]) * size for number, size in enumerate((0, 1, 127, 128, 16_383, 16_384, 250_000, 3) * 3)]
    for payload in sent:
        mouth.publish("a", payload)
    await until(lambda: len(heard) > len(sent))
    assert heard[1:] == sent
    for bus in (ear, mouth):
        await bus.close()


async def test_a_message_nobody_can_use_does_not_take_the_line_with_it(broker: Broker) -> None:
    heard: list[bytes] = []

    def take(_topic: str, payload: bytes) -> None:
        if payload == b"poison":
            raise ValueError(payload)
        heard.append(payload)

    bus = MqttBus(f"mqtt://127.0.0.1:{broker.port}", "server", "x")
    await bus.connect(client_id="x", subscribe=("t",), handler=take)
    for payload in (b"before", b"poison", b"after"):
        bus.publish("t", payload)
    await until(lambda: heard == [b"before", b"after"])
    assert bus.connected
    await bus.close()
    assert not bus.connected
