"""What is typed in the editor is seen on a board beside it: drawn by the board's own renderer, in three shapes."""

from collections.abc import Iterator

import pytest
from django.test import override_settings
from playwright.sync_api import FrameLocator, Page, expect

from nguon.devices import channels
from nguon.newsroom.models import Bulletin
from tests.app.test_newsroom_shown import BOARD, SPEAKER
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


def glass(page: Page) -> FrameLocator:
    return page.frame_locator("[data-shown=board] iframe")


def write(room: Room, title: str, body: str) -> Page:
    page = room.officer(room.desk.editor)
    page.goto(f"{room.url}/ban-tin/moi")
    page.get_by_label("Tên bản tin").fill(title)
    page.get_by_label("Nội dung đọc lên loa").fill(body)
    return page


def test_what_is_typed_is_seen_and_nothing_is_saved_or_lost(room: Room) -> None:
    page = write(room, "Nghỉ học ngày mai", "Học sinh toàn xã nghỉ học ngày 27/11 vì mưa lớn.")
    panel = page.locator("[data-shown=board]")
    expect(glass(page).locator("#screen")).to_contain_text("Nghỉ học ngày mai")
    expect(glass(page).locator("#screen")).to_contain_text("vì mưa lớn")
    expect(panel).to_contain_text("Hiện trong")
    expect(panel).to_contain_text("Dễ đọc")
    fits(page)
    page.get_by_label("Tên bản tin").press_sequentially(" và ngày kia")
    expect(glass(page).locator("#screen")).to_contain_text("và ngày kia")
    expect(page.get_by_label("Tên bản tin")).to_be_focused()
    expect(page.get_by_label("Nội dung đọc lên loa")).to_have_value("Học sinh toàn xã nghỉ học ngày 27/11 vì mưa lớn.")
    assert aside(Bulletin.objects.count) == 0
    assert page.evaluate("history.length") <= 2  # Back still leads out of the editor


def test_it_is_seen_in_three_shapes_at_their_own_size(room: Room) -> None:
    page = write(room, "Nghỉ học ngày mai", "Học sinh nghỉ học.")
    panel = page.locator("[data-shown=board]")
    frame = panel.locator("iframe")
    for name, width, height in (("Màn dọc", 1080, 1920), ("Bảng LED", 320, 96), ("Màn ngang", 1920, 1080)):
        panel.locator(".shown-glasses").get_by_text(name).click()
        expect(frame).to_have_attribute("width", str(width))
        expect(glass(page).locator("#screen")).to_contain_text("Nghỉ học ngày mai")
        inside = glass(page).locator("html").evaluate("() => [innerWidth, innerHeight]")
        assert inside == [width, height]
        box, around = frame.bounding_box(), panel.bounding_box()
        assert box is not None
        assert around is not None
        assert around["x"] < box["x"]
        assert box["x"] + box["width"] < around["x"] + around["width"]
        assert box["width"] / box["height"] == pytest.approx(width / height, rel=0.02)
        fits(page)


def test_one_goes_to_the_end_of_a_long_text_and_stays_there_while_one_writes(room: Room) -> None:
    page = write(room, "Lịch tiêm phòng", "Đề nghị bà con chủ động sắp xếp. " * 60 + "Gọi thú y xã.")
    shown = glass(page).locator("#screen")
    expect(shown.get_by_text("Đề nghị bà con").first).to_be_visible()
    expect(shown.get_by_text("Gọi thú y xã")).not_to_be_visible()
    seek = page.get_by_role("slider", name="Tua đến chỗ khác")
    seek.fill("980")
    expect(shown.get_by_text("Gọi thú y xã")).to_be_visible()
    page.get_by_label("Nội dung đọc lên loa").press("Control+End")
    page.keyboard.type(" Trước chủ nhật.")
    expect(shown.get_by_text("Trước chủ nhật")).to_be_visible()


def test_words_are_never_markup_and_a_long_text_is_told(room: Room) -> None:
    page = write(room, "<img src=x onerror=alert(1)> & “tin”", "Đề nghị bà con chủ động sắp xếp. " * 60)
    expect(glass(page).locator("#screen")).to_contain_text("<img src=x onerror=alert(1)>")
    expect(page.locator("[data-shown=board]")).to_contain_text("hoặc chia thành nhiều bản tin")
    fits(page)


def test_a_page_that_cannot_be_drawn_stays_inside_the_frame(room: Room) -> None:
    page = write(room, "Tin", "Một.")
    expect(page.locator("[data-shown=board]")).to_contain_text("Dễ đọc")
    page.evaluate(
        """() => document.querySelector("[data-shown=board] iframe").contentWindow.postMessage(
          { page: new Uint8Array([123]), duration: 8000 }, location.origin)"""
    )
    expect(glass(page).locator("[data-failed]")).to_contain_text("Chưa vẽ được trang này")
    page.get_by_label("Tên bản tin").fill("Tin khác")
    expect(glass(page).locator("#screen")).to_contain_text("Tin khác")


def test_without_a_line_it_says_so_and_catches_up(room: Room) -> None:
    page = write(room, "Tin", "Một.")
    expect(glass(page).locator("#screen")).to_contain_text("Tin")
    page.context.set_offline(True)
    page.get_by_label("Tên bản tin").fill("Tin mới")
    expect(page.locator("[data-shown=board] .shown-lost")).to_be_visible()
    expect(page.locator(".toast")).to_have_count(0)
    page.context.set_offline(False)
    expect(page.locator("[data-shown=board] .shown-lost")).to_be_hidden()
    expect(glass(page).locator("#screen")).to_contain_text("Tin mới")
