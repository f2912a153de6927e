"""Voices in a real browser, on laptop and phone: an account added and tried, voices compared, one that failed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright
from pytest_django.fixtures import Settings

from nguon.media.models import VoiceAccount
from tests.app import voicing
from tests.app.desk import make_desk, person
from tests.app.serving import serving
from tests.app.voicing import TOKEN
from tests.browser.test_newsroom import ARGS, Room, aside

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BODY = "Kính mời bà con thôn Quảng Vân đến nhà văn hóa họp lúc 7 giờ 30 ngày 27/11/2026."


@pytest.fixture(params=[(1280, 900), (390, 844)], ids=["laptop", "phone"])
def room(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Iterator[Room]:
    settings.NGUON_VOICE_PROVIDERS = voicing.PROVIDERS
    settings.MEDIA_ROOT = tmp_path / "files"
    voicing.fresh()
    desk = make_desk()
    with serving() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        yield Room(desk, url, browser, request.param)
        browser.close()
    voicing.fresh()


def fits(page: Page) -> None:
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert (page.url, over) == (page.url, 0)


def becomes(room: Room, does: str) -> None:
    """What the accounts do from now on instead of speaking."""
    aside(lambda: VoiceAccount.objects.update(values={"does": does}, failing="", resting_until=None))


def added_and_tried(room: Room) -> None:
    """An administrator adds an account and hears it, by the sound that comes by itself."""
    admin = room.officer(aside(lambda: person("qt", "Hồ Thị Diệp", room.desk.here, "admin")))
    admin.goto(f"{room.url}/giong-doc/tai-khoan")
    admin.get_by_role("link", name="Thêm tài khoản").first.click()
    admin.get_by_role("link", name="Giọng Thử").click()
    admin.get_by_label("Tên gọi").fill("Giọng Thử của Đài xã")
    admin.get_by_label("Khóa dịch vụ").fill(TOKEN)
    fits(admin)
    admin.get_by_role("button", name="Lưu").click()
    admin.get_by_role("button", name="Thử giọng này").click()
    expect(admin.get_by_text("Đang chờ đến lượt…")).to_be_visible()
    room.render()
    expect(admin.get_by_role("button", name="Nghe", exact=True)).to_be_visible()  # nobody pressed anything
    expect(admin.locator(".page").get_by_text("Dùng được").first).to_be_visible()
    fits(admin)
    assert TOKEN not in admin.content()


def compared_and_chosen(room: Room, editor: Page) -> None:
    """An editor hears two voices side by side, and the place begins with one of them."""
    editor.goto(f"{room.url}/giong-doc/")
    fits(editor)
    editor.get_by_label("Câu nghe thử").fill(BODY)
    for box in editor.locator("input[name=voices]").all():
        box.set_checked(box.get_attribute("value") in ("thu/mai", "espeak/vi"))
    editor.get_by_role("button", name="Nghe so sánh").click()
    expect(editor.locator(".trial")).to_have_count(2)
    room.render()
    expect(editor.locator(".trial .player")).to_have_count(2)
    fits(editor)
    mine = editor.locator(".trial", has_text="Mai")
    mine.get_by_role("button", name="Dùng làm giọng mặc định").click()
    expect(mine.get_by_text("Giọng mặc định")).to_be_visible()


def test_from_a_key_to_a_bulletin_in_the_chosen_voice(room: Room) -> None:
    added_and_tried(room)
    editor = room.officer(room.desk.editor)
    compared_and_chosen(room, editor)
    editor.goto(f"{room.url}/ban-tin/moi")
    expect(editor.locator("#id_voice")).to_have_value("thu/mai")
    becomes(room, "away")
    editor.get_by_label("Tên bản tin").fill("Họp thôn")
    editor.get_by_label("Nội dung đọc lên loa").fill(BODY)
    editor.get_by_role("button", name="Nghe thử").click()
    expect(editor.get_by_text("Đang tạo âm thanh")).to_be_visible()
    room.render()
    note = editor.get_by_text("Giọng “Mai” (Giọng Thử) không kết nối được")
    expect(note).to_be_visible()
    fits(editor)
    becomes(room, "")
    editor.get_by_role("button", name="Thử lại giọng đã chọn").click()
    expect(note).to_be_hidden()
    room.render()
    expect(editor.get_by_role("button", name="Gửi duyệt bản vừa nghe")).to_be_visible()
    expect(note).to_be_hidden()
    expect(editor.get_by_label("Nội dung đọc lên loa")).to_have_value(BODY)
    assert room.complaints == []
