"""From a pasted notice to the order to play it, in a real browser, with the real voice, on a laptop and on a phone."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, FilePayload, Page, expect, sync_playwright

from nguon.delivery.models import Broadcast
from nguon.kit import clock
from nguon.media import actions as media
from nguon.media.models import Rendition
from nguon.newsroom.models import Bulletin, Version
from nguon.people.models import Person
from tests.app.desk import NOTICE, Desk, device, make_desk
from tests.app.serving import serving, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
T = TypeVar("T")


def aside(work: Callable[[], T]) -> T:
    """Do database work in another thread: Playwright's loop runs in this one, and Django refuses to wait in a loop."""

    def done() -> T:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(done).result()


@dataclass
class Room:
    """A newsroom served to browsers of one size; each officer has an own browser."""

    desk: Desk
    url: str
    browser: Browser
    size: tuple[int, int]
    complaints: list[str] = field(default_factory=list)

    def officer(self, person: Person) -> Page:
        """A page of this person, signed in."""
        session = aside(lambda: signed_in(person))
        width, height = self.size
        context = self.browser.new_context(viewport={"width": width, "height": height}, locale="vi-VN")
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if "Policy" in said.text else None)
        return page

    def render(self) -> None:
        """What the jobs service does."""

        def work() -> None:
            for pk in Rendition.objects.filter(state="queued").values_list("pk", flat=True):
                media.render(rendition_id=pk, now=clock.now())

        aside(work)


@pytest.fixture(params=[(1280, 900), (390, 844)], ids=["laptop", "phone"])
def room(request: pytest.FixtureRequest) -> Iterator[Room]:
    desk = make_desk()
    device("Cụm Quảng Vân", desk.one, desk.now)
    device("Cụm Lộc Hạ", desk.two, desk.now, online=False)
    with serving() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        found = Room(desk, url, browser, request.param)
        yield found
        browser.close()
    assert found.complaints == []


def fits(page: Page) -> None:
    """Nothing of the page stands out at the side."""
    page.wait_for_load_state()  # a page that is on its way has no width
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def write(page: Page, room: Room) -> None:
    page.goto(f"{room.url}/ban-tin/moi")
    page.get_by_label("Tên bản tin").fill("Lịch cắt điện ngày 25/11")
    page.get_by_label("Nội dung đọc lên loa").fill(NOTICE)


def test_a_notice_is_pasted_heard_approved_and_sent_out(room: Room) -> None:
    page = room.officer(room.desk.editor)
    write(page, room)
    expect(page.locator("[data-counter]")).to_contain_text("chữ, nghe ước chừng")
    fits(page)
    page.get_by_role("button", name="Nghe thử").click()
    expect(page.locator("#listen")).to_contain_text("Đang tạo âm thanh")
    expect(page).to_have_url(f"{room.url}/ban-tin/{aside(Bulletin.objects.get).pk}/sua")
    room.render()
    expect(page.locator("#listen audio")).to_have_count(1)
    page.get_by_role("button", name="Gửi duyệt bản vừa nghe").click()
    expect(page.get_by_text("Đã gửi duyệt.")).to_be_visible()
    fits(page)

    leader = room.officer(room.desk.approver)
    leader.goto(f"{room.url}/duyet/")
    fits(leader)
    leader.get_by_role("link", name="Lịch cắt điện ngày 25/11").click()
    leader.locator(".player-button").click()
    expect(leader.locator(".player")).to_have_attribute("data-playing", "")
    fits(leader)
    leader.get_by_role("button", name="Duyệt", exact=True).click()
    expect(leader.get_by_text("Đã duyệt “Lịch cắt điện ngày 25/11”.")).to_be_visible()

    page.reload()
    page.get_by_role("link", name="Phát", exact=True).click()
    page.get_by_role("checkbox", name="Thôn Quảng Vân 1 cụm").check()
    page.get_by_role("checkbox", name="Thôn Lộc Hạ 1 cụm").check()
    expect(page.locator("#reach")).to_contain_text("Phát ngay tới 2 cụm loa ở thôn Lộc Hạ và thôn Quảng Vân")
    expect(page.locator("#reach")).to_contain_text("1 thiết bị đang mất kết nối: Cụm Lộc Hạ")
    fits(page)
    page.get_by_role("button", name="Phát ngay").click()
    expect(page.get_by_text("Đã chuyển đi phát.")).to_be_visible()
    assert aside(Broadcast.objects.get).title == "Lịch cắt điện ngày 25/11"


def test_a_refusal_takes_nothing_away(room: Room) -> None:
    page = room.officer(room.desk.editor)
    write(page, room)
    page.get_by_label("Dùng tệp âm thanh hoặc ghi âm").check()
    page.get_by_label("Tệp âm thanh", exact=True).set_input_files(
        FilePayload(name="thong-bao.mp3", mimeType="audio/mpeg", buffer=b"%PDF-1.7 " * 500)
    )
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator("#refused")).to_contain_text("không phải tệp âm thanh")
    expect(page.get_by_label("Nội dung đọc lên loa")).to_have_value(NOTICE)
    assert page.get_by_label("Tệp âm thanh", exact=True).evaluate("field => field.files.length") == 1
    page.get_by_label("Máy đọc nội dung").check()
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lịch cắt điện ngày 25/11")
    assert aside(Bulletin.objects.count) == 1


def test_two_editors_at_once_both_keep_their_words(room: Room) -> None:
    bulletin = aside(room.desk.written)
    page = room.officer(room.desk.editor)
    page.goto(f"{room.url}/ban-tin/{bulletin.pk}/sua")
    aside(lambda: room.desk.edit(bulletin, 1, actor=room.desk.both, title="Tên của Chánh"))
    page.get_by_label("Tên bản tin").fill("Tên của Hoa")
    page.get_by_role("button", name="Nghe thử").click()
    expect(page.locator("#refused")).to_contain_text("Lê Chánh đã lưu phiên bản 2")
    expect(page.get_by_label("Tên bản tin")).to_have_value("Tên của Hoa")
    fits(page)
    page.get_by_role("button", name="Nghe thử").click()
    expect(page.locator("#listen")).to_contain_text("Đang tạo âm thanh")
    expect(page.locator("#refused")).to_be_empty()
    titles = aside(lambda: set(Version.objects.values_list("title", flat=True)))
    assert titles == {"Lịch cắt điện ngày 25/11", "Tên của Chánh", "Tên của Hoa"}


def test_words_left_unsaved_come_back_and_saved_ones_do_not(room: Room) -> None:
    page = room.officer(room.desk.editor)
    page.on("dialog", lambda dialog: dialog.accept())
    write(page, room)
    page.goto(f"{room.url}/ban-tin/")
    page.goto(f"{room.url}/ban-tin/moi")
    expect(page.get_by_text("Đã lấy lại phần đang soạn dở")).to_be_visible()
    expect(page.get_by_label("Nội dung đọc lên loa")).to_have_value(NOTICE)
    page.get_by_role("button", name="Nghe thử").click()
    expect(page.locator("#listen")).to_contain_text("Đang tạo âm thanh")
    page.get_by_label("Tên bản tin").fill("Tên đang đổi")
    page.goto(f"{room.url}/ban-tin/moi")
    expect(page.get_by_label("Nội dung đọc lên loa")).to_have_value("")
    page.goto(f"{room.url}/ban-tin/{aside(Bulletin.objects.get).pk}/sua")
    expect(page.get_by_label("Tên bản tin")).to_have_value("Tên đang đổi")
