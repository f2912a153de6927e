"""A session on the air with a real encoder and relay: how it ends by itself, and what it survives."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from nguon.cli.bench import live as bench
from nguon.delivery.rules import Targets
from nguon.delivery.service import db
from nguon.kit import clock
from nguon.live import actions, air, rules
from nguon.live.air import ON_AIR, Air
from nguon.live.models import LiveSession
from nguon.live.relay import RelayServer
from nguon.live.relaying import USER, password
from tests.app import desk as desks
from tests.ports.agent_help import free_port, until

pytestmark = pytest.mark.django_db(transaction=True)


class Studio:
    """A session on the air, somebody who speaks, and a relay that can be taken away."""

    def __init__(self) -> None:
        self.relay = RelayServer(f"{USER}:{password()}")
        self.ended: list[str] = []
        self.heard: list[tuple[int, int]] = []
        self.may = True

    async def open(self, port: int) -> None:
        self.session = await db(_begun)
        self._server = await self.relay.start("127.0.0.1", port)
        self.air = Air(self.session)
        await self.air.open()

    async def begin(self, seconds: float = 600) -> None:
        self.session.ends_at = clock.now() + timedelta(seconds=seconds)
        self.air.begin(self.session)
        await self.air.line(self.ended.append, lambda *counts: self.heard.append(counts), lambda: self.may)

    async def speak(self, seconds: float) -> None:
        class Page:
            """What the bench takes for an encoder: the pieces go where a line takes them."""

            write = staticmethod(self.air.take)

        await bench.speak(seconds, Page())  # type: ignore[arg-type]

    async def over(self) -> LiveSession:
        """The row after the end, with its recording if there is one."""
        await until(lambda: bool(self.ended), within=20)
        await asyncio.sleep(1.5)
        return await db(LiveSession.objects.select_related("recording", "broadcast").get, pk=self.session.pk)

    def close(self) -> None:
        self._server.close()


def _begun() -> LiveSession:
    desk = desks.make_desk()
    desks.device("Cụm đình làng", desk.one, desk.now)
    targets = Targets(places=(desk.here.pk,))
    session = actions.prepare(targets=targets, title="Họp thôn", actor=desk.editor, now=desk.now)
    return actions.begin(session=session, actor=desk.editor, now=clock.now())


@pytest.fixture
async def studio(settings: Settings, tmp_path: Path) -> AsyncIterator[Studio]:
    settings.DATA, settings.MEDIA_ROOT, settings.NGUON_RELAY_PORT = tmp_path, tmp_path / "files", free_port()
    made = Studio()
    await made.open(settings.NGUON_RELAY_PORT)
    yield made
    await made.air.end(rules.SPEAKER)
    made.close()


async def test_its_time_ends_it(studio: Studio) -> None:
    await studio.begin(seconds=2)
    await studio.speak(3)
    row = await studio.over()
    assert (row.why, studio.ended) == ("limit", ["limit"])
    assert row.recording is not None
    assert row.recording.duration_ms == pytest.approx(2_000, abs=900)
    assert row.broadcast is not None
    assert row.broadcast.state == "stopped"
    assert studio.session.pk not in ON_AIR


async def test_who_is_told_that_it_ended_finds_it_ended(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """They ask for its page in the same moment."""
    happened: list[str] = []
    real = actions.end

    def end(*, session: LiveSession, why: str, now: datetime) -> bool:
        done = real(session=session, why=why, now=now)
        happened.append("written")
        return done

    monkeypatch.setattr(actions, "end", end)
    await studio.begin()
    studio.air.ended = happened.append
    await studio.air.end(rules.SPEAKER)
    assert happened == ["written", rules.SPEAKER]


async def test_a_line_without_a_sound_is_lost(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "GRACE", timedelta(seconds=1))
    await studio.begin()
    await studio.speak(1)
    assert studio.ended == []
    row = await studio.over()
    assert row.why == "lost"
    assert row.recording is not None


async def test_who_lost_the_right_is_off_the_air(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(air, "LOOK", 0.05)
    await studio.begin()
    studio.may = False
    assert (await studio.over()).why == "right"


async def test_the_relay_goes_away_and_comes_back(studio: Studio) -> None:
    await studio.begin()
    mount = studio.relay.mounts[studio.session.name]
    speaking = asyncio.create_task(studio.speak(4))
    await asyncio.sleep(1)
    mount.source.transport.abort()
    await until(lambda: studio.relay.mounts.get(studio.session.name) not in (None, mount))
    await speaking
    assert studio.ended == []


async def test_what_is_no_sound_ends_it_with_its_reason(studio: Studio) -> None:
    await studio.begin()
    for _ in range(40):
        studio.air.take(b"this is no sound at all " * 4_000)
        await asyncio.sleep(0.02)
    row = await studio.over()
    assert (row.why, row.recording) == ("fault", None)


async def test_a_disk_that_takes_nothing_does_not_silence_who_speaks(studio: Studio) -> None:
    await studio.begin()
    assert studio.air._disk is not None
    studio.air._disk.close()
    studio.air._disk = open("/dev/full", "wb", buffering=0)  # noqa: ASYNC230, SIM115 - every write fails
    await studio.speak(2)
    assert studio.ended == []
    assert studio.relay.mounts[studio.session.name]
