"""Sending the sound that was played, to a server that is not ready for it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from nguon.agent.events import Event, ProofSent
from nguon.agent.proof import TRIES, Prover
from tests.ports.agent_help import Web, an_identity, until

ONE, TWO = "1" * 32, "2" * 32


@dataclass
class Scene:
    web: Web
    prover: Prover
    told: list[Event] = field(default_factory=list)

    async def idle(self) -> None:
        await until(lambda: not self.prover._tasks)


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    for broadcast in (ONE, TWO):
        (tmp_path / broadcast).write_bytes(b"sound")
    told: list[Event] = []
    async with Web() as web, httpx.AsyncClient() as client:
        identity = an_identity(web.url, "mqtt://127.0.0.1:1")
        prover = Prover(client, identity, lambda broadcast: tmp_path / broadcast, told.append, first_wait=0.01)
        yield Scene(web, prover, told)
        await prover.close()


async def test_a_server_that_has_not_written_the_delivery_yet(scene: Scene) -> None:
    scene.web.statuses = [404, 404, 404]
    scene.prover.send(ONE)
    await scene.idle()
    assert scene.web.proofs == {ONE: b"sound"}
    assert scene.told == [ProofSent(ONE)]


async def test_a_delivery_that_never_comes_is_given_up(scene: Scene) -> None:
    scene.web.statuses = [404] * TRIES
    scene.prover.send(ONE)
    scene.prover.send(TWO)
    await scene.idle()
    assert scene.web.proofs == {TWO: b"sound"}
    assert scene.told == [ProofSent(ONE), ProofSent(TWO)]


async def test_a_server_in_trouble_is_owed_the_proof(scene: Scene) -> None:
    scene.web.statuses = [404, *[503] * (TRIES - 1)]
    scene.prover.send(ONE)
    await scene.idle()
    assert scene.told == []
    scene.prover.send(ONE)
    await scene.idle()
    assert scene.told == [ProofSent(ONE)]


@pytest.mark.parametrize("status", [401, 413, 415])
async def test_what_it_will_never_take(scene: Scene, status: int) -> None:
    scene.web.statuses = [status]
    scene.prover.send(ONE)
    await scene.idle()
    assert len(scene.web.asked) == 1
    assert scene.told == [ProofSent(ONE)]


async def test_nothing_was_recorded(scene: Scene) -> None:
    scene.prover.send("3" * 32)
    await scene.idle()
    assert scene.told == [ProofSent("3" * 32)]
    assert scene.web.asked == []
