"""A board that lives: Chromium, the tunnel, a real mosquitto, files over HTTP. An order is painted, and told."""

import hashlib
import json
import time
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser, Page

from nguon.config.tunnel import Tunnel
from nguon.wire import codec, seal, topics
from nguon.wire.messages import Ack, Content, Document, Down, NewPlan, Plan, Play, Stop
from tests.authority import KEYS, OWN, by_place, sealed
from tests.browser.board import STATIC, a_document
from tests.browser.screen import chromium
from tests.browser.talk import Talk
from tests.pictures import of_document
from tests.ports.agent_help import Broker
from tests.ports.test_tunnel import Web

pytestmark = [pytest.mark.browser]
DEVICE, AREA = "d" * 32, "a" * 32
PAGE = """<!doctype html><meta charset="utf-8"><title>Bảng</title><link rel="stylesheet" href="/static/board.css">
<link rel="stylesheet" href="/static/show/show.css"><main id="screen"></main><script type="module">
import { Board } from "/static/shell/board.js";
import { Screen } from "/static/shell/screen.js";
import { Shelf } from "/static/shell/shelf.js";
import { Store } from "/static/shell/store.js";
const identity = await (await fetch("/identity")).json();
const store = await Store.open("board");
const player = new Screen(document.getElementById("screen"));
const shelf = new Shelf("board");
window.board = new Board({ identity, server: location.origin, store, shelf, player, software: "thử" });
await board.start();
</script>"""


