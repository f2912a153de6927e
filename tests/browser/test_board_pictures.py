"""Pictures on a board, in a real Chromium: beside the words, above them, on pages of their own, or left out."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser import board_show as shown
from tests.browser.board import a_document
from tests.browser.screen import chromium
from tests.pictures import of_document

pytestmark = [pytest.mark.browser]
NOTICE = a_document("Cấm xe đường Trường Chinh", *shown.SENTENCES[:2])
BROKEN = {"data": base64.b64encode(b"RIFF....WEBPVP8 that is no picture").decode()}
# What is seen of each picture: its place, and the colour of the middle of its sky as it is painted.
SEEN = """() => [...document.querySelectorAll(".picture")].map((canvas) => {
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
  copy.drawImage(canvas, 0, 0);
  const [red, green, blue] = copy.getImageData(canvas.width / 2, canvas.height / 8, 1, 1).data;
  return { left, top, width, height, said: canvas.getAttribute("aria-label"), colour: [red, green, blue] };
})"""


@pytest.fixture(scope="module")
def wall() -> Iterator[Page]:
    with chromium() as browser, shown.walls(browser) as found:
        yield found


@pytest.fixture
def page(wall: Page) -> Iterator[Page]:
    yield wall
    wall.evaluate("board.stop(); told.length = 0")


def begin(page: Page, document: dict[str, Any], size: tuple[int, int], **order: Any) -> None:
    shown.sized(page, size)
    page.evaluate("([document, order]) => begin(document, order, 0)", [document, order])
    assert page.evaluate("told.map((event) => event.type)") == ["player-started"]


def seen(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(SEEN)
    return found


def test_one_picture_stands_beside_the_words_on_a_wide_screen(page: Page) -> None:
    begin(page, {**NOTICE, "pictures": [of_document()]}, (1920, 1080))
    (picture,) = seen(page)
    words = page.locator(".leaf").bounding_box()
    assert words is not None
    assert picture["left"] >= words["x"] + words["width"]
    assert picture["width"] > 600
    assert picture["width"] / picture["height"] == pytest.approx(4 / 3, rel=0.01)
    assert picture["said"] == "Đoạn đường số 1"
    assert picture["colour"] == pytest.approx([0xD9, 0x4F, 0x30], abs=12)
    assert "Trường Chinh" in (page.locator("#screen").text_content() or "")
    assert page.evaluate("faults()") == []


def test_it_stands_above_the_words_on_a_tall_one_and_moves_when_the_screen_is_turned(page: Page) -> None:
    begin(page, {**NOTICE, "pictures": [of_document()]}, (1080, 1920))
    (picture,) = seen(page)
    words = page.locator(".leaf").bounding_box()
    assert words is not None
    assert picture["top"] + picture["height"] <= words["y"]
    assert picture["width"] > 600
    assert page.evaluate("faults()") == []
    shown.sized(page, (1920, 1080))
    page.wait_for_function("document.querySelector('.board')?.dataset.way === 'wide'")
    (turned,) = seen(page)
    assert turned["left"] > 900
    assert turned["colour"] == picture["colour"]
    assert page.evaluate("faults()") == []


@pytest.mark.parametrize("size", [(320, 96), (1920, 200), (64, 32)], ids=str)
def test_a_banner_leaves_pictures_out_and_keeps_the_words(page: Page, size: tuple[int, int]) -> None:
    begin(page, {**NOTICE, "pictures": [of_document()]}, size)
    assert seen(page) == []
    assert "Trường Chinh" in (page.locator(".lane").get_attribute("aria-label") or "")
    assert page.evaluate("faults()") == []


def test_a_banner_with_nothing_but_pictures_is_empty_and_does_not_fail(page: Page) -> None:
    begin(page, a_document("", issuer="", pictures=[of_document()]), (320, 96))
    assert page.locator(".wagon").count() == 0


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920), (320, 240)], ids=str)
def test_several_pictures_have_pages_of_their_own_between_the_words(page: Page, size: tuple[int, int]) -> None:
    pictures = [of_document(number=number) for number in range(3)]
    begin(page, {**NOTICE, "pictures": pictures}, size, duration=60_000)
    order: list[str] = []
    for second in range(0, 60, 2):
        page.evaluate(
            "([document, offset]) => begin(document, { duration: 60_000 }, offset)",
            [{**NOTICE, "pictures": pictures}, second * 1000],
        )
        assert page.evaluate("faults()") == []
        found = [one["said"] for one in seen(page)] or ["words"]
        order += found if found != order[-1:] else []
    last = [one for one in order if one != "words"]
    assert order[0] == "words"
    assert last == [f"Đoạn đường số {number}" for number in (1, 2, 3)]


def test_one_picture_where_there_is_no_room_beside_has_a_page_of_its_own(page: Page) -> None:
    begin(page, {**NOTICE, "pictures": [of_document()]}, (320, 240), duration=20_000)
    assert seen(page) == []
    page.evaluate(
        "(document) => begin(document, { duration: 20_000 }, 19_000)", {**NOTICE, "pictures": [of_document()]}
    )
    assert len(seen(page)) == 1
    assert page.evaluate("faults()") == []


def test_pictures_alone_fill_the_board(page: Page) -> None:
    begin(page, a_document("", pictures=[of_document()]), (1920, 1080))
    (picture,) = seen(page)
    assert picture["height"] > 700
    assert page.evaluate("faults()") == []


@pytest.mark.parametrize("other", [BROKEN, {"width": 801}], ids=["no picture", "of another size"])
def test_a_picture_that_cannot_be_decoded_leaves_the_words(page: Page, other: dict[str, Any]) -> None:
    begin(page, {**NOTICE, "pictures": [of_document(**other)]}, (1920, 1080))
    assert seen(page) == []
    assert page.locator("#screen img").count() == 0
    assert "Trường Chinh" in (page.locator("#screen").text_content() or "")
    both = [of_document(**other), of_document(number=1)]
    page.evaluate("(document) => begin(document)", {**NOTICE, "pictures": both})
    assert [one["said"] for one in seen(page)] == ["Đoạn đường số 2"]


SMALL = (80, 60)
WRONG: dict[str, Any] = {
    "none": [],
    "five": [of_document(SMALL)] * 5,
    "null": None,
    "no list": {},
    "a script": [of_document(SMALL, mime="image/svg+xml")],
    "too wide": [of_document(SMALL, width=5000)],
    "half a pixel": [of_document(SMALL, width=80.5)],
    "no height": [of_document(SMALL, height=0)],
    "no words": [of_document(SMALL, alt="")],
    "no base64": [of_document(SMALL, data="<svg onload=alert(1)>")],
    "nothing": [of_document(SMALL, data="")],
    "an address": [{**of_document(SMALL, data=None), "url": "https://example.invalid/x.png"}],
}


@pytest.mark.parametrize("pictures", WRONG.values(), ids=WRONG.keys())
def test_what_is_no_picture_is_refused_and_told(page: Page, pictures: Any) -> None:
    page.evaluate("(document) => begin(document)", {**NOTICE, "pictures": pictures})
    assert page.evaluate("told.map((event) => event.type)") == ["player-failed"]


def test_pictures_have_room_and_words_none_of_it(page: Page) -> None:
    big = base64.b64encode(b"\x00" * 1_400_000).decode()
    page.evaluate("(document) => begin(document)", {**NOTICE, "pictures": [of_document(data=big)]})
    assert page.evaluate("told.map((event) => event.type)") == ["player-started"]
    page.evaluate("(document) => begin(document)", {**NOTICE, "pictures": [of_document(data=big)] * 2})
    page.evaluate("(document) => begin(document)", a_document("Sách", "ta đi " * 50_000, pictures=[of_document()]))
    types = page.evaluate("told.map((event) => event.type)")
    assert types == ["player-started", "player-failed", "player-failed"]
