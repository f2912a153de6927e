"""A board that has it hard: a full disk, a store that breaks under it, a machine that slept, a page brought back."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from nguon.channels.board import shell
from nguon.config.tunnel import Tunnel
from tests.browser.board import a_document
from tests.browser.screen import chromium, until
from tests.browser.talk import Talk
from tests.browser.test_board_alive import Office, an_order, say
from tests.browser.test_board_shell import connected, enrolled
from tests.browser.town import Town
from tests.ports.agent_help import Broker
from tests.ports.test_tunnel import Web

pytestmark = [pytest.mark.browser]
HOURS = 5 * 3_600_000


class Slept(Office):
    """The server's time is ahead of the machine's by `by` ms."""

    by = 0

    def _answer(self, path: str) -> tuple[int, str, bytes]:
        if path == "/api/1/time":
            self.asked.append(path)
            return 200, "application/json", json.dumps({"now": time.time_ns() // 1_000_000 + self.by}).encode()
        return super()._answer(path)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def office() -> Slept:
    return Slept()


@pytest.fixture
def broker() -> Iterator[Broker]:
    with Broker() as found:
        yield found


@pytest.fixture
def web(office: Slept, broker: Broker) -> Iterator[Web]:
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


BREAKS = """(method) => { CacheStorage.prototype.open = Cache.prototype.put = () =>
  Promise.reject(new DOMException("no", method)); }"""


@pytest.mark.parametrize("fault", ["QuotaExceededError", "UnknownError"])
def test_a_warning_needs_no_disk(page: Page, office: Slept, talk: Talk, fault: str) -> None:
    page.evaluate(BREAKS, fault)
    page.evaluate("{ IDBObjectStore.prototype.put = () => { throw new DOMException('no', 'QuotaExceededError'); }; 0 }")
    warning = an_order("2", office.put(a_document("Lũ lên nhanh"), 60_000), level=90)
    say(talk, warning)
    expect(page.get_by_role("heading", name="Lũ lên nhanh")).to_be_visible()
    talk.until(lambda: talk.stages(warning.id)[-1:] == ["started"])


def test_what_is_no_longer_needed_makes_room_in_the_memory_too(page: Page, office: Slept, talk: Talk) -> None:
    page.evaluate(BREAKS, "QuotaExceededError")
    kept: Any = page.evaluate(
        """async () => { const { Shelf } = await import("/static/shell/shelf.js");
        const { sha256 } = await import("/static/wire/bytes.js");
        const shelf = new Shelf("other"), file = async (size, of) => {
          const bytes = new Uint8Array(size).fill(of); return [{ sha256: await sha256(bytes), size }, bytes]; };
        const one = await file(1000, 1), two = await file(1000, 2), huge = await file(40_000_000, 3);
        const held = [await shelf.hold(...one), await shelf.hold(...two), await shelf.hold(one[0], two[1])];
        const refused = await shelf.hold(...huge).catch((error) => error.name);
        const gone = await shelf.keepOnly(new Set([one[0].sha256]));
        return [held, refused, gone.length, (await shelf.read(one[0]))?.length, await shelf.read(two[0])]; }"""
    )
    assert kept == [[True, True, False], "QuotaExceededError", 1, 1000, None]


def test_a_store_that_broke_off_is_opened_again(page: Page, web: Web, office: Slept, talk: Talk) -> None:
    line = page.context.new_cdp_session(page)
    origin = f"http://127.0.0.1:{web.port}"
    line.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "indexeddb"})
    order = an_order("1", office.put(a_document("Lịch tiêm chủng"), 60_000))
    say(talk, order)
    expect(page.get_by_role("heading", name="Lịch tiêm chủng")).to_be_visible()
    until(page, f"board.store.get('state').then(kept => kept?.held['{order.id}']?.stage === 'started', () => false)")


BROKEN = """
self.addEventListener("message", ({ data }) => {
  if (data !== "break") return;
  const no = () => Promise.reject(new DOMException("no", "UnknownError"));
  CacheStorage.prototype.open = CacheStorage.prototype.keys = no;
});
"""


def test_a_page_whose_disk_cannot_be_read_is_fetched(
    browser: Browser, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker_of = shell.worker_of
    monkeypatch.setattr(shell, "worker_of", lambda parts: worker_of(parts) + BROKEN)
    town = Town()
    with Web(Tunnel(town, broker.url)) as web:
        page = browser.new_context(viewport={"width": 1920, "height": 1080}).new_page()
        enrolled(page, web, town)
        page.evaluate("navigator.serviceWorker.controller.postMessage('break')")
        page.reload()
        connected(page)
        page.context.close()


def test_a_machine_that_slept_asks_for_the_time_at_once(page: Page, office: Slept) -> None:
    """While it sleeps the browser's counter may stand; its clock does not."""
    until(page, "board.state.checked")
    office.by = HOURS
    page.evaluate(f"{{ const real = Date.now; Date.now = () => real() + {HOURS}; }}")
    until(page, f"board.now() - performance.timeOrigin - performance.now() > {HOURS} - 60_000")


def test_whoever_sets_the_clock_of_a_board_moves_nothing(page: Page, office: Slept) -> None:
    until(page, "board.state.checked")
    before = office.asked.count("/api/1/time")
    page.evaluate(f"{{ const real = Date.now; Date.now = () => real() + {HOURS}; }}")
    page.wait_for_timeout(4_000)
    assert page.evaluate("board.now() - performance.timeOrigin - performance.now()") < 60_000
    assert office.asked.count("/api/1/time") == before + 1  # it asked, once


def test_the_hour_on_the_glass_follows_the_clock_at_once(page: Page, office: Slept) -> None:
    page.evaluate(
        """import("/static/shell/screen.js").then(({ Screen }) => { const root = document.createElement("div");
        root.style = "width:400px;height:300px"; document.body.append(root);
        board.player = new Screen(root, { idle: true, now: () => board.now() }); board.player.idle(); })"""
    )
    until(page, "document.querySelector('[data-hour]')?.textContent")
    shown = page.locator("[data-hour]").text_content()
    office.by = HOURS
    page.evaluate(f"{{ const real = Date.now; Date.now = () => real() + {HOURS}; }}")
    until(page, f"board.now() - performance.timeOrigin - performance.now() > {HOURS} - 60_000")
    page.wait_for_timeout(300)
    assert abs(int(str(page.locator("[data-hour]").text_content())[:2]) - int(str(shown)[:2])) % 24 in (5, 6, 18, 19)
