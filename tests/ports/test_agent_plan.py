"""A whole device that lives by a plan: real broker, real HTTP, real sound, recorder; and the plug pulled for real."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from nguon.agent import identity, run
from nguon.agent.report import report
from nguon.agent.store import Store
from nguon.wire import codec, seal, topics
from nguon.wire.messages import Content, NewPlan, Plan, Play, Reason, Receipt, Span, Stage, Vitals
from tests import authority
from tests.ports.agent_help import Broker, Web, an_identity, an_mp3, seconds_of, until
from tests.ports.test_agent_run import DEVICE, Server, an_order, broker, home, running, server, web

__all__ = ["broker", "home", "server", "web"]


def now() -> int:
    return time.time_ns() // 1_000_000


def planned(mark: str, content: Content, seconds: float, *, grace: float = 60, level: int = 40) -> Play:
    """Due in so many seconds."""
    order = an_order(mark, content, level=level)
    start = now() + round(seconds * 1000)
    begin_by = start + round(grace * 1000)
    return replace(order, start=start, begin_by=begin_by, expires=begin_by + content.duration)


def a_plan(*plays: Play, quiet: tuple[Span, ...] = ()) -> bytes:
    plan = Plan(made=now(), until=now() + 7 * 86_400_000, plays=plays, quiet=quiet)
    return authority.by_place(codec.encode(plan))


def announce(server: Server, web: Web, document: bytes, version: int = 1) -> NewPlan:
    message = NewPlan(id=f"{version:032x}", at=now(), version=version, document=web.put_plan(document))
    server.say(message, topics.down(DEVICE))
    return message


def ends(server: Server) -> dict[str, tuple[Stage, Reason]]:
    final = (Stage.FINISHED, Stage.EXPIRED, Stage.FAILED, Stage.REFUSED)
    return {
        m.broadcast[0]: (m.stage, m.reason) for m in server.heard_all if isinstance(m, Receipt) and m.stage in final
    }


def started(server: Server, order: Play) -> int:
    """ms after its start."""
    found = next(m for m in server.heard_all if isinstance(m, Receipt) and m.stage is Stage.STARTED)
    return found.at - order.start


async def test_a_plan_is_fetched_held_and_played_without_the_network(
    home: Path, web: Web, server: Server, tmp_path: Path
) -> None:
    sound = an_mp3(tmp_path, 1.5)
    content = web.put(sound, 1_500)
    orders = [planned("1", content, 3), planned("2", content, 4.5)]
    async with running(home) as agent:
        await until(lambda: server.presences() == [True])
        web.cuts = [100]  # the document breaks off once
        announce(server, web, a_plan(*orders))
        await until(lambda: agent.state.agenda is not None and agent.state.here)
        await until(lambda: any(isinstance(m, Vitals) and m.planned_ready == 100 for m in server.heard_all))
        vitals = [m for m in server.heard_all if isinstance(m, Vitals)][-1]
        assert vitals.plan == 1
        assert vitals.planned_until is not None
        assert vitals.data_used is not None
        assert len(sound) < vitals.data_used < len(sound) + 20_000
        web.away = 1_000_000  # and the server is gone
        await until(lambda: Stage.FINISHED in server.stages(orders[1]))
        assert 0 <= started(server, orders[0]) < 1_000
        assert server.stages(orders[0]) == [Stage.STARTED, Stage.FINISHED]
        fetched = [path for path, headers in web.asked if "/content/" in path]
        assert len(fetched) == 1  # one file for both, once
    assert report(home)["plan"] == 1


async def test_a_restart_keeps_the_plan_and_a_torn_one_is_set_aside(
    home: Path, web: Web, server: Server, tmp_path: Path
) -> None:
    order = planned("1", web.put(an_mp3(tmp_path, 0.5), 500), 3_600)
    async with running(home) as agent:
        await until(lambda: server.presences() == [True])
        message = announce(server, web, a_plan(order))
        await until(lambda: agent.state.plan == 1 and agent.state.here)
    state = Store(home).load()
    assert state is not None
    assert state.agenda is not None
    assert state.agenda.plays == (order,)
    path = home / "plans" / message.document.sha256
    path.write_bytes(path.read_bytes()[:-20])
    torn = Store(home).load()
    assert torn is not None
    assert (torn.agenda, torn.plan) == (None, 0)
    assert list((home / "plans").glob("*.bad-*"))
    async with running(home) as agent:
        await until(lambda: server.presences() == [True, False, True])
        server.say(message, topics.down(DEVICE))  # as the server does with one that is behind
        await until(lambda: agent.state.plan == 1 and agent.state.here)


@pytest.mark.parametrize(
    "document", [b"", b"{}", seal.wrap(b"{}"), seal.wrap(b'{"made":1,"until":-1}'), b"\xff" * 9_000]
)
async def test_what_is_no_plan_leaves_the_old_one(document: bytes, home: Path, web: Web, server: Server) -> None:
    async with running(home) as agent:
        await until(lambda: server.presences() == [True])
        announce(server, web, a_plan())
        await until(lambda: agent.state.plan == 1)
        if document:
            announce(server, web, document, 2)
            await until(lambda: agent.state.unread)
        else:
            missing = web.put_plan(b"x" * 50)
            web.contents[missing.sha256] = b"y" * 50  # other bytes than announced
            server.say(NewPlan(id="2" * 32, at=now(), version=2, document=missing), topics.down(DEVICE))
            await until(lambda: any(missing.sha256 in path for path, _headers in web.asked))
            await until(lambda: agent.state.announced is None)
        assert agent.state.plan == 1
        announce(server, web, a_plan(), 3)
        await until(lambda: agent.state.plan == 3)


async def test_a_file_cut_short_or_tampered_with_on_disk_is_fetched_again(
    home: Path, web: Web, server: Server, tmp_path: Path
) -> None:
    content = web.put(an_mp3(tmp_path, 1), 1_000)
    order = planned("1", content, 5)
    async with running(home) as agent:
        await until(lambda: server.presences() == [True])
        announce(server, web, a_plan(order))
        await until(lambda: agent.state.here)
    path = Store(home).path(content.sha256)
    path.write_bytes(path.read_bytes()[:-100])
    async with running(home):
        await until(lambda: Stage.FINISHED in server.stages(order), within=20)
    assert len([path for path, _ in web.asked if "/content/" in path]) == 2


async def test_no_room_is_told_when_its_time_comes_and_an_order_is_not_disturbed(
    home: Path, web: Web, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "Store", lambda home: Store(home, cache_bytes=30_000))
    small, large = web.put(an_mp3(tmp_path, 1), 1_000), web.put(an_mp3(tmp_path, 6), 6_000)
    later = planned("2", web.put(an_mp3(tmp_path, 1.2), 1_200), 3_600)
    async with running(home) as agent:
        await until(lambda: server.presences() == [True])
        announce(server, web, a_plan(planned("1", large, 1, grace=1), later))
        await until(lambda: later.sha256 in agent.state.here)
        await until(lambda: ends(server).get("1"))
        assert ends(server)["1"] == (Stage.FAILED, Reason.DISK)
        order = an_order("3", replace(web.put(an_mp3(tmp_path, 2.5)), duration=2_500))  # what is planned makes room
        server.say(order)
        await until(lambda: Stage.FINISHED in server.stages(order))
        assert later.sha256 not in agent.state.here
        announce(server, web, a_plan(planned("4", small, 1, grace=20)), 2)
        await until(lambda: "4" in ends(server))
        assert ends(server)["4"] == (Stage.FINISHED, Reason.NONE)


@contextlib.contextmanager
def _small_disk(path: Path, size: str) -> Iterator[None]:
    path.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(path)], capture_output=True)
    if mounted.returncode:
        pytest.skip("this machine does not let a small disk be mounted")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(path)], check=False)


async def test_a_full_disk(web: Web, broker: Broker, server: Server, tmp_path: Path) -> None:
    path = tmp_path / "card"
    with _small_disk(path, "21m"):
        identity.save(path, an_identity(web.url, broker.url, vitals_every=1))
        large = web.put(b"x" * 2_500_000, 2_000)
        order = planned("2", web.put(an_mp3(tmp_path, 1), 1_000), 3)
        async with running(path):
            await until(lambda: server.presences() == [True])
            announce(server, web, a_plan(planned("1", large, 1, grace=1), order))
            await until(lambda: {"1", "2"} <= ends(server).keys(), within=25)
        assert ends(server) == {"1": (Stage.FAILED, Reason.DISK), "2": (Stage.FINISHED, Reason.NONE)}


async def test_quiet_hours_end_a_sound(home: Path, web: Web, server: Server, tmp_path: Path) -> None:
    order = replace(planned("1", web.put(an_mp3(tmp_path, 20), 20_000), 1), cut=True)
    quiet = Span(start=order.start + 3_000, end=order.start + 3_600_000)
    async with running(home) as agent:
        await until(lambda: server.presences() == [True])
        announce(server, web, a_plan(order, quiet=(quiet,)))
        await until(lambda: "1" in ends(server))
        assert ends(server)["1"] == (Stage.EXPIRED, Reason.QUIET)
        path = home / "recordings" / f"{order.id}.mp3"
        size = path.stat().st_size
        await asyncio.sleep(0.3)
        assert path.stat().st_size == size
        assert agent.state.sounding is None
    assert seconds_of(path) < 3.1


async def _process(home: Path) -> asyncio.subprocess.Process:
    """`nguon agent run` as a program of its own."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "nguon.cli", "agent", "run", "--player", "recorder", "--home", str(home)),
        stderr=asyncio.subprocess.DEVNULL,
    )


