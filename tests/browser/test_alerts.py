"""Alerts in a real browser: written on a laptop, signed on a phone, heard by real clusters, stopped; a drawn area."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.screen import LAPTOP, PHONE, Screen, chromium, password_of
from tests.services import Server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def password(demo_server: Server) -> str:
    return password_of(demo_server)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


def screen(browser: Browser, server: Server, who: str, password: str, size: tuple[int, int]) -> Screen:
    return Screen.switched_on(browser, server.base_url, size).sign_in(who, password)


def flood(page: Page) -> None:
    """The facts of a flood."""
    page.get_by_label("Cấp 3, da cam").check()
    page.get_by_label("Tên sông").fill("sông Hà Thanh")
    page.get_by_label("Thời gian dự kiến").fill("từ 19 giờ hôm nay")
    page.get_by_label("Nơi sơ tán").fill("trường tiểu học số 1")
    page.get_by_label("Theo tin của").fill("Đài Khí tượng thủy văn, tin số 12 lúc 14 giờ")


def sign(page: Page, label: str) -> None:
    page.get_by_role("button", name=label).click()
    page.get_by_role("dialog").get_by_role("button", name="Tôi ký").click()


def test_written_on_a_laptop_signed_on_a_phone_heard_and_stopped(
    demo_server: Server, browser: Browser, password: str
) -> None:
    laptop = screen(browser, demo_server, "bt.phuocthuan", password, LAPTOP)
    page = laptop.page
    laptop.open("/canh-bao/moi")
    laptop.fits()
    page.get_by_role("link", name="Lũ", exact=True).click()
    flood(page)
    page.locator("input[name=place]").first.check()
    told = page.locator("#told")
    expect(told).to_contain_text("Lũ trên sông Hà Thanh lên nhanh, đe dọa xã Phước Thuận, rủi ro cấp 3.")
    expect(told).to_contain_text("Cần 2 người ký rồi mới phát.")
    page.get_by_role("button", name="Tiếp: xem lại và ký").click()
    sign(page, "Ký và gửi người ký tiếp")
    expect(page.get_by_role("heading", name="Đã có 1 trên 2 người ký")).to_be_visible()
    page.get_by_role("button", name="Gửi cho người ký").click()
    expect(page.locator("[data-share-told]")).to_contain_text("Đã chép liên kết")
    address = page.evaluate("navigator.clipboard.readText()")
    assert address == page.url

    phone = screen(browser, demo_server, "duyet.phuocthuan", password, PHONE)
    other = phone.page
    phone.open("/")
    other.get_by_role("link", name=re.compile("Cảnh báo chờ bạn ký")).click()
    phone.fits()
    assert other.url == address
    sign(other, "Ký và phát")
    expect(other.locator("#score")).to_contain_text("9 trên 9 cụm loa đã lên tiếng")
    phone.fits()
    expect(page.locator("body")).to_be_visible()
    laptop.open("/")
    expect(page.get_by_role("link", name=re.compile("Đang cảnh báo"))).to_be_visible()
    other.get_by_role("button", name="Dừng", exact=True).click()
    other.get_by_role("dialog").get_by_role("button", name="Dừng ngay").click()
    expect(other.get_by_text("Đã ra lệnh dừng. Các cụm loa im ngay.")).to_be_visible()
    assert not laptop.complaints
    assert not phone.complaints


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_an_area_is_drawn_by_taps_or_by_keys(
    demo_server: Server, browser: Browser, password: str, size: tuple[int, int]
) -> None:
    one = screen(browser, demo_server, "bt.phuocthuan", password, size)
    page = one.page
    one.open("/canh-bao/moi/lu?dien-tap=1")
    expect(page.get_by_text("Diễn tập. Loa đọc")).to_be_visible()
    flood(page)
    page.get_by_text("Vẽ vùng trên bản đồ").click()
    paper = page.locator(".map-paper")
    paper.evaluate("element => element.scrollIntoView({block: 'center'})")
    box = paper.bounding_box()
    assert box
    for across, down in ((0.1, 0.1), (0.7, 0.1), (0.7, 0.9)):
        paper.click(position={"x": box["width"] * across, "y": box["height"] * down}, force=True)
    said = page.locator("[data-area-told]")
    expect(said).to_have_text("Vùng có 3 góc.")
    expect(page.locator("#told")).to_contain_text(re.compile(r"Vùng đã vẽ \(\d cụm loa\)"))
    page.get_by_role("button", name="Bỏ góc vừa đặt").press("Enter")
    expect(said).to_have_text("Đã đặt 2 góc, cần ít nhất 3.")
    expect(page.locator("#told")).to_contain_text("Chọn nơi phát")
    page.get_by_role("button", name="Xóa vùng").press("Enter")
    for way in ("ArrowLeft", "ArrowUp", "ArrowRight"):
        paper.press(way)
        paper.press(way)
        page.get_by_role("button", name="Đặt góc ở giữa bản đồ").press("Enter")
    expect(said).to_have_text("Vùng có 3 góc.")
    one.fits()
    assert not one.complaints
