"""Pages of the office of sites and feedback: no rule of WCAG 2.2 AA broken, the keyboard alone, large letters.

One server and one browser for all of it; whoever looks signs in once.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.office import APPROVER, PAGES, WRITER, Office
from tests.browser.reading import violations
from tests.browser.screen import LAPTOP, PHONE, Screen, chromium
from tests.services import Server

pytestmark = pytest.mark.browser
OPEN_ALL = """() => [...document.querySelectorAll("main details:not([open])")].map((one) => (one.open = true)).length"""
# What is wrong with each form when nothing is filled in: who looks, where, and the button that sends it.
REFUSED = {
    "intake": "Tiếp nhận và cấp mã",
    "answer": "Lưu và gửi duyệt",
    "paper-add": "Lưu và gửi duyệt",
    "survey-new": "Gửi duyệt",
    "client-new": "Cấp khóa",
    "authority-new": "Thêm cơ quan",
    "route-new": "Lưu",
    "template-new": "Lưu",
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    server = Server(tmp_path_factory.mktemp("office"))
    server.nguon("manage", "migrate", "--verbosity", "0")
    server.nguon("demo", "load")
    with server.start(), chromium() as browser:
        yield Office(server, browser)


def sized(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})


@pytest.mark.parametrize("name", PAGES)
def test_no_rule_is_broken_and_everything_fits(name: str, office: Office) -> None:
    screen = office.opened(name)
    assert screen.complaints == []  # asked first: axe itself puts styles into a page that has none of its own
    for size in (PHONE, LAPTOP):
        sized(screen.page, size)
        screen.fits()
        assert violations(screen.page) == [], (name, size)
        if screen.page.evaluate(OPEN_ALL):
            screen.fits()
            assert violations(screen.page) == [], (name, size, "open")
    sized(screen.page, (640, 400))  # a laptop of 1280 at 200 %
    screen.fits()
    sized(screen.page, (320, 400))  # WCAG 1.4.10: 320 CSS pixels
    screen.fits()
    screen.complaints.clear()


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_form_breaks_no_rule(name: str, office: Office) -> None:
    screen = office.opened(name)
    screen.page.locator("main form").evaluate_all("all => all.forEach((one) => { one.noValidate = true; })")
    screen.page.get_by_role("main").get_by_role("button", name=REFUSED[name], exact=True).first.click()
    expect(screen.page.locator("[aria-invalid=true], .note-bad").first).to_be_visible()
    for size in (LAPTOP, PHONE):
        sized(screen.page, size)
        screen.fits()
        assert violations(screen.page) == [], (name, size)
    screen.complaints.clear()


def test_axe_finds_what_is_wrong_here_too(office: Office) -> None:
    screen = office.opened("intake")
    screen.page.evaluate("document.querySelector('label[for=id_words]').remove()")
    assert any(one.startswith("label") for one in violations(screen.page))


def test_the_open_tab_is_in_view_on_a_phone(office: Office) -> None:
    screen = office.opened("cases-held")  # the last of eight
    sized(screen.page, PHONE)
    screen.page.reload()
    expect(screen.page.locator(".tabs [aria-current=page]")).to_be_in_viewport(ratio=0.9)


def press(screen: Screen, target: Locator) -> None:
    """Come to it by Tab alone, see that it has the focus and is in view, and press Enter."""
    expect(target).to_be_attached()
    screen.page.wait_for_load_state()
    screen.page.evaluate("document.activeElement.blur()")
    screen.tab_to(target)
    expect(target).to_be_in_viewport()
    screen.page.keyboard.press("Enter")


def choose(screen: Screen, target: Locator, words: str) -> None:
    """Come to a list by Tab, and go down to a choice."""
    expect(target).to_be_attached()
    screen.page.wait_for_load_state()
    screen.page.evaluate("document.activeElement.blur()")
    screen.tab_to(target)
    for _ in range(target.locator("option").count()):
        if words in target.locator("option:checked").inner_text():
            return
        screen.page.keyboard.press("ArrowDown")
    assert words in target.locator("option:checked").inner_text()


def opened_step(screen: Screen, name: str) -> Locator:
    """A step of a case, opened by the keyboard."""
    step = screen.page.locator("details.desk-step").filter(
        has=screen.page.locator("summary", has_text=re.compile(rf"^\s*{name}\s*$"))
    )
    if not step.evaluate("one => one.open"):
        press(screen, step.locator("summary"))
    return step


def test_the_keyboard_alone_takes_in_sorts_assigns_answers_and_approves(office: Office) -> None:
    """With letters of twice the size, on the screen of a laptop."""
    screen, chief = office.screen(WRITER), office.screen(APPROVER)
    page = screen.page
    for one in (screen, chief):
        sized(one.page, (640, 400))
    screen.open("/xu-ly-phan-anh/")
    press(screen, page.get_by_role("main").get_by_role("link", name="Tiếp nhận"))
    screen.tab_to(page.get_by_label("Nội dung phản ánh"))
    page.keyboard.type("Nắp hố ga trước trạm y tế bị vỡ, trẻ con dễ sụp chân.")
    choose(screen, page.get_by_label("Thôn, xã nơi xảy ra"), "thôn Quảng Vân")
    press(screen, page.get_by_role("button", name="Tiếp nhận và cấp mã"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Phiếu tiếp nhận phản ánh")
    screen.fits()
    assert violations(page) == []
    press(screen, page.get_by_role("link", name="Mở phản ánh"))

    press(screen, opened_step(screen, "Tiếp nhận").get_by_role("button", name="Tiếp nhận"))
    expect(page.get_by_text("Đã tiếp nhận").first).to_be_visible()
    choose(screen, page.get_by_label("Lĩnh vực", exact=False).first, "Đường sá")
    press(screen, page.get_by_role("button", name="Lưu lĩnh vực"))
    expect(page.get_by_text("Đã xếp lĩnh vực.")).to_be_visible()
    step = opened_step(screen, "Giao xử lý")
    choose(screen, step.get_by_role("combobox").first, "UBND xã Phước Thuận")
    press(screen, step.get_by_role("button", name="Giao xử lý"))
    expect(page.locator(".messages")).to_be_visible()
    case = page.url

    press(screen, page.get_by_role("link", name="Viết trả lời"))
    screen.tab_to(page.get_by_role("textbox", name="Câu trả lời"))
    page.keyboard.type("UBND xã đã thay nắp hố ga mới sáng nay.")
    press(screen, page.get_by_role("button", name="Lưu và gửi duyệt"))
    expect(page.get_by_text("Đang chờ duyệt").first).to_be_visible()
    code = page.locator(".crumbs").inner_text().split()[-1]

    chief.open("/duyet/")
    press(chief, chief.page.get_by_role("link", name=f"Trả lời phản ánh {code}"))
    press(chief, chief.page.get_by_role("button", name="Duyệt", exact=True))
    expect(chief.page.locator(".messages")).to_contain_text("Đã duyệt")
    page.goto(case)
    press(screen, page.get_by_role("link", name="Mở câu trả lời"))
    press(screen, page.get_by_role("button", name="Gửi cho người phản ánh"))
    expect(page.get_by_text("Đã gửi người phản ánh").first).to_be_visible()
    for one in (screen, chief):
        one.fits()
        one.complaints.clear()
