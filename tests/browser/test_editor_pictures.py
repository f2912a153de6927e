"""An officer adds photos to a bulletin, on a laptop and on a phone: sent at once, described, put in order, kept."""

from collections.abc import Iterator

import pytest
from django.test import override_settings
from playwright.sync_api import FilePayload, Page, expect

from nguon.devices import channels
from nguon.newsroom import pictures, queries
from nguon.newsroom.models import Bulletin
from tests.app.desk import NOTICE
from tests.app.test_newsroom_shown import BOARD, SPEAKER
from tests.browser.test_newsroom import Room, aside, fits, room
from tests.pictures import a_picture, encoded

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


def photo(number: int = 0) -> FilePayload:
    return {"name": f"IMG_{number}.jpg", "mimeType": "image/jpeg", "buffer": encoded(a_picture(1600, 1200, number))}


def editor(room: Room) -> Page:
    page = room.officer(room.desk.editor)
    page.goto(f"{room.url}/ban-tin/moi")
    page.get_by_label("Tên bản tin").fill("Cấm xe đường Trường Chinh")
    page.get_by_label("Nội dung đọc lên loa").fill(NOTICE)
    return page


def add(page: Page, *files: FilePayload) -> None:
    page.get_by_label("Thêm ảnh").set_input_files(list(files))


def said(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('[data-picture]:not([hidden]) [data-alt]')].map((one) => one.value)"
    )
    return found


def test_photos_are_sent_described_ordered_and_saved(room: Room) -> None:
    page = editor(room)
    add(page, photo(0), photo(1))
    expect(page.locator("[data-picture]:visible")).to_have_count(2)
    page.get_by_label("Ảnh 1: trong ảnh có gì?").fill("Đoạn đường cấm xe")
    page.get_by_label("Ảnh 2: trong ảnh có gì?").fill("Sơ đồ đường vòng")
    frame = page.frame_locator("[data-shown=board] iframe")
    expect(frame.locator("#screen")).to_contain_text("Trường Chinh")
    fits(page)
    page.get_by_role("button", name="Xuống sau").first.click()
    assert said(page) == ["Sơ đồ đường vòng", "Đoạn đường cấm xe"]
    add(page, photo(2))
    expect(page.locator("[data-picture]:visible")).to_have_count(3)
    page.locator("[data-picture]:visible").nth(0).get_by_role("button", name="Bỏ ảnh").click()
    page.get_by_label("Ảnh 2: trong ảnh có gì?").fill("Cầu tạm")
    assert said(page) == ["Đoạn đường cấm xe", "Cầu tạm"]
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_role("heading", name="Cấm xe đường Trường Chinh")).to_be_visible()
    alts = aside(lambda: [alt for _sha, alt in pictures.held(queries.newest(Bulletin.objects.get()))])
    assert alts == ["Đoạn đường cấm xe", "Cầu tạm"]
    fits(page)
    assert room.complaints == []


def test_a_bad_file_is_told_with_its_name_and_a_fifth_is_too_many(room: Room) -> None:
    page = editor(room)
    bad: FilePayload = {"name": "hop.jpg", "mimeType": "image/jpeg", "buffer": b"khong phai anh"}
    add(page, bad, photo(0))
    expect(page.locator("[data-picture]:visible")).to_have_count(1)
    expect(page.locator("[data-refused]")).to_contain_text("hop.jpg: Không mở được ảnh này")
    add(page, *(photo(number) for number in range(1, 5)))
    expect(page.locator("[data-refused]")).to_contain_text("Ảnh sau chưa được thêm: IMG_4.jpg")
    expect(page.locator("[data-picture]:visible")).to_have_count(4)
    expect(page.get_by_text("Thêm ảnh", exact=True)).to_be_hidden()
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator("#refused")).to_contain_text("Ảnh 1: hãy ghi trong ảnh có gì.")
    expect(page.locator("[data-picture]:visible")).to_have_count(4)
    expect(page.get_by_label("Nội dung đọc lên loa")).to_have_value(NOTICE)
    fits(page)


def test_a_draft_brings_pictures_back_and_a_line_that_is_gone_is_told(room: Room) -> None:
    page = editor(room)
    add(page, photo(0))
    page.get_by_label("Ảnh 1: trong ảnh có gì?").fill("Đoạn đường cấm xe")
    page.context.set_offline(True)
    add(page, photo(1))
    expect(page.locator("[data-refused]")).to_contain_text("IMG_1.jpg: Chưa gửi được ảnh này")
    page.context.set_offline(False)
    page.wait_for_timeout(600)  # the draft is written after the last key
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.get_by_text("Đã lấy lại phần đang soạn dở")).to_be_visible()
    expect(page.locator("[data-picture]:visible")).to_have_count(1)
    assert said(page) == ["Đoạn đường cấm xe"]
    expect(page.frame_locator("[data-shown=board] iframe").get_by_role("img", name="Ảnh")).to_be_visible()
    thumb = page.locator("[data-thumb]:visible")
    assert thumb.evaluate("async (image) => { await image.decode(); return image.naturalWidth; }") == 640
    page.get_by_role("button", name="Bỏ phần soạn dở").click()
    expect(page.locator("[data-picture]:visible")).to_have_count(0)
