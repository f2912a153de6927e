"""The page of a board by itself: kept whole, exchanged whole, and never a dark screen without a word."""

import hashlib
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import msgspec
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from nguon.config.tunnel import Tunnel
from nguon.wire import codec, topics
from nguon.wire.messages import Content, Document, NewPlan, Plan, Play, Stop
from tests.authority import by_place, sealed
from tests.browser.screen import chromium, until
from tests.browser.talk import Talk
from tests.browser.town import AREA, CODE, DEVICE, Town
from tests.ports.agent_help import Broker
from tests.ports.test_tunnel import Web

pytestmark = [pytest.mark.browser]
KEPT = "caches.keys().then(names => names.filter(name => name.startsWith('nguon-board-page-')))"
UPDATE = "navigator.serviceWorker.getRegistration().then(one => one.update()).catch(() => 0)"
VERSION = "document.documentElement.dataset.version"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def broker() -> Iterator[Broker]:
    with Broker() as found:
        yield found


@pytest.fixture
def web(town: Town, broker: Broker) -> Iterator[Web]:
    with Web(Tunnel(town, broker.url)) as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    found = browser.new_context(viewport={"width": 1920, "height": 1080}).new_page()
    complaints: list[str] = []
    found.on("pageerror", lambda error: complaints.append(str(error)))
    yield found
    found.context.close()
    assert complaints == []


def address(web: Web) -> str:
    return f"http://127.0.0.1:{web.port}/bang/"


