"""A board is set up as people do it: switched on, its code typed in the office; then it hears the real server."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.screen import LAPTOP, PATIENCE, Screen, chromium, password_of
from tests.services import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WALL = (1920, 1080)
MAKE = """
from nguon.devices import actions
from nguon.kit import clock
from nguon.people.models import Person
from nguon.places.models import Place
place = Place.objects.get(name="Quảng Vân", kind="thôn")
who = Person.objects.get(username="kt.phuocthuan")
print(actions.register(name="Bảng nhà văn hóa", place=place, channel="board", actor=who, now=clock.now()).pk)
"""


def until(board: Screen, what: str) -> None:
    """Asked from outside: the content policy of the page lets nothing be waited for by a string inside it."""
    by = time.monotonic() + PATIENCE / 1_000
    while not board.page.evaluate(f"Boolean({what})"):
        assert time.monotonic() < by, what
        board.page.wait_for_timeout(100)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


def test_a_board_shows_its_code_is_named_and_is_there(demo_server: Server, browser: Browser) -> None:
    pk = demo_server.shell(MAKE).strip()
    board = Screen.switched_on(browser, demo_server.base_url, WALL)
    board.page.goto(demo_server.base_url + "/bang/")
    shown = board.page.locator(".waits-code")
    expect(shown).to_have_text(re.compile("^[0-9A-Z]{4}-[0-9A-Z]{4}$"))
    office = Screen.switched_on(browser, demo_server.base_url, LAPTOP).sign_in(
        "kt.phuocthuan", password_of(demo_server)
    )
    office.open(f"/thiet-bi/{pk}/cap-ma")
    office.page.get_by_label("Mã đang hiện trên màn hình").fill("0000-0000")
    office.page.get_by_role("button", name="Nhận màn hình này").click()
    expect(office.page.get_by_text("Không có màn hình nào đang hiện mã này")).to_be_visible()
    office.fits()
    office.page.get_by_label("Mã đang hiện trên màn hình").fill((shown.text_content() or "").lower())
    office.page.get_by_role("button", name="Nhận màn hình này").click()
    expect(office.page.get_by_text("đã được nhận")).to_be_visible()
    expect(shown).to_have_count(0)
    until(board, "window.board?.state?.connected")
    office.open(f"/giam-sat/thiet-bi/{pk}")
    expect(office.page.get_by_text("Sẵn sàng").first).to_be_visible()
    board.page.reload()
    until(board, "window.board?.state?.connected")
    expect(shown).to_have_count(0)
    until(board, "navigator.serviceWorker.controller !== null")
    expect(board.page.locator(".clock-hour")).to_be_visible()  # nothing is to be shown yet
    board.page.context.set_offline(True)  # its plug was pulled, and the network is away
    board.page.reload()
    until(board, "window.board?.state?.settings.version >= 1")
    expect(board.page.locator(".clock-hour")).to_be_visible()
    board.page.context.set_offline(False)
    until(board, "window.board?.state?.connected")
    assert [one for one in office.complaints if "status of 422" not in one] == []  # the code that nothing shows
    away = ("status of 404", "ERR_INTERNET_DISCONNECTED")
    assert [one for one in board.complaints if not any(known in one for known in away)] == []
