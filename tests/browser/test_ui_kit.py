"""The parts of the interface in a real browser, on the living style page, as wide as a laptop and as a small phone."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.test import Client
from django.urls import include, path
from playwright.sync_api import Browser, Dialog, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from nguon.config.urls import urlpatterns as product
from nguon.people.models import Kind, Person, Role
from nguon.places.models import Place
from nguon.ui.views import kit

# Two more names of the menu, so that a phone has a rest to show whatever else the product serves; its own win.
MORE = [
    path("them/", include(([path("mot", kit, name="list")], "journal"))),
    path("them/", include(([path("hai", kit, name="live")], "monitor"))),
    path("them/", include(([path("ba", kit, name="list")], "people"))),
]
urlpatterns = [path("ui-kit/", include("nguon.ui.urls")), *product, *MORE]
pytestmark = [pytest.mark.browser, pytest.mark.urls(__name__), pytest.mark.django_db(transaction=True)]

ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
ARGS += ["--disable-sync", "--no-first-run", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
WIDTHS = {"laptop": 1280, "phone": 360}


@dataclass
class Desk:
    """One person before a browser: the page, and what the browser complained about."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    def open(self, address: str = "/ui-kit/") -> None:
        """Go to an address of the server and wait until its scripts have run."""
        self.page.goto(self.url + address, wait_until="networkidle")


def _session(kind: Kind) -> str:
    """The session of a new person with one role. Asked before Playwright runs, whose loop the ORM refuses."""
    place = Place.objects.create(name="Xã Tuy Phước", kind="commune", folded="xa tuy phuoc")
    person = Person.objects.create(username="lan", full_name="Nguyễn Thị Ngọc Lan")
    Role.objects.create(person=person, kind=kind, place=place)
    client = Client()
    client.force_login(person)
    return client.cookies["sessionid"].value


def _sit_down(browser: Browser, url: str, width: int, session: str) -> Desk:
    phone = width < 600
    context = browser.new_context(
        viewport={"width": width, "height": 740}, is_mobile=phone, has_touch=phone, locale="vi-VN"
    )
    context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
    desk = Desk(context.new_page(), url)
    desk.page.set_default_timeout(10_000)
    desk.page.on(
        "console", lambda said: desk.complaints.append(said.text) if said.type in ("error", "warning") else None
    )
    desk.page.on("pageerror", lambda error: desk.complaints.append(str(error)))
    desk.page.on(
        "request",
        lambda asked: None if asked.url.startswith((url, "data:", "blob:")) else desk.complaints.append(asked.url),
    )
    return desk


@pytest.fixture(params=[("laptop", Kind.ADMIN), ("phone", Kind.ADMIN)], ids=["laptop", "phone"])
def desk(request: pytest.FixtureRequest, live_server: LiveServer) -> Iterator[Desk]:
    size, kind = request.param
    session = _session(kind)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        desk = _sit_down(browser, live_server.url, WIDTHS[size], session)
        yield desk
        browser.close()
    assert desk.complaints == []


on_phone = pytest.mark.parametrize("desk", [("phone", Kind.ADMIN)], indirect=True, ids=["phone"])
on_laptop = pytest.mark.parametrize("desk", [("laptop", Kind.ADMIN)], indirect=True, ids=["laptop"])


def test_nothing_runs_over_the_edge(desk: Desk) -> None:
    for address in ("/ui-kit/", "/ui-kit/trong"):
        desk.open(address)
        wide = desk.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide == 0


def test_our_font_is_used_for_stacked_marks(desk: Desk) -> None:
    desk.open()
    assert desk.page.evaluate("document.fonts.check('16px \"Be Vietnam Pro\"', 'ẾỘỮ')")
    loaded = desk.page.evaluate("[...document.fonts].filter((face) => face.status === 'loaded').length")
    assert loaded >= 2


def test_htmx_is_tamed(desk: Desk) -> None:
    desk.open()
    desk.page.wait_for_function("!htmx.config.allowEval && !htmx.config.includeIndicatorStyles")


@on_phone
def test_a_finger_hits_what_stands_alone(desk: Desk) -> None:
    desk.open()
    small = desk.page.evaluate(
        """[...document.querySelectorAll("button, select, summary, .button, .bottom a, .tabs a, .chip, .crumbs a")]
        .map((one) => [one.textContent.trim(), one.getBoundingClientRect()])
        .filter(([, box]) => box.width && (box.height < 43.5 || box.width < 43.5))
        .map(([words, box]) => `${words} ${box.width}x${box.height}`)"""
    )
    assert small == []


