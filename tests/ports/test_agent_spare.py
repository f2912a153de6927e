"""A disk without room: an alert is fetched into memory and can be played from there; nothing else is."""

from pathlib import Path

from nguon.agent.events import Event, Fetched, FetchFailed
from nguon.agent.spare import Spare
from nguon.agent.store import Store
from nguon.kit import clock
from nguon.wire.messages import Content, Reason
from tests.ports.agent_help import Web, an_identity, until


def a_spare(home: Path, web: Web, told: list[Event], urgent: set[str], memory: Path) -> Spare:
    """One whose disk takes ten bytes."""
    return Spare(
        Store(home, cache_bytes=10),
        an_identity(web.url, "mqtt://127.0.0.1:1"),
        told.append,
        dict,
        lambda: clock.ms(clock.now()),
        is_urgent=urgent.__contains__,
        count=lambda count: None,
        memory=memory,
    )


async def fetched(spare: Spare, content: Content, told: list[Event]) -> Event:
    told.clear()
    spare.fetch(content, clock.ms(clock.now()) + 60_000)
    await until(lambda: told)
    return told[0]


async def test_an_alert_is_kept_in_memory_when_the_disk_has_no_room(tmp_path: Path) -> None:
    told: list[Event] = []
    urgent: set[str] = set()
    async with Web() as web:
        small, alert, bulletin = (web.put(data) for data in (b"small", b"siren" * 1_000, b"music" * 1_000))
        urgent.add(alert.sha256)
        spare = a_spare(tmp_path / "home", web, told, urgent, tmp_path)
        assert await fetched(spare, small, told) == Fetched(small.sha256)
        assert spare.path(small.sha256).parent == tmp_path / "home" / "content"
        assert await fetched(spare, alert, told) == Fetched(alert.sha256)
        assert spare.path(alert.sha256).read_bytes() == b"siren" * 1_000
        failed = await fetched(spare, bulletin, told)
        assert isinstance(failed, FetchFailed)
        assert failed.reason is Reason.DISK
        await spare.close()
    assert not spare.path(alert.sha256).exists()


async def test_without_memory_it_is_said_that_there_is_no_room(tmp_path: Path) -> None:
    told: list[Event] = []
    async with Web() as web:
        alert = web.put(b"siren" * 1_000)
        spare = a_spare(tmp_path / "home", web, told, {alert.sha256}, tmp_path / "not there")
        failed = await fetched(spare, alert, told)
        assert isinstance(failed, FetchFailed)
        assert failed.reason is Reason.DISK
        await spare.close()
