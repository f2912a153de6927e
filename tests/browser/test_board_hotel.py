"""A board behind what keeps WebSockets out: the page as it is, Chromium, a proxy, the tunnel, a real mosquitto."""

from collections.abc import Iterator

import msgspec
import pytest
from playwright.sync_api import Browser, Page, expect

from nguon.config import poll_line
from nguon.config.tunnel import Tunnel
from nguon.wire import topics
from nguon.wire.messages import Play, Stop
from tests.authority import sealed
from tests.browser.hotel import FREE, SILENT, Hotel
from tests.browser.screen import chromium, until
from tests.browser.talk import Talk
from tests.browser.test_board_shell import connected, order
from tests.browser.town import AREA, CODE, Town
from tests.ports.agent_help import Broker
from tests.ports.test_tunnel import Web

pytestmark = [pytest.mark.browser]
BY = "window.board?.state?.connected && board.line.connected && board.line.by === '{}'"


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
def hotel(town: Town, broker: Broker) -> Iterator[Hotel]:
    with Web(Tunnel(town, broker.url)) as web, Hotel(web.port) as found:
        yield found


@pytest.fixture
def talk(broker: Broker) -> Iterator[Talk]:
    with Talk(broker.port) as found:
        yield found


@pytest.fixture
def page(browser: Browser, hotel: Hotel, town: Town) -> Iterator[Page]:
    """A board that was enrolled behind the proxy, and started once more from what it keeps."""
    found = browser.new_context(viewport={"width": 1920, "height": 1080}).new_page()
    complaints: list[str] = []
    found.on("pageerror", lambda error: complaints.append(str(error)))
    found.goto(f"http://127.0.0.1:{hotel.port}/bang/")
    expect(found.locator(".waits-code")).to_have_text(CODE)
    town.named = True
    connected(found)
    until(found, "navigator.serviceWorker.ready.then(() => true)")
    found.reload()
    connected(found)
    assert found.evaluate("navigator.serviceWorker.controller !== null")
    yield found
    found.context.close()
    assert complaints == []


def shows(page: Page, talk: Talk, shown: Play) -> None:
    """The order is painted, and that is told. As the server does it is said again until the board answers."""
    order = sealed(shown)
    for _ in range(120):
        if talk.stages(shown.id):
            break
        talk.publish(topics.area(AREA, "board"), order)
        page.wait_for_timeout(500)
    expect(page.get_by_text("Lũ lên nhanh")).to_be_visible()
    talk.until(lambda: talk.stages(shown.id)[-1:] == ["started"])
    stop = Stop(id="9" * 32, at=shown.at + 1, expires=shown.expires, broadcast=shown.id, channel="board")
    talk.publish(topics.area(AREA, "board"), sealed(msgspec.structs.replace(stop, areas=(AREA,))))
    talk.until(lambda: talk.stages(shown.id)[-1:] == ["stopped"])


def wills(talk: Talk) -> int:
    """How often the broker said that the board is gone."""
    return sum(one["type"] == "presence" and not one.get("online") for one in tuple(talk.heard))


def test_it_hears_and_shows_and_goes_back_to_the_websocket_when_that_is_free(
    page: Page, hotel: Hotel, talk: Talk, town: Town
) -> None:
    until(page, BY.format("requests"))
    shows(page, talk, order("1", town.put("Lũ lên nhanh", 60_000), 90))
    page.evaluate("board.line.look()")  # shut: nothing changes
    until(page, BY.format("requests"))
    gone = wills(talk)
    hotel.sockets = FREE
    page.evaluate("board.line.look()")
    until(page, BY.format("socket"))
    before = len(hotel.asked)
    shows(page, talk, order("2", town.put("Lũ lên nhanh", 60_000), 90))
    assert not [one for one in hotel.asked[before:] if "/mqtt/line" in one]
    assert wills(talk) == gone  # it said farewell before it changed


def test_where_a_websocket_opens_and_carries_nothing(browser: Browser, hotel: Hotel, talk: Talk, town: Town) -> None:
    hotel.sockets = SILENT
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{hotel.port}/bang/")
    expect(page.locator(".waits-code")).to_have_text(CODE)
    town.named = True
    until(page, BY.format("requests"))
    shows(page, talk, order("1", town.put("Lũ lên nhanh", 60_000), 90))


def test_over_a_network_that_loses_a_third_of_all(page: Page, hotel: Hotel, talk: Talk, town: Town) -> None:
    until(page, BY.format("requests"))
    hotel.loses = 0.33
    for mark in "123456":
        shows(page, talk, order(mark, town.put("Lũ lên nhanh", 60_000), 90))
    assert hotel.lost > 3
    until(page, BY.format("requests"))


def test_the_broker_begins_anew(page: Page, hotel: Hotel, town: Town, broker: Broker) -> None:
    until(page, BY.format("requests"))
    broker.stop()
    until(page, "!board.line.connected")
    broker.start()
    until(page, BY.format("requests"))
    with Talk(broker.port) as talk:
        shows(page, talk, order("1", town.put("Lũ lên nhanh", 60_000), 90))


def test_a_board_whose_plug_is_pulled_leaves_its_will(
    page: Page, hotel: Hotel, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    until(page, BY.format("requests"))
    gone = wills(talk)
    monkeypatch.setattr(poll_line, "LONELY", 1.0)
    page.evaluate("board.line.publish('x', new Uint8Array(1))")
    page.goto("about:blank")
    talk.until(lambda: wills(talk) > gone)


def test_a_page_that_was_frozen_finds_its_line_cut_and_hears_again(
    page: Page, hotel: Hotel, talk: Talk, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a browser does with a page in its cache, or behind another: no timer runs, no answer is read."""
    until(page, BY.format("requests"))
    gone = wills(talk)
    browser = page.context.new_cdp_session(page)
    monkeypatch.setattr(poll_line, "LONELY", 1.0)
    page.evaluate("board.line.publish('x', new Uint8Array(1))")
    browser.send("Page.setWebLifecycleState", {"state": "frozen"})
    talk.until(lambda: wills(talk) > gone)
    monkeypatch.setattr(poll_line, "LONELY", 60.0)
    browser.send("Page.setWebLifecycleState", {"state": "active"})
    until(page, BY.format("requests"))
    shows(page, talk, order("1", town.put("Lũ lên nhanh", 60_000), 90))


def test_a_websocket_that_carries_is_never_given_up(browser: Browser, hotel: Hotel, town: Town, broker: Broker) -> None:
    hotel.sockets = FREE
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{hotel.port}/bang/")
    expect(page.locator(".waits-code")).to_have_text(CODE)
    town.named = True
    until(page, BY.format("socket"))
    broker.stop()  # the server says over the WebSocket that there is no broker: five times, and more
    until(page, "!board.line.connected")
    before = hotel.upgrades
    while hotel.upgrades < before + 4:
        page.wait_for_timeout(100)
    assert page.evaluate("board.line.by") == "socket"
    broker.start()
    until(page, BY.format("socket"))
    assert not [one for one in hotel.asked if "/mqtt/line" in one]
