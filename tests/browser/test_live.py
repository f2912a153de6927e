"""Speaking live in a real browser whose microphone hears a file: the whole way, a broken line, no permission."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.screen import LAPTOP, PHONE, Screen, password_of
from tests.browser.sounds import ARGS, chromium, microphone, speech
from tests.services import Server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def password(demo_server: Server) -> str:
    return password_of(demo_server)


@pytest.fixture(scope="module")
def hearing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with chromium(*microphone(speech(tmp_path_factory.mktemp("voice") / "voice.wav", gain=4))) as browser:
        yield browser


def at_the_desk(browser: Browser, server: Server, password: str, size: tuple[int, int] = LAPTOP) -> Screen:
    """An editor who chose the commune and stands before the microphone."""
    screen = Screen.switched_on(browser, server.base_url, size).sign_in("bt.phuocthuan", password)
    screen.open("/phat-truc-tiep/moi")
    page = screen.page
    page.locator("input[name=place]").first.check()
    expect(page.locator("#reach")).to_contain_text("9 cụm loa ở xã Phước Thuận")
    expect(page.locator("#reach")).to_contain_text("nhiều nhất 10 phút")
    page.get_by_label("Nói về việc gì").fill("Dặn dò trước bão")
    page.get_by_role("button", name="Tiếp: chuẩn bị micrô").click()
    expect(sign(page)).to_have_text("Chưa lên sóng")
    page.wait_for_load_state("load")  # a press before the script is there does nothing
    screen.fits()
    return screen


def sign(page: Page) -> Locator:
    return page.locator("[data-sign]")


def on_air(screen: Screen) -> None:
    page = screen.page
    page.get_by_role("button", name="Mở micrô").click()
    expect(page.get_by_role("meter")).not_to_have_attribute("aria-valuenow", "0")
    page.get_by_role("button", name="Lên sóng", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("Lên sóng tới 9 cụm loa ở xã Phước Thuận?")
    page.get_by_role("button", name="Lên sóng ngay").click()
    expect(sign(page)).to_have_text("Đang lên sóng")
    expect(page.get_by_role("timer")).to_contain_text(re.compile("còn 9:5"))


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_from_the_choice_to_the_recording(
    demo_server: Server, hearing: Browser, password: str, size: tuple[int, int]
) -> None:
    screen = at_the_desk(hearing, demo_server, password, size)
    page = screen.page
    on_air(screen)
    screen.fits()
    page.wait_for_timeout(2_500)
    page.get_by_role("button", name="Kết thúc").click()
    expect(sign(page)).to_have_text("Đã kết thúc")
    page.wait_for_timeout(1_500)
    page.get_by_role("link", name="Nghe lại bản ghi").click()
    expect(page.locator(".player")).to_be_visible()
    expect(page.locator(".player")).to_contain_text(re.compile(r"[2-9] giây"))
    expect(page.get_by_text("Người nói kết thúc")).to_be_visible()
    screen.fits()
    assert screen.complaints == []


def test_by_the_keyboard_alone(demo_server: Server, hearing: Browser, password: str) -> None:
    page = at_the_desk(hearing, demo_server, password).page
    page.get_by_role("button", name="Mở micrô").press("Enter")
    expect(page.get_by_role("button", name="Lên sóng", exact=True)).to_be_focused()  # what comes next has the focus
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Lên sóng ngay").press("Enter")
    expect(page.get_by_role("button", name="Kết thúc")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Nghe lại bản ghi")).to_be_focused()


def test_nothing_goes_out_without_the_confirm(demo_server: Server, hearing: Browser, password: str) -> None:
    page = at_the_desk(hearing, demo_server, password).page
    page.get_by_role("button", name="Mở micrô").click()
    page.get_by_role("button", name="Lên sóng", exact=True).click()
    page.keyboard.press("Escape")
    expect(sign(page)).to_have_text("Chưa lên sóng")
    page.get_by_role("button", name="Lên sóng", exact=True).click()
    page.get_by_role("button", name="Thôi").click()
    expect(sign(page)).to_have_text("Chưa lên sóng")


HUSH = """
from datetime import time
from nguon.kit import clock
from nguon.people.models import Person
from nguon.places.models import Place
from nguon.programme import limiting
limits = limiting.Limits(basis="Quyết định 45/QĐ-UBND ngày 12/6/2026", quiet=((time(0), time(12)), (time(12), time(0))))
place = Place.objects.get(name="Quảng Vân", kind="thôn")
made = limiting.create(place_id=place.pk, limits=limits, actor=Person.objects.get(username={user!r}), now=clock.now())
"""
UNHUSH = """
from nguon.kit import clock
from nguon.programme import limiting
from nguon.programme.models import Policy
policy = Policy.objects.get(basis__startswith="Quyết định 45", ended_at=None)
limiting.end(policy=policy, actor=policy.created_by, now=clock.now())
"""


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_quiet_hours_are_told_before_one_speaks(
    demo_server: Server, hearing: Browser, password: str, size: tuple[int, int]
) -> None:
    demo_server.shell(HUSH.format(user="bt.phuocthuan"))
    try:
        screen = Screen.switched_on(hearing, demo_server.base_url, size).sign_in("bt.phuocthuan", password)
        screen.open("/phat-truc-tiep/moi")
        page = screen.page
        page.locator("input[name=place]").first.check()
        expect(page.locator("#reach")).to_contain_text("Có giờ yên tĩnh")
        expect(page.locator("#reach")).to_contain_text("Thôn Quảng Vân (1 cụm loa) đang giờ yên tĩnh")
        page.get_by_role("button", name="Tiếp: chuẩn bị micrô").click()
        expect(page.locator(".live-quiet")).to_contain_text("theo Quyết định 45/QĐ-UBND ngày 12/6/2026")
        page.get_by_role("button", name="Mở micrô").click()
        page.get_by_role("button", name="Lên sóng", exact=True).click()
        expect(page.get_by_role("dialog")).to_contain_text("Thôn Quảng Vân (1 cụm loa) đang giờ yên tĩnh")
        screen.fits()
        assert screen.complaints == []
    finally:
        demo_server.shell(UNHUSH)


def test_a_broken_line_is_taken_up_again(demo_server: Server, hearing: Browser, password: str) -> None:
    screen = at_the_desk(hearing, demo_server, password)
    page = screen.page
    on_air(screen)
    page.evaluate("document.querySelector('[data-live-desk]').liveDesk.line.socket.close()")
    expect(sign(page)).to_have_text("Mất đường truyền")
    expect(sign(page)).to_have_text("Đang lên sóng")
    expect(page.get_by_text("Hãy nhắc lại câu vừa bị ngắt")).to_be_visible()
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Kết thúc").click()
    expect(sign(page)).to_have_text("Đã kết thúc")


def test_another_stops_it_and_the_speaker_sees_it(demo_server: Server, hearing: Browser, password: str) -> None:
    screen = at_the_desk(hearing, demo_server, password)
    on_air(screen)
    other = Screen.switched_on(hearing, demo_server.base_url, LAPTOP).sign_in("duyet.phuocthuan", password)
    other.open("/phat-truc-tiep/")
    other.page.get_by_role("link", name="Dặn dò trước bão").first.click()
    other.page.get_by_role("button", name="Dừng phát").click()
    other.page.get_by_role("button", name="Dừng ngay").click()
    expect(sign(screen.page)).to_have_text("Đã kết thúc")
    expect(screen.page.get_by_text("Có người bấm dừng phát")).to_be_visible()


def test_a_page_that_was_left_is_taken_up_again(demo_server: Server, hearing: Browser, password: str) -> None:
    screen = at_the_desk(hearing, demo_server, password)
    on_air(screen)
    page = screen.page
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.get_by_role("button", name="Mở micrô").click()
    expect(sign(page)).to_have_text("Đang lên sóng")
    page.get_by_role("button", name="Kết thúc").click()
    expect(sign(page)).to_have_text("Đã kết thúc")


def test_without_a_permission_it_says_what_to_do(demo_server: Server, hearing: Browser, password: str) -> None:
    asked = [*ARGS, "--use-fake-device-for-media-stream", "--deny-permission-prompts"]
    browser = hearing.browser_type.launch(executable_path="/usr/bin/chromium", args=asked)
    page = at_the_desk(browser, demo_server, password).page
    page.get_by_role("button", name="Mở micrô").click()
    expect(page.get_by_text("bị chặn dùng micrô").first).to_be_visible()
    expect(page.get_by_role("button", name="Mở micrô")).to_be_visible()
    browser.close()
