"""Fetching from a real HTTP server that misbehaves."""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from nguon.agent.events import Event, Fetched, FetchFailed
from nguon.agent.fetch import Fetcher
from nguon.agent.store import Store
from nguon.wire.messages import Content, Reason
from tests.ports.agent_help import Web, an_identity, free_port, until

DATA = bytes(range(256)) * 1000


@dataclass
class Scene:
    web: Web
    store: Store
    fetcher: Fetcher
    told: list[Event] = field(default_factory=list)

    async def fetch(self, content: Content, seconds: float = 60) -> Event:
        count = len(self.told)
        self.fetcher.fetch(content, time.time_ns() // 1_000_000 + round(seconds * 1000))
        await until(lambda: len(self.told) > count)
        return self.told[-1]


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    told: list[Event] = []
    async with Web() as web:
        store = Store(tmp_path, cache_bytes=1_000_000)
        fetcher = Fetcher(store, an_identity(web.url, "mqtt://127.0.0.1:1"), told.append, first_wait=0.05)
        yield Scene(web, store, fetcher, told)
        await fetcher.close()


async def test_whole(scene: Scene) -> None:
    content = scene.web.put(DATA)
    assert await scene.fetch(content) == Fetched(content.sha256)
    assert scene.store.path(content.sha256).read_bytes() == DATA
    assert scene.web.asked[0][1]["authorization"].startswith("Basic ")
    assert await scene.fetch(content) == Fetched(content.sha256)
    assert len(scene.web.asked) == 1  # the second time it was on disk


async def test_cut_connections_go_on_where_they_broke(scene: Scene) -> None:
    content = scene.web.put(DATA)
    scene.web.cuts = [100_000, 0, 50_000]
    assert await scene.fetch(content) == Fetched(content.sha256)
    assert [headers.get("range") for _, headers in scene.web.asked] == [
        None,
        "bytes=100000-",
        "bytes=100000-",
        "bytes=150000-",
    ]


async def test_a_server_without_ranges(scene: Scene) -> None:
    content = scene.web.put(DATA)
    scene.web.ranges, scene.web.cuts = False, [100_000]
    assert await scene.fetch(content) == Fetched(content.sha256)


async def test_a_whole_part_from_before_a_loss_of_power(scene: Scene) -> None:
    content = scene.web.put(DATA)
    scene.store.part(content.sha256).write_bytes(DATA)
    assert await scene.fetch(content) == Fetched(content.sha256)
    assert scene.web.asked == []


async def test_a_spoiled_part_is_begun_anew(scene: Scene) -> None:
    content = scene.web.put(DATA)
    scene.store.part(content.sha256).write_bytes(b"x" * 100)
    assert await scene.fetch(content) == Fetched(content.sha256)
    assert [headers.get("range") for _, headers in scene.web.asked] == ["bytes=100-", None]


async def test_wrong_bytes(scene: Scene) -> None:
    content = scene.web.put(DATA)
    scene.web.contents[content.sha256] = DATA[:-1] + b"?"
    event = await scene.fetch(content)
    assert isinstance(event, FetchFailed)
    assert event.reason is Reason.HASH
    assert list(scene.store.contents.iterdir()) == []


async def test_longer_than_it_should_be(scene: Scene) -> None:
    content = scene.web.put(DATA)
    scene.web.contents[content.sha256] = DATA * 20
    event = await scene.fetch(content)
    assert isinstance(event, FetchFailed)
    assert event.reason is Reason.HASH


@pytest.mark.parametrize("status", [401, 403, 404, 302])
async def test_a_refusal_is_final(scene: Scene, status: int) -> None:
    content = scene.web.put(DATA)
    scene.web.statuses = [status]
    assert await scene.fetch(content) == FetchFailed(content.sha256, Reason.FETCH, f"the server answered {status}")
    assert len(scene.web.asked) == 1


async def test_a_server_in_trouble_is_asked_again(scene: Scene) -> None:
    content = scene.web.put(DATA)
    scene.web.statuses = [500, 429, 503]
    assert await scene.fetch(content) == Fetched(content.sha256)


async def test_nobody_there_until_it_is_too_late(scene: Scene) -> None:
    content = Content(url=f"http://127.0.0.1:{free_port()}/x", sha256="0" * 64, size=10, duration=1)
    event = await scene.fetch(content, seconds=0.3)
    assert isinstance(event, FetchFailed)
    assert event.reason is Reason.FETCH


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/x", "http://[", "http://127.0.0.1:99999/x"])
async def test_an_address_that_is_none(scene: Scene, url: str) -> None:
    event = await scene.fetch(Content(url=url, sha256="0" * 64, size=10, duration=1))
    assert isinstance(event, FetchFailed)
    assert event.reason is Reason.FETCH


async def test_the_password_is_for_our_server_alone(scene: Scene) -> None:
    async with Web() as other:
        content = other.put(DATA)
        away = Content(url=other.url + content.url, sha256=content.sha256, size=content.size, duration=1)
        assert await scene.fetch(away) == Fetched(content.sha256)
        assert "authorization" not in other.asked[0][1]


async def test_no_room(scene: Scene) -> None:
    event = await scene.fetch(scene.web.put(b"x" * 1_000_001))
    assert isinstance(event, FetchFailed)
    assert event.reason is Reason.DISK
    assert scene.web.asked == []


async def test_a_full_disk(scene: Scene) -> None:
    content = scene.web.put(DATA)
    scene.store.part(content.sha256).symlink_to("/dev/full")
    event = await scene.fetch(content)
    assert isinstance(event, FetchFailed)
    assert event.reason is Reason.DISK


async def test_it_is_tried_again_before_it_is_too_late(scene: Scene) -> None:
    """A server that comes back shortly before the expiry is still asked."""
    content = scene.web.put(DATA)
    scene.fetcher._first_wait = 60
    scene.web.statuses = [503]
    assert await scene.fetch(content, seconds=3) == Fetched(content.sha256)


async def test_asked_again_it_hurries(scene: Scene) -> None:
    content = scene.web.put(DATA)
    scene.fetcher._first_wait = 60
    scene.web.statuses = [503]
    scene.fetcher.fetch(content, time.time_ns() // 1_000_000 + 3_600_000)
    await until(lambda: len(scene.web.asked) == 1)
    assert await scene.fetch(content, seconds=3_600) == Fetched(content.sha256)
