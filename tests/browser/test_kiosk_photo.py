"""A photo asked for from the office: the page hears it, the kiosk takes it, the page sends it with its own password."""

import base64
import hashlib
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser, Page

from nguon.config.tunnel import Tunnel
from nguon.wire import codec, topics
from nguon.wire.messages import Document, Limit, NewPlan, Photos, Plan, Settings, Stop
from tests.authority import by_place
from tests.browser.board import a_document
from tests.browser.kiosk import HEADLESS, PATIENCE, a_kiosk, status
from tests.browser.screen import chromium, until
from tests.browser.talk import Talk
from tests.browser.test_board_alive import AREA, DEVICE, an_order, say
from tests.browser.test_kiosk_board import Page as BoardPage
from tests.ports.agent_help import Broker
from tests.ports.test_tunnel import Web

pytestmark = [pytest.mark.browser]
ASKED = "7" * 32


class Office(BoardPage):
    """An office that also takes photos."""

    def __init__(self) -> None:
        super().__init__()
        self.photos: list[tuple[dict[str, str], bytes]] = []
        self.signed: set[bytes] = set()
        self.refuses = 0  # so many photos are not taken, as if the server were away

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["method"] != "PUT":
            await super().__call__(scope, receive, send)
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        self.signed.add(dict(scope["headers"])[b"authorization"])
        self.refuses -= 1
        away = self.refuses >= 0
        if not away:
            found = dict(parse_qsl(scope["query_string"].decode()))
            self.photos.append(({"id": scope["path"].rsplit("/", 1)[-1], **found}, body))
        await send({"type": "http.response.start", "status": 503 if away else 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def broker() -> Iterator[Broker]:
    with Broker() as found:
        yield found


@pytest.fixture
def talk(broker: Broker) -> Iterator[Talk]:
    with Talk(broker.port) as found:
        yield found


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def web(office: Office, broker: Broker) -> Iterator[Web]:
    with Web(Tunnel(office, broker.url)) as found:
        yield found


@pytest.fixture
def kiosk(tmp_path: Path, web: Web, talk: Talk, monkeypatch: pytest.MonkeyPatch) -> Iterator[subprocess.Popen[str]]:
    monkeypatch.setenv("NGUON_BROWSER_OPTIONS", HEADLESS)
    with a_kiosk(tmp_path, f"http://127.0.0.1:{web.port}") as one:
        talk.until(lambda: any(said.get("online") for said in talk.heard))
        yield one
        one.send_signal(signal.SIGTERM)
        one.communicate(timeout=PATIENCE)


def settings(version: int, **photos: Any) -> Settings:
    """Those of the board, with these wishes for photos."""
    now = time.time_ns() // 1_000_000
    wanted = Photos(**photos)
    return Settings(id="5" * 32, at=now, version=version, device=DEVICE, areas=(AREA,), vitals_every=1, photos=wanted)


def test_a_photo_is_taken_when_asked_for_and_by_itself_while_something_is_shown(
    tmp_path: Path, kiosk: subprocess.Popen[str], office: Office, talk: Talk
) -> None:
    office.refuses = 1
    say(talk, settings(2, asked=ASKED), topics.down(DEVICE))
    talk.until(lambda: len(office.photos) == 1)
    said, jpeg = office.photos[0]
    assert (said["asked"], said["seen"]) == (ASKED, "picture")
    assert "broadcast" not in said  # nothing was shown
    assert jpeg.startswith(b"\xff\xd8\xff")
    assert abs(int(said["at"]) - time.time() * 1000) < 120_000
    assert office.signed == {b"Basic ZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGQ6eA=="}
    order = an_order("2", office.put(a_document("Lịch tiêm chủng"), 300_000))
    say(talk, order)
    talk.until(lambda: status(tmp_path)["level shown"] == order.level)
    say(talk, settings(3, asked=ASKED, every=60), topics.down(DEVICE))
    talk.until(lambda: len(office.photos) == 2)
    said, shown = office.photos[1]
    assert "asked" not in said  # the request was answered: this one it took by itself
    assert (said["broadcast"], said["seen"]) == (order.id, "picture")
    assert shown != jpeg
    assert said["id"] != office.photos[0][0]["id"]
    assert "started" in talk.stages(order.id)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def test_a_page_that_nobody_watches_says_that_it_has_no_camera(
    browser: Browser, web: Web, office: Office, talk: Talk
) -> None:
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{web.port}/")
    talk.until(lambda: any(one.get("online") for one in talk.heard))
    say(talk, settings(2, asked=ASKED, every=1), topics.down(DEVICE))
    talk.until(lambda: bool(office.photos))
    said, body = office.photos[0]
    assert (said["asked"], said["seen"], body) == (ASKED, "none", b"")
    page.reload()
    page.evaluate("new Promise((done) => setTimeout(done, 1500))")
    assert page.evaluate("board.camera.wants") == ""  # answered once, also after the page began anew
    assert len(office.photos) == 1
    page.close()


def plan(office: Office, *limits: Limit) -> NewPlan:
    """An announced plan of nothing but these limits."""
    now = time.time_ns() // 1_000_000
    data = by_place(codec.encode(Plan(made=now, until=now + 86_400_000, limits=limits)))
    digest = hashlib.sha256(data).hexdigest()
    office.contents[digest] = data
    document = Document(url=f"/api/1/plan/{digest}", sha256=digest, size=len(data))
    return NewPlan(id="e" * 32, at=now, version=1, document=document, device=DEVICE)


def brightness(page: Page) -> int:
    """How bright the upper left corner is, of what was white."""
    data = base64.b64encode(page.screenshot()).decode()
    found: int = page.evaluate(CORNER, data)
    return found


CORNER = """async (data) => {
  const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
  const canvas = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
  canvas.drawImage(picture, 0, 0);
  return Math.max(...canvas.getImageData(4, 4, 1, 1).data.slice(0, 3));
}"""


def test_it_shows_as_bright_as_the_plan_says_and_an_emergency_in_full(
    browser: Browser, web: Web, office: Office, talk: Talk
) -> None:
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{web.port}/")
    talk.until(lambda: any(one.get("online") for one in talk.heard))
    order = an_order("2", office.put(a_document("Lịch tiêm chủng"), 300_000))
    say(talk, order)
    page.get_by_role("heading", name="Lịch tiêm chủng").wait_for()
    full = brightness(page)
    now = time.time_ns() // 1_000_000
    limit = Limit(start=now - 60_000, end=now + 12_000, most=40)
    say(talk, plan(office, limit, Limit(start=now, end=now + 600_000, most=70)), topics.down(DEVICE))
    until(page, "board.light === 40")
    assert brightness(page) == pytest.approx(full * 0.4, abs=2)
    until(page, "board.light === 70")  # by itself, when the hour is over
    assert brightness(page) == pytest.approx(full * 0.7, abs=2)
    warning = an_order("3", office.put(a_document("Lũ lên nhanh"), 300_000), level=90)
    say(talk, warning)
    page.get_by_role("heading", name="Lũ lên nhanh").wait_for()
    until(page, "board.light === 100")
    assert page.locator("#screen").get_attribute("data-dimmed") is None
    stop = Stop(id="4" * 32, at=warning.at + 1, expires=warning.expires, channel="board", areas=(AREA,))
    say(talk, replace(stop, broadcast=warning.id))
    until(page, "board.light === 70")
    office.away = True
    page.reload()
    until(page, "window.board?.light === 70")  # from the plan it kept
    page.close()
