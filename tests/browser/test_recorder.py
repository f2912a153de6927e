"""The recorder in a real browser whose microphone hears a file: levels, takes, and everything that goes wrong."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.sounds import FAKE, LAPTOP, PHONE, chromium, microphone, page_of, silence, speech

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.browser.test_ui_kit"),
    pytest.mark.django_db(transaction=True),
]


@contextmanager
def studio(url: str, *args: str, size: tuple[int, int] = LAPTOP, silent: bool = False) -> Iterator[Page]:
    """The style page in a browser of these arguments."""
    complaints: list[str] = []
    with chromium(*args) as browser:
        page = page_of(browser, complaints, size)
        page.goto(f"{url}/ui-kit/", wait_until="networkidle")
        yield page
    assert complaints == [] or silent


@pytest.fixture(params=[LAPTOP, PHONE], ids=["laptop", "phone"])
def page(request: pytest.FixtureRequest, live_server: LiveServer, tmp_path: Path) -> Iterator[Page]:
    with studio(live_server.url, *microphone(speech(tmp_path / "noi.wav")), size=request.param) as page:
        yield page


on_laptop = pytest.mark.parametrize("page", [LAPTOP], indirect=True, ids=["laptop"])


def recorder(page: Page) -> Locator:
    return page.locator("[data-recorder]")


def press(page: Page, name: str) -> None:
    recorder(page).get_by_role("button", name=name).click()


def said(page: Page, words: str) -> None:
    expect(recorder(page).locator("[data-state][role=status]")).to_contain_text(words)


def record(page: Page, seconds: int = 2, *, button: str = "Thu âm") -> None:
    press(page, button)
    said(page, "Đang thu.")
    expect(recorder(page).locator("[data-time]")).to_have_text(f"0:0{seconds}")
    press(page, "Dừng thu")
    expect(recorder(page).get_by_text("Đã thu xong")).to_be_visible()


def file(page: Page) -> tuple[str, int] | None:
    """The file in the form: name and size."""
    found = page.evaluate("(({ files: [f] }) => f ? [f.name, f.size] : null)(document.querySelector('#id_sound'))")
    return tuple(found) if found else None


def test_from_the_countdown_to_the_take_in_the_form(page: Page) -> None:
    press(page, "Thu âm")
    said(page, "bắt đầu thu sau 3 giây")
    expect(recorder(page).locator("[data-count]")).to_be_visible()
    said(page, "Đang thu.")
    expect(recorder(page).locator("[data-meter]")).to_have_attribute("aria-valuenow", re.compile("^[5-9][0-9]$"))
    expect(recorder(page).locator("[data-time]")).to_have_text("0:02")
    press(page, "Tạm dừng")
    said(page, "Đang tạm dừng")
    page.wait_for_timeout(1500)
    expect(recorder(page).locator("[data-time]")).to_have_text("0:02")
    press(page, "Thu tiếp")
    expect(recorder(page).locator("[data-time]")).to_have_text("0:03")
    press(page, "Dừng thu")
    said(page, "đưa vào bản tin")
    take = recorder(page).locator(".take")
    expect(take).to_contain_text("Bản thu 1")
    expect(take).to_contain_text("Đang dùng trong bản tin")
    expect(take.locator(".player")).to_have_attribute("data-waved", "")
    expect(take.locator("[data-length]")).to_have_text(re.compile("0:0[34]"))
    expect(take.locator("[data-judged]")).to_be_empty()
    name, size = file(page) or ("", 0)
    assert name == "thu-am.webm"
    assert size > 5000
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert over == 0


@on_laptop
def test_a_take_is_heard_to_the_end_and_can_be_sought_in(page: Page) -> None:
    record(page)
    take = recorder(page).locator(".take")
    take.get_by_role("button", name="Nghe", exact=True).click()
    expect(take.locator(".player")).to_have_attribute("data-heard", "1")
    take.locator(".player-seek").focus()
    page.keyboard.press("Home")
    expect(take.locator("[data-at]")).to_have_text("0:00")


@on_laptop
def test_another_take_leaves_the_first_until_it_is_chosen(page: Page) -> None:
    record(page)
    first = file(page)
    record(page, 3, button="Thu lại")
    said(page, "Bản trước vẫn đang dùng")
    assert file(page) == first
    second = recorder(page).locator(".take").first
    expect(second).to_contain_text("Bản thu 2")
    expect(second).to_contain_text("Chưa dùng")
    second.get_by_role("button", name="Dùng bản này").click()
    expect(second).to_contain_text("Đang dùng trong bản tin")
    said(page, "Đã chọn")
    assert file(page) != first
    recorder(page).locator(".take").nth(1).get_by_role("button", name="Dùng bản này").click()
    assert file(page) == first


@on_laptop
def test_a_chosen_file_takes_the_place_of_a_take(page: Page, tmp_path: Path) -> None:
    record(page)
    page.set_input_files("#id_sound", speech(tmp_path / "khac.wav"))
    expect(recorder(page).locator(".take")).to_contain_text("Chưa dùng")
    recorder(page).get_by_role("button", name="Dùng bản này").click()
    assert (file(page) or ("",))[0] == "thu-am.webm"
    expect(page.locator(".given")).to_be_hidden()


@on_laptop
def test_leaving_in_the_middle_is_asked_and_the_countdown_can_be_called_off(page: Page) -> None:
    press(page, "Thu âm")
    said(page, "bắt đầu thu sau")
    press(page, "Thôi")
    expect(recorder(page).get_by_role("button", name="Thu âm")).to_be_focused()
    page.wait_for_timeout(3500)
    expect(recorder(page).locator(".take")).to_have_count(0)
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", answer)
    press(page, "Thu âm")
    said(page, "Đang thu.")
    page.evaluate("location.assign('/ui-kit/trong')")
    expect(recorder(page).get_by_role("button", name="Dừng thu")).to_be_visible()
    assert asked == ["beforeunload"]
    press(page, "Dừng thu")
    said(page, "Đã thu xong")


@on_laptop
def test_a_form_is_not_sent_in_the_middle_of_a_recording(page: Page) -> None:
    press(page, "Thu âm")
    said(page, "Đang thu.")
    page.evaluate("document.querySelector('form[data-dirty]').noValidate = true")
    page.get_by_role("button", name="Lưu bản nháp").click()
    said(page, "Bấm Dừng thu rồi mới lưu được")
    press(page, "Dừng thu")
    expect(recorder(page).locator(".take")).to_have_count(1)


@on_laptop
def test_it_ends_by_itself_at_the_limit_and_keeps_what_there_is(page: Page) -> None:
    page.evaluate("document.querySelector('[data-recorder]').recorder.limit = 3")
    press(page, "Thu âm")
    said(page, "tự dừng")
    expect(recorder(page).locator(".take [data-length]")).to_have_text(re.compile("0:0[34]"))


@on_laptop
def test_a_microphone_that_goes_keeps_what_there_is(page: Page) -> None:
    press(page, "Thu âm")
    said(page, "Đang thu.")
    page.wait_for_timeout(1500)
    page.evaluate(
        "document.querySelector('[data-recorder]').recorder.microphone.track.dispatchEvent(new Event('ended'))"
    )
    said(page, "Micrô ngừng giữa chừng")
    expect(recorder(page).locator(".take")).to_have_count(1)
    assert file(page) is not None


@on_laptop
def test_the_microphone_can_be_tried_and_chosen(page: Page) -> None:
    press(page, "Thử micrô")
    said(page, "Đang thử micrô")
    devices = recorder(page).locator("[data-device]")
    expect(devices).to_be_visible()
    names = devices.locator("option").all_inner_texts()
    assert len(names) >= 2
    devices.select_option(index=1)
    said(page, "Đang thử micrô")
    chosen = devices.input_value()
    press(page, "Thu âm")
    said(page, "Đang thu.")
    assert devices.input_value() == chosen
    expect(devices).to_be_disabled()
    press(page, "Dừng thu")
    said(page, "Đã thu xong")
    assert page.evaluate("localStorage.getItem('nguon:microphone')") == chosen


@on_laptop
def test_by_the_keyboard_alone(page: Page) -> None:
    recorder(page).get_by_role("button", name="Thu âm").focus()
    page.keyboard.press("Enter")
    said(page, "Đang thu.")
    expect(recorder(page).get_by_role("button", name="Dừng thu")).to_be_focused()
    page.wait_for_timeout(1200)
    page.keyboard.press("Enter")
    said(page, "Đã thu xong")
    expect(recorder(page).locator(".take").get_by_role("button", name="Nghe", exact=True)).to_be_focused()


@pytest.mark.parametrize(
    ("gain", "hint", "judged"),
    [
        (24, "Quá to", "Có chỗ quá to"),
        (-34, "Nhỏ quá", "Tiếng nhỏ"),
        (None, "Không nghe thấy tiếng", "Không nghe thấy tiếng trong bản này"),
    ],
    ids=["loud", "quiet", "silent"],
)
def test_a_wrong_level_is_told_while_and_after(
    live_server: LiveServer, tmp_path: Path, gain: float | None, hint: str, judged: str
) -> None:
    heard = silence(tmp_path / "im.wav") if gain is None else speech(tmp_path / "noi.wav", gain=gain)
    with studio(live_server.url, *microphone(heard)) as page:
        press(page, "Thu âm")
        said(page, "Đang thu.")
        expect(recorder(page).locator("[data-hint]")).to_contain_text(hint)
        press(page, "Dừng thu")
        expect(recorder(page).locator(".take [data-judged]")).to_contain_text(judged)


def test_a_refusal_is_told_and_takes_nothing_away(live_server: LiveServer) -> None:
    with studio(live_server.url, FAKE[0], "--deny-permission-prompts") as page:
        page.locator("#id_body").fill("Chữ đang soạn")
        press(page, "Thu âm")
        said(page, "cho phép Micrô")
        expect(page.locator("#id_body")).to_have_value("Chữ đang soạn")
        expect(recorder(page).get_by_role("button", name="Thu âm")).to_be_visible()


def test_no_microphone(live_server: LiveServer) -> None:
    with studio(live_server.url, FAKE[1]) as page:
        press(page, "Thu âm")
        said(page, "Không tìm thấy micrô")


def test_over_plain_http_it_says_why_not(live_server: LiveServer) -> None:
    url = live_server.url.replace("localhost", "nguon.test").replace("127.0.0.1", "nguon.test")
    with studio(url, *FAKE, "--host-resolver-rules=MAP nguon.test 127.0.0.1", silent=True) as page:
        said(page, "người khác trong mạng có thể nghe lén")
        expect(recorder(page).get_by_role("button", name="Thu âm")).to_be_hidden()


@on_laptop
def test_what_was_recorded_outlives_a_page_that_dies(page: Page) -> None:
    press(page, "Thu âm")
    said(page, "Đang thu.")
    expect(recorder(page).locator("[data-time]")).to_have_text("0:03")
    url, context = page.url, page.context
    page.close(run_before_unload=False)
    again = context.new_page()
    again.goto(url, wait_until="networkidle")
    said(again, "Những gì đã thu vẫn còn")
    take = recorder(again).locator(".take")
    expect(take).to_have_count(1)
    expect(take).to_contain_text("Chưa dùng")
    assert file(again) is None
    take.get_by_role("button", name="Nghe", exact=True).click()
    expect(take.locator(".player")).to_have_attribute("data-playing", "")
    other = context.new_page()  # what a living page shows is not offered twice
    other.goto(url, wait_until="networkidle")
    expect(recorder(other).locator(".take")).to_have_count(0)
    other.close()
    take.get_by_role("button", name="Dùng bản này").click()
    assert (file(again) or ("", 0))[1] > 3000
    again.evaluate("document.querySelector('form[data-dirty]').dispatchEvent(new CustomEvent('draft-saved'))")
    again.wait_for_timeout(300)
    again.reload(wait_until="networkidle")
    expect(recorder(again).get_by_role("button", name="Thu âm")).to_be_visible()
    expect(recorder(again).locator(".take")).to_have_count(0)


@on_laptop
def test_a_take_can_be_thrown_away(page: Page) -> None:
    record(page)
    record(page, button="Thu lại")
    first = file(page)
    recorder(page).get_by_role("button", name="Bỏ bản này").click()
    expect(recorder(page).locator(".take")).to_have_count(1)
    assert file(page) == first
