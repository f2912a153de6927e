"""A real mosquitto with our files: who gets in, who hears what, and how fast a new device is known."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from nguon.devices import broker
from nguon.kit import ids
from nguon.plugs.mqtt import MqttBus
from nguon.wire import topics
from tests.app import clusters
from tests.ports.agent_help import until

pytestmark = pytest.mark.django_db(transaction=True)
ACCEPTED, REFUSED = 0, 5  # return codes of CONNACK, MQTT 3.1.1


def field(text: str) -> bytes:
    return len(text.encode()).to_bytes(2, "big") + text.encode()


def knock(port: int, username: str, password: str) -> int:
    """The broker's answer to one attempt to sign in."""
    body = field("MQTT") + bytes([4, 0xC2, 0, 60]) + field(username) + field(username) + field(password)
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(bytes([0x10, *length(len(body))]) + body)
        return line.recv(4)[3]


def length(size: int) -> bytes:
    low, high = size % 128, size // 128
    return bytes([low | 128, high]) if high else bytes([low])


class Broker:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        lines = [f"listener {self.port} 127.0.0.1", "allow_anonymous false"]
        lines += [f"password_file {folder}/passwords", f"acl_file {folder}/acl"]
        lines += ["user root"] if os.geteuid() == 0 else []
        (folder / "conf").write_text("\n".join(lines) + "\n")
        self.start()

    def start(self) -> None:
        argv = ["/usr/sbin/mosquitto", "-c", str(self.folder / "conf")]
        self.process = subprocess.Popen(argv, stderr=subprocess.DEVNULL)

    def wait(self) -> None:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.05)
        raise TimeoutError("mosquitto does not listen")

    def bus(self, username: str, password: str) -> MqttBus:
        return MqttBus(f"mqtt://127.0.0.1:{self.port}", username, password)


@pytest.fixture
def mosquitto(tmp_path: Path, settings: Any) -> Iterator[Broker]:
    settings.NGUON_BROKER_PASSWORD_FILE = tmp_path / "server.password"
    broker.write_files(tmp_path)
    running = Broker(tmp_path)
    running.wait()
    yield running
    running.process.terminate()
    running.process.wait(10)


def two_devices() -> list[tuple[str, str]]:
    world = clusters.make_world()
    made = [clusters.device(world, name) for name in ("Một", "Hai")]
    return [(ids.short(one.pk), clusters.enrolled(one, world.now)) for one in made]


def reload(mosquitto: Broker) -> None:
    assert broker.write_files(mosquitto.folder)
    mosquitto.process.send_signal(signal.SIGHUP)


def test_files_change_only_with_the_credentials(tmp_path: Path, settings: Any) -> None:
    settings.NGUON_BROKER_PASSWORD_FILE = tmp_path / "server.password"
    assert broker.write_files(tmp_path)
    assert not broker.write_files(tmp_path)
    two_devices()
    assert broker.write_files(tmp_path)
    assert len((tmp_path / "passwords").read_text().splitlines()) == len(broker.USERS) + 3
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_a_new_device_gets_in_after_a_reload_and_a_wrong_password_never(mosquitto: Broker) -> None:
    assert knock(mosquitto.port, "server", broker.server_password()) == ACCEPTED
    (name, password), _ = two_devices()
    assert knock(mosquitto.port, name, password) == REFUSED
    reload(mosquitto)
    until = time.monotonic() + 2  # the promise to an officer who stands beside the new box
    while knock(mosquitto.port, name, password) != ACCEPTED:
        assert time.monotonic() < until
        time.sleep(0.05)
    assert knock(mosquitto.port, name, password + "x") == REFUSED
    assert knock(mosquitto.port, name, "") == REFUSED
    assert knock(mosquitto.port, "f" * 32, password) == REFUSED


async def test_the_server_comes_back_to_a_broker_that_lost_its_files(mosquitto: Broker) -> None:
    """It has made itself a new password; a service that was on before must not knock with the old one for ever."""
    bus = MqttBus(f"mqtt://127.0.0.1:{mosquitto.port}", "server", broker.server_password)
    await bus.connect(client_id="server")
    try:
        mosquitto.process.kill()
        mosquitto.process.wait()
        (mosquitto.folder / "server.password").unlink()
        await sync_to_async(broker.write_files)(mosquitto.folder)
        await until(lambda: not bus.connected)
        mosquitto.start()
        await until(lambda: bus.connected)
    finally:
        await bus.close()


async def heard(queue: "asyncio.Queue[tuple[str, bytes]]") -> tuple[str, bytes]:
    async with asyncio.timeout(10):
        return await queue.get()


async def test_a_device_hears_and_speaks_only_for_itself(mosquitto: Broker) -> None:
    (one, password), (two, _) = await sync_to_async(two_devices)()
    await sync_to_async(reload)(mosquitto)
    at_device: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()
    at_server: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()
    device, server = mosquitto.bus(one, password), mosquitto.bus("server", broker.server_password())
    async with asyncio.timeout(20):
        await server.connect(
            client_id="server",
            subscribe=(topics.UPLINK, topics.down(two)),
            handler=lambda topic, payload: at_server.put_nowait((topic, payload)),
        )
        await device.connect(
            client_id=one,
            subscribe=(topics.down(two), topics.UPLINK, topics.area("a" * 32, "speaker"), topics.down(one)),
            handler=lambda topic, payload: at_device.put_nowait((topic, payload)),
        )
        await ready(server, one, at_device)
    device.publish(topics.up(two, "receipt"), b"as another")
    device.publish(topics.down(two), b"an order to another")
    device.publish(topics.area("a" * 32, "speaker"), b"an order to all")
    device.publish(topics.up(one, "receipt"), b"as myself")
    assert await heard(at_server) == (topics.up(one, "receipt"), b"as myself")
    server.publish(topics.down(two), b"for another")
    # areas are another's business: nobody reads one by the files
    server.publish(topics.area("a" * 32, "speaker"), b"for all")
    server.publish(topics.down(one), b"for me")
    assert await heard(at_device) == (topics.down(one), b"for me")
    await device.close()
    await server.close()


async def ready(server: MqttBus, device: str, queue: "asyncio.Queue[tuple[str, bytes]]") -> None:
    """Wait until the device's subscriptions stand: its last one answers, and nothing of the wait is left behind."""
    while queue.empty():
        server.publish(topics.down(device), b"are you there")
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.2)
    while not queue.empty():
        assert queue.get_nowait() == (topics.down(device), b"are you there")
