"""A table on a board: nothing of it is cut off or lost, on a wall of any size; bad ones are refused as in Python."""

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Page

from nguon.channels.board.document import read
from tests.browser import board_show as shown
from tests.browser.board import a_document
from tests.browser.screen import chromium

pytestmark = [pytest.mark.browser]
AS_OF = "Cập nhật 14:05 26/11"
HOSTILE = "<img src=x onerror=alert(1)>"
PRICES: dict[str, Any] = {
    "head": ["Mặt hàng", "Đơn vị", "Giá", "Tăng giảm"],
    "rows": [["Lúa ĐV108", "kg", "7.200", "▲ 100"], ["Cau tươi", "kg", "45.000", "–"], ["Heo hơi", "kg", "62.000", ""]],
}
WEATHER: dict[str, Any] = {"head": [], "rows": [["Nhiệt độ", "27,4 °C"], ["Mưa", "0 mm"], ["Gió", "12 km/h"]]}
MANY: dict[str, Any] = {
    "head": ["Ngày", "Giờ", "Thôn"],
    "rows": [[f"{day}/12", "7:30 – 11:00", f"Thôn số {day}"] for day in range(200)],
}
WIDE: dict[str, Any] = {"head": list("abcdef"), "rows": [["chữ " * 19 + "hết"] * 6, [HOSTILE] * 6]}
LONG: dict[str, Any] = {"head": ["Một"], "rows": [["Nghĩađịa" * 10], ["ngắn"]]}
TABLES: dict[str, dict[str, Any]] = {
    "prices": PRICES,
    "weather": WEATHER,
    "many": MANY,
    "wide": WIDE,
    "long word": LONG,
}
TITLES = (
    "Giá nông sản tại chợ Gò Bồi",
    "Lịch tiêm chủng mở rộng tháng mười hai năm hai nghìn không trăm hai mươi sáu của xã",
    "",
)
CELLS = """found.push({ cells: [...root.querySelectorAll("td")].map((one) => one.textContent),
  hour: root.querySelector(".as-of")?.textContent ?? "", title"""


@pytest.fixture(scope="module")
def wall() -> Iterator[Page]:
    with chromium() as browser, shown.walls(browser) as found:
        yield found


def leaves(page: Page, document: dict[str, Any]) -> list[dict[str, Any]]:
    """Every page of it, with the cells that stand there."""
    script = shown.LEAF_THROUGH.replace("found.push({ title", CELLS)
    found: list[dict[str, Any]] = page.evaluate(script, [document, {}])
    return found


@pytest.mark.parametrize("size", [*shown.WALLS, (600, 480), (320, 240), (240, 320)], ids=str)
@pytest.mark.parametrize("name", TABLES)
def test_no_row_is_cut_off_or_lost(wall: Page, name: str, size: tuple[int, int]) -> None:
    shown.sized(wall, size)
    table = TABLES[name]
    for title in TITLES:
        pages = leaves(wall, a_document(title, table=table, as_of=AS_OF))
        assert [one["faults"] for one in pages if one["faults"]] == []
        cells = [cell for one in pages for cell in one["cells"]]
        said = " ".join(text for one in pages for text in one["text"])
        if cells:
            assert cells == [cell for row in table["rows"] for cell in row]
            assert {one["hour"] for one in pages} == {AS_OF}
        else:
            plain = "".join(said.split())
            assert all("".join(cell.split()) in plain for row in table["rows"] for cell in row)
            assert "".join(AS_OF.split()) in plain


def test_usual_tables_stand_as_tables(wall: Page) -> None:
    """The test above would be content with text alone."""
    for size in (*shown.WALLS, (320, 240)):
        shown.sized(wall, size)
        for table in (PRICES, WEATHER, MANY):
            pages = leaves(wall, a_document("Giá", table=table, as_of=AS_OF))
            assert all(one["cells"] for one in pages)
            assert (len(pages) > 1) == (table is MANY)


def test_a_text_and_a_table_follow_each_other(wall: Page) -> None:
    shown.sized(wall, (1280, 720))
    pages = leaves(wall, a_document("Giá", "Giá mua tại ruộng.", table=PRICES, as_of=AS_OF))
    assert [bool(one["cells"]) for one in pages] == [False, True]
    assert [one["title"] for one in pages] == ["Giá", "Giá"]


def test_on_a_strip_the_rows_run_by_as_text(wall: Page) -> None:
    shown.sized(wall, (1920, 200))
    wall.evaluate("([document]) => begin(document)", [a_document("Giá", table=PRICES, as_of=AS_OF)])
    said = wall.locator(".lane").get_attribute("aria-label") or ""
    assert "Mặt hàng: Heo hơi; Đơn vị: kg; Giá: 62.000 • " in said
    assert AS_OF in said
    wall.evaluate("board.stop()")
    wall.evaluate("([document]) => begin(document)", [a_document("Trời", table=WEATHER)])
    assert "Nhiệt độ: 27,4 °C" in (wall.locator(".lane").get_attribute("aria-label") or "")
    wall.evaluate("board.stop()")


BAD: list[dict[str, Any]] = [
    {"table": None},
    {"table": []},
    {"table": {"head": []}},
    {"table": {"head": [], "rows": []}},
    {"table": {"head": [], "rows": [[]]}},
    {"table": {"head": ["a"], "rows": [["a", "b"]]}},
    {"table": {"head": [], "rows": [["a"], ["a", "b"]]}},
    {"table": {"head": [], "rows": [["a"] * 7]}},
    {"table": {"head": [], "rows": [["a"]] * 201}},
    {"table": {"head": [], "rows": [["ấ" * 81]]}},
    {"table": {"head": [], "rows": [[1]]}},
    {"table": {"head": [], "rows": ["ab"]}},
    {"as_of": None},
    {"as_of": "a" * 81},
]
GOOD: list[dict[str, Any]] = [{}, {"table": {"head": [], "rows": [["𝄞" * 80] * 6] * 9}, "as_of": ""}]


@pytest.mark.parametrize("more", [*BAD, *GOOD], ids=lambda more: json.dumps(more)[:60])
def test_what_is_no_table_is_refused_here_and_there(wall: Page, more: dict[str, Any]) -> None:
    shown.sized(wall, (1280, 720))
    document = a_document("Giá", **more)
    wall.evaluate("told.length = 0")
    wall.evaluate("([document]) => begin(document)", [document])
    told = wall.evaluate("told.map((one) => one.type)")
    wall.evaluate("board.stop()")
    data = json.dumps(document).encode()
    if more in GOOD:
        assert read(data).title == "Giá"
        assert told == ["player-started"]
    else:
        with pytest.raises((ValueError, msgspec.ValidationError)):
            read(data)
        assert told == ["player-failed"]
