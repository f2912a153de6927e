"""Somebody with a telephone tells something: with scripts and without, over a network that dies, by keyboard alone."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests import pictures
from tests.browser.screen import LAPTOP, PATIENCE, PHONE, Screen, chromium, until
from tests.conftest import MakeServer
from tests.services import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TOLD = "/trang/phuoc-thuan/phan-anh"
WORDS = "Đường vào xóm 2 có ổ gà lớn, trời mưa xe máy té ngã nhiều lần."
PLACES = """
from nguon.kit import clock
from nguon.people.models import Office
from nguon.places.models import Link, Place
from nguon.portal.models import Site
now = clock.now()
at = Place.objects.create(name="Phước Thuận", kind="xã", folded="phuoc thuan")
inside = Place.objects.create(name="Quảng Vân", kind="thôn", folded="quang van")
Link.objects.create(child=inside, parent=at)
Office.objects.create(name="UBND xã Phước Thuận", place=at)
Site.objects.create(
    place=at, slug="phuoc-thuan", name="Xã Phước Thuận", opened_at=now, created_at=now, updated_at=now
)
"""
CASES = """
from nguon.feedback.models import Case
for case in Case.objects.all():
    print(case.code, case.words, case.attachments.count(), case.held or "-", sep="|")
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def server(make_server: MakeServer) -> Server:
    made = make_server()
    made.nguon("manage", "migrate", "--verbosity", "0")
    made.shell(PLACES)
    return made.start()


def cases(server: Server) -> list[list[str]]:
    """[code, words, photos, held] of every case."""
    return [line.split("|") for line in server.shell(CASES).splitlines() if line]


def first_step(page: Page, words: str = WORDS) -> None:
    page.get_by_label("Nội dung phản ánh").fill(words)
    page.get_by_label("Ở thôn, khu phố nào").select_option(label="thôn Quảng Vân")
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.get_by_role("heading", name="Ảnh và người gửi")).to_be_visible()


def photo() -> Any:
    """As a telephone gives it: large, and with the place where it was taken in it."""
    taken = pictures.a_picture(2400, 1800)
    exif = taken.getexif()
    exif[0x8825] = {1: "N", 2: (13.0, 50.0, 0.0)}
    out = io.BytesIO()
    taken.save(out, "JPEG", exif=exif)
    return {"name": "o-ga.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def test_told_followed_and_printed_with_scripts(browser: Browser, server: Server) -> None:
    screen = Screen.switched_on(browser, server.base_url, PHONE)
    screen.open(f"{TOLD}/gui")
    first_step(screen.page)
    screen.fits()
    screen.page.get_by_label("Ảnh (nếu có)").set_input_files(photo())
    expect(screen.page.get_by_role("button", name=re.compile("Bỏ ảnh này"))).to_be_visible()
    screen.page.get_by_label("Họ và tên").fill("Lê Thị Hoa")
    screen.page.get_by_role("button", name="Gửi phản ánh").click()
    expect(screen.page.locator("[data-errors]")).to_be_focused()
    expect(screen.page.get_by_label("Họ và tên")).to_have_value("Lê Thị Hoa")
    expect(screen.page.get_by_role("button", name=re.compile("Bỏ ảnh này"))).to_be_visible()
    screen.page.get_by_label("Tôi đồng ý để cơ quan giữ").check()
    screen.page.get_by_role("button", name="Gửi phản ánh").click()
    expect(screen.page.get_by_role("heading", name="Đã gửi phản ánh")).to_be_visible()
    [code, words, photos, held] = cases(server)[0]
    assert (words, photos, held) == (WORDS, "1", "-")
    expect(screen.page.locator("[data-code]")).to_have_text(code)
    expect(screen.page.get_by_role("button", name="In phiếu này")).to_be_visible()
    digits = screen.page.locator(".receipt dd").nth(1).inner_text()
    screen.page.get_by_role("button", name="Thoát").click()
    screen.page.get_by_label("Mã phản ánh").fill(code.lower())
    screen.page.get_by_label("Bốn số đi cùng mã").fill(digits)
    screen.page.get_by_role("button", name="Xem").click()
    expect(screen.page.get_by_role("heading", level=1)).to_have_text("Mới gửi")
    until(screen.page, "document.querySelector('.photos img').naturalWidth > 0")
    screen.fits()
    assert [said for said in screen.complaints if "422" not in said] == []


def test_told_without_scripts(browser: Browser, server: Server) -> None:
    context = browser.new_context(java_script_enabled=False, locale="vi-VN", viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{server.base_url}{TOLD}/gui")
    first_step(page)
    page.get_by_label("Ảnh (nếu có)").set_input_files(photo())
    page.get_by_role("button", name="Gửi phản ánh").click()
    expect(page.get_by_role("heading", name="Đã gửi phản ánh")).to_be_visible()
    [[_code, words, photos, held]] = cases(server)
    assert (words, photos, held) == (WORDS, "1", "-")


def test_a_dead_network_loses_nothing(browser: Browser, server: Server) -> None:
    screen = Screen.switched_on(browser, server.base_url, PHONE)
    page, context = screen.page, screen.page.context
    screen.open(f"{TOLD}/gui")
    page.get_by_label("Nội dung phản ánh").fill(WORDS)
    page.get_by_label("Ở thôn, khu phố nào").select_option(label="thôn Quảng Vân")
    with_network(context, False)
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.get_by_text("Mất mạng, chưa gửi được")).to_be_visible()
    with_network(context, True)
    page.reload()
    expect(page.get_by_label("Nội dung phản ánh")).to_have_value(WORDS)
    expect(page.get_by_text("Đã lấy lại nội dung bạn viết dở")).to_be_visible()
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_label("Họ và tên").fill("Lê Thị Hoa")
    page.get_by_label("Tôi đồng ý để cơ quan giữ").check()
    page.get_by_label("Ảnh (nếu có)").set_input_files(photo())
    with_network(context, False)
    page.get_by_role("button", name="Gửi phản ánh").click()
    expect(page.get_by_text("Mất mạng, chưa gửi được")).to_be_visible()
    expect(page.get_by_label("Họ và tên")).to_have_value("Lê Thị Hoa")
    with_network(context, True)
    page.get_by_role("button", name="Gửi phản ánh").click()
    expect(page.get_by_role("heading", name="Đã gửi phản ánh")).to_be_visible()
    [[_code, words, photos, _held]] = cases(server)
    assert (words, photos) == (WORDS, "1")
    screen.open(f"{TOLD}/gui")
    expect(page.get_by_label("Nội dung phản ánh")).to_have_value("")


def with_network(context: BrowserContext, on: bool) -> None:
    context.set_offline(not on)


def test_told_by_the_keyboard_alone_at_twice_the_size(browser: Browser, server: Server) -> None:
    width, height = LAPTOP
    screen = Screen.switched_on(browser, server.base_url, (width // 2, height // 2), scale=2)
    screen.open(f"{TOLD}/gui")
    page = screen.page
    screen.tab_to(page.get_by_label("Nội dung phản ánh"))
    page.keyboard.insert_text(WORDS)
    screen.tab_to(page.get_by_role("button", name="Tiếp tục"))
    page.keyboard.press("Enter")
    expect(page.locator("[data-errors]")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Ở thôn, khu phố nào")).to_be_focused()
    page.keyboard.type("thôn Q")
    screen.tab_to(page.get_by_role("button", name="Tiếp tục"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ảnh và người gửi")).to_be_visible()
    screen.fits()
    screen.tab_to(page.get_by_role("button", name="Gửi phản ánh"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Đã gửi phản ánh")).to_be_visible()
    screen.fits()
