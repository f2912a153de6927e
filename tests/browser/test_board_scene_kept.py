"""A scene on its way to a board: whole or not at all, and on the glass again after a night without network."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from nguon.channels.board.scene import scene
from nguon.config.tunnel import Tunnel
from nguon.kit import clock
from nguon.wire import topics
from nguon.wire.messages import Document, Settings
from tests.authority import sealed
from tests.browser.scenes import a_page, a_region, an_item
from tests.browser.screen import chromium, until
from tests.browser.talk import Talk
from tests.browser.test_board_shell import enrolled, order
from tests.browser.town import AREA, DEVICE, Town
from tests.pictures import of_document
from tests.ports.agent_help import Broker
from tests.ports.test_tunnel import Web

pytestmark = [pytest.mark.browser]
IN_LIST = "document.querySelector('[data-region=list]')?.textContent ?? ''"
SKY = """() => {
  const picture = document.querySelector("[data-region=list] canvas.picture");
  return [...picture.getContext("2d").getImageData(picture.width / 2, picture.height / 8, 1, 1).data].slice(0, 3);
}"""
ONE, TWO = a_page("Lịch tiêm chủng tháng 12", "Trạm y tế xã."), a_page("Chợ phiên Gò Bồi", "Mở từ 4 giờ sáng.")


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
def talk(broker: Broker) -> Iterator[Talk]:
    with Talk(broker.port) as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    found = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
    complaints: list[str] = []
    found.on("pageerror", lambda error: complaints.append(str(error)))
    yield found
    found.context.close()
    assert complaints == []


def hung(town: Town, page: tuple[bytes, Document], *, there: bool = True) -> Document:
    """A scene of this page beside the orders, on the server; `there`: its page is, too."""
    if there:
        town.keep(page[0])
    data = scene((a_region("main", (0, 0, 60, 100)), a_region("list", (60, 0, 40, 100), an_item(page[1]))))
    digest = town.keep(data)
    return Document(url=f"/api/1/content/{digest}", sha256=digest, size=len(data))


def tell(talk: Talk, version: int, wanted: Document | None) -> None:
    now = time.time_ns() // 1_000_000
    told = Settings(id=f"{version:032x}", at=now, version=version, areas=(AREA,), device=DEVICE, scene=wanted)
    talk.publish(topics.down(DEVICE), sealed(told))


def test_it_stands_again_after_a_night_without_network(page: Page, web: Web, town: Town, talk: Talk) -> None:
    enrolled(page, web, town)
    tell(talk, 2, hung(town, ONE))
    until(page, f"({IN_LIST}).includes('Lịch tiêm chủng')")
    until(page, "board.store.get('scene').then(kept => Boolean(kept))")
    until(page, "board.store.get('state').then(kept => kept.settings.version === 2)")
    web.__exit__()
    page.reload()
    until(page, f"({IN_LIST}).includes('Lịch tiêm chủng')")


def test_pictures_and_tables_stand_in_a_region(page: Page, web: Web, town: Town, talk: Talk) -> None:
    enrolled(page, web, town)
    tell(talk, 2, hung(town, a_page("Cấm xe đường Trường Chinh", "Đi đường vòng.", pictures=[of_document()])))
    until(page, "document.querySelectorAll('[data-region=list] canvas.picture').length === 1")
    red, green, blue = page.evaluate(SKY)
    assert (red, green, blue) == pytest.approx((0xD9, 0x4F, 0x30), abs=12)
    table = {"head": ["Giờ", "Tuyến"], "rows": [["5:30", "T01 Quy Nhơn"], ["17:15", "T02 Tuy Phước"]]}
    tell(talk, 3, hung(town, a_page("Lịch xe buýt", table=table, as_of="Cập nhật 14:05 26/11")))
    until(page, f"({IN_LIST}).includes('T02 Tuy Phước')")


def test_it_goes_when_it_is_taken_away(page: Page, web: Web, town: Town, talk: Talk) -> None:
    enrolled(page, web, town)
    tell(talk, 2, hung(town, ONE))
    until(page, f"({IN_LIST}).includes('Lịch tiêm chủng')")
    tell(talk, 3, None)
    until(page, "document.querySelectorAll('.region').length === 1")
    until(page, "board.store.get('state').then(kept => kept.settings.version === 3)")
    until(page, "board.store.get('scene').then(kept => kept === null)")
    page.reload()
    until(page, "window.board?.state?.connected")
    assert page.evaluate("document.querySelectorAll('.region').length") == 1


def test_a_new_scene_waits_until_all_of_it_is_here(page: Page, web: Web, town: Town, talk: Talk) -> None:
    enrolled(page, web, town)
    tell(talk, 2, hung(town, ONE))
    until(page, f"({IN_LIST}).includes('Lịch tiêm chủng')")
    wanted = hung(town, TWO)
    town.lost.add(TWO[1].url)
    tell(talk, 3, wanted)
    until(page, "board.state.settings.version === 3")
    until(page, "board.scenes.needed().length === 4")  # of both: the scene and its page
    assert "Lịch tiêm chủng" in page.evaluate(IN_LIST)
    town.lost.clear()
    until(page, f"({IN_LIST}).includes('Chợ phiên')")
    assert page.evaluate("board.scenes.needed().length") == 2


def test_a_page_that_is_refused_leaves_what_stands(page: Page, web: Web, town: Town, talk: Talk) -> None:
    enrolled(page, web, town)
    tell(talk, 2, hung(town, ONE))
    until(page, f"({IN_LIST}).includes('Lịch tiêm chủng')")
    tell(talk, 3, hung(town, TWO, there=False))
    until(page, "board.state.settings.version === 3")
    deadline = time.monotonic() + 30
    while f"GET {TWO[1].url}" not in town.asked and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    assert f"GET {TWO[1].url}" in town.asked
    tell(talk, 4, hung(town, ONE))
    until(page, "board.state.settings.version === 4")
    assert "Lịch tiêm chủng" in page.evaluate(IN_LIST)


def test_an_order_shows_beside_it_and_a_warning_over_it(page: Page, web: Web, town: Town, talk: Talk) -> None:
    enrolled(page, web, town)
    tell(talk, 2, hung(town, ONE))
    until(page, f"({IN_LIST}).includes('Lịch tiêm chủng')")
    talk.publish(topics.area(AREA, "board"), sealed(order("6", town.put("Mời họp thôn", 60_000))))
    until(page, "document.querySelector('[data-region=orders]').textContent.includes('Mời họp')")
    assert page.evaluate("document.querySelector('#screen').dataset.whole") is None
    assert page.evaluate("document.querySelector('[data-region=orders]').clientWidth") == 768
    warning = order("7", town.put("Nước lên nhanh", 1_500), level=90)
    talk.publish(topics.area(AREA, "board"), sealed(warning))
    until(page, "document.querySelector('[data-region=orders]').textContent.includes('Nước lên nhanh')")
    assert page.evaluate("document.querySelector('[data-region=orders]').clientWidth") == 1280
    assert page.evaluate("document.querySelector('#screen').dataset.level") == "90"
    until(page, "!document.querySelector('#screen').hasAttribute('data-whole')")
    assert "Lịch tiêm chủng" in page.evaluate(IN_LIST)


def test_what_it_showed_is_told_and_known_after_the_power_went(page: Page, web: Web, town: Town, talk: Talk) -> None:
    enrolled(page, web, town)
    tell(talk, 2, hung(town, ONE))
    until(page, f"({IN_LIST}).includes('Lịch tiêm chủng')")
    page.wait_for_timeout(1_000)
    page.evaluate("board.player.look()")
    page.evaluate("board.tally.save()")
    page.reload()
    until(page, f"({IN_LIST}).includes('Lịch tiêm chủng')")
    until(page, "board.tally.tell().then(() => board.store.get('tally')).then(kept => kept.untold.size === 0)")
    ((day, pages),) = town.shown.items()
    assert day == clock.today().isoformat()
    assert list(pages) == [ONE[1].sha256]
    assert pages[ONE[1].sha256]["times"] >= 1
    assert pages[ONE[1].sha256]["ms"] >= 1_000