async def test_power_lost_in_mid_item(home: Path, web: Web, server: Server, tmp_path: Path) -> None:
    """The process is killed; its successor goes on where the clock is, and tells what was over meanwhile."""
    order = planned("1", web.put(an_mp3(tmp_path, 25), 25_000), 6)
    short = planned("2", web.put(an_mp3(tmp_path, 1), 1_000), 12, grace=1, level=60)
    first = await _process(home)
    try:
        await until(lambda: server.presences() == [True], within=30)
        announce(server, web, a_plan(order, short))
        await until(lambda: Stage.STARTED in server.stages(order), within=30)
        assert 0 <= started(server, order) < 1_000
        await asyncio.sleep(2)
    finally:
        os.kill(first.pid, signal.SIGKILL)  # by its id, as a plug is pulled
        await first.wait()
    heard = seconds_of(home / "recordings" / f"{order.id}.mp3")
    await asyncio.sleep(max((short.start + 2_500 - now()) / 1000, 0))
    again = await _process(home)
    try:
        await until(lambda: Stage.FINISHED in server.stages(order), within=45)
    finally:
        again.send_signal(signal.SIGTERM)
        await again.wait()
    receipts = [m for m in server.heard_all if isinstance(m, Receipt) and m.broadcast == order.id]
    resumed = [m for m in receipts if m.stage is Stage.STARTED][-1]
    assert resumed.position == pytest.approx(resumed.at - order.start, abs=1_500)
    assert ends(server)["2"] == (Stage.EXPIRED, Reason.OFF)
    assert ends(server)["1"] == (Stage.FINISHED, Reason.NONE)
    whole = seconds_of(home / "recordings" / f"{order.id}.mp3")
    assert whole == pytest.approx(heard + 25 - resumed.position / 1000, abs=0.7)  # a hole, and nothing twice
