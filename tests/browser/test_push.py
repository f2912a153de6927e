"""Asking to be told, in a real browser: the page, its worker, and what the worker shows of a message that came.

No browser here reaches a push service: what it would give (`PushManager`) is stood in for, and a message is handed to
the worker by the browser's own tools. All else is real.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect
from pytest_django.fixtures import Settings

from nguon.portal.models import Follower, Section
from tests.app import postings, pushing
from tests.app.desk import make_desk
from tests.app.pushing import CONTACT
from tests.browser.reading import violations
from tests.browser.screen import LAPTOP, PHONE, Screen, chromium, until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AT = "/trang/phuoc-thuan/nhan-tin-dien-thoai/"
STAND_IN = """
const given = SUBSCRIPTION;
const kept = () => localStorage.getItem("follows") ? {
  endpoint: given.endpoint, toJSON: () => given,
  unsubscribe: async () => { localStorage.removeItem("follows"); return true; },
} : null;
PushManager.prototype.getSubscription = async () => kept();
PushManager.prototype.subscribe = async (options) => {
  if (!options.userVisibleOnly || options.applicationServerKey.length !== 65) throw new Error("options");
  localStorage.setItem("follows", "1");
  return kept();
};
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with chromium() as one:
        yield one
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


@pytest.fixture
def url(settings: Settings, live_server: Any) -> Iterator[str]:
    settings.NGUON_LINK_NETWORKS, settings.NGUON_PUSH_CONTACT = "127.0.0.1/32", CONTACT
    cache.clear()
    desk = make_desk()
    site = postings.site(desk.here, "phuoc-thuan", desk.now, lead="Huyện Tuy Phước, tỉnh Bình Định")
    for number, title in enumerate(("Tin trong xã", "Thông tin khẩn cấp", "Khoa học, đời sống")):
        Section.objects.create(site=site, key=f"muc-{number}", kind="news", title=title, number=number)
    yield live_server.url
    cache.clear()


def opened(browser: Browser, url: str, size: tuple[int, int], *, granted: bool = True, path: str = AT) -> Screen:
    screen = Screen.switched_on(browser, url, size)
    if granted:
        screen.page.context.grant_permissions(["notifications"], origin=url)
    subscription = json.dumps(pushing.Browser("may-1", "http://127.0.0.1:9").subscription)
    screen.page.add_init_script(STAND_IN.replace("SUBSCRIPTION", subscription))
    screen.open(path)
    return screen


def pictured(page: Page, name: str) -> None:
    """A picture for whoever looks at the page, where a folder for them is named."""
    if folder := os.environ.get("NGUON_TEST_PICTURES"):
        page.screenshot(path=Path(folder) / f"push-{name}.png", full_page=True)


def test_one_asks_changes_and_stops_by_the_keyboard(browser: Browser, url: str) -> None:
    screen = opened(browser, url, PHONE)
    page = screen.page
    state, keep = page.locator("[data-state]"), page.locator("[data-keep-button]")
    expect(state).to_contain_text("Máy này chưa nhận tin")
    assert page.locator("input:checked").count() == 0
    expect(page.locator("[data-without]")).to_be_hidden()
    pictured(page, "phone-new")
    screen.tab_to(keep)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("Hãy chọn ít nhất một loại tin.")
    pictured(page, "phone-wrong")
    page.evaluate("document.activeElement.blur()")
    screen.tab_to(page.locator("input[name=warnings]"))
    page.keyboard.press("Space")
    page.get_by_label("Tin trong xã").check()
    screen.tab_to(keep)
    page.keyboard.press("Enter")
    expect(state).to_have_text("Đã lưu. Máy này sẽ nhận những tin đã chọn.")
    found = Follower.objects.get()
    assert (found.warnings, found.news, found.sections) == (True, "some", ["muc-0"])
    page.reload()
    expect(state).to_have_text("Máy này đang nhận tin của trang.")
    expect(page.locator("input[name=warnings]")).to_be_checked()
    expect(page.get_by_label("Tin trong xã")).to_be_checked()
    assert violations(page) == []
    pictured(page, "phone-follows")
    page.get_by_role("button", name="Thôi nhận").click()
    expect(state).to_contain_text("Máy này thôi nhận tin.")
    assert not Follower.objects.exists()
    assert page.locator("input:checked").count() == 0
    assert screen.complaints == []


def test_who_comes_from_the_warnings_has_pressed_for_them(browser: Browser, url: str) -> None:
    page = opened(browser, url, LAPTOP, path=f"{AT}#canh-bao").page
    expect(page.locator("input[name=warnings]")).to_be_checked()
    assert page.locator("input:checked").count() == 1
    pictured(page, "laptop-warnings")
    assert violations(page) == []


def test_the_worker_shows_what_comes_and_a_correction_in_its_place(browser: Browser, url: str) -> None:
    page = opened(browser, url, PHONE).page
    page.locator("input[name=warnings]").check()
    page.locator("[data-keep-button]").click()
    expect(page.locator("[data-state]")).to_contain_text("Đã lưu.")
    line, found = page.context.new_cdp_session(page), list[str]()

    def seen(event: dict[str, Any]) -> None:
        found.extend(one["registrationId"] for one in event["registrations"] if not one["isDeleted"])

    line.on("ServiceWorker.workerRegistrationUpdated", seen)
    line.send("ServiceWorker.enable")
    until(page, "navigator.serviceWorker.ready.then(() => true)")
    for _ in range(200):
        if found:
            break
        page.wait_for_timeout(50)

    def deliver(said: str) -> None:
        whom = {"origin": url, "registrationId": found[0]}
        line.send("ServiceWorker.deliverPushMessage", {**whom, "data": said})

    said = {"title": "Lũ trên sông Hà Thanh", "body": "Xã Phước Thuận", "to": "canh-bao-hien-co/", "tag": "lu-1"}
    shown = "navigator.serviceWorker.ready.then((one) => one.getNotifications())"

    def titles() -> list[str]:
        found: list[str] = page.evaluate(f"{shown}.then((all) => all.map((one) => one.title))")
        return found

    def comes(said: str, *wanted: str) -> None:
        for turn in range(300):
            if turn % 30 == 0:  # the debugger drops what comes while a worker starts
                deliver(said)
            page.wait_for_timeout(100)
            if sorted(titles()) == sorted(wanted):
                return
        raise AssertionError(titles())

    comes(json.dumps({**said, "stays": True}), "Lũ trên sông Hà Thanh")
    over = "Đã hết: Lũ trên sông Hà Thanh"
    comes(json.dumps({**said, "title": over, "stays": False}), over)
    comes("khong phai JSON", "Có tin mới", over)


@pytest.mark.parametrize("script", [True, False])
def test_where_it_cannot_be_the_page_says_what_else_there_is(script: bool, browser: Browser, url: str) -> None:
    context = browser.new_context(java_script_enabled=script, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.add_init_script("delete window.PushManager")
    page.goto(url + AT)
    expect(page.get_by_role("link", name="Tin mới trong ứng dụng đọc tin (RSS)")).to_be_visible()
    expect(page.locator("[data-push]")).to_be_hidden()
    pictured(page, f"phone-without-{script}")


def test_who_refused_is_told_where_to_allow_it(browser: Browser, url: str) -> None:
    page = opened(browser, url, PHONE, granted=False).page
    page.locator("input[name=warnings]").check()
    page.locator("[data-keep-button]").click()
    expect(page.get_by_role("alert")).to_contain_text("thông báo")
    expect(page.locator("input[name=warnings]")).to_be_checked()
    assert not Follower.objects.exists()
