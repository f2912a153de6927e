"""A whole device whose machine has a wrong clock."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from nguon.agent import core, events, identity, run
from nguon.agent.hour import Hour
from nguon.agent.state import fresh
from nguon.agent.store import Store
from nguon.wire.messages import Reason, Receipt, Stage, Vitals
from tests.authority import RING, sealed
from tests.ports.agent_help import Broker, Web, an_identity, an_mp3, until
from tests.ports.test_agent_run import Server, an_order, broker, home, running, server, web

__all__ = ["broker", "home", "server", "web"]
HOUR = 3_600.0


@pytest.fixture(params=[HOUR, -HOUR, 365 * 24 * HOUR, -365 * 24 * HOUR])
def wrong(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> float:
    """The machine's clock is wrong by so many seconds."""
    by = float(request.param)
    monkeypatch.setattr(run, "Hour", _wrong_by(by))
    return by


def _wrong_by(seconds: float) -> Callable[[], Hour]:
    return lambda: Hour(machine=lambda: time.time() + seconds)


async def test_it_plays_by_the_servers_time_and_tells_the_error(
    wrong: float, home: Path, web: Web, server: Server, tmp_path: Path
) -> None:
    order = an_order("1", web.put(an_mp3(tmp_path, 0.5), 500))
    async with running(home):
        await until(lambda: server.presences() == [True])
        server.say(order)
        await until(lambda: Stage.FINISHED in server.stages(order))
        await until(lambda: any(isinstance(m, Vitals) for m in server.heard_all))
    vitals = next(m for m in server.heard_all if isinstance(m, Vitals))
    assert vitals.clock_offset == pytest.approx(wrong * 1000, abs=2_000)
    started = next(m for m in server.heard_all if isinstance(m, Receipt) and m.stage is Stage.STARTED)
    assert started.at == pytest.approx(order.at, abs=60_000)


async def test_a_wrong_clock_that_cannot_be_checked_is_said(
    wrong: float, tmp_path: Path, broker: Broker, server: Server, web: Web
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    identity.save(home, an_identity("http://127.0.0.1:1", broker.url))
    order = an_order("1", web.put(b"x"))
    async with running(home):
        await until(lambda: server.presences() == [True])
        server.say(order)
        await until(lambda: server.stages(order))
    receipt = next(m for m in server.heard_all if isinstance(m, Receipt))
    assert (receipt.stage, receipt.reason) == (Stage.REFUSED, Reason.CLOCK)


async def test_what_is_held_waits_for_the_time_at_power_up(
    home: Path, web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The network comes up after the box: until then its clock is not to be trusted with what it holds."""
    order = an_order("1", web.put(an_mp3(tmp_path, 1), 1_000))
    order = replace(order, at=order.at - 3 * 3_600_000, expires=order.at - 3_600_000)  # over an hour ago
    heard = events.Heard(sealed(order))
    held, _ = core.step(fresh(identity.load(home).settings, "d" * 32, RING, checked=True), heard, order.at)
    Store(home).save(held)
    monkeypatch.setattr(run, "Hour", _wrong_by(-2 * HOUR))
    web.away = 2
    async with running(home) as agent:
        await until(lambda: not web.away)
        assert order.id in agent.state.held
        assert agent.state.sounding is None
        await until(lambda: not agent.state.held)
        assert agent.state.over[order.id].stage is Stage.EXPIRED


async def test_the_servers_clock_was_set_and_an_order_is_believed_when_it_is_sent_again(
    home: Path, web: Web, server: Server, tmp_path: Path
) -> None:
    """It is refused as from the future; the device asks the time at once, not after ten minutes."""
    order = an_order("1", web.put(an_mp3(tmp_path, 0.5), 500))
    order = replace(order, at=order.at + 3_600_000, expires=order.expires + 7_200_000)
    async with running(home) as agent:
        await until(lambda: server.presences() == [True])
        await until(lambda: agent.state.checked)
        web.ahead = 3_600_000
        server.say(order)
        await until(lambda: server.stages(order) == [Stage.REFUSED])
        await until(lambda: agent.state.up_at > order.at - 60_000)  # the clock went along
        server.say(order)
        await until(lambda: Stage.FINISHED in server.stages(order))
