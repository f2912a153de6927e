"""A film on the very page that boards open, with its content policy: planned, kept, and shown without network."""

import time
from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Page

from nguon.media import video
from nguon.wire import codec, topics
from nguon.wire.messages import Content, Document, NewPlan, Plan
from tests.authority import by_place, sealed
from tests.browser.screen import until
from tests.browser.talk import Talk
from tests.browser.test_board_shell import broker, browser, enrolled, order, page, town, web
from tests.browser.town import DEVICE, Town
from tests.films import old_camera
from tests.ports.agent_help import Broker
from tests.ports.test_tunnel import Web

__all__ = ["broker", "browser", "page", "town", "web"]
pytestmark = [pytest.mark.browser]


def content(town: Town, tmp_path: Path) -> Content:
    """A film that the server keeps."""
    out = tmp_path / "moi.mp4"
    given = old_camera(tmp_path / "cu.avi", seconds=30)
    length = video.transcode(given, out, max_minutes=3, progress=lambda done: None)
    digest = town.keep(out.read_bytes())
    size = out.stat().st_size
    return Content(url=f"/api/1/content/{digest}", sha256=digest, size=size, duration=length, mime="video/mp4")


def test_it_is_shown_at_its_time_without_network_and_goes_on_where_it_is(
    page: Page, web: Web, town: Town, broker: Broker, tmp_path: Path
) -> None:
    enrolled(page, web, town)
    play = order("4", content(town, tmp_path))
    start = time.time_ns() // 1_000_000 + 6_000
    play = msgspec.structs.replace(play, start=start, begin_by=start + 60_000, expires=start + 200_000)
    document = by_place(codec.encode(Plan(made=play.at, until=play.at + 86_400_000, plays=(play,))))
    digest = town.keep(document)
    place = Document(url=f"/api/1/plan/{digest}", sha256=digest, size=len(document))
    message = NewPlan(id="e" * 32, at=play.at, version=1, document=place, device=DEVICE)
    with Talk(broker.port) as talk:
        talk.publish(topics.down(DEVICE), sealed(message))
        until(page, "board.state.plan === 1 && Object.keys(board.state.here).length === 1")
        until(page, "board.store.get('state').then(kept => kept.plan === 1)")
    broker.stop()
    web.__exit__()
    until(page, "document.querySelector('video.film')?.currentTime > 0.3")
    page.reload()
    until(
        page, "!document.querySelector('video.film')?.seeking && document.querySelector('video.film')?.currentTime > 0"
    )
    late = page.evaluate("board.now()") - start
    assert abs(page.evaluate("document.querySelector('video.film').currentTime") * 1_000 - late) < 3_000