class Office:
    """The web server of a board: its page and modules, the time, contents by hash."""

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.away = False

    def put(self, document: Any, duration: int) -> Content:
        data = json.dumps(document, ensure_ascii=False).encode()
        digest = hashlib.sha256(data).hexdigest()
        self.contents[digest] = data
        return Content(url=f"/api/1/content/{digest}", sha256=digest, size=len(data), duration=duration)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 4403})
            return
        status, kind, body = self._answer(scope["path"])
        headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _answer(self, path: str) -> tuple[int, str, bytes]:
        self.asked.append(path)
        if path == "/":
            return 200, "text/html", PAGE.encode()
        if path.startswith("/static/"):
            kind = "text/css" if path.endswith(".css") else "text/javascript"
            return 200, kind, (STATIC / path.removeprefix("/static/")).read_bytes()
        if path == "/identity":
            settings = {"type": "settings", "id": "5" * 32, "at": 0, "version": 1, "areas": [AREA], "volume": 80}
            settings |= {"vitals_every": 1, "proof": False, "warm_up": 0, "stagger": 0, "data_budget": None}
            keys = msgspec.to_builtins(KEYS) | {"revoked": []}
            keys["authorities"] = [{"alone": False, **one} for one in keys["authorities"]]
            return (
                200,
                "application/json",
                json.dumps({"device": DEVICE, "password": "x", "settings": settings, "keys": keys}).encode(),
            )
        if path == "/api/1/time":
            return 200, "application/json", b'{"now":%d}' % (time.time_ns() // 1_000_000)
        data = self.contents.get(path.rsplit("/", 1)[-1])
        return (404, "text/plain", b"") if data is None or self.away else (200, "application/json", data)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def broker() -> Iterator[Broker]:
    with Broker() as found:
        yield found


@pytest.fixture
def web(office: Office, broker: Broker) -> Iterator[Web]:
    with Web(Tunnel(office, broker.url)) as found:
        yield found


@pytest.fixture
def talk(broker: Broker) -> Iterator[Talk]:
    with Talk(broker.port) as found:
        yield found


@pytest.fixture
def page(browser: Browser, web: Web, talk: Talk) -> Iterator[Page]:
    found = browser.new_page()
    complaints: list[str] = []
    found.on("pageerror", lambda error: complaints.append(str(error)))
    found.goto(f"http://127.0.0.1:{web.port}/")
    talk.until(lambda: any(one.get("online") for one in talk.heard))
    yield found
    found.close()
    assert complaints == []


def an_order(mark: str, content: Content, **more: Any) -> Play:
    now = time.time_ns() // 1_000_000
    given = {"level": 40, "expires": now + 600_000, "channel": "board", "areas": (AREA,), **more}
    return Play(id=mark * 32, at=now, content=content, title="Thử bảng", **given)


def say(talk: Talk, message: Down, topic: str = topics.area(AREA, "board")) -> None:
    talk.publish(topic, sealed(message))


def test_an_order_is_painted_and_told_to_its_end(page: Page, office: Office, talk: Talk) -> None:
    text = "Từ 7 giờ 30 ngày mai, tạm ngừng cấp nước để sửa đường ống. " * 12
    order = an_order("1", office.put(a_document("Tin thứ nhất", text), 2_000))
    say(talk, order)
    page.get_by_role("heading", name="Tin thứ nhất").wait_for()
    page.get_by_text("2/2", exact=True).wait_for()
    talk.until(lambda: talk.stages(order.id) == ["received", "started", "finished"])
    assert page.locator("#screen > *").count() == 0
    seqs = tuple(one["seq"] for one in talk.receipts(order.id))
    say(talk, Ack(id="c" * 32, at=order.at, seqs=seqs), topics.down(DEVICE))
    page.wait_for_function("board.state.pending.length === 0")


def test_what_was_fetched_is_not_listed_for_ever(page: Page, office: Office, talk: Talk) -> None:
    before = page.evaluate("performance.getEntriesByType('resource').length")
    for mark in "123":
        order = an_order(mark, office.put(a_document(f"Tin thứ {mark}"), 500))
        say(talk, order)
        talk.until(lambda order=order: talk.stages(order.id)[-1:] == ["finished"])  # type: ignore[misc]
    assert page.evaluate("performance.getEntriesByType('resource').length") == before


def test_a_warning_breaks_in_and_gives_the_screen_back(page: Page, office: Office, talk: Talk) -> None:
    order = an_order("1", office.put(a_document("Lịch tiêm chủng"), 60_000))
    warning = an_order("2", office.put(a_document("Lũ lên nhanh"), 60_000), level=90)
    say(talk, order)
    page.get_by_role("heading", name="Lịch tiêm chủng").wait_for()
    say(talk, warning)
    page.get_by_role("heading", name="Lũ lên nhanh").wait_for()
    assert page.locator("#screen").get_attribute("data-level") == "90"
    say(
        talk,
        Stop(
            id="3" * 32,
            at=warning.at + 1,
            expires=warning.expires,
            broadcast=warning.id,
            channel="board",
            areas=(AREA,),
        ),
    )
    page.get_by_role("heading", name="Lịch tiêm chủng").wait_for()
    talk.until(lambda: talk.stages(warning.id)[-1:] == ["stopped"])
    talk.until(lambda: talk.stages(order.id) == ["received", "started", "preempted", "started"])


def test_nobody_but_those_who_sign_has_the_screen(page: Page, office: Office, talk: Talk) -> None:
    order = replace(an_order("1", office.put(a_document("Tin giả"), 60_000)), issuer=AREA, seq=1)
    talk.publish(topics.area(AREA, "board"), seal.wrap(codec.encode(order)))
    warning = replace(an_order("2", office.put(a_document("Báo động giả"), 60_000), level=90), issuer=AREA, seq=2)
    talk.publish(topics.area(AREA, "board"), by_place(codec.encode(warning), OWN))
    talk.until(lambda: {one["reason"] for one in talk.refusals()} >= {"unsigned", "signers"})
    page.wait_for_timeout(500)
    assert page.locator("#screen > *").count() == 0


def test_a_board_whose_plug_is_pulled_goes_on_by_its_plan_without_network(
    browser: Browser, page: Page, office: Office, talk: Talk, broker: Broker
) -> None:
    """The plan and its files are on its disk: started again with broker and files away, it shows what is due, and its
    picture with it."""
    now = time.time_ns() // 1_000_000
    content = office.put(a_document("Theo lịch", pictures=[of_document((1920, 1080))]), 60_000)
    start = now + 6_000
    play = replace(an_order("4", content), at=now, start=start, begin_by=start + 60_000, expires=start + 200_000)
    document = by_place(codec.encode(Plan(made=now, until=now + 86_400_000, plays=(play,))))
    digest = hashlib.sha256(document).hexdigest()
    office.contents[digest] = document
    plan = {"url": f"/api/1/plan/{digest}", "sha256": digest, "size": len(document)}
    message = NewPlan(id="e" * 32, at=now, version=1, document=msgspec.convert(plan, type=Document), device=DEVICE)
    say(talk, message, topics.down(DEVICE))
    page.wait_for_function("board.state.agenda && Object.keys(board.state.here).length === 1")
    page.wait_for_function("board.state.plan === 1")
    page.wait_for_timeout(300)
    office.away = True
    broker.stop()
    page.reload()
    page.get_by_role("heading", name="Theo lịch").wait_for(timeout=30_000)
    page.get_by_role("img", name="Đoạn đường số 1").wait_for()
