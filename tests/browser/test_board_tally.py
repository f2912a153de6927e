"""What a board showed of its playlists, counted in real Chromium: turns, what covers them, days, bounds, telling."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.board import a_document, run, served
from tests.browser.board_show import opened
from tests.browser.scenes import DAY, a_region, an_item
from tests.browser.screen import chromium
from tests.browser.test_board_scene import NOON, PAGE, A, B, C, hang

pytestmark = [pytest.mark.browser]
SEEING = PAGE.replace(
    "may: () => window.ours }", "may: () => window.ours, seen: (found) => { window.standing = found; } }"
)
ONE, TWO, THREE = (page.sha256 for _data, page in (A, B, C))
COUNTING = """const { Turns, add } = await wire("../show/scene/turns");
const [turns, days] = [new Turns(), {}];
for (const [standing, at, count] of argument) for (const row of turns.see(standing, at, count)) add(days, row);
return days;"""
MIDNIGHT = NOON + 12 * 3_600_000
TALLY = """const { Tally } = await wire("../shell/tally");
const [told, kept] = [[], {}];
window.fetch = async (url, { body, headers }) => {
  if (argument.lost) throw new TypeError("no network");
  told.push([url.pathname, JSON.parse(body), headers.Authorization]);
  return { status: argument.statuses?.[told.length - 1] ?? 204 };
};
const store = {
  get: async (key) => structuredClone(kept[key]),
  put: async (key, value) => { kept[key] = structuredClone(value); },
};
const hour = { checked: true, at: argument.at, now() { return this.at; } };
const made = async (device = "d".repeat(32)) => {
  const tally = new Tally({ server: "https://nguon.example", identity: { device, password: "x" }, store, hour });
  await tally.open();
  return tally;
};
const clock = performance.now.bind(performance);
let ahead = 0;
performance.now = () => clock() + ahead;
const pass = (ms) => { ahead += ms; hour.at += ms; };
const show = (tally, ...pages) => tally.see(pages.map((page, region) => ({ region, turn: hour.at, pages: [page] })));
try {
"""
END = "\n} finally { performance.now = clock; }"


@pytest.fixture(scope="module")
def wall() -> Iterator[Page]:
    with chromium() as browser, served() as url:
        complaints: list[str] = []
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.route("**/stage", lambda route: route.fulfill(body=SEEING, content_type="text/html"))
        page.goto(f"{url}/stage")
        yield page
        page.close()
        assert complaints == []


@pytest.fixture
def page(wall: Page) -> Page:
    opened(wall)
    wall.evaluate("at => setClock(at)", NOON)
    return wall


def on(turn: int | str, *pages: str, region: int = 0) -> dict[str, Any]:
    return {"region": region, "turn": turn, "pages": list(pages)}


def counted(page: Page, *looks: tuple[list[dict[str, Any]], int, float]) -> Any:
    return run(page, COUNTING, looks)


# turns


def test_each_turn_counts_with_the_time_it_stood(page: Page) -> None:
    looks = [([on(0, ONE)], NOON, 0), ([on(1, TWO)], NOON + 10_000, 10_000), ([on(2, ONE)], NOON + 15_000, 15_000)]
    found = counted(page, *looks, ([], NOON + 25_000, 25_000))
    assert found == {
        "2026-11-27": {
            ONE: {"times": 2, "ms": 20_000, "first": NOON, "last": NOON + 15_000},
            TWO: {"times": 1, "ms": 5_000, "first": NOON + 10_000, "last": NOON + 10_000},
        }
    }


def test_a_turn_that_was_covered_is_one_and_the_cover_is_not_counted(page: Page) -> None:
    looks = [([on(0, ONE)], NOON, 0), ([], NOON + 4_000, 4_000), ([on(0, ONE)], NOON + 8_000, 8_000)]
    found = counted(page, *looks, ([], NOON + 10_000, 10_000))
    assert found["2026-11-27"][ONE] == {"times": 1, "ms": 6_000, "first": NOON, "last": NOON}


def test_what_is_looked_at_often_is_one_turn(page: Page) -> None:
    found = counted(page, *[([on(0, ONE)], NOON + at, at) for at in range(0, 60_001, 1_000)])
    assert found["2026-11-27"][ONE] == {"times": 1, "ms": 60_000, "first": NOON, "last": NOON}


def test_what_merely_flashed_was_not_shown(page: Page) -> None:
    assert counted(page, ([on(0, ONE)], NOON, 0), ([on(1, TWO)], NOON + 400, 400)) == {}


def test_a_clock_that_is_set_moves_no_lengths_and_a_sleep_is_not_showing(page: Page) -> None:
    set_ = counted(page, ([on(0, ONE)], NOON, 0), ([], NOON + DAY, 7_000))
    assert set_["2026-11-27"][ONE]["ms"] == 7_000
    slept = counted(page, ([on(0, ONE)], NOON, 0), ([], NOON + DAY, DAY))
    assert slept["2026-11-27"][ONE]["ms"] == 90_000
    back = counted(page, ([on(0, ONE)], NOON, 9_000), ([], NOON, 0))
    assert back == {}


def test_at_midnight_another_day_begins(page: Page) -> None:
    before = MIDNIGHT - 5_000
    looks = [([on(0, ONE)], before, 0), ([on(0, ONE)], MIDNIGHT, 5_000), ([], MIDNIGHT + 3_000, 8_000)]
    assert counted(page, *looks) == {
        "2026-11-27": {ONE: {"times": 1, "ms": 5_000, "first": before, "last": before}},
        "2026-11-28": {ONE: {"times": 1, "ms": 3_000, "first": MIDNIGHT, "last": MIDNIGHT}},
    }


def test_two_regions_count_both_and_a_line_counts_all_that_is_in_it(page: Page) -> None:
    stands = [on(0, ONE), on("0 0", ONE, TWO, region=1)]
    found = counted(page, (stands, NOON, 0), ([], NOON + 2_000, 2_000))["2026-11-27"]
    assert {name: (one["times"], one["ms"]) for name, one in found.items()} == {ONE: (2, 4_000), TWO: (1, 2_000)}


def test_the_oldest_falls_out(page: Page) -> None:
    looks: list[tuple[list[dict[str, Any]], int, float]] = []
    for day in range(16):
        looks += [([on(day, ONE)], NOON + day * DAY, 0), ([], NOON + day * DAY, 1_000)]
    found = counted(page, *looks)
    assert (len(found), min(found)) == (15, "2026-11-28")
    looks = [([on(n, f"{n:064x}")], NOON + n * 1_000, n * 1_000) for n in range(202)]
    found = counted(page, *looks)["2026-11-27"]
    assert (len(found), f"{0:064x}" in found, f"{200:064x}" in found) == (200, False, True)


# the stage


def standing(page: Page) -> list[tuple[int, list[str]]]:
    return [(one["region"], one["pages"]) for one in page.evaluate("standing")]


def full(page: Page) -> None:
    regions = (
        a_region("main", (0, 0, 70, 88), an_item(C[1], 30_000, begins=6 * 60, ends=18 * 60)),
        a_region("clock", (70, 0, 30, 25)),
        a_region("list", (70, 25, 30, 63), an_item(A[1], 10_000), an_item(B[1], 20_000)),
        a_region("crawl", (0, 88, 100, 12), an_item(A[1]), an_item(B[1])),
    )
    hang(page, *regions, pages=(A, B, C))


def test_what_stands_in_regions_with_a_playlist_is_seen(page: Page) -> None:
    full(page)
    assert standing(page) == [(0, [THREE]), (2, [ONE]), (3, [ONE, TWO])]
    page.evaluate("at => setClock(at)", NOON + 11_000)
    assert standing(page)[1] == (2, [TWO])
    page.evaluate("at => setClock(at)", NOON + 7 * 3_600_000)
    assert [region for region, _pages in standing(page)] == [2, 3]
    page.evaluate("hang(null, {})")
    assert standing(page) == []


def test_a_turn_has_one_name_and_the_next_another(page: Page) -> None:
    full(page)
    named = [page.evaluate("at => { setClock(at); return standing[1].turn; }", NOON + at) for at in (1, 9_000, 31_000)]
    assert named[0] == named[1] != named[2]


def test_an_order_covers_the_main_region_and_a_warning_all_of_it(page: Page) -> None:
    full(page)
    page.evaluate("given => begin(given)", a_document("Mời họp thôn"))
    assert [region for region, _pages in standing(page)] == [2, 3]
    page.evaluate("stage.stop()")
    assert [region for region, _pages in standing(page)] == [0, 2, 3]
    page.evaluate("given => begin(given, { level: 90 })", a_document("Nước lên nhanh"))
    assert standing(page) == []
    page.evaluate("stage.stop()")
    assert [region for region, _pages in standing(page)] == [0, 2, 3]


def test_an_order_that_cannot_be_shown_gives_back(page: Page) -> None:
    full(page)
    page.evaluate("begin({ v: 9 })")
    assert "player-failed" in page.evaluate("told")
    assert [region for region, _pages in standing(page)] == [0, 2, 3]


def test_a_screen_that_is_not_ours_or_dark_shows_nothing(page: Page) -> None:
    full(page)
    page.evaluate("ours = false; stage.look()")
    assert standing(page) == []
    page.evaluate("ours = true; stage.look()")
    assert len(standing(page)) == 3
    page.evaluate("stage.dim(0)")
    assert standing(page) == []
    page.evaluate("stage.dim(40)")
    assert len(standing(page)) == 3
    page.evaluate("stage.off()")
    assert standing(page) == []


def test_rounds_of_a_line_are_its_turns(page: Page) -> None:
    hang(page, a_region("main"), a_region("crawl", (0, 88, 100, 12), an_item(A[1]), an_item(B[1])), pages=(A, B))
    first = page.evaluate("standing[0].turn")
    page.wait_for_function("first => standing[0].turn !== first", arg=first)
    assert standing(page) == [(1, [ONE, TWO])]


# keeping and telling


def tally(page: Page, script: str, **given: Any) -> Any:
    return run(page, TALLY + script + END, {"at": NOON, "pages": [ONE, TWO], **given})


def test_it_is_told_whole_and_once(page: Page) -> None:
    script = """const tally = await made();
    const [one, two] = argument.pages;
    show(tally, one); pass(10_000); show(tally, two); pass(5_000); show(tally);
    await tally.tell(); await tally.tell();
    show(tally, one); pass(1_000); show(tally);
    await tally.tell();
    tally.end();
    return told;"""
    first, second = tally(page, script)
    assert first[0] == second[0] == "/api/1/shown/2026-11-27"
    assert first[2].startswith("Basic ")
    assert {name: (one["times"], round(one["ms"], -2)) for name, one in second[1]["pages"].items()} == {
        ONE: (2, 11_000),
        TWO: (1, 5_000),
    }


def test_it_survives_a_restart_and_days_without_network(page: Page) -> None:
    script = """let tally = await made();
    const [one] = argument.pages;
    argument.lost = true;
    for (let day = 0; day < 3; day += 1) {
      show(tally, one); pass(10_000); show(tally); pass(86_390_000);
      await tally.tell();
      tally.end();
      tally = await made();
    }
    argument.lost = false;
    await tally.tell(); await tally.tell();
    tally.end();
    return told.map(([path, { pages }]) => [path.slice(-10), pages[one].times]);"""
    assert tally(page, script) == [["2026-11-27", 1], ["2026-11-28", 1], ["2026-11-29", 1]]


@pytest.mark.parametrize(
    ("status", "times"), [(204, 1), (400, 1), (413, 1), (0, 2), (401, 2), (404, 2), (429, 2), (503, 2)]
)
def test_what_is_refused_for_good_is_not_told_again(page: Page, status: int, times: int) -> None:
    script = """const tally = await made();
    show(tally, argument.pages[0]); pass(10_000); show(tally);
    await tally.tell(); await tally.tell();
    tally.end();
    return told.length;"""
    assert tally(page, script, statuses=[status]) == times


def test_without_a_checked_clock_nothing_is_counted(page: Page) -> None:
    script = """hour.checked = false;
    const tally = await made();
    show(tally, argument.pages[0]); pass(10_000); show(tally);
    await tally.tell();
    tally.end();
    return [told, kept.tally.days];"""
    assert tally(page, script) == [[], {}]


def test_another_board_does_not_tell_what_the_one_before_showed(page: Page) -> None:
    script = """let tally = await made();
    show(tally, argument.pages[0]); pass(10_000); show(tally);
    await tally.save();
    tally.end();
    tally = await made("e".repeat(32));
    await tally.tell();
    tally.end();
    return told;"""
    assert tally(page, script) == []
