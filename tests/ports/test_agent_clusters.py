"""Simulated clusters: enrolled at the first start, unplugged and plugged in again."""

import asyncio
import contextlib
from collections.abc import Iterable
from pathlib import Path

import msgspec

from nguon.agent import identity
from nguon.agent.clusters import Clusters, Wanted
from nguon.wire.messages import Settings
from tests.authority import KEYS
from tests.ports.agent_help import Broker, Web, until

DEVICE = "d" * 32


async def test_from_code_to_pulled_plug_and_back(tmp_path: Path) -> None:
    now = [Wanted(DEVICE, tmp_path / DEVICE)]
    codes: list[str] = []

    async def wanted() -> Iterable[Wanted]:
        return list(now)

    async def code(device: str) -> str:
        codes.append(device)
        return "ABCD-EFGH"

    async with Web() as web:
        with Broker() as broker:
            settings = msgspec.to_builtins(Settings(id="5" * 32, at=0, version=1, areas=("a" * 32,)))
            web.enrolment = {"device": DEVICE, "password": "pw", "broker": "mqtt://127.0.0.1:9", "settings": settings}
            web.enrolment["keys"] = msgspec.to_builtins(KEYS)
            clusters = Clusters(wanted, code, server=web.url, broker=broker.url, first_wait=0.05)
            task = asyncio.create_task(clusters.run())
            await until(lambda: DEVICE in clusters._agents and clusters._agents[DEVICE].state.connected)
            assert identity.load(tmp_path / DEVICE).broker == broker.url
            first = clusters._agents[DEVICE]
            now[:] = [Wanted(DEVICE, tmp_path / DEVICE, unplugged=True)]
            await until(lambda: not clusters._agents, within=2)
            assert not first.state.sounding
            now[:] = [Wanted(DEVICE, tmp_path / DEVICE)]
            await until(lambda: DEVICE in clusters._agents and clusters._agents[DEVICE].state.connected)
            assert codes == [DEVICE]
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def test_a_refused_code_is_asked_for_again(tmp_path: Path) -> None:
    codes: list[str] = []

    async def wanted() -> Iterable[Wanted]:
        return [Wanted(DEVICE, tmp_path / DEVICE)]

    async def code(device: str) -> str:
        codes.append(device)
        return f"CODE-{len(codes)}"

    async with Web() as web:
        clusters = Clusters(wanted, code, server=web.url, broker="mqtt://127.0.0.1:9", first_wait=0.05)
        task = asyncio.create_task(clusters.run())
        await until(lambda: len(codes) >= 2)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
