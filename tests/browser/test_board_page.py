"""A board is set up as people do it: switched on, its code typed in the office; then it hears the real server."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.screen import LAPTOP, Screen, chromium, password_of, until
from tests.services import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WALL = (1920, 1080)
CODE = re.compile("^[0-9A-Z]{4}-[0-9A-Z]{4}$")
KNOWN = (  # what a browser says of a wrong code, of a server that is away, and of one that refuses
    *("status of 401", "status of 403", "status of 404", "status of 422"),
    *("WebSocket", "ERR_CONNECTION_REFUSED"),
)
MAKE = """
from nguon.devices import actions
from nguon.kit import clock
from nguon.people.models import Person
from nguon.places.models import Place
place = Place.objects.get(name="Quảng Vân", kind="thôn")
who = Person.objects.get(username="kt.phuocthuan")
print(actions.register(name="Bảng nhà văn hóa", place=place, channel="board", actor=who, now=clock.now()).pk)
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


def test_from_first_light_to_its_removal(demo_server: Server, browser: Browser) -> None:
    pk = demo_server.shell(MAKE).strip()
    board = Screen.switched_on(browser, demo_server.base_url, WALL)
    board.page.goto(demo_server.base_url + "/bang/")
    shown = board.page.locator(".waits-code")
    expect(shown).to_have_text(CODE)
    office = Screen.switched_on(browser, demo_server.base_url, LAPTOP).sign_in(
        "kt.phuocthuan", password_of(demo_server)
    )
    types(office, pk, "0000-0000")
    expect(office.page.get_by_text("Không có màn hình nào đang hiện mã này")).to_be_visible()
    office.fits()
    types(office, pk, (shown.text_content() or "").lower())
    expect(office.page.get_by_text("đã được nhận")).to_be_visible()
    expect(shown).to_have_count(0)
    connected(board)
    office.open(f"/giam-sat/thiet-bi/{pk}")
    expect(office.page.get_by_text("Sẵn sàng").first).to_be_visible()
    office.open("/thiet-bi/")  # a page that asks nothing while the server is away
    goes_on_without_the_server(board, demo_server)
    becomes(office, pk, "Đã thôi dùng")
    expect(board.page.get_by_role("heading", name="Bảng này đã bị gỡ khỏi hệ thống")).to_be_visible()
    board.page.reload()
    expect(board.page.get_by_role("heading", name="Bảng này đã bị gỡ khỏi hệ thống")).to_be_visible()
    expect(shown).to_have_text(CODE)
    becomes(office, pk, "Đang dùng")
    types(office, pk, shown.text_content() or "")
    expect(office.page.get_by_text("đã được nhận")).to_be_visible()
    connected(board)
    expect(shown).to_have_count(0)
    said = [*office.complaints, *board.complaints]
    assert [one for one in said if not any(known in one for known in KNOWN)] == []


def types(office: Screen, pk: str, code: str) -> None:
    """The officer says that the screen with this code is that device."""
    office.open(f"/thiet-bi/{pk}/cap-ma")
    office.page.get_by_label("Mã đang hiện trên màn hình").fill(code)
    office.page.get_by_role("button", name="Nhận màn hình này").click()


def becomes(office: Screen, pk: str, status: str) -> None:
    """The officer gives the device another status."""
    office.open(f"/thiet-bi/{pk}")
    office.page.get_by_role("button", name="Đổi tình trạng").click()
    dialog = office.page.get_by_role("dialog")
    dialog.get_by_label("Tình trạng").select_option(label=status)
    dialog.get_by_label("Lý do").fill("Thử bảng")
    dialog.get_by_role("button", name="Đổi", exact=True).click()
    expect(office.page.get_by_text("Đã đổi tình trạng.")).to_be_visible()


def connected(board: Screen) -> None:
    until(board.page, "window.board?.state?.connected")


def goes_on_without_the_server(board: Screen, server: Server) -> None:
    """Its plug is pulled while the server is away, and once more when that is back."""
    until(board.page, "navigator.serviceWorker.ready.then(() => true)")
    board.page.reload()
    connected(board)
    assert board.page.evaluate("navigator.serviceWorker.controller !== null")
    server.stop()
    board.page.reload()
    until(board.page, "window.board?.state?.settings.version >= 1")
    assert not board.page.evaluate("window.board.state.connected")
    server.start(demo=True)
    connected(board)
