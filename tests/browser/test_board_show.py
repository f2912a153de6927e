"""What a board shows, laid out where it is shown: nothing is cut off, nothing is lost, on a wall of any size."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
import segno
from playwright.sync_api import Page

from nguon.channels.board import Board
from nguon.ports.channel import Wording
from tests.browser import board_show as shown
from tests.browser.board import a_document
from tests.browser.screen import chromium
from tests.unit.newsroom.test_linked import GOOD

pytestmark = [pytest.mark.browser]
URL = "https://phuocson.gialai.gov.vn/tin/lich-cat-dien"
ROWS = ["".join("1" if dark else "0" for dark in row) for row in segno.make(URL, error="m", micro=False).matrix]
LINK = {"label": "Xem thêm trên trang của xã", "url": URL, "qr": ROWS}
HOSTILE = "<img src=x onerror=\"document.title='trúng'\"><script>document.title='trúng'</script>&lt;b&gt; \u202e ngược"
WORD = "Nghĩađịa" * 25
DOCUMENTS = {
    "short": shown.SHORT,
    "long": {**shown.LONG, "link": LINK},
    "long title": a_document(("Thông báo về việc tạm ngừng cấp nước sạch " * 8)[:300], *shown.LONG["text"]),
    "title of a page": a_document("Quyết định về việc ban hành quy chế phối hợp " * 60, "Hết."),
    "title alone": a_document("Chúc mừng năm mới Đinh Mùi"),
    "text alone": a_document("", *shown.SENTENCES),
    "one word": a_document("Chữ dài", f"Trước {WORD} sau.", issuer=WORD),
    "word as title": a_document(WORD, "Một câu."),
    "hostile": a_document(HOSTILE, HOSTILE, issuer=HOSTILE, link={**LINK, "label": HOSTILE}),
    "alert": {**shown.STORM, "link": LINK},
    "alert with names": {**shown.STORM, "alert": {**shown.ALERT, "map": shown.SURROUNDED}},
    "long alert": {**shown.STORM, "text": shown.LONG["text"]},
    "hostile alert": {**shown.STORM, "alert": {**shown.ALERT, "word": HOSTILE, "hazard": WORD, "issued": HOSTILE}},
}


@pytest.fixture(scope="module")
def wall() -> Iterator[Page]:
    with chromium() as browser, shown.walls(browser) as found:
        yield found


@pytest.fixture
def page(wall: Page) -> Iterator[Page]:
    yield wall
    wall.evaluate("board.stop(); told.length = 0")
    assert wall.locator("#screen > *").count() == 0
    assert wall.title() == "Bảng"


def begin(page: Page, document: dict[str, Any] | str, *, offset: int = 0, **order: Any) -> None:
    page.evaluate("([document, order, offset]) => begin(document, order, offset)", [document, order, offset])


def told(page: Page) -> list[str]:
    found: list[str] = page.evaluate("told.map((event) => event.type)")
    return found


def words(*paragraphs: str) -> list[str]:
    return " ".join(paragraphs).split()


@pytest.mark.parametrize("size", [(1080, 1920), (600, 480), (320, 240), (200, 200)], ids=str)
def test_a_title_alone_is_shown_whatever_its_length(page: Page, size: tuple[int, int]) -> None:
    shown.sized(page, size)
    for length in range(15, 420, 15):
        title = ("Thông báo về việc tạm ngừng cấp nước sạch " * 10)[:length].strip()
        pages = shown.pages_of(page, a_document(title))
        said = "".join(text for one in pages for text in one["text"]) or pages[0]["title"]
        assert "".join(said.split()) == "".join(title.split())


@pytest.mark.parametrize("drill", [False, True], ids=["real", "drill"])
@pytest.mark.parametrize("size", [*shown.WALLS, (600, 480), (320, 240), (200, 200), (64, 320)], ids=str)
def test_no_page_is_cut_off_and_no_word_is_lost(page: Page, size: tuple[int, int], drill: bool) -> None:
    shown.sized(page, size)
    for name, document in DOCUMENTS.items():
        pages = shown.pages_of(page, document, drill=drill)
        assert [(name, one["faults"]) for one in pages if one["faults"]] == []
        said = "".join(text for one in pages for text in one["text"])
        full = [] if pages[0]["title"] == " ".join(document["title"].split()) else [document["title"]]
        assert "".join(said.split()) == "".join(words(*full, *document["text"])), name
        assert {one["bands"] for one in pages} == {2 if drill else 0}
        marks = [f"{number}/{len(pages)}" for number in range(1, len(pages) + 1)] if len(pages) > 1 else [""]
        assert [one["mark"] for one in pages] == marks


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920), (320, 240)], ids=str)
def test_five_thousand_words_are_shown_to_the_last(page: Page, size: tuple[int, int]) -> None:
    shown.sized(page, size)
    assert len(words(*shown.HUGE["text"])) >= 5_000
    pages = shown.pages_of(page, shown.HUGE)
    assert [one["faults"] for one in pages if one["faults"]] == []
    assert words(*(text for one in pages for text in one["text"])) == words(*shown.HUGE["text"])
    assert all(one["title"] for one in pages)
    turns = [one["text"][-1][-1] for one in pages]
    assert sum(mark in ".!?" for mark in turns) > len(turns) / 2  # most pages end with a sentence


@pytest.mark.parametrize("size", shown.WALLS, ids=str)
def test_letters_are_as_large_as_the_rule_says(page: Page, size: tuple[int, int]) -> None:
    """A line is 1/14 of the shorter side at least; what is short is larger than what is long."""
    shown.sized(page, size)
    least = min(size) / 14 / 1.4
    short, long = (shown.pages_of(page, document) for document in (shown.SHORT, shown.LONG))
    assert len(short) == 1
    assert all(one["size"] >= least for one in [*short, *long])
    assert short[0]["size"] > long[0]["size"]


def test_the_time_is_shared_by_words_and_told_to_its_end(page: Page) -> None:
    found = page.evaluate("""async () => {
      const { shared, pageAt } = await import("/show/pages.js");
      return [shared([60, 30], 40_000), shared([60, 60, 6], 12_000), shared([0], 5_000),
        pageAt([60, 30], 40_000, 30_000), pageAt([60, 30], 400_000, 399_999)];
    }""")
    by_words, too_much, empty, at, end = found
    assert by_words[0] == 0
    assert by_words[1] == pytest.approx(2_500 + 35_000 * 2 / 3)
    assert too_much == [0, 4_000, 8_000]  # evenly, since nobody could read it
    assert empty == [0]
    assert at["page"] == 1
    assert at["left"] == pytest.approx(10_000)
    assert end["page"] == 1  # shown several times: the last moment is that of the last page
    shown.sized(page, (1280, 720))
    begin(page, shown.LONG, duration=3_000)
    assert told(page) == ["player-started"]
    first, last = (page.locator(".mark").text_content() or "").split("/")
    assert first == "1" != last
    page.get_by_text(f"{last}/{last}", exact=True).wait_for()
    page.wait_for_function("told.length === 2")
    assert page.evaluate("told[1]") == {"type": "player-finished", "position": 3_000}
    assert page.locator("#screen > *").count() == 0


def test_it_goes_on_where_it_was_broken_off_and_is_laid_out_again_where_it_stands(page: Page) -> None:
    shown.sized(page, (1920, 1080))
    begin(page, shown.LONG, duration=100_000, offset=95_000)
    mark = page.locator(".mark").text_content() or ""
    assert mark.split("/")[0] == mark.split("/")[1] != ""
    last = page.locator(".words").last.text_content() or ""
    shown.sized(page, (1080, 1920))
    page.wait_for_function("document.querySelector('.board')?.dataset.way === 'tall'")
    turned = page.locator(".mark").text_content() or ""
    assert turned.split("/")[0] == turned.split("/")[1]
    assert (page.locator(".words").last.text_content() or "")[-40:] == last[-40:]
    assert page.evaluate("faults()") == []
    shown.sized(page, (1920, 200))
    page.locator(".wagon").first.wait_for()
    assert told(page) == ["player-started"]


@pytest.mark.parametrize("drill", [False, True], ids=["real", "drill"])
@pytest.mark.parametrize("size", shown.STRIPS, ids=str)
def test_a_banner_has_one_line_that_crawls(page: Page, size: tuple[int, int], drill: bool) -> None:
    shown.sized(page, size)
    for document in (shown.LONG, shown.STORM, DOCUMENTS["one word"], DOCUMENTS["hostile"]):
        begin(page, document, drill=drill)
        assert page.evaluate("faults()") == []
        moving = page.evaluate("""[...document.querySelectorAll(".wagon")].map((wagon) => {
          const [animation] = wagon.getAnimations();
          const { offsetTop: top, offsetHeight: height } = wagon;
          const keys = animation.effect.getKeyframes().flatMap((frame) => Object.keys(frame));
          return { top, height, keys, size: parseFloat(getComputedStyle(wagon).fontSize) };
        })""")
        assert moving
        assert {key for one in moving for key in one["keys"]} == {
            "transform",
            "offset",
            "easing",
            "composite",
            "computedOffset",
        }
        assert all(one["size"] >= 10 for one in moving)
        said = page.locator(".lane").get_attribute("aria-label") or ""
        assert all(text in said for text in words(*document["text"]))
        drills = page.locator(".plate, .band-word").all_text_contents()
        assert [one.strip() for one in drills] == (["DIỄN TẬP"] if drill else [])


def test_the_line_goes_on_where_it_was_and_goes_round(page: Page) -> None:
    shown.sized(page, (320, 96))
    document = a_document("Tin", "Một câu ngắn nhưng không vừa một dòng của bảng.")
    begin(page, document, duration=600_000, offset=300_000)
    page.locator(".wagon").first.wait_for()
    seams = page.evaluate("""() => {
      const boxes = [...document.querySelectorAll(".wagon")].map((one) => one.getBoundingClientRect());
      return boxes.slice(1).map((box, index) => box.left - boxes[index].right);
    }""")
    assert all(abs(gap) < 1.5 or gap > 60 for gap in seams)  # joined, or the gap between two rounds
    page.locator(".wagon", has_text="Tin").first.wait_for(state="attached")


def test_what_fits_on_a_banner_stands(page: Page) -> None:
    shown.sized(page, (1920, 200))
    begin(page, a_document("Họp thôn 19 giờ", issuer=""))
    assert page.locator(".standing").text_content() == "Họp thôn 19 giờ"
    assert page.evaluate("faults()") == []


@pytest.mark.parametrize("size", [*shown.WALLS, *shown.STRIPS], ids=str)
def test_an_alert_has_the_colours_of_its_level(page: Page, size: tuple[int, int]) -> None:
    shown.sized(page, size)
    colours = """() => {
      const { backgroundColor, color } = getComputedStyle(document.querySelector(".board"));
      return [backgroundColor, color];
    }"""
    yellow = {**shown.ALERT, "colour": "#fbeea4", "ink": "#14222b"}
    begin(page, {**shown.STORM, "alert": yellow}, level=90)
    assert page.evaluate(colours) == ["rgb(251, 238, 164)", "rgb(20, 34, 43)"]
    begin(page, {**shown.STORM, "alert": {**yellow, "ink": "#ffffff"}}, level=90)
    assert page.evaluate(colours)[1] == "rgb(0, 0, 0)"  # nobody reads white on yellow
    begin(page, shown.SHORT, level=90)
    assert page.evaluate(colours) == ["rgb(179, 19, 27)", "rgb(255, 255, 255)"]
    assert page.locator("#screen").get_attribute("data-level") == "90"
    begin(page, shown.SHORT)
    assert page.evaluate(colours)[0] == "rgb(6, 51, 59)"


def test_the_map_is_beside_the_words_or_above_them_or_not_there(page: Page) -> None:
    where = """() => {
      const [map, host] = [".map", ".host"].map((name) => document.querySelector(name)?.getBoundingClientRect());
      return map && [map.left >= host.right, map.bottom <= host.top, map.width > 200 && map.height > 150];
    }"""
    for size, found in {(1920, 1080): [True, False, True], (1080, 1920): [False, True, True], (320, 240): None}.items():
        shown.sized(page, size)
        begin(page, {**shown.STORM, "link": LINK}, level=90)
        assert page.evaluate(where) == found
        assert page.evaluate("faults()") == []


@pytest.mark.parametrize("size", shown.WALLS, ids=str)
def test_the_code_is_drawn_as_it_was_given(page: Page, size: tuple[int, int]) -> None:
    """From the glass back to its modules, quiet zone and all."""
    shown.sized(page, size)
    begin(page, {**shown.SHORT, "link": LINK})
    code = page.locator(".code")
    picture = base64.b64encode(code.screenshot()).decode()
    side = len(ROWS) + 8
    seen: list[str] = page.evaluate(
        """async ([picture, side]) => {
          const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${picture}`)).blob());
          const pen = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
          pen.drawImage(bitmap, 0, 0);
          const at = (place) => ((place + 0.5) * bitmap.width) / side;
          const dark = (x, y) => pen.getImageData(at(x), at(y), 1, 1).data[0] < 128;
          const places = Array.from({ length: side }, (_, place) => place);
          return places.map((y) => places.map((x) => +dark(x, y)).join(""));
        }""",
        [picture, side],
    )
    assert [row[4:-4] for row in seen[4:-4]] == ROWS
    assert {row.strip("0") for row in [*seen[:4], *seen[-4:]]} == {""}
    box = code.bounding_box()
    assert box is not None
    assert box["width"] * len(ROWS) / side >= 0.18 * min(size)
    assert box["width"] == round(box["width"])


BAD: dict[str, Any] = {
    "no JSON": "{",
    "no object": "[]",
    "version": {**shown.SHORT, "v": 2},
    "look": {**shown.SHORT, "look": "party"},
    "language": {**shown.SHORT, "lang": "tiếng Việt"},
    "title": {**shown.SHORT, "title": 5},
    "half a letter": json.dumps({**shown.SHORT, "title": "\ud800"}),
    "text": {**shown.SHORT, "text": "một câu"},
    "paragraph": {**shown.SHORT, "text": [None]},
    "issuer": {**shown.SHORT, "issuer": None},
    "nothing": {**shown.SHORT, "title": " ", "text": ["", "\n"]},
    "key": {key: value for key, value in shown.SHORT.items() if key != "link"},
    "address": {**shown.SHORT, "link": {**LINK, "url": "javascript:alert(1)"}},
    "code": {**shown.SHORT, "link": {**LINK, "qr": ["01"]}},
    "module": {**shown.SHORT, "link": {**LINK, "qr": [*ROWS[:-1], "2" * len(ROWS)]}},
    "no alert": {**shown.STORM, "alert": None},
    "level": {**shown.STORM, "alert": {**shown.ALERT, "level": 6}},
    "colour": {**shown.STORM, "alert": {**shown.ALERT, "colour": "red;background:url(//x)"}},
    "ink": {**shown.STORM, "alert": {**shown.ALERT, "ink": "#fff"}},
    "map": {**shown.STORM, "alert": {**shown.ALERT, "map": {**shown.MAP, "width": "640"}}},
    "shape": {**shown.STORM, "alert": {**shown.ALERT, "map": {**shown.MAP, "shapes": [{"kind": "x", "points": []}]}}},
    "point": {
        **shown.STORM,
        "alert": {**shown.ALERT, "map": {**shown.MAP, "shapes": [{"kind": "sea", "points": [["0", 1], [1, 1]]}]}},
    },
    "line": {**shown.STORM, "alert": {**shown.ALERT, "map": {**shown.MAP, "lines": [[[0, 1], [1]]]}}},
    "name": {**shown.STORM, "alert": {**shown.ALERT, "map": {**shown.MAP, "names": [{"name": 5, "x": 1, "y": 1}]}}},
    "large": {**shown.SHORT, "text": ["a" * 262_144]},
}


@pytest.mark.parametrize("kind", BAD)
def test_what_is_no_document_is_told(page: Page, kind: str) -> None:
    shown.sized(page, (1280, 720))
    begin(page, BAD[kind])
    assert told(page) == ["player-failed"]
    assert page.evaluate("told[0].detail").startswith("Error: ")
    assert page.locator("#screen > *").count() == 0


@pytest.mark.parametrize("url", GOOD)
def test_an_address_that_the_editor_takes_a_board_takes(page: Page, url: str) -> None:
    made = Board().page(Wording("Tin", "Lời.", "vi", link_url=url))
    assert made is not None
    shown.sized(page, (1280, 720))
    begin(page, made.body.decode())
    assert told(page) == ["player-started"]
    assert page.locator(".code").count() == 1
    assert page.evaluate("faults()") == []


def test_stop_is_dark_at_once_and_tells_nothing(page: Page) -> None:
    shown.sized(page, (1920, 1080))
    left = page.evaluate(
        """async (given) => {
          const begun = begin(given);
          await new Promise((resolve) => setTimeout(resolve, 0));
          board.stop();
          const left = document.getElementById("screen").childElementCount;
          await begun;
          return [left, told.length, document.getElementById("screen").dataset.level ?? null];
        }""",
        shown.SHORT,
    )
    assert left == [0, 0, None]


@pytest.mark.parametrize("size", [*shown.WALLS, *shown.STRIPS], ids=str)
def test_between_two_things_it_is_a_clock(page: Page, size: tuple[int, int]) -> None:
    shown.sized(page, size)
    page.evaluate("screens({ idle: true, now: () => Date.UTC(2026, 10, 26, 7, 5) }).idle('Nhà văn hóa')")
    assert page.locator(".clock-hour").text_content() == "14:05"
    if size in shown.WALLS:
        assert page.locator(".clock-date").text_content() == "Thứ năm, 26/11/2026"
    assert page.evaluate("faults()") == []
    moved = """async () => {
      const { tellTime } = await import("/show/words.js");
      const root = document.getElementById("screen");
      return Array.from({ length: 200 }, (_, minute) => {
        tellTime(root, minute * 60_000);
        const { left, top } = root.querySelector(".clock").getBoundingClientRect();
        return [`${left} ${top}`, faults()];
      });
    }"""
    found = page.evaluate(moved)
    assert len({place for place, _ in found}) > 50
    assert [faults for _, faults in found if faults] == []
    begin(page, shown.SHORT, duration=60_000)
    assert page.locator(".clock").count() == 0
    page.evaluate("board.stop()")
    assert page.locator("#screen > *").count() == 0
    page.locator(".clock-hour").wait_for()
    shown.opened(page)
