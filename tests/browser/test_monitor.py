"""The live page in a real browser on the real server: what changes is seen without a touch, on a laptop and a phone."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Page, expect, sync_playwright

from nguon.devices.models import Device, DeviceState
from nguon.kit import clock
from tests.app import clusters
from tests.app.clusters import World
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
class Post:
    """An officer before the page."""

    page: Page
    url: str
    world: World
    devices: list[Device]
    complaints: list[str] = field(default_factory=list)

    def tell(self, device: Device, **state: Any) -> None:
        """What the listener would write of a device."""
        aside(lambda: DeviceState.objects.filter(device=device).update(changed_at=clock.now(), **state))

    def open(self, path: str) -> None:
        self.page.goto(self.url + path)


@pytest.fixture(params=[(1280, 800), (390, 844)], ids=["laptop", "phone"])
def post(request: pytest.FixtureRequest) -> Iterator[Post]:
    world = clusters.make_world()
    devices = [clusters.device(world, f"Cụm loa {name}") for name in ("Tùng Giản", "Kim Tây", "Huỳnh Giản")]
    for number, each in enumerate(devices):
        Device.objects.filter(pk=each.pk).update(latitude=13.885 + number / 200, longitude=109.2 + number / 300)
    session = signed_in(world.technician)
    width, height = request.param
    with serving() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        context = browser.new_context(viewport={"width": width, "height": height}, locale="vi-VN")
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": url}])
        found = Post(context.new_page(), url, world, devices)
        found.page.on("console", lambda said: found.complaints.append(said.text) if said.type == "error" else None)
        found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
        yield found
        browser.close()
    assert found.complaints == []


def test_a_cluster_comes_to_life_before_the_eyes(post: Post) -> None:
    page, device = post.page, post.devices[0]
    post.open("/giam-sat/")
    row, mark = page.locator(f"#d-{device.pk.hex}"), page.locator(f"#m-{device.pk.hex}")
    expect(page.locator("[data-live]")).to_have_attribute("data-state", "on")
    expect(row).to_contain_text("Mất kết nối")
    post.tell(device, online=True, seen_at=clock.now(), volume=72, signal=-90)
    expect(row).to_contain_text("Sẵn sàng")
    expect(row).to_contain_text("72 %")
    expect(mark).to_have_attribute("aria-label", "Cụm loa Tùng Giản: Sẵn sàng")
    expect(mark).to_have_class(re.compile("map-mark-ok"))
    expect(page.locator(".counts-ok strong")).to_have_text("1")
    cast = aside(lambda: clusters.broadcast(post.world, clusters.stored(b"sound")))
    aside(lambda: clusters.delivery(cast, device, "started"))
    post.tell(device, playing=cast.pk)
    expect(row).to_contain_text("Thông báo lịch cắt điện")
    expect(page.locator(f"#b-{cast.pk.hex}")).to_contain_text("đang phát")


def test_nothing_runs_over_the_edge(post: Post) -> None:
    pk = post.devices[0].pk
    pages = ["/giam-sat/", f"/giam-sat/thiet-bi/{pk}", "/thiet-bi/", f"/thiet-bi/{pk}", f"/thiet-bi/{pk}/sua"]
    for path in [*pages, f"/thiet-bi/{pk}/cap-ma", "/thiet-bi/nhom", "/thiet-bi/moi"]:
        post.open(path)
        over = post.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert (path, over) == (path, 0)


def test_the_map_is_used_by_keyboard(post: Post) -> None:
    page, device = post.page, post.devices[1]
    post.open("/giam-sat/")
    mark = page.locator(f"#m-{device.pk.hex}")
    mark.focus()
    expect(mark.locator(".map-label")).to_be_visible()
    before = page.locator(".map-paper").get_attribute("viewBox")
    page.locator(".map-paper").press("+")
    expect(page.locator(".map-paper")).not_to_have_attribute("viewBox", before or "")
    mark.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/giam-sat/thiet-bi/{device.pk}"))


def test_every_mark_lies_on_the_paper_at_first(post: Post) -> None:
    post.open("/giam-sat/")
    post.page.wait_for_function("document.querySelector('.map-mark').getAttribute('transform').includes('scale')")
    paper = post.page.locator(".map-paper").bounding_box()
    assert paper
    for each in post.devices:
        disc = post.page.locator(f"#m-{each.pk.hex} .map-disc").bounding_box()
        assert disc
        assert paper["x"] <= disc["x"] <= paper["x"] + paper["width"]
        assert paper["y"] <= disc["y"] <= paper["y"] + paper["height"]


def test_a_tap_on_the_map_gives_coordinates_that_are_kept(post: Post) -> None:
    page, device = post.page, post.devices[2]
    post.open(f"/thiet-bi/{device.pk}/sua")
    expect(page.locator("[data-pin]")).to_be_visible()
    box = page.locator(".map-paper").bounding_box()
    assert box
    page.locator(".map-paper").click(position={"x": box["width"] * 0.25, "y": box["height"] * 0.75})
    west = float(page.locator("[name=longitude]").input_value())
    page.locator(".map-paper").click(position={"x": box["width"] * 0.6, "y": box["height"] * 0.3})
    longitude, latitude = (float(page.locator(f"[name={name}]").input_value()) for name in ("longitude", "latitude"))
    assert longitude > west
    page.get_by_role("button", name="Lưu").click()
    expect(page).to_have_url(re.compile(f"/thiet-bi/{device.pk}$"))
    kept = aside(lambda: Device.objects.get(pk=device.pk))
    assert (kept.longitude, kept.latitude) == (longitude, latitude)


def test_the_page_of_a_device_follows_it(post: Post) -> None:
    device = post.devices[0]
    post.open(f"/giam-sat/thiet-bi/{device.pk}")
    expect(post.page.locator("#device-state")).to_have_text("Mất kết nối")
    post.tell(device, online=True, seen_at=clock.now(), volume=41)
    expect(post.page.locator("#now")).to_contain_text("41 %", timeout=15_000)
    expect(post.page.locator("#device-state")).to_have_text("Sẵn sàng")
