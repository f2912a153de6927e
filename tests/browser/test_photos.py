"""The photos of a screen in a real browser on the real server: asked for, waited for, seen without a touch."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as served
from playwright.sync_api import Page, expect

from nguon.devices import actions as registry
from nguon.devices.models import Device, DeviceState, Seen
from nguon.devices.photos import actions
from nguon.devices.photos.actions import Taken
from nguon.kit import clock
from tests.app import clusters
from tests.app.clusters import World
from tests.app.serving import serving, signed_in
from tests.browser.screen import LAPTOP, PHONE, chromium
from tests.browser.test_monitor import aside

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOWN = """<body style="margin:0;background:#06333b;color:#fff;font:700 64px sans-serif;padding:60px">
<h1>Lịch tiêm chủng tháng 12</h1><p>Trạm y tế xã, 7 giờ 30 thứ Bảy.</p>"""


@dataclass
class Desk:
    """An officer before the pages of one board."""

    page: Page
    url: str
    world: World
    board: Device
    jpeg: bytes
    complaints: list[str]

    def open(self, path: str = "") -> None:
        self.page.goto(f"{self.url}/thiet-bi/{self.board.pk}{path}")
        over = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over == 0

    def sends(self, seen: Seen = Seen.PICTURE, *, ago: int = 0, jpeg: bytes | None = None, **more: Any) -> None:
        """What the board would send, so many minutes ago."""
        at = clock.now() - timedelta(minutes=ago)
        data = self.jpeg if jpeg is None else jpeg
        taken = replace(Taken(uuid4(), seen, data, at=clock.ms(at)), **more)
        aside(lambda: actions.keep(device=self.board, taken=taken, now=clock.now()))

    def asked(self) -> Device:
        return aside(lambda: Device.objects.get(pk=self.board.pk))


@pytest.fixture(params=[LAPTOP, PHONE], ids=["laptop", "phone"])
def desk(request: pytest.FixtureRequest, tmp_path: Path, settings: Any) -> Iterator[Desk]:
    settings.MEDIA_ROOT = tmp_path
    world = clusters.make_world()
    board = registry.register(
        name="Bảng nhà văn hóa Tùng Giản", place=world.hamlet, actor="thử", now=world.now, channel="board"
    )
    clusters.enrolled(board, world.now)
    DeviceState.objects.filter(device=board).update(online=True, seen_at=world.now)
    session = signed_in(world.technician)
    with serving() as url, chromium() as browser:
        still = browser.new_page(viewport={"width": 1280, "height": 720})
        still.set_content(SHOWN)
        jpeg = still.screenshot(type="jpeg")
        still.close()
        width, height = request.param
        context = browser.new_context(viewport={"width": width, "height": height}, locale="vi-VN")
        context.add_cookies([{"name": served.SESSION_COOKIE_NAME, "value": session, "url": url}])
        found = Desk(context.new_page(), url, world, board, jpeg, [])
        found.page.on("console", lambda said: found.complaints.append(said.text) if said.type == "error" else None)
        found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
        yield found
        context.close()
        assert found.complaints == []


def test_a_photo_comes_without_a_touch(desk: Desk) -> None:
    desk.open()
    expect(desk.page.get_by_text("Chưa có ảnh nào.")).to_be_visible()
    desk.page.get_by_role("button", name="Chụp màn hình").click()
    expect(desk.page.get_by_text("Đang chờ ảnh từ màn hình…")).to_be_visible()
    expect(desk.page.get_by_role("button", name="Chụp màn hình")).to_be_disabled()
    desk.sends(asked=desk.asked().photo_asked, title="Lịch tiêm chủng tháng 12", broadcast=uuid4())
    picture = desk.page.get_by_role("img", name="Ảnh màn hình đang chiếu: Lịch tiêm chủng tháng 12")
    expect(picture).to_be_visible()
    assert picture.evaluate("async (one) => { await one.decode(); return one.naturalWidth; }") == 1280
    expect(desk.page.get_by_text("Đang chờ ảnh từ màn hình…")).to_have_count(0)
    expect(desk.page.get_by_role("button", name="Chụp màn hình")).to_be_enabled()


def test_what_came_before_stands_in_a_list(desk: Desk) -> None:
    desk.sends(title="Lịch tiêm chủng tháng 12", ago=5)
    desk.sends(Seen.BLANK, title="Thông báo cắt điện", ago=65)
    desk.sends(Seen.OFF, ago=125)
    desk.sends(Seen.NONE, jpeg=b"", asked=uuid4(), ago=185)
    desk.open("/anh")
    expect(desk.page.locator("figure.shot")).to_have_count(4)
    expect(desk.page.get_by_text("Màn tối đen dù đang chiếu")).to_be_visible()
    desk.page.get_by_label("Tự chụp khi đang chiếu").select_option(label="1 giờ một lần")
    desk.page.get_by_role("button", name="Lưu").click()
    expect(desk.page.get_by_text("Đã lưu. Màn hình tự chụp")).to_be_visible()
    assert desk.asked().photo_every == 60
