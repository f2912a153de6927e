"""The broker service with the real mosquitto: the configuration it writes, and whom it lets in while it runs."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from io import BytesIO
from pathlib import Path

import pytest

from nguon.config import broker
from nguon.config.broker_log import Ear
from tests.conftest import MakeServer
from tests.services import Server

ACCEPTED, REFUSED = 0, 5  # return codes of CONNACK, MQTT 3.1.1
MAKE = """
import json
from tests.app import clusters
from nguon.devices import actions
made = actions.register_swarm(count=2, place=clusters.make_world().here, actor="test", now=clusters.clock.now())
print(json.dumps([[device.hex, password] for device, password in made]))
"""
REFUSED_ONES = """
import json
from nguon.devices.models import Refusal
print(json.dumps(list(Refusal.objects.values_list("topic", "reason", "detail"))))
"""
REVOKE = """
from nguon.devices import actions
from nguon.devices.models import Device
from nguon.kit import clock
actions.revoke(device=Device.objects.get(pk="{device}"), actor="test", now=clock.now())
"""


def field(text: str) -> bytes:
    return len(text.encode()).to_bytes(2, "big") + text.encode()


def sign_in(port: int, username: str, password: str, client_id: str = "") -> socket.socket:
    """A connection on which CONNECT was sent; the answer is still to be read."""
    body = field("MQTT") + bytes([4, 0xC2, 0, 60]) + field(client_id or username) + field(username) + field(password)
    line = socket.create_connection(("127.0.0.1", port), timeout=20)
    line.sendall(bytes([0x10, len(body)]) + body)
    return line


def knock(port: int, username: str, password: str) -> int:
    """What the broker answers to one attempt to sign in."""
    with sign_in(port, username, password) as line:
        return line.recv(4)[3]


def until(met: Callable[[], bool]) -> None:
    """Waits without end: the time limit is that of the whole run."""
    while not met():
        time.sleep(0.05)


def listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


@pytest.fixture
def data(make_server: MakeServer) -> Server:
    """An empty database and the settings of a server that does not run."""
    return make_server()


@pytest.fixture
def service(data: Server) -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen([sys.executable, "-m", "nguon.cli", "run", "broker"], env=data.env) as process:
        until(lambda: listens(data.broker_port) or process.poll() is not None)
        yield process
        process.terminate()


def test_devices_come_and_go_while_it_runs(data: Server, service: "subprocess.Popen[bytes]") -> None:
    own = (data.data / "broker/server.password").read_text()
    assert knock(data.broker_port, "server", own) == ACCEPTED
    assert knock(data.broker_port, "server", own + "x") == REFUSED
    assert knock(data.broker_port, "", "") != ACCEPTED
    (one, one_password), (two, two_password) = json.loads(data.shell(MAKE))
    until(lambda: knock(data.broker_port, one, one_password) == ACCEPTED)
    assert knock(data.broker_port, one, two_password) == REFUSED
    assert knock(data.broker_port, two, two_password) == ACCEPTED
    with sign_in(data.broker_port, one, one_password) as line:
        assert line.recv(4)[3] == ACCEPTED
        data.shell(REVOKE.format(device=one))
        assert line.recv(1) == b""  # put out, not only kept out
    assert knock(data.broker_port, one, one_password) == REFUSED
    assert knock(data.broker_port, two, two_password) == ACCEPTED


def answers(line: socket.socket) -> bool:
    """Whether the broker still answers a ping on this connection."""
    line.sendall(bytes([0xC0, 0]))
    return line.recv(2) == bytes([0xD0, 0])


def test_a_device_cannot_put_out_another_or_the_server_by_its_client_id(
    data: Server, service: "subprocess.Popen[bytes]"
) -> None:
    own = (data.data / "broker/server.password").read_text()
    (one, one_password), (two, two_password) = json.loads(data.shell(MAKE))
    until(lambda: knock(data.broker_port, two, two_password) == ACCEPTED)
    users = {one: one_password, "server-sender": own, "server-listener": own}
    with ExitStack() as open_lines:
        lines = {user: open_lines.enter_context(sign_in(data.broker_port, user, users[user])) for user in users}
        assert all(line.recv(4)[3] == ACCEPTED for line in lines.values())
        for user in users:
            with sign_in(data.broker_port, two, two_password, client_id=user) as thief:
                assert thief.recv(4)[3] == ACCEPTED
                assert answers(thief)
                assert answers(lines[user])


def test_whoever_comes_with_a_wrong_key_is_kept_among_the_refusals(
    data: Server, service: "subprocess.Popen[bytes]"
) -> None:
    for key in ("wrong", "wronger", "wrongest"):
        assert knock(data.broker_port, "nobody", key) == REFUSED
    told: list[list[str]] = []

    def kept() -> int:
        told[:] = json.loads(data.shell(REFUSED_ONES))
        return sum(int(detail.split()[0]) for _, _, detail in told)

    until(lambda: kept() == 3)
    assert {(topic, reason) for topic, reason, _ in told} == {("mqtt 127.0.0.1", "wrong-key")}


def test_what_the_broker_says_is_passed_on_without_its_chatter(capfd: pytest.CaptureFixture[str]) -> None:
    ear = Ear(BytesIO())
    for line in (
        *("New connection from ::1:40112 on port 18830.", "Client <unknown> disconnected, not authorised."),
        *("New client connected from ::1:1 as a (p2, c1, k0, u'a').", "Client a closed its connection."),
        "Error: Unable to open pwfile.",
    ):
        ear.hear(line)
    assert capfd.readouterr().err == "Error: Unable to open pwfile.\n"
    assert ear.refused() == (1, "::1")
    assert ear.refused() == (0, "::1")


def test_it_ends_when_told_and_takes_mosquitto_with_it(data: Server, service: "subprocess.Popen[bytes]") -> None:
    service.terminate()
    assert service.wait() == 0
    assert not listens(data.broker_port)


def test_it_ends_when_mosquitto_dies_so_that_it_is_started_again(
    data: Server, service: "subprocess.Popen[bytes]"
) -> None:
    children = Path(f"/proc/{service.pid}/task/{service.pid}/children").read_text().split()
    assert len(children) == 1
    os.kill(int(children[0]), signal.SIGKILL)
    assert service.wait() != 0


def test_secrets_are_readable_by_their_owner_alone(data: Server, service: "subprocess.Popen[bytes]") -> None:
    for name in ("passwords", "acl", "server.password"):
        assert (data.data / "broker" / name).stat().st_mode & 0o077 == 0, name


def test_the_configuration_asks_for_a_password_and_bounds_nothing_away() -> None:
    lines = broker.configuration(Path("/d"), port=1234, bind="127.0.0.1", root=False).splitlines()
    assert lines[0] == "listener 1234 127.0.0.1"
    assert {"allow_anonymous false", "max_queued_messages 200000", "allow_duplicate_messages true"} <= set(lines)
    assert "user root" not in lines
    assert "user root" in broker.configuration(Path("/d"), port=1, bind="::1", root=True).splitlines()


def test_without_mosquitto_the_reason_is_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda *_args, **_kwargs: None)
    with pytest.raises(broker.NoBroker, match="apt-get install mosquitto"):
        broker.program()
