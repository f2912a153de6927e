"""A board before its wall: boxes of every size, documents of every kind, and an eye that sees what is cut off."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page

from tests.browser.board import a_document, served

WALLS = ((1920, 1080), (1080, 1920), (1280, 720), (1024, 768))
STRIPS = ((1920, 200), (320, 96), (64, 32), (64, 64))
PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8"><title>Bảng</title>
<link rel="stylesheet" href="/ui/tokens.css"><link rel="stylesheet" href="/board.css">
<link rel="stylesheet" href="/show/show.css"><main id="screen"></main>
<script type="module">
import { Screen } from "/shell/screen.js";
const root = document.getElementById("screen");
window.told = [];
window.screens = (options) => (window.board = new Screen(root, options));
window.begin = (document, order = {}, offset = 0) => {
  const { duration = 60_000, ...more } = order;
  const bytes = typeof document === "string" ? document : JSON.stringify(document);
  const effect = { offset, order: { level: 40, ...more, content: { duration } } };
  return board.start(effect, new TextEncoder().encode(bytes), (event) => told.push(event));
};
screens({});
await Promise.all(["400", "700"].map((weight) => document.fonts.load(`${weight} 1em "Be Vietnam Pro"`, "aế")));
window.ready = true;
</script>"""
# Every text and every part that stands outside the screen, or on another one.
FAULTS = """window.faults = () => {
  const root = document.getElementById("screen").getBoundingClientRect();
  const found = [];
  const out = (box, by) =>
    box.left < by.left - 1 || box.top < by.top - 1 || box.right > by.right + 1 || box.bottom > by.bottom + 1;
  const all = document.createTreeWalker(document.getElementById("screen"), NodeFilter.SHOW_TEXT);
  while (all.nextNode()) {
    if (all.currentNode.parentElement.closest(".wagon")) continue;
    const range = document.createRange();
    range.selectNodeContents(all.currentNode);
    for (const box of range.getClientRects()) if (out(box, root)) found.push(`outside: ${range}`.slice(0, 80));
  }
  const names = ".band, .head > *, .map, .leaf > *, .link > *, .foot > *, .plate, .lane";
  const parts = [...document.querySelectorAll(names)];
  const boxes = parts.map((part) => part.getBoundingClientRect());
  for (const [one, box] of boxes.entries()) {
    if (box.width && out(box, root)) found.push(`outside: ${parts[one].className}`);
    for (let other = one + 1; other < boxes.length; other += 1) {
      const that = boxes[other];
      const [wide, high] = [Math.min(box.right, that.right) - Math.max(box.left, that.left),
        Math.min(box.bottom, that.bottom) - Math.max(box.top, that.top)];
      if (wide > 1 && high > 1) found.push(`${parts[one].className} on ${parts[other].className}`);
    }
  }
  const [leaf, host] = [document.querySelector(".leaf"), document.querySelector(".host")];
  const full = leaf && (leaf.scrollHeight > host.clientHeight || leaf.scrollWidth > host.clientWidth);
  if (full) found.push("the page is too full");
  return found;
};"""
# Every page of a document: its words, and what is wrong with it.
LEAF_THROUGH = """async ([given, order]) => {
  const { documentOf } = await import("/show/document.js");
  const { frameIn } = await import("/show/frame.js");
  const { Pages } = await import("/show/pages.js");
  const root = document.getElementById("screen");
  const read = documentOf(new TextEncoder().encode(JSON.stringify(given)));
  const box = { width: root.clientWidth, height: root.clientHeight };
  const what = { document: read, order: { level: 40, drill: false, alarm: false, duration: 3_600_000, ...order } };
  const pages = new Pages(frameIn(root, box, what), what);
  const found = [];
  for (let moment = 0, page = 0; page < pages.pages.length; page += 1) {
    moment += pages.at(moment) + 0.001;
    const size = (name) => parseFloat(getComputedStyle(root.querySelector(name) ?? root).fontSize);
    found.push({ title: root.querySelector("h1")?.textContent ?? "", size: size(".text"), faults: faults(),
      text: [...root.querySelectorAll(".words")].map((one) => one.textContent),
      mark: root.querySelector(".mark").textContent, bands: root.querySelectorAll(".band-word").length });
  }
  root.replaceChildren();
  return found;
}"""


@contextmanager
def walls(browser: Browser) -> Iterator[Page]:
    """A page that is a board, with the letters of the house; whatever it complains of fails the test."""
    complaints: list[str] = []
    with served() as url:
        page = browser.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.route("**/wall", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
        page.goto(f"{url}/wall")
        opened(page)
        yield page
        page.close()
    assert complaints == []


def opened(page: Page) -> None:
    """Begin again, as when the board is switched on."""
    page.reload()
    page.wait_for_function("window.ready")
    page.evaluate(FAULTS)


def sized(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})


def pages_of(page: Page, document: dict[str, Any], **order: Any) -> list[dict[str, Any]]:
    """Every page of it."""
    found: list[dict[str, Any]] = page.evaluate(LEAF_THROUGH, [document, order])
    return found


SENTENCES = (
    "Từ 7 giờ 30 đến 11 giờ ngày 27/11/2026, tạm ngừng cấp điện tại thôn Quảng Vân và thôn Lộc Hạ để sửa đường dây.",
    "Đề nghị bà con chủ động trong sản xuất và sinh hoạt; không đến gần nơi đang thi công.",
    "Mọi thắc mắc xin gọi số 0256 3 833 777, hoặc đến Ủy ban nhân dân xã trong giờ làm việc.",
)
SHORT = a_document("Lịch cắt điện ngày 27/11", SENTENCES[0])
LONG = a_document("Kế hoạch tiêm chủng mở rộng tháng 12 năm 2026", *(" ".join(SENTENCES) for _ in range(4)))
HUGE = a_document("Báo cáo tình hình kinh tế - xã hội", *(" ".join(SENTENCES * 5)[:-1] + "." for _ in range(18)))
MAP = {
    "width": 640,
    "height": 480,
    "shapes": [
        {"kind": "outline", "points": [[60, 60], [330, 30], [420, 200], [380, 430], [90, 400]]},
        {"kind": "sea", "points": [[440, 0], [640, 0], [640, 480], [400, 480], [470, 260]]},
        {"kind": "area", "points": [[250, 120], [520, 100], [560, 330], [300, 380]]},
    ],
}
SURROUNDED = MAP | {
    "lines": [[[0, 90], [200, 120], [330, 300], [640, 320]]],
    "names": [{"name": "Phước Sơn", "x": 380, "y": 210}, {"name": "Diêu Trì", "x": 110, "y": 300}],
}
ALERT = {"level": 4, "colour": "#c81e28", "ink": "#ffffff", "word": "Cấp 4: rủi ro rất lớn", "hazard": "Bão"}
ALERT |= {"issued": "15:20 ngày 26/11/2026", "map": MAP}
STORM = a_document(
    "Bão số 13 đổ bộ vào Gia Lai đêm nay",
    "Gió mạnh cấp 12, giật cấp 15 từ 19 giờ. Bà con ở thôn Vinh Quang, Huỳnh Giản và Xương Lý sơ tán ngay đến trường.",
    "Không ra khơi, không ở lại trên tàu và lồng bè. Gọi 112 khi cần cứu giúp.",
    look="alert",
    alert=ALERT,
)
