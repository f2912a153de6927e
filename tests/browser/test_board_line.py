"""The line of a board's page: Chromium, uvicorn, the tunnel and a real mosquitto between it and who speaks to it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from nguon.config.tunnel import Tunnel
from tests.browser.board import run, served
from tests.browser.screen import chromium
from tests.ports.agent_help import Broker
from tests.ports.test_tunnel import Web, nobody

pytestmark = [pytest.mark.browser]


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with chromium() as browser, served() as url:
        found = browser.new_page()
        found.goto(f"{url}/wire/bytes.js")
        yield found


@pytest.fixture
def broker() -> Iterator[Broker]:
    with Broker() as found:
        yield found


@pytest.fixture
def web(broker: Broker) -> Iterator[Web]:
    with Web(Tunnel(nobody, broker.url)) as found:
        yield found


OPEN = """const { Line } = await wire("line");
const { doorsOf } = await wire("doors");
const { bytesOf } = await wire("bytes");
window.made = {};
for (const [name, topics] of Object.entries(argument.topics)) {
  const told = [];
  const line = new Line(doorsOf(argument.url), name, "mật khẩu", {
    up() { told.push("up"); line.subscribe(topics); },
    down() { told.push("down"); },
    heard(payload) { told.push(new TextDecoder().decode(payload)); },
    will() { return { topic: `dev/${name}/up/presence`, payload: bytesOf(`${name} tắt nguồn`) }; },
  });
  made[name] = { line, told };
  line.open();
}"""
TOPICS = {"board": ["area/1", "dev/board/down"], "office": ["dev/#"]}


def opened(page: Page, web: Web) -> None:
    """Two lines, both let in and listening."""
    run(page, OPEN, {"url": f"http://127.0.0.1:{web.port}", "topics": TOPICS})
    until(page, "made.board.told.includes('up') && made.office.told.includes('up')")


def until(page: Page, condition: str) -> None:
    page.wait_for_function(condition, timeout=60_000)


def say(page: Page, who: str, topic: str, words: str, *, retain: bool = False) -> None:
    run(
        page,
        """const { bytesOf } = await wire("bytes");
        made[argument.who].line.publish(argument.topic, bytesOf(argument.words), argument.retain);""",
        {"who": who, "topic": topic, "words": words, "retain": retain},
    )


def hang_up(page: Page) -> None:
    run(page, "for (const each of Object.values(made)) each.line.end();")


def test_words_go_both_ways_and_only_where_somebody_listens(page: Page, web: Web) -> None:
    opened(page, web)
    say(page, "office", "area/2", "không phải cho bảng này")
    say(page, "office", "area/1", "x" * 200_000)
    until(page, "made.board.told.at(-1).length === 200000")
    say(page, "board", "dev/board/up/receipt", "đã nhận")
    until(page, "made.office.told.includes('đã nhận')")
    assert page.evaluate("made.board.told.length") == 2
    run(page, "made.board.line.subscribe(['area/2']);")
    say(page, "office", "dev/x", "một vòng")  # so that the broker has taken what was said before
    until(page, "made.office.told.includes('một vòng')")
    say(page, "office", "area/1", "không còn nghe")
    say(page, "office", "area/2", "nghe được")
    until(page, "made.board.told.length > 2")
    assert page.evaluate("made.board.told.at(-1)") == "nghe được"
    hang_up(page)


def test_the_last_will_is_told_and_a_farewell_leaves_none(page: Page, web: Web) -> None:
    opened(page, web)
    say(page, "board", "dev/board/up/presence", "board đang chạy", retain=True)
    until(page, "made.office.told.includes('board đang chạy')")
    run(page, "made.board.line.end();")
    say(page, "office", "dev/x", "một vòng")
    until(page, "made.office.told.includes('một vòng')")
    assert not page.evaluate("made.office.told.includes('board tắt nguồn')")
    hang_up(page)


def test_a_broker_that_goes_and_comes_back(page: Page, web: Web, broker: Broker) -> None:
    opened(page, web)
    broker.stop()
    until(page, "made.board.told.at(-1) === 'down'")
    broker.start()
    until(page, "made.board.told.at(-1) === 'up' && made.office.told.at(-1) === 'up'")
    until(page, "made.board.line.connected")
    say(page, "office", "dev/x", "một vòng")
    until(page, "made.office.told.includes('một vòng')")
    say(page, "office", "area/1", "lại nghe được")
    until(page, "made.board.told.includes('lại nghe được')")
    hang_up(page)


def test_a_line_that_is_refused_is_tried_again(page: Page) -> None:
    with Broker(anonymous=False) as strict, Web(Tunnel(nobody, strict.url)) as web:
        run(page, OPEN, {"url": f"http://127.0.0.1:{web.port}", "topics": {"board": []}})
        page.wait_for_timeout(1_500)
        assert page.evaluate("[made.board.told, made.board.line.connected]") == [[], False]
        hang_up(page)