def test_confirm_asks_once_and_posts(desk: Desk) -> None:
    desk.open()
    opener = desk.page.get_by_role("button", name="Dừng phát", exact=True).first
    dialog = desk.page.get_by_role("dialog", name="Dừng phát ở 24 cụm loa?")
    opener.click()
    expect(dialog).to_be_visible()
    desk.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    opener.click()
    with desk.page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        dialog.get_by_role("button", name="Dừng ngay").click()
    assert answer.value.status == 200


@on_phone
def test_the_rest_of_the_menu(desk: Desk) -> None:
    desk.open()
    more = desk.page.locator(".bottom summary")
    more.click()
    expect(desk.page.locator(".bottom .menu-sheet")).to_be_visible()
    desk.page.keyboard.press("Escape")
    expect(desk.page.locator(".bottom .menu-sheet")).to_be_hidden()
    expect(more).to_be_focused()
    desk.page.locator(".top summary").click()
    expect(desk.page.locator(".top").get_by_text("Nguyễn Thị Ngọc Lan")).to_be_visible()
    more.click()
    expect(desk.page.locator(".top .menu-sheet")).to_be_hidden()


@pytest.mark.parametrize(
    ("desk", "shown"),
    [(("laptop", Kind.ADMIN), True), (("laptop", Kind.WATCHER), False)],
    indirect=["desk"],
    ids=["admin", "watcher"],
)
def test_the_menu_holds_what_one_may_see(desk: Desk, shown: bool) -> None:
    desk.open()
    links = desk.page.locator(".side nav a").all_inner_texts()
    assert ("Tình trạng hệ thống" in links) == shown


@on_laptop
def test_the_keyboard_reaches_the_content_first(desk: Desk) -> None:
    desk.open("/ui-kit/trong")
    desk.page.keyboard.press("Tab")
    expect(desk.page.get_by_role("link", name="Đến nội dung chính")).to_be_focused()
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("main")).to_be_focused()


@on_laptop
def test_player_plays_to_the_end(desk: Desk) -> None:
    desk.open()
    desk.page.get_by_role("button", name="Nghe", exact=True).click()
    expect(desk.page.get_by_role("button", name="Tạm dừng")).to_be_visible()
    expect(desk.page.locator("[data-player]")).to_have_attribute("data-heard", "1", timeout=30_000)
    expect(desk.page.locator(".player-time")).to_have_text("0:03 / 0:03")


@on_phone
def test_recorder_fills_the_form(desk: Desk) -> None:
    desk.open()
    recorder = desk.page.locator("[data-recorder]")
    recorder.get_by_role("button", name="Thu âm").click()
    expect(recorder.get_by_text("Đang thu.")).to_be_visible()
    expect(recorder.locator("[data-time]")).to_have_text("0:02")
    recorder.get_by_role("button", name="Dừng thu").click()
    expect(recorder.get_by_text("Đã thu xong")).to_be_visible()
    expect(recorder.get_by_role("button", name="Thu lại")).to_be_visible()
    name, size = desk.page.evaluate(
        "(({ files: [file] }) => [file.name, file.size])(document.querySelector('#id_sound'))"
    )
    assert name == "thu-am.webm"
    assert size > 1000


@on_phone
def test_unsaved_text_comes_back(desk: Desk) -> None:
    desk.open()
    desk.page.on("dialog", lambda asked: asked.accept())
    desk.page.locator("#id_body").fill("Ngày mai cắt điện ở thôn Lương Nông.")
    desk.page.reload(wait_until="networkidle")
    expect(desk.page.locator("#id_body")).to_have_value("Ngày mai cắt điện ở thôn Lương Nông.")
    notice = desk.page.get_by_text("Đã lấy lại phần đang soạn dở")
    expect(notice).to_be_visible()
    desk.page.get_by_role("button", name="Bỏ phần soạn dở").click()
    expect(desk.page.locator("#id_body")).to_have_value("")
    desk.page.reload(wait_until="networkidle")
    expect(notice).to_have_count(0)


@on_laptop
def test_leaving_unsaved_text_is_asked(desk: Desk) -> None:
    desk.open()
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    desk.page.on("dialog", answer)
    desk.page.locator("#id_body").fill("Chưa lưu")
    desk.page.goto(desk.url + "/ui-kit/trong")
    assert asked == ["beforeunload"]


@on_phone
def test_toast_says_and_goes(desk: Desk) -> None:
    desk.open()
    desk.page.evaluate("htmx.trigger(document.body, 'toast', { value: 'Đã lưu' })")
    toast = desk.page.locator(".toast")
    expect(toast).to_contain_text("Đã lưu")
    toast.get_by_role("button", name="Đóng").click()
    expect(toast).to_have_count(0)
