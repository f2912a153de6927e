"""Two web processes of one installation: what may be done only so often is counted once for both."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import httpx
import pytest
from django.urls import reverse

from nguon.kit.processes import die_with_parent
from tests.conftest import MakeServer
from tests.services import START_WITHIN, STOP_WITHIN, Server, free_port

pytestmark = [pytest.mark.slow, pytest.mark.boards]
MOST = 30  # wrong tokens of another system, from one address within a minute


@contextmanager
def another_web(server: Server) -> Iterator[str]:
    """A second web process on the same data; its address."""
    port = free_port()
    env = {**server.env, "NGUON_PORT": str(port)}
    argv = [sys.executable, "-m", "nguon.cli", "run", "web"]
    with (server.data / "web-2.log").open("wb") as log:
        process = subprocess.Popen(argv, env=env, stdout=log, stderr=log, preexec_fn=die_with_parent)
    address, limit = f"http://127.0.0.1:{port}", time.monotonic() + START_WITHIN
    try:
        while not _answers(address):
            assert process.poll() is None, (server.data / "web-2.log").read_text()
            assert time.monotonic() < limit
            time.sleep(0.1)
        yield address
    finally:
        os.kill(process.pid, signal.SIGTERM)
        process.wait(STOP_WITHIN)


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/api/1/time").status_code == 200
    except httpx.TransportError:
        return False


def test_what_one_refuses_the_other_refuses_too(make_server: MakeServer) -> None:
    server = make_server().start()
    with another_web(server) as second:
        path, wrong = reverse("board:upper-playlist", args=[uuid4()]), {"Authorization": "Bearer sai"}
        asked = [httpx.get((server.base_url, second)[n % 2] + path, headers=wrong) for n in range(MOST + 4)]
    assert [one.status_code for one in asked] == [401] * MOST + [429] * 4
