"""The archive on a screen: files are sent one by one, the import is watched to its end, copies are decided on."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.app.tapes import coded, spoken
from tests.browser.screen import LAPTOP, PHONE, Screen, chromium, password_of
from tests.services import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    one = coded(spoken("dien"), tmp_path / "BTT 12-5-2019 thu 2.mp3")
    two = coded(spoken("dien"), tmp_path / "Bản tin trưa 13-5-2019.m4a", "-b:a", "40k")
    (tmp_path / "hỏng.mp3").write_bytes(b"\xff" * 5000)
    return [one, two, tmp_path / "hỏng.mp3"]


def test_files_chosen_before_the_page_is_whole_are_sent_all_the_same(
    demo_server: Server, browser: Browser, files: list[Path]
) -> None:
    screen = Screen.switched_on(browser, demo_server.base_url, LAPTOP).sign_in(
        "bt.phuocthuan", password_of(demo_server)
    )
    page = screen.page
    held: list[Route] = []

    def keep_back(route: Route) -> None:
        """A slow network: the script is still on its way."""
        held.append(route)

    page.route("**/archive/import*.js", keep_back)
    screen.open("/kho-tu-lieu/nhap/moi")
    page.get_by_label("Tên đợt nhập").first.fill("Băng chọn sớm")
    page.get_by_role("button", name="Chọn tệp").click(no_wait_after=True)
    page.get_by_label("Các tệp, hoặc một tệp ZIP").set_input_files(files[:1])
    held[0].continue_()
    expect(page.get_by_role("row", name=re.compile("thu 2.mp3"))).to_be_visible()
    assert screen.complaints == []


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_an_officer_sends_files_and_decides_on_copies(
    demo_server: Server, browser: Browser, files: list[Path], size: tuple[int, int]
) -> None:
    who = "bt.phuocthuan" if size == LAPTOP else "bt.phuocson"
    screen = Screen.switched_on(browser, demo_server.base_url, size).sign_in(who, password_of(demo_server))
    page = screen.page
    screen.open("/kho-tu-lieu/nhap/moi")
    page.get_by_label("Tên đợt nhập").first.fill("Băng chị Hoa")
    page.get_by_role("button", name="Chọn tệp").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Băng chị Hoa")
    begin = page.get_by_role("button", name="Bắt đầu nhập")
    expect(begin).to_be_disabled()
    page.get_by_label("Các tệp, hoặc một tệp ZIP").set_input_files(files)
    expect(page.get_by_role("row", name=re.compile("hỏng.mp3.*Không nhập được"))).to_be_visible()
    screen.fits()
    begin.click()
    expect(page.get_by_text("Đã xong", exact=True)).to_be_visible()
    expect(page.locator(".stat").first).to_have_text(re.compile(r"2\s*vào kho"))
    screen.fits()
    page.get_by_role("link", name=re.compile("^Không nhập được")).click()
    expect(page.locator("tbody tr")).to_have_count(1)
    screen.open("/kho-tu-lieu/?q=ban+tin")
    expect(page.locator("mark").first).to_be_visible()
    screen.open("/kho-tu-lieu/")
    page.get_by_role("link", name=re.compile("cặp bản thu giống nhau")).click()
    page.get_by_role("link", name="So hai bản").click()
    expect(page.get_by_text("Hai bản ghi hai ngày khác nhau")).to_be_visible()
    screen.fits()
    page.get_by_role("button", name="Gộp, giữ bản này").first.click()
    expect(page.get_by_text("Đã gộp hai bản làm một.")).to_be_visible()
    page.get_by_role("button", name="Tách ra").click()
    expect(page.get_by_role("button", name="Tách ra")).to_have_count(0)
    screen.fits()
    assert screen.complaints == []
