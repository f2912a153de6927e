"""The main job as persons do it, in real browsers on a real server with a real broker, voice and device agents.

The tests of this file tell one story in one district and stand in its order; the last one reorganises the district.
"""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.screen import LAPTOP, PATIENCE, PHONE, Screen, chromium, password_of
from tests.services import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TITLE = "Lịch cắt điện ngày 25/11"
NOTICE = """UBND XÃ PHƯỚC THUẬN
THÔNG BÁO
Về việc tạm ngừng cung cấp điện

Từ 7h30 đến 11h00 ngày 25/11/2026, tạm ngừng cung cấp điện tại thôn Quảng Vân và thôn Lộc Hạ để sửa đường dây 22 kV.

Đề nghị bà con chủ động trong sản xuất và sinh hoạt./."""
HAMLETS = ("Quảng Vân", "Lộc Hạ")
STAGES = ("2 đã nhận", "2 đang phát", "2 đã phát xong")
Seat = Callable[..., Screen]
WATCH = """() => {
  const said = [];
  const note = () => {
    const words = document.querySelector("#casts").textContent.replace(/\\s+/g, " ");
    if (said.at(-1) !== words) said.push(words);
  };
  new MutationObserver(note).observe(document.body, { childList: true, subtree: true, characterData: true });
  window.said = said;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def password(demo_server: Server) -> str:
    return password_of(demo_server)


@pytest.fixture
def seat(browser: Browser, demo_server: Server, password: str) -> Iterator[Seat]:
    """Gives an officer a browser of their own, signed in: `seat("quantri", LAPTOP)`."""
    given: list[Screen] = []

    def sit(name: str, size: tuple[int, int] = PHONE) -> Screen:
        given.append(Screen.switched_on(browser, demo_server.base_url, size))
        return given[-1].sign_in(name, password)

    yield sit
    for screen in given:
        screen.page.context.close()
    assert [complaint for screen in given for complaint in screen.complaints] == []


def sounds(player: Locator) -> None:
    """The sound is really there: it loads, lasts, and moves on when played."""
    audio = player.locator("audio")
    player.get_by_role("button").click()
    expect(player).to_have_attribute("data-playing", "")
    moved = "audio => new Promise(done => audio.addEventListener('timeupdate', () => audio.currentTime > 0 && done()))"
    audio.evaluate(moved)
    assert audio.evaluate("audio => audio.readyState") >= 2
    assert audio.evaluate("audio => audio.duration") > 5
    player.get_by_role("button").click()


def write_and_hear(editor: Screen, title: str) -> None:
    """From the first page to the sound by the keyboard alone."""
    page = editor.page
    editor.tab_to(page.get_by_role("link", name="Soạn bản tin"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Soạn bản tin")
    editor.fits()
    name = page.get_by_label("Tên bản tin")
    if not name.evaluate("field => field === document.activeElement"):
        editor.tab_to(name)
    page.keyboard.type(title)
    editor.tab_to(page.get_by_label("Nội dung đọc lên loa"))
    editor.paste(NOTICE)
    expect(page.locator("[data-counter]")).to_contain_text("nghe ước chừng")
    editor.tab_to(page.get_by_role("button", name="Nghe thử"))
    page.keyboard.press("Enter")
    player = page.locator("#listen .player")
    expect(player).to_be_visible()
    editor.tab_to(player.get_by_role("button"))
    page.keyboard.press("Enter")
    expect(player).to_have_attribute("data-playing", "")
    page.keyboard.press("Enter")
    editor.fits()


def submit(editor: Screen) -> None:
    editor.page.get_by_role("button", name="Gửi duyệt bản vừa nghe").click()
    expect(editor.page.get_by_text("Đã gửi duyệt.")).to_be_visible()
    editor.fits()


def open_review(leader: Screen, title: str) -> None:
    leader.page.get_by_role("link", name=title).first.click()
    expect(leader.page.get_by_role("heading", level=1)).to_have_text(title)
    leader.fits()


def test_a_notice_goes_from_the_keyboard_to_two_hamlets(seat: Seat) -> None:
    editor = seat("bt.phuocthuan")
    write_and_hear(editor, TITLE)
    sounds(editor.page.locator("#listen .player"))
    expect(editor.page.locator("#aloud [data-said-text]").filter(has_text="bảy giờ ba mươi")).to_have_count(1)
    submit(editor)

    leader = seat("duyet.phuocthuan")
    open_review(leader, TITLE)
    sounds(leader.page.locator(".player"))
    leader.page.get_by_role("button", name="Duyệt", exact=True).click()
    expect(leader.page.get_by_text(f"Đã duyệt “{TITLE}”.")).to_be_visible()
    leader.fits()

    watcher = seat("td.huyen", LAPTOP)
    watcher.open("/giam-sat/")
    expect(watcher.page.locator("[data-live]")).to_have_attribute("data-state", "on")
    watcher.page.evaluate(WATCH)

    send(editor, TITLE, HAMLETS)
    follow(watcher, TITLE)
    heard_back(editor)


def send(editor: Screen, title: str, hamlets: tuple[str, ...]) -> None:
    page = editor.page
    editor.open("/")
    ready = page.get_by_role("listitem").filter(has_text=title)
    ready.get_by_role("link", name="Phát", exact=True).click()
    editor.fits()
    for hamlet in hamlets:
        page.get_by_role("checkbox", name=re.compile(f"^Thôn {hamlet}")).check()
    expect(page.locator("#reach")).to_contain_text(f"Phát ngay tới {len(hamlets)} cụm loa")
    page.get_by_role("button", name="Phát ngay").click()
    expect(page.get_by_text("Đã chuyển đi phát.")).to_be_visible()
    editor.fits()


def follow(watcher: Screen, title: str) -> None:
    """The live page tells the whole story and was never loaded again."""
    cast = watcher.page.locator(".cast").filter(has_text=title)
    expect(cast.locator(".shares")).to_contain_text(re.compile(r"2\s*đang phát"))
    expect(watcher.page.locator(".cluster").filter(has_text=title)).to_have_count(2)
    expect(cast.locator(".shares")).to_contain_text(re.compile(r"2\s*đã phát xong"))
    expect(watcher.page.locator(".cluster").filter(has_text=title)).to_have_count(0)
    said = watcher.page.evaluate("window.said")
    stages = [
        [stage in words for stage in STAGES].index(True) for words in said if any(map(words.__contains__, STAGES))
    ]
    assert stages == sorted(stages)
    assert set(stages) >= {1, 2}  # what is received and started within one beat is told as started


def heard_back(editor: Screen) -> None:
    """What each cluster played is there by itself, and is a sound."""
    players = editor.page.locator("#progress .player")
    expect(players).to_have_count(2)
    for number in range(2):
        sounds(players.nth(number))
    editor.fits()
    editor.page.locator("#progress .main-cell a").first.click()
    expect(editor.page.get_by_role("heading", name="Đã nhận và đã phát")).to_be_visible()
    times = editor.page.locator("tbody tr").first.locator("td.number").all_inner_texts()
    assert [re.fullmatch(r"\d\d:\d\d:\d\d", time) is not None for time in times] == [True] * 3
    assert times == sorted(times)  # received, started, ended
    sounds(editor.page.locator(".sound-cell .player").first)
    editor.fits()


def test_a_bulletin_sent_back_is_mended(seat: Seat) -> None:
    title = "Họp thôn tối thứ bảy"
    editor, leader = seat("bt.phuocthuan"), seat("duyet.phuocthuan")
    write_and_hear(editor, title)
    submit(editor)
    leader.open("/")
    open_review(leader, title)
    leader.page.get_by_role("button", name="Trả lại").click()
    dialog = leader.page.get_by_role("dialog")
    dialog.get_by_label("Sai thời gian hoặc địa điểm").check()
    dialog.get_by_label("Ghi thêm").fill("Họp ở nhà văn hóa, không phải ở trường")
    dialog.get_by_role("button", name="Trả lại").click()
    expect(leader.page.get_by_text(f"Đã trả lại “{title}”")).to_be_visible()

    editor.open("/")
    expect(editor.page.get_by_role("heading", name="Bị trả lại, cần sửa")).to_be_visible()
    editor.page.get_by_role("link", name=title).click()
    expect(editor.page.get_by_text("Họp ở nhà văn hóa, không phải ở trường").first).to_be_visible()
    editor.fits()
    editor.page.get_by_role("link", name="Sửa theo góp ý").click()
    editor.page.get_by_label("Nội dung đọc lên loa").fill("Họp thôn lúc 19h00 tại nhà văn hóa thôn.")
    editor.page.get_by_role("button", name="Nghe thử").click()
    submit(editor)


def test_a_pulled_plug_is_seen_at_once(seat: Seat) -> None:
    watcher, technician = seat("td.huyen", LAPTOP), seat("kt.phuocthuan")
    watcher.open("/giam-sat/")
    row = watcher.page.locator(".cluster").filter(has_text=HAMLETS[0])
    expect(row).to_contain_text("Sẵn sàng")
    technician.open("/giam-sat/")
    technician.page.locator(".cluster").filter(has_text=HAMLETS[0]).get_by_role("link").click()
    technician.fits()
    technician.page.get_by_role("button", name="Rút điện").click()
    expect(row).to_contain_text("Mất kết nối")
    expect(technician.page.locator("#device-state")).to_have_text("Mất kết nối")
    technician.fits()
    technician.page.get_by_role("button", name="Cắm điện lại").click()
    expect(row).to_contain_text("Sẵn sàng")
    expect(technician.page.locator("#device-state")).to_have_text("Sẵn sàng")


def test_a_page_that_is_not_there_says_where_to_go(seat: Seat) -> None:
    editor = seat("bt.phuocthuan")
    editor.open("/khong-co")
    editor.page.get_by_role("link", name="Về trang tổng quan").click()
    expect(editor.page.get_by_role("heading", level=1)).to_contain_text("Chào")


PAGES = {
    "bt.phuocthuan": ("/", "/ban-tin/", "/ban-tin/moi", "/duyet/", "/luot-phat/", "/giam-sat/", "/thiet-bi/"),
    "kt.phuocthuan": ("/thiet-bi/moi", "/thiet-bi/nhom", "/trang-thai"),
    "quantri": ("/", "/dia-ban/", "/dia-ban/sap-xep", "/can-bo/", "/can-bo/moi", "/can-bo/co-quan", "/nhat-ky/"),
}


@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_every_page_fits_the_screen(seat: Seat, size: tuple[int, int]) -> None:
    for name, paths in PAGES.items():
        screen = seat(name, size)
        for path in paths:
            screen.open(path)


def test_after_the_reform_the_work_goes_on(seat: Seat) -> None:
    keeper = seat("quantri", LAPTOP)
    page = keeper.page
    keeper.open("/dia-ban/")
    page.get_by_role("link", name="Sắp xếp đơn vị").click()
    page.get_by_role("link", name="Xem trước").click()
    expect(page.get_by_role("cell", name=re.compile("Xã Tuy Phước mã"))).to_be_visible()
    page.get_by_role("button", name="Thực hiện phương án").click()
    page.get_by_role("dialog").get_by_role("button", name="Thực hiện").click()
    expect(page.get_by_role("link", name="Xã Tuy Phước", exact=True)).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("link", name="Xã Phước Thuận")).to_have_count(0)

    editor = seat("bt.phuocthuan")
    editor.open("/ban-tin/")
    editor.page.get_by_role("link", name=TITLE).click()
    expect(editor.page.locator("#broadcasts")).to_contain_text("2 trên 2 thiết bị đã phát xong")
    editor.page.get_by_role("link", name="Phát", exact=True).click()
    editor.fits()
    expect(editor.page.locator(".tree")).to_contain_text("Xã Tuy Phước")
    for hamlet in (HAMLETS[0], "Quảng Tín"):  # the second one was in another commune
        editor.page.get_by_role("checkbox", name=re.compile(f"^Thôn {hamlet}")).check()
    expect(editor.page.locator("#reach")).to_contain_text("Phát ngay tới 2 cụm loa")
    editor.page.get_by_role("button", name="Phát ngay").click()
    expect(editor.page.locator("#progress .shares")).to_contain_text(re.compile(r"2\s*Đã phát xong"))
    editor.fits()
