"""The tree of services as its users have it: it starts, heals, stops, and says clearly why it cannot."""

import contextlib
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.conftest import MakeServer
from tests.services import DidNotStart, Server

pytestmark = pytest.mark.slow


def answers(url: str) -> int:
    with urllib.request.urlopen(url, timeout=10) as response:
        return int(response.status)


def alive(pid: int) -> bool:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False


def family(pid: int) -> set[int]:
    """A process and all below it."""
    found = {pid}
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found |= family(int(child))
    return found


def test_it_starts_heals_and_stops_on_either_database(make_server: MakeServer, any_database_url: str) -> None:
    server = make_server(database_url=any_database_url, fresh=True).start()
    assert answers(f"{server.base_url}/healthz") == 200
    assert list(server.services()) == [
        "broker",
        "live",
        "web",
        "sender",
        "listener",
        "clock",
        "planner",
        "alerts",
        "cases",
        "links",
        "jobs",
        "archive",
    ]
    for name in ("broker", "web", "listener"):
        server.kill(name)
    assert answers(f"{server.base_url}/healthz") == 200
    with socket.create_connection(("127.0.0.1", server.broker_port), timeout=10):
        pass
    assert server.process is not None
    everybody = family(server.process.pid)
    assert len(everybody) >= 12  # the tree, its services, mosquitto
    assert server.stop() == 0
    assert not any(map(alive, everybody))


def test_killing_the_tree_leaves_no_orphan_and_it_starts_again(make_server: MakeServer) -> None:
    server = make_server().start()
    assert server.process is not None
    everybody = family(server.process.pid)
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()
    while any(map(alive, everybody)):
        pass
    server.start()
    assert answers(f"{server.base_url}/healthz") == 200


def test_one_data_folder_has_one_server(server: Server) -> None:
    with pytest.raises(subprocess.CalledProcessError) as refusal:
        server.nguon("up", "--no-demo")
    assert str(server.data) in refusal.value.stderr
    assert "đang chạy" in refusal.value.stderr
    assert "Traceback" not in refusal.value.stderr


@pytest.mark.parametrize("variable", ["NGUON_PORT", "NGUON_BROKER_PORT", "NGUON_BROKER_TLS_PORT"])
def test_a_port_in_use_is_named_before_anything_starts(make_server: MakeServer, variable: str) -> None:
    server = make_server()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        server.env[variable] = str(taken.getsockname()[1])
        with pytest.raises(DidNotStart, match=variable) as refusal:
            server.start()
    assert "Traceback" not in str(refusal.value)
    assert not (server.data / "services.json").exists()


def test_one_service_runs_by_itself(make_server: MakeServer) -> None:
    server = make_server()
    argv = [sys.executable, "-m", "nguon.cli", "run", "broker"]
    with subprocess.Popen(argv, env=server.env, stderr=subprocess.PIPE, text=True) as broker:
        assert broker.stderr is not None
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", server.broker_port), timeout=10):
                break
            assert broker.poll() is None
        broker.terminate()
        assert broker.wait(timeout=30) == 0
