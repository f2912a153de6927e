"""An officer adds a film to a bulletin: sent at once, made while one writes, seen, kept, or refused with its name."""

from collections.abc import Iterator

import pytest
from django.test import override_settings
from playwright.sync_api import FilePayload, Page, expect

from nguon.devices import channels
from nguon.kit import clock
from nguon.media import films as media
from nguon.media.models import Film, State
from nguon.newsroom import queries
from nguon.newsroom.models import Bulletin
from tests.app.desk import NOTICE
from tests.app.test_newsroom_shown import BOARD, SPEAKER
from tests.browser.test_newsroom import Room, aside, fits, room
from tests.films import old_camera

__all__ = ["room"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = ((1280, 900), (390, 844))


@pytest.fixture(autouse=True)
def boards() -> Iterator[None]:
    with override_settings(NGUON_CHANNELS=[SPEAKER, BOARD]):
        channels.status.cache_clear()
        expect.set_options(timeout=30_000)
        yield
        expect.set_options(timeout=5_000)
    channels.status.cache_clear()


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> FilePayload:
    data = old_camera(tmp_path_factory.mktemp("phim") / "cu.avi").read_bytes()
    return {"name": "MVI_0412.AVI", "mimeType": "video/x-msvideo", "buffer": data}


def editor(room: Room) -> Page:
    page = room.officer(room.desk.editor)
    page.goto(f"{room.url}/ban-tin/moi")
    page.get_by_label("Tên bản tin").fill("Cách đội mũ bảo hiểm")
    page.get_by_label("Nội dung đọc lên loa").fill(NOTICE)
    return page


def add(page: Page, film: FilePayload) -> None:
    page.get_by_label("Thêm phim").set_input_files([film])


def fits_both(page: Page) -> None:
    """The page fits both sizes."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        fits(page)
    page.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})


def test_a_film_is_sent_made_seen_and_saved(room: Room, film: FilePayload) -> None:
    page = editor(room)
    fits_both(page)
    add(page, film)
    expect(page.get_by_text("Phim đang chờ tới lượt chuyển.")).to_be_visible()
    page.get_by_label("Trong phim có gì?").fill("Cách đội mũ bảo hiểm đúng")
    expect(page.locator("[data-shown=board]").get_by_text("Phim chuyển xong thì xem được ở đây.")).to_be_visible()
    fits_both(page)
    aside(lambda: media.make(sha256=Film.objects.get().pk, now=clock.now()))
    video = page.locator("[data-shown=board] video")
    expect(video).to_be_visible()
    expect(page.get_by_text("Phim đã sẵn sàng")).to_be_visible()
    video.evaluate("async (video) => { video.currentTime = 1; await video.play(); }")
    assert video.evaluate("(video) => [video.muted, video.videoWidth, video.readyState >= 2]") == [True, 320, True]
    fits_both(page)
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_role("heading", name="Cách đội mũ bảo hiểm")).to_be_visible()
    expect(page.locator("[data-shown=board] video")).to_be_visible()
    assert aside(lambda: queries.newest(Bulletin.objects.get()).film_alt) == "Cách đội mũ bảo hiểm đúng"
    fits_both(page)
    assert room.complaints == []


def test_it_is_taken_out_again_and_the_words_are_seen(room: Room, film: FilePayload) -> None:
    page = editor(room)
    add(page, film)
    expect(page.get_by_text("Phim đang chờ tới lượt chuyển.")).to_be_visible()
    page.get_by_role("button", name="Bỏ phim").click()
    expect(page.get_by_label("Trong phim có gì?")).to_be_hidden()
    expect(page.get_by_text("Phim đang chờ tới lượt chuyển.")).to_have_count(0)
    frame = page.frame_locator("[data-shown=board] iframe")
    expect(frame.locator("#screen")).to_contain_text("Cách đội mũ bảo hiểm")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_role("heading", name="Cách đội mũ bảo hiểm")).to_be_visible()
    assert aside(lambda: queries.newest(Bulletin.objects.get()).film_id) is None
    assert room.complaints == []


def test_what_is_no_film_or_cannot_be_made_is_told(room: Room, film: FilePayload) -> None:
    page = editor(room)
    add(page, {"name": "hop.mp4", "mimeType": "video/mp4", "buffer": "không phải phim".encode() * 50})
    expect(page.get_by_text("hop.mp4: Không mở được phim này")).to_be_visible()
    assert page.get_by_label("Tên bản tin").input_value() == "Cách đội mũ bảo hiểm"
    add(page, film)
    expect(page.get_by_text("hop.mp4")).to_have_count(0)
    expect(page.get_by_text("Phim đang chờ tới lượt chuyển.")).to_be_visible()
    words = "Phim bị cắt cụt: chỉ đọc được 4 giây trên 8 giây. Hãy chép lại tệp gốc rồi chọn."
    aside(lambda: Film.objects.update(state=State.FAILED, error=words))
    expect(page.get_by_text(words)).to_be_visible()
    expect(page.get_by_text("Chọn phim khác")).to_be_visible()
    expect(page.locator("[data-shown=board]").get_by_text("Bỏ phim thì bảng hiện chữ.")).to_be_visible()
    fits_both(page)
    assert [one for one in room.complaints if "422" not in one] == []


def test_what_was_begun_is_there_again_with_its_film(room: Room, film: FilePayload) -> None:
    page = editor(room)
    add(page, film)
    expect(page.get_by_text("Phim đang chờ tới lượt chuyển.")).to_be_visible()
    page.get_by_label("Trong phim có gì?").fill("Đội mũ")
    page.wait_for_timeout(1_000)
    page.reload()
    expect(page.get_by_text("Phim đang chờ tới lượt chuyển.")).to_be_visible()
    assert page.get_by_label("Trong phim có gì?").input_value() == "Đội mũ"
