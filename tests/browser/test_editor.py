"""The editor's panel in a real browser: what will be said beside what is written, corrected in one tap."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Locator, Page, expect

from nguon.media.models import Reading, Rendition, Source
from nguon.media.models import State as Rendering
from nguon.newsroom.models import Bulletin, Version
from nguon.newsroom.rules import State
from nguon.people.models import Person
from tests.app.desk import make_desk
from tests.app.serving import serving
from tests.browser.sounds import chromium, microphone, speech
from tests.browser.test_newsroom import Room, aside, fits, room

__all__ = ["room"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BODY = "Từ 7h30 ngày 25/11, họp tại NVH thôn. Mời bà con đến dự. Đơn vị XQZT phối hợp."
PHONE = pytest.mark.parametrize("room", [(390, 844)], indirect=True, ids=["phone"])
LAPTOP = pytest.mark.parametrize("room", [(1280, 900)], indirect=True, ids=["laptop"])


@pytest.fixture(autouse=True)
def patient() -> Iterator[None]:
    expect.set_options(timeout=30_000)
    yield
    expect.set_options(timeout=5_000)


def write(room: Room, body: str = BODY, person: Person | None = None) -> Page:
    page = room.officer(person or room.desk.editor)
    page.goto(f"{room.url}/ban-tin/moi")
    page.get_by_label("Tên bản tin").fill("Họp thôn")
    page.get_by_label("Nội dung đọc lên loa").fill(body)
    expect(page.locator("#aloud [data-doubts]")).to_have_attribute("data-doubts", "1" if "XQZT" in body else "0")
    return page


def stop(page: Page, written: str) -> Locator:
    return page.locator(f'#aloud [data-stop][data-written="{written}"]')


def view(page: Page, name: str) -> None:
    page.locator("#aloud").get_by_text(name, exact=True).first.click()


def correct(page: Page, written: str, spoken: str) -> Locator:
    stop(page, written).click()
    dialog = page.get_by_role("dialog", name="Sửa cách đọc")
    expect(dialog.get_by_label("Nên đọc là")).to_be_focused()
    dialog.get_by_label("Nên đọc là").fill(spoken)
    return dialog


def test_what_will_be_said_is_seen_while_typing_and_nothing_is_saved(room: Room) -> None:
    page = write(room)
    view(page, "Mọi câu")
    rows = page.locator("#aloud .pair-row")
    expect(rows).to_have_count(3)
    expect(rows.nth(0).locator("[data-said-text]")).to_contain_text("bảy giờ ba mươi")
    expect(rows.nth(2)).to_have_attribute("data-kind", "doubtful")
    expect(rows.nth(2).locator(".doubt")).to_contain_text("chưa chắc")
    expect(page.locator("[data-counter]")).to_contain_text("nghe ước chừng")
    fits(page)
    view(page, "Đọc khác chữ")
    expect(rows.nth(1)).to_be_hidden()
    view(page, "Chưa chắc")
    expect(rows.nth(0)).to_be_hidden()
    expect(rows.nth(2)).to_be_visible()
    assert aside(Bulletin.objects.count) == 0
    page.get_by_label("Nội dung đọc lên loa").fill("Mời bà con đến dự.")
    expect(page.locator("#aloud")).to_contain_text("Không có chỗ nào chưa chắc")
    expect(page.locator("#aloud")).to_contain_text("Không có câu nào như vậy")


@LAPTOP
def test_both_halves_light_up_together(room: Room) -> None:
    page = write(room)
    written = page.locator("#aloud .pair-written [data-change]", has_text="7h30")
    said = stop(page, "7h30")
    written.hover()
    expect(said).to_have_class("change change-lit")
    page.get_by_label("Tên bản tin").hover()
    expect(said).to_have_class("change")
    said.focus()
    expect(written).to_have_class("change change-lit")


def test_a_correction_is_heard_at_once_and_kept_for_the_place(room: Room) -> None:
    page = write(room)
    dialog = correct(page, "XQZT", "xí nghiệp quản lý thủy nông")
    with page.expect_response("**/cach-doc/nghe") as answer:
        dialog.get_by_role("button", name="Nghe thử").click()
    assert answer.value.status == 200
    assert answer.value.headers["content-type"] == "audio/mpeg"
    assert answer.value.request.timing["responseEnd"] < 3000  # ms, on a busy machine; measured alone: 200
    fits(page)
    dialog.get_by_role("button", name="Dùng cho bản tin này và từ nay ở xã Phước Thuận").click()
    expect(page.locator("#aloud-kept")).to_contain_text("“XQZT” đọc là “xí nghiệp quản lý thủy nông”")
    expect(page.locator("#aloud [data-doubts]")).to_have_attribute("data-doubts", "0")
    view(page, "Mọi câu")
    expect(stop(page, "XQZT")).to_contain_text("xí nghiệp quản lý thủy nông")
    assert aside(lambda: Reading.objects.get().place_id) == room.desk.here.pk
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.locator("#aloud-kept")).to_contain_text("Đã hoàn tác")
    expect(page.locator("#aloud [data-doubts]")).to_have_attribute("data-doubts", "1")
    assert aside(Reading.objects.filter(ended_at=None).count) == 0


@LAPTOP
def test_by_the_keyboard_alone(room: Room) -> None:
    page = write(room)
    page.get_by_role("button", name="Chỗ chưa chắc tiếp theo").focus()
    page.keyboard.press("Enter")
    expect(stop(page, "XQZT")).to_be_focused()
    page.keyboard.press("Home")
    expect(stop(page, "7h30")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("End")
    for _ in range(20):
        if stop(page, "XQZT").evaluate("one => one === document.activeElement"):
            break
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Sửa cách đọc")
    expect(dialog.get_by_label("Nên đọc là")).to_be_focused()
    page.keyboard.type("xí nghiệp thủy nông")
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.hasAttribute('data-keep')"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("#aloud-kept")).to_contain_text("xí nghiệp thủy nông")
    expect(dialog).to_be_hidden()
    expect(stop(page, "XQZT")).to_be_focused()  # one goes on from where one was


@LAPTOP
def test_without_a_line_the_panel_says_so_and_catches_up(room: Room) -> None:
    page = write(room)
    page.context.set_offline(True)
    page.get_by_label("Nội dung đọc lên loa").fill("Mời bà con đến dự.")
    expect(page.locator(".aloud-lost")).to_be_visible()
    expect(page.locator(".toast")).to_have_count(0)
    page.context.set_offline(False)
    expect(page.locator(".aloud-lost")).to_be_hidden()
    expect(page.locator("#aloud .pair-row")).to_have_count(1)


@PHONE
def test_a_refusal_keeps_the_dialog_and_its_words(room: Room) -> None:
    page = write(room)
    dialog = correct(page, "XQZT", "!!!")
    dialog.get_by_role("button", name="Dùng cho bản tin này").click()
    expect(dialog.get_by_role("alert")).to_contain_text("chưa có chữ nào đọc được")
    expect(dialog.get_by_label("Nên đọc là")).to_have_value("!!!")
    fits(page)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert aside(Reading.objects.count) == 0


@LAPTOP
def test_only_in_this_bulletin_the_words_are_written_anew(room: Room) -> None:
    page = write(room, "Họp lúc 7h30. Nghỉ. Họp lại lúc 7h30 sáng.")
    second = stop(page, "7h30").nth(1)
    second.click()
    dialog = page.get_by_role("dialog", name="Sửa cách đọc")
    dialog.get_by_label("Nên đọc là").fill("bảy giờ rưỡi")
    dialog.get_by_role("button", name="Chỉ viết lại trong bản tin này").click()
    expected = "Họp lúc 7h30. Nghỉ. Họp lại lúc bảy giờ rưỡi sáng."
    expect(page.get_by_label("Nội dung đọc lên loa")).to_have_value(expected)
    expect(stop(page, "7h30")).to_have_count(1)
    assert aside(Reading.objects.count) == 0
    page.keyboard.press("Control+Z")
    expect(page.get_by_label("Nội dung đọc lên loa")).to_have_value("Họp lúc 7h30. Nghỉ. Họp lại lúc 7h30 sáng.")


def test_what_is_heard_is_made_anew_and_the_approver_sees_the_reading(room: Room) -> None:
    page = write(room)
    page.get_by_role("button", name="Nghe thử").first.click()
    expect(page.locator("#listen")).to_contain_text("Đang tạo âm thanh")
    room.render()
    expect(page.locator("#listen audio")).to_have_count(1)
    view(page, "Mọi câu")
    dialog = correct(page, "NVH", "nhà văn hóa mới xây")
    dialog.get_by_role("button", name="Dùng cho bản tin này").click()
    expect(page.locator("#listen")).to_contain_text("Đang tạo âm thanh")
    room.render()
    expect(page.locator("#listen audio")).to_have_count(1)
    assert aside(lambda: list(Version.objects.values_list("number", flat=True))) == [2, 1]
    page.get_by_role("button", name="Gửi duyệt bản vừa nghe").click()
    expect(page.get_by_text("Đã gửi duyệt.")).to_be_visible()
    fits(page)

    leader = room.officer(room.desk.approver)
    leader.goto(f"{room.url}/duyet/")
    leader.get_by_role("link", name="Họp thôn").click()
    pair = leader.locator(".aloud")
    expect(pair).to_contain_text("1 chỗ chưa chắc")
    expect(pair.locator(".aloud-own")).to_contain_text("nhà văn hóa mới xây")
    expect(pair.locator(".change-own").first).to_be_visible()
    expect(pair.get_by_role("button", name="Chỗ chưa chắc tiếp theo")).to_be_visible()
    expect(pair.locator(".pair-row").nth(1)).to_be_hidden()  # a sentence that is said as it is written
    fits(leader)
    leader.get_by_role("button", name="Duyệt", exact=True).click()
    expect(leader.get_by_text("Đã duyệt “Họp thôn”.")).to_be_visible()

    page.get_by_role("link", name="Sửa", exact=True).click()
    expect(page.locator("#aloud [data-doubts]")).to_have_attribute("data-doubts", "1")
    view(page, "Mọi câu")
    dialog = correct(page, "NVH", "nhà văn hóa cũ")
    dialog.get_by_role("button", name="Dùng cho bản tin này").click()
    expect(page.locator("#aloud")).to_contain_text("Bản đã gửi duyệt vẫn giữ đúng tiếng đã nghe")
    page.get_by_role("button", name="Nghe thử").first.click()
    expect(page.locator(".toast")).to_contain_text("Đã lưu")
    assert aside(lambda: room.desk.state(Bulletin.objects.get())) == State.APPROVED  # hearing it took nothing back
    page.get_by_role("button", name="Đọc lại theo cách mới").click()
    expect(page.locator("#listen")).to_contain_text("Đang tạo âm thanh")
    assert aside(lambda: room.desk.state(Bulletin.objects.get())) == State.RENDERING


@LAPTOP
def test_who_was_signed_out_meanwhile_is_led_to_sign_in(room: Room) -> None:
    page = write(room)
    page.on("dialog", lambda asked: asked.accept())
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    stop(page, "XQZT").click()
    page.get_by_role("dialog").get_by_role("button", name="Nghe thử").click()
    expect(page).to_have_url(f"{room.url}/dang-nhap?next=%2Fban-tin%2Fmoi")


@LAPTOP
def test_a_text_that_is_too_long_leads_to_where_it_should_be_split(room: Room) -> None:
    body = "\n".join(f"Đoạn thứ {n}. " + "Đề nghị bà con chủ động sắp xếp công việc. " * 10 for n in range(1, 20))
    page = room.officer(room.desk.editor)
    page.goto(f"{room.url}/ban-tin/moi")
    page.get_by_label("Nội dung đọc lên loa").fill(body)
    expect(page.locator("#aloud")).to_contain_text("chia làm")
    page.get_by_role("button", name="Đến chỗ này").first.click()
    field = page.get_by_label("Nội dung đọc lên loa")
    at = field.evaluate("field => field.selectionStart")
    assert body[at:].startswith("Đoạn thứ")
    assert 0.3 < at / len(body) < 0.7
    expect(page.locator("[data-counter]")).to_contain_text("Dài quá 5 phút")


def test_a_recording_becomes_the_sound_of_the_bulletin(tmp_path: Path) -> None:
    desk = make_desk()
    with serving() as url, chromium(*microphone(speech(tmp_path / "noi.wav"))) as browser:
        room = Room(desk, url, browser, (390, 844))
        page = room.officer(desk.editor)
        page.goto(f"{url}/ban-tin/moi")
        page.get_by_label("Tên bản tin").fill("Họp thôn")
        page.get_by_text("Dùng tệp âm thanh hoặc ghi âm", exact=True).click()
        expect(page.locator("#aloud")).to_be_hidden()
        page.get_by_role("button", name="Thu âm").click()
        expect(page.locator("[data-recorder] [data-time]")).to_have_text("0:03")
        page.get_by_role("button", name="Nghe thử").click()
        expect(page.locator("[data-recorder]")).to_contain_text("Bấm Dừng thu rồi mới lưu được")
        page.get_by_role("button", name="Dừng thu").click()
        expect(page.locator(".take")).to_contain_text("Đang dùng trong bản tin")
        page.get_by_role("button", name="Nghe thử").click()
        expect(page.locator("#listen")).to_contain_text("Đang tạo âm thanh")
        room.render()
        expect(page.locator("#listen .player audio")).to_have_count(1)
        fits(page)
        made = aside(lambda: Rendition.objects.select_related("file").get())
        assert (made.source, made.state, made.error) == (Source.RECORDING, Rendering.READY, "")
        assert made.file is not None
        assert 2500 < (made.file.duration_ms or 0) < 6000
        assert room.complaints == []
