"""Regions on the glass, in real Chromium: whose turn it is, parts of the day, what an order takes and gives back."""

import random
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from nguon.channels.board.scene import Region
from nguon.channels.board.scene_rules import turn, why
from tests.browser.board import a_document, b64, run, served
from tests.browser.board_show import opened
from tests.browser.scenes import DAY, a_page, a_region, an_item, any_items, item_told, told
from tests.browser.screen import chromium

pytestmark = [pytest.mark.browser]
NOON = 1_795_755_600_000  # 12:00 of Friday, 27/11/2026, in Vietnam
PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8"><title>Bảng</title>
<link rel="stylesheet" href="/ui/tokens.css"><link rel="stylesheet" href="/board.css">
<link rel="stylesheet" href="/show/show.css"><link rel="stylesheet" href="/show/scene/scene.css">
<main id="screen"></main>
<script type="module">
import { Stage } from "/shell/stage.js";
import { documentOf } from "/show/document.js";
window.ours = true;
window.clock = 0;
const now = () => Math.round(window.clock + performance.now());
window.setClock = (at) => { window.clock = at - performance.now(); window.stage?.look(); };
window.stage = new Stage(document.getElementById("screen"), { now, may: () => window.ours });
window.hang = (regions, pages) => {
  const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  const found = new Map(Object.entries(pages).map(([digest, data]) => [digest, documentOf(bytes(data))]));
  stage.scene(regions && { v: 1, regions }, found);
};
window.told = [];
window.begin = (given, order = {}) => {
  const { duration = 60_000, ...more } = order;
  const effect = { offset: 0, order: { level: 40, ...more, content: { duration } } };
  return stage.start(effect, new TextEncoder().encode(JSON.stringify(given)), ({ type }) => told.push(type));
};
window.says = (region) => {
  const found = document.querySelector(`[data-region="${region}"]`);
  if (!found || getComputedStyle(found).visibility !== "visible") return null;
  return found.textContent.replace(/\\s+/g, " ").trim();
};
window.boxOf = (region) => {
  const { left, top, width, height } = document.querySelector(`[data-region="${region}"]`).getBoundingClientRect();
  return [left, top, width, height].map(Math.round);
};
await Promise.all(["400", "700"].map((weight) => document.fonts.load(`${weight} 1em "Be Vietnam Pro"`, "aế")));
stage.idle();
window.ready = true;
</script>"""
TWINS = """const { why, turnOf } = await wire("../show/scene/rules");
return argument.map(([items, at]) => ({ why: why(items, at), turn: turnOf(items, at) }));"""


@pytest.fixture(scope="module")
def wall() -> Iterator[Page]:
    with chromium() as browser, served() as url:
        complaints: list[str] = []
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.route("**/stage", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
        page.goto(f"{url}/stage")
        yield page
        page.close()
        assert complaints == []


@pytest.fixture
def page(wall: Page) -> Page:
    opened(wall)
    wall.evaluate("at => setClock(at)", NOON)
    return wall


def hang(page: Page, *regions: Region, pages: tuple[tuple[bytes, Any], ...] = ()) -> None:
    page.evaluate(
        "([regions, pages]) => hang(regions, pages)",
        [told(regions), {document.sha256: b64(data) for data, document in pages}],
    )


def says(page: Page, region: str) -> Any:
    return page.evaluate("region => says(region)", region)


def test_the_same_shows_as_the_server_explains(wall: Page) -> None:
    chance = random.Random(1)
    cases = []
    for _ in range(3_000):
        now = NOON + chance.choice((0, chance.randrange(7 * DAY), 60_000 * chance.randrange(10_080)))
        cases.append((any_items(chance, now), now))
    found = run(wall, TWINS, [[[item_told(one) for one in items], now] for items, now in cases])
    seen: set[str] = set()
    for (items, now), theirs in zip(cases, found, strict=True):
        ours = turn(items, now)
        said = None if ours is None else {"index": ours.index, "moment": ours.moment, "left": ours.left}
        assert theirs == {"why": [str(one) for one in why(items, now)], "turn": said}, (items, now)
        seen |= set(theirs["why"])
    assert seen == {"", "before", "after", "hours", "weekday", "outranked"}


A = a_page("Lịch tiêm chủng tháng 12", "Trạm y tế xã, sáng thứ Bảy hằng tuần.")
B = a_page("Cắt điện thôn Quảng Vân", "Từ 7 giờ đến 11 giờ.")
C = a_page("Chợ phiên Gò Bồi", "Mở từ 4 giờ sáng.")


def news(page: Page) -> None:
    """A clock, a name, a list of two beside the main region, a line below."""
    regions = (
        a_region("main", (0, 0, 70, 88), an_item(C[1], 30_000, begins=6 * 60, ends=18 * 60)),
        a_region("clock", (70, 0, 30, 25)),
        a_region("list", (70, 25, 30, 63), an_item(A[1], 10_000), an_item(B[1], 20_000)),
        a_region("crawl", (20, 88, 80, 12), an_item(A[1]), an_item(B[1])),
        a_region("logo", (0, 88, 20, 12), lines=("Xã Phước Sơn", "Đoàn kết, kỷ cương")),
    )
    hang(page, *regions, pages=(A, B, C))


def test_every_region_shows_what_is_its_own(page: Page) -> None:
    news(page)
    assert page.evaluate("boxOf('list')") == [1344, 270, 576, 680]
    assert "12:00" in says(page, "clock")
    assert "Chợ phiên Gò Bồi" in says(page, "main")
    assert "Xã Phước Sơn" in says(page, "logo")
    line = page.locator("[data-region='crawl'] [role=marquee]").get_attribute("aria-label") or ""
    assert [words in line for words in ("Lịch tiêm chủng", "Cắt điện")] == [True, True]
    assert says(page, "orders") == ""
    inside = page.evaluate(
        """() => [...document.querySelectorAll('[data-region="list"] .words, .sign-line')].every((one) => {
          const [box, by] = [one.getBoundingClientRect(), one.closest('.region').getBoundingClientRect()];
          return box.left >= by.left && box.right <= by.right && box.top >= by.top && box.bottom <= by.bottom + 1;
        })"""
    )
    assert inside


def test_the_hour_never_covers_what_has_the_main_region(page: Page) -> None:
    news(page)
    page.evaluate("stage.idle()")
    assert says(page, "orders") == ""
    page.evaluate("at => setClock(at)", NOON + 7 * 3_600_000)  # nothing holds
    page.evaluate("given => begin(given)", a_document("Mời họp thôn"))
    page.evaluate("stage.stop()")  # the hour is due a little later,
    page.evaluate("at => setClock(at)", NOON)  # when something holds again
    page.wait_for_timeout(2_000)
    assert says(page, "orders") == ""
    assert "Chợ phiên" in says(page, "main")


def test_a_playlist_turns_by_the_clock_alone(page: Page) -> None:
    news(page)
    for into in (0, 9_000, 11_000, 29_000, 31_000):
        now = NOON + into
        page.evaluate("at => setClock(at)", now)
        found = turn((an_item(A[1], 10_000), an_item(B[1], 20_000)), now)
        assert found is not None
        assert (("Lịch tiêm chủng", "Cắt điện")[found.index]) in says(page, "list"), into


def test_the_list_goes_on_by_itself(page: Page) -> None:
    hang(
        page, a_region("main"), a_region("list", (0, 0, 50, 100), an_item(A[1], 700), an_item(B[1], 700)), pages=(A, B)
    )
    for words in ("Cắt điện", "Lịch tiêm", "Cắt điện"):
        page.wait_for_function("words => says('list').includes(words)", arg=words)


def test_outside_its_part_of_the_day_the_hour_stands_instead(page: Page) -> None:
    news(page)
    page.evaluate("at => setClock(at)", NOON + 6 * 3_600_000)
    assert "Chợ phiên" not in says(page, "main")
    assert "18:00" in says(page, "orders")
    page.evaluate("at => setClock(at)", NOON + 18 * 3_600_000)
    assert "Chợ phiên" in says(page, "main")
    assert says(page, "orders") == ""


def test_of_a_playlist_only_the_highest_priority_shows(page: Page) -> None:
    items = (an_item(A[1]), an_item(B[1], priority=3, begins=11 * 60, ends=13 * 60))
    hang(page, a_region("main", (0, 0, 100, 100), *items), pages=(A, B))
    assert "Cắt điện" in says(page, "main")
    page.evaluate("at => setClock(at)", NOON + 3_600_000)
    assert "Lịch tiêm chủng" in says(page, "main")


def test_an_order_has_the_main_region_alone(page: Page) -> None:
    news(page)
    page.evaluate("given => begin(given, { duration: 1_500 })", a_document("Mời họp thôn", "19 giờ tối nay."))
    assert "Mời họp thôn" in says(page, "orders")
    assert page.evaluate("boxOf('orders')") == [0, 0, 1344, 950]
    assert "12:00" in says(page, "clock")
    page.wait_for_function("told.includes('player-finished')")
    assert says(page, "orders") == ""
    assert "Chợ phiên" in says(page, "main")


@pytest.mark.parametrize("way", ["level", "look"])
def test_a_warning_takes_the_whole_glass_and_gives_it_back(page: Page, way: str) -> None:
    news(page)
    alert = {
        "level": 4,
        "colour": "#c81e28",
        "ink": "#ffffff",
        "word": "Cấp 4",
        "hazard": "Lũ",
        "issued": "",
        "map": None,
    }
    given = a_document(
        "Nước sông lên nhanh", "Sơ tán ngay.", **({"look": "alert", "alert": alert} if way == "look" else {})
    )
    page.evaluate("([given, level]) => begin(given, { level })", [given, 90 if way == "level" else 40])
    assert "Nước sông lên nhanh" in says(page, "orders")
    assert page.evaluate("boxOf('orders')") == [0, 0, 1920, 1080]
    assert [says(page, region) for region in ("list", "clock", "crawl", "logo", "main")] == [None] * 5
    page.evaluate("stage.stop()")
    assert says(page, "orders") == ""
    assert page.evaluate("boxOf('orders')") == [0, 0, 1344, 950]
    assert "12:00" in says(page, "clock")
    assert "Chợ phiên" in says(page, "main")


def test_a_screen_of_somebody_else_shows_nothing_of_ours_outside_its_hours(page: Page) -> None:
    news(page)
    page.evaluate("ours = false; stage.place({ left: 0, top: 50, width: 100, height: 50 }); stage.look()")
    assert [says(page, region) for region in ("list", "clock", "crawl", "logo", "main")] == [None] * 5
    page.evaluate("ours = true; stage.look()")
    assert page.evaluate("boxOf('list')") == [1344, 675, 576, 340]


def test_without_a_scene_all_is_as_before(page: Page) -> None:
    news(page)
    page.evaluate("hang(null, {})")
    assert page.locator(".region").count() == 1
    assert "12:00" in says(page, "orders")
    page.evaluate("given => begin(given)", a_document("Mời họp thôn"))
    assert page.evaluate("boxOf('orders')") == [0, 0, 1920, 1080]


@pytest.mark.parametrize("size", [(1080, 1920), (320, 96), (1280, 720)])
def test_regions_stand_on_every_screen(page: Page, size: tuple[int, int], request: pytest.FixtureRequest) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    request.addfinalizer(lambda: page.set_viewport_size({"width": 1920, "height": 1080}))
    news(page)
    page.wait_for_timeout(100)
    for region in ("clock", "list", "crawl", "main"):
        assert says(page, region), region