def enrolled(page: Page, web: Web, town: Town) -> None:
    """It shows its code, somebody types it, it is there; started once more, it is kept."""
    page.goto(address(web))
    expect(page.locator(".waits-code")).to_have_text(CODE)
    town.named = True
    connected(page)
    until(page, "navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    connected(page)
    assert page.evaluate("navigator.serviceWorker.controller !== null")


def connected(page: Page) -> None:
    until(page, "window.board?.state?.connected")


def says(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", name=words)).to_be_visible()


def order(mark: str, content: Content, level: int = 40) -> Play:
    now = time.time_ns() // 1_000_000
    return Play(
        id=mark * 32,
        at=now,
        expires=now + 600_000,
        level=level,
        channel="board",
        areas=(AREA,),
        content=content,
        title="Thử",
    )


def planned(town: Town, title: str, ahead: int) -> bytes:
    """The message of a plan by which a title is shown in `ahead` ms for a minute."""
    play = order("4", town.put(title, 60_000))
    start = play.at + ahead
    play = msgspec.structs.replace(play, start=start, begin_by=start + 60_000, expires=start + 200_000)
    document = by_place(codec.encode(Plan(made=play.at, until=play.at + 86_400_000, plays=(play,))))
    town.keep(document)
    digest = hashlib.sha256(document).hexdigest()
    place = Document(url=f"/api/1/plan/{digest}", sha256=digest, size=len(document))
    return sealed(NewPlan(id="e" * 32, at=play.at, version=1, document=place, device=DEVICE))


def test_without_server_and_broker_it_starts_and_shows_what_is_planned(
    page: Page, web: Web, town: Town, broker: Broker
) -> None:
    enrolled(page, web, town)
    with Talk(broker.port) as talk:
        talk.publish(topics.down(DEVICE), planned(town, "Theo lịch", 8_000))
        until(page, "board.state.plan === 1 && Object.keys(board.state.here).length === 1")
        until(page, "board.store.get('state').then(kept => kept.plan === 1)")
    broker.stop()
    web.__exit__()
    page.reload()
    expect(page.get_by_text("Theo lịch")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Theo lịch")).to_be_visible()


def test_a_new_version_takes_the_place_of_the_old_one_whole_when_nothing_is_shown(
    page: Page, web: Web, town: Town, broker: Broker
) -> None:
    enrolled(page, web, town)
    before = page.evaluate(VERSION)
    with Talk(broker.port) as talk:
        shown = order("1", town.put("Lịch tiêm chủng", 60_000))
        talk.publish(topics.area(AREA, "board"), sealed(shown))
        expect(page.get_by_text("Lịch tiêm chủng")).to_be_visible()
        town.renew("mới")
        page.evaluate(UPDATE)
        until(page, "navigator.serviceWorker.getRegistration().then(one => one.waiting !== null)")
        page.wait_for_timeout(6_000)  # longer than it takes to look whether the screen is free
        assert page.evaluate(VERSION) == before
        stop = Stop(id="3" * 32, at=shown.at + 1, expires=shown.expires, broadcast=shown.id, channel="board")
        talk.publish(topics.area(AREA, "board"), sealed(msgspec.structs.replace(stop, areas=(AREA,))))
        until(page, f"{VERSION} === 'mới' && window.board?.state?.connected")
    assert len(page.evaluate(KEPT)) == 1
    web.__exit__()
    page.reload()
    until(page, f"{VERSION} === 'mới' && window.board?.state")


def test_a_version_of_which_a_part_is_another_is_not_taken(page: Page, web: Web, town: Town) -> None:
    enrolled(page, web, town)
    before = page.evaluate(VERSION)
    town.told = {"/static/board/waits.css": b"/* of the next version */"}  # while the server is being renewed
    town.renew("mới")
    page.evaluate(UPDATE)
    until(page, "navigator.serviceWorker.getRegistration().then(one => !one.installing && !one.waiting)")
    assert len(page.evaluate(KEPT)) == 1
    page.reload()
    connected(page)
    assert page.evaluate(VERSION) == before
    town.told = {}
    page.evaluate(UPDATE)
    until(page, f"{VERSION} === 'mới' && window.board?.state?.connected")


def test_what_is_kept_in_part_is_brought_anew(page: Page, web: Web, town: Town) -> None:
    enrolled(page, web, town)
    page.evaluate(
        f"{KEPT}.then(([name]) => caches.open(name)).then(cache => cache.delete('/static/board/wire/seal.js'))"
    )
    asked = len(town.asked)
    page.reload()
    connected(page)
    assert "GET /static/board/core/core.js" in town.asked[asked:]  # not from what was left
    count = len(town.parts)
    until(page, f"{KEPT}.then(([n]) => caches.open(n)).then(c => c.keys()).then(all => all.length === {count})")


def test_a_page_that_came_in_part_says_so_and_tries_again(page: Page, web: Web, town: Town) -> None:
    town.lost = {"/static/board/wire/seal.js"}
    page.goto(address(web))
    says(page, "Chưa nối được với máy chủ")
    town.lost = set()
    expect(page.locator(".waits-code")).to_have_text(CODE)


def test_a_board_that_finds_no_server_says_so_and_tries_again(page: Page, web: Web, town: Town) -> None:
    town.lost = {"/api/1/screens"}
    page.goto(address(web))
    says(page, "Chưa nối được với máy chủ")
    town.lost = set()
    expect(page.locator(".waits-code")).to_have_text(CODE)


def test_an_address_that_is_not_secure_says_where_to_go(page: Page, town: Town) -> None:
    def answer(route: Route) -> None:
        status, kind, data = town.answer(urlsplit(route.request.url).path)
        route.fulfill(status=status, content_type=kind, body=data)

    page.route("http://192.168.1.9/**", answer)
    page.goto("http://192.168.1.9/bang/")
    says(page, "Trang này phải mở bằng https")
    expect(page.get_by_text("https://192.168.1.9/bang/")).to_be_visible()


NO_KEYS = """const real = SubtleCrypto.prototype.generateKey;
SubtleCrypto.prototype.generateKey = function (kind, ...more) {
  const no = () => Promise.reject(new DOMException("no", "NotSupportedError"));
  return kind === "Ed25519" ? no() : real.call(this, kind, ...more);
};"""


def test_a_browser_without_the_signature_says_that_it_is_too_old(page: Page, web: Web) -> None:
    page.add_init_script(NO_KEYS)
    page.goto(address(web))
    says(page, "Trình duyệt này quá cũ")


def test_so_does_one_that_cannot_read_the_page(browser: Browser, web: Web, town: Town) -> None:
    town.parts["/static/board/page.js"] = b"words that are no language;"
    page = browser.new_page()
    page.goto(address(web))
    says(page, "Trình duyệt này quá cũ")
    page.add_init_script("delete HTMLScriptElement.prototype.noModule;")
    page.reload()
    says(page, "Trình duyệt này quá cũ")


def test_a_full_disk_says_so_before_anybody_types(page: Page, web: Web, town: Town) -> None:
    page.goto(address(web))
    expect(page.locator(".waits-code")).to_have_text(CODE)
    page.evaluate("indexedDB.deleteDatabase('nguon-board')")
    line = page.context.new_cdp_session(page)
    origin = f"http://127.0.0.1:{web.port}"
    line.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
    line.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 1})
    page.reload()
    says(page, "Bộ nhớ của bảng đã đầy")
    line.send("Storage.overrideQuotaForOrigin", {"origin": origin})
    expect(page.locator(".waits-code")).to_have_text(CODE)


def test_a_browser_that_promises_nothing_is_used_all_the_same(page: Page, web: Web, town: Town) -> None:
    page.add_init_script("delete StorageManager.prototype.persist; delete CacheStorage.prototype.has;")
    enrolled(page, web, town)


def test_a_board_that_was_removed_says_so_after_its_warning_and_becomes_one_again(
    page: Page, web: Web, town: Town, broker: Broker
) -> None:
    enrolled(page, web, town)
    with Talk(broker.port) as talk:
        talk.publish(topics.area(AREA, "board"), sealed(order("2", town.put("Lũ lên nhanh", 12_000), 90)))
        expect(page.get_by_text("Lũ lên nhanh")).to_be_visible()
    broker.stop()
    ask = "HEAD /api/1/plan/" + "0" * 64
    with Broker(broker.port, anonymous=False):  # it lets nobody in
        until(page, "!board.state.connected")
        while ask not in town.asked:
            page.wait_for_timeout(100)
        town.password = ""  # and now the server knows it no more either
        while town.asked.count(ask) < 2:
            assert page.get_by_text("Lũ lên nhanh").count() or page.evaluate("!board.state.sounding")
            page.wait_for_timeout(100)
        says(page, "Bảng này đã bị gỡ khỏi hệ thống")
        assert page.evaluate("Object.values(board.state.held).length") == 0
        expect(page.locator(".waits-code")).to_have_text(CODE)
        page.reload()
        says(page, "Bảng này đã bị gỡ khỏi hệ thống")
        expect(page.locator(".waits-code")).to_have_text(CODE)
    broker.start()
    town.named = True
    connected(page)
    expect(page.locator(".waits")).to_have_count(0)
