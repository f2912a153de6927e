"""An officer fills in a table and tries a feed; what is seen beside it is drawn by the board's own renderer."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from nguon.channels.board.feeds.models import Source
from tests.app import feeding
from tests.app.feeding import as_json
from tests.browser.test_newsroom import Room, aside, fits, room
from tests.ports import foreign as make
from tests.ports.foreign import Foreign

__all__ = ["room"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BUS = "Giờ\tTuyến\tBến\n5:30\tT01 Quy Nhơn – Gò Bồi\tChợ Gò Bồi\n17:15\tT01 Gò Bồi – Quy Nhơn\tNgã ba ông Đô\n"


@pytest.fixture(autouse=True)
def near(settings: Any) -> Iterator[None]:
    settings.NGUON_LINK_NETWORKS = "127.0.0.1/32"
    expect.set_options(timeout=30_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def foreign() -> Iterator[Foreign]:
    with make.serving() as found:
        yield found


def glass(page: Page) -> FrameLocator:
    return page.frame_locator("[data-shown=board] iframe")


def test_a_table_is_pasted_seen_and_handed_in(room: Room) -> None:
    page = room.officer(room.desk.editor)
    page.goto(f"{room.url}/bang/nguon/")
    fits(page)
    page.get_by_role("link", name="Thêm nguồn").first.click()
    fits(page)
    page.get_by_role("link", name="Lịch, bảng giờ").click()
    page.get_by_label("Tên trên bảng").fill("Xe buýt T01")
    page.get_by_label("Nội dung bảng").fill("Giờ\tTuyến\nsáng\tT01")
    page.get_by_label("Có cột giờ").check()
    page.get_by_role("button", name="Xem trước").click()
    expect(page.locator(".field-error")).to_contain_text("“sáng” không phải giờ")
    fits(page)
    page.get_by_label("Nội dung bảng").fill(BUS)
    page.get_by_role("button", name="Xem trước").click()
    expect(glass(page).locator("td").first).to_be_visible()
    expect(glass(page).locator("#screen")).to_contain_text("Ngã ba ông Đô")
    fits(page)
    assert aside(Source.objects.count) == 0
    page.get_by_role("button", name="Lưu và gửi duyệt").click()
    expect(page.locator("main")).to_contain_text("Chờ duyệt")
    expect(glass(page).locator("#screen")).to_contain_text("Xe buýt T01")
    fits(page)
    source = aside(Source.objects.get)
    other = room.officer(room.desk.approver)
    other.goto(f"{room.url}/duyet/")
    other.get_by_role("link", name="Xe buýt T01").click()
    expect(glass(other).locator("#screen")).to_contain_text("Quy Nhơn")
    fits(other)
    other.get_by_role("button", name="Duyệt", exact=True).click()
    page.goto(f"{room.url}/bang/nguon/{source.pk}")
    expect(page.locator("main")).to_contain_text("đã duyệt bởi")


def test_a_feed_is_tried_and_its_values_are_chosen(room: Room, foreign: Foreign) -> None:
    page = room.officer(room.desk.editor)
    page.goto(f"{room.url}/bang/nguon/moi?loai=weather")
    page.get_by_label("Tên trên bảng").fill("Thời tiết Tuy Phước")
    page.get_by_label("Địa chỉ lấy số liệu").fill(f"{foreign.address}/now")
    page.get_by_role("button", name="Thử lấy ngay").click()
    expect(page.locator("main")).to_contain_text("báo lỗi (404)")
    fits(page)
    foreign.page("/now", as_json(feeding.WEATHER))
    page.get_by_role("button", name="Thử lấy ngay").click()
    expect(page.get_by_label("Giá trị").nth(1)).to_have_value("current.temperature")
    fits(page)
    page.get_by_label("Giờ của số liệu").select_option("")
    page.get_by_label("Giá trị").nth(2).select_option("")
    page.get_by_role("button", name="Thử lấy ngay").click()
    expect(glass(page).locator("#screen")).to_contain_text("27,4 °C")
    expect(glass(page).locator("#screen")).not_to_contain_text("Mưa")
    page.get_by_role("button", name="Lưu và gửi duyệt").click()
    expect(page.locator("main")).to_contain_text("Chờ duyệt")
    fits(page)
