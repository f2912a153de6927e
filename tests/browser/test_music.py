"""The page of music and the fields in the editor, in a real browser, on a laptop and on a phone."""

import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import expect

from nguon.media.models import Music
from nguon.newsroom.models import Version
from tests.browser.test_newsroom import Room, aside, fits, room

__all__ = ["room"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def chime(tmp_path: Path) -> Path:
    """A file of music as an officer has it on the desk."""
    out = tmp_path / "nhac hieu.m4a"
    source = "aevalsrc='0.5*sin(2*PI*523*t)*exp(-2*t)':s=44100:d=2"
    subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", source, "-c:a", "aac", str(out)], check=True)
    return out


def test_music_is_added_heard_made_usual_and_in_the_next_bulletin(room: Room, chime: Path) -> None:
    page = room.officer(room.desk.editor)
    page.goto(f"{room.url}/nhac/")
    expect(page.get_by_text("Chưa có nhạc nào")).to_be_visible()
    fits(page)
    page.get_by_role("link", name="Thêm nhạc").first.click()
    page.get_by_label("Tên").fill("Nhạc hiệu bản tin sáng của xã Phước Thuận")
    page.get_by_role("button", name="Thêm nhạc").click()  # without a file the browser says so itself
    assert page.url.endswith("/nhac/them") or "/nhac/them?" in page.url
    page.get_by_label("Tệp nhạc").set_input_files(chime)
    fits(page)
    page.get_by_role("button", name="Thêm nhạc").click()
    expect(page.get_by_text("Đã thêm nhạc.")).to_be_visible()
    expect(page.locator(".piece")).to_contain_text("Đang chờ")
    room.render()
    expect(page.locator(".piece [data-player], .piece .player").first).to_be_visible()  # without loading anything anew
    fits(page)
    page.locator(".piece-rename summary").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Tên mới").fill("Nhạc hiệu sáng")
    fits(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nhạc hiệu sáng")).to_be_visible()
    page.get_by_label("Nhạc hiệu mở đầu").select_option(label="Nhạc hiệu sáng")
    page.get_by_role("button", name="Lưu").last.click()
    expect(page.get_by_text("Bản tin soạn mới sẽ bắt đầu với nhạc này.")).to_be_visible()
    page.goto(f"{room.url}/ban-tin/moi")
    expect(page.get_by_label("Nhạc hiệu mở đầu").locator("option:checked")).to_have_text("Nhạc hiệu sáng")
    page.get_by_label("Tên bản tin").fill("Họp thôn")
    page.get_by_label("Nội dung đọc lên loa").fill("Kính mời bà con đi họp thôn.")
    page.get_by_role("button", name="Nghe thử").click()
    expect(page.locator("#listen")).to_contain_text("Đang tạo âm thanh")
    room.render()
    expect(page.get_by_role("button", name="Gửi duyệt bản vừa nghe")).to_be_visible()
    fits(page)
    kept = aside(lambda: Version.objects.get().mix)
    assert kept == {"opening": aside(lambda: Music.objects.get().file_id)}


def test_ending_a_piece_asks_first_and_says_what_stays(room: Room, chime: Path) -> None:
    page = room.officer(room.desk.editor)
    page.goto(f"{room.url}/nhac/them")
    page.get_by_label("Tên").fill("Nền nhẹ")
    page.get_by_text("Nhạc nền", exact=True).click()
    page.get_by_label("Tệp nhạc").set_input_files(chime)
    page.get_by_role("button", name="Thêm nhạc").click()
    page.get_by_role("button", name="Thôi dùng").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Bản tin đã có nhạc này vẫn giữ nguyên.")
    dialog.get_by_role("button", name="Thôi", exact=True).click()
    expect(page.get_by_role("heading", name="Nền nhẹ")).to_be_visible()
    page.get_by_role("button", name="Thôi dùng").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Thôi dùng").click()
    expect(page.get_by_text("Chưa có nhạc nào")).to_be_visible()
