"""A board of one installation shows what another gives: two servers, each with data of its own, as they are run."""

import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from nguon.kit.processes import die_with_parent
from tests.conftest import MakeServer
from tests.services import Server

pytestmark = pytest.mark.slow
ABOVE = """
from tests.app import upper
world = upper.make()
world.add(world.bulletin())
print(world.grant()[1], world.playlist_address())
"""
BELOW = """
from nguon.channels.board.upper import taking
from nguon.kit import clock
from tests.app import desk as desks
desk = desks.make_desk()
keeper = desks.person("kt", "Ngô Kỹ Thuật", desk.here, "technician")
board = desks.device("Màn LED ngã tư", desk.here, desk.now)
board.channel = "board"
board.save()
terms = taking.Terms(desk.here.pk, "Của huyện", "{address}", "{token}", 1, (board.pk,))
taking.create(terms=terms, actor=keeper, now=clock.now())
"""
WAIT = """
import time
from nguon.channels.board.upper import showing, taking
from nguon.channels.board.upper.models import FarBoard, UpperSource
from nguon.kit import clock
from nguon.wire.seal import thumbprint
end = time.monotonic() + 200
def until(met):
    while not met():
        assert time.monotonic() < end, list(UpperSource.objects.values())
        time.sleep(0.2)
def source():
    return UpperSource.objects.get()
"""
AGREE = f"""{WAIT}
until(lambda: source().offered)
found = source()
taking.agree(source=found, kids=tuple(map(thumbprint, found.offered)), actor=found.created_by, now=clock.now())
until(lambda: source().items.exists())
print([row.title for row, item in showing.held(source(), clock.now())])
taking.look_now(source=found, actor=found.created_by, now=clock.now())
until(lambda: source().reported_at is not None)
"""
TOLD = f"""{WAIT}
until(FarBoard.objects.exists)
print([board.name for board in FarBoard.objects.all()])
"""
GONE = f"""{WAIT}
found = source()
taking.look_now(source=found, actor=found.created_by, now=clock.now())
until(lambda: source().fault)
print(source().fault, len(showing.current(source(), clock.now())))
"""


@contextmanager
def running(server: Server, name: str) -> Iterator[None]:
    """One service of a server."""
    argv = [sys.executable, "-m", "nguon.cli", "run", name]
    with (server.data / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(argv, env=server.env, stdout=log, stderr=log, preexec_fn=die_with_parent)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def answers(server: Server) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{server.base_url}/healthz", timeout=5)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError((server.data / "web.log").read_text())


def test_what_one_gives_another_shows_and_tells_of(make_server: MakeServer) -> None:
    above, below = make_server(), make_server(NGUON_LINK_NETWORKS="127.0.0.1/32")
    token, path = above.shell(ABOVE).split()
    below.shell(BELOW.format(address=above.base_url + path, token=token))
    with running(below, "links"):
        with running(above, "web"):
            answers(above)
            assert below.shell(AGREE).strip() == "['Lịch cắt điện ngày 25/11']"
            assert above.shell(TOLD).strip() == "['Màn LED ngã tư']"
        assert below.shell(GONE).strip() == "connect 1"
