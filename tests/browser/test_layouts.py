"""Layouts of boards before an officer: the picture follows the numbers, and no page is wider than its screen."""

from collections.abc import Iterator
from datetime import time

import pytest
from django.test import override_settings
from playwright.sync_api import Page, expect

from nguon.devices import channels
from nguon.people.models import Person
from tests.app.desk import person
from tests.app.test_newsroom_shown import BOARD, SPEAKER
from tests.app.test_scenes import a_board, a_layout, hung, put
from tests.browser.test_newsroom import Room, aside, fits, room

__all__ = ["room"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def boards() -> Iterator[None]:
    with override_settings(NGUON_CHANNELS=[SPEAKER, BOARD]):
        channels.status.cache_clear()
        expect.set_options(timeout=30_000)
        yield
        expect.set_options(timeout=5_000)
    channels.status.cache_clear()


@pytest.fixture
def officer(room: Room) -> Person:
    return aside(lambda: person("cb", "Đặng Cán Bộ", room.desk.here, "technician", "editor"))


@pytest.fixture
def page(room: Room, officer: Person) -> Page:
    return room.officer(officer)


def test_the_picture_follows_the_numbers_and_says_what_is_wrong(room: Room, officer: Person, page: Page) -> None:
    layout = aside(lambda: a_layout(room.desk, officer))
    page.goto(f"{room.url}/bang/bo-cuc/{layout.pk}/sua")
    expect(page.locator(".layout-box")).to_have_count(4)
    page.get_by_label("Chiều rộng").first.fill("90")
    expect(page.locator(".layout-box[data-grave]")).to_have_count(3)
    expect(page.get_by_text("Vùng “Tin chính” đè lên vùng “Đồng hồ”").first).to_be_visible()
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("Chưa lưu được. Xin sửa những chỗ sau:")).to_be_visible()
    expect(page.get_by_label("Chiều rộng").first).to_have_value("90")
    page.get_by_label("Chiều rộng").first.fill("70")
    expect(page.locator(".layout-box[data-grave]")).to_have_count(0)
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("Đã lưu bố cục.")).to_be_visible()


def hung_with_news(room: Room, officer: Person) -> tuple[str, ...]:
    """A layout with three items on a board; the addresses of its pages."""
    desk = room.desk
    layout, bulletin = a_layout(desk, officer), desk.approved()
    put(desk, layout, "main", bulletin)
    put(desk, layout, "list", bulletin, begins=time(6), ends=time(8, 30), weekdays=(0, 2, 4), priority=6)
    item = put(desk, layout, "list", bulletin)
    board = a_board(desk, "Ti vi nhà văn hóa thôn Quảng Vân", desk.one)
    hung(desk, board, layout, officer)
    return "", "moi", f"{layout.pk}", f"{layout.pk}/sua", f"tin/{item.pk}", f"bang/{board.pk}"


def test_every_page_fits_the_screen_and_the_telephone(room: Room, officer: Person, page: Page) -> None:
    page.goto(f"{room.url}/bang/bo-cuc/")
    expect(page.get_by_text("Chưa có bố cục nào")).to_be_visible()
    fits(page)
    for path in aside(lambda: hung_with_news(room, officer)):
        page.goto(f"{room.url}/bang/bo-cuc/{path}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        fits(page)


def test_what_the_board_shows_is_seen_at_any_moment(room: Room, officer: Person, page: Page) -> None:
    *_others, board = aside(lambda: hung_with_news(room, officer))
    page.goto(f"{room.url}/bang/bo-cuc/{board}?luc=2026-11-30T07:05")  # a Monday
    glass = page.frame_locator("[data-staged] iframe")
    expect(glass.locator("[data-region=main]")).to_contain_text("Lịch cắt điện")
    expect(glass.locator("[data-region=clock]")).to_contain_text("07:05")
    assert page.locator("[data-staged] iframe").evaluate("one => one.contentDocument.body.clientWidth") == 1920
    fits(page)
