"""The office of sites before an officer: the page is seen while it is written, and nothing is wider than the screen."""

from pathlib import Path

import pytest
from django.test import override_settings
from playwright.sync_api import Page, expect

from nguon.people.models import Person
from nguon.portal import actions, papers
from nguon.portal.models import Site
from nguon.portal.papers import Said
from tests.app.desk import person
from tests.browser.test_newsroom import Room, aside, fits, room

__all__ = ["room"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def web(room: Room) -> Person:
    return aside(lambda: person("web", "Đỗ Biên Tập", room.desk.here, "web"))


@pytest.fixture
def site(room: Room) -> Site:
    desk = room.desk
    return aside(
        lambda: actions.create_site(place=desk.here, slug="phuoc-thuan", name="Trang xã", actor="test", now=desk.now)
    )


@pytest.fixture
def page(room: Room, web: Person) -> Page:
    found = room.officer(web)
    expect.set_options(timeout=60_000)
    return found


def test_a_page_is_seen_while_it_is_written_and_handed_in_by_keyboard(room: Room, site: Site, page: Page) -> None:
    section = aside(lambda: site.sections.get(key="lich-tiep-cong-dan"))
    page.goto(f"{room.url}/trang-xa/muc/{section.pk}/soan")
    expect(page.locator("#seen")).to_contain_text("Chưa có chữ nào.")
    page.get_by_label("Nội dung").focus()
    page.keyboard.type("# Thứ Ba\n\n| Ngày | Ai |\n|---|---|\n| 5 | Chủ tịch |\n\n<b>không phải HTML</b>")
    expect(page.locator("#seen h2")).to_have_text("Thứ Ba")
    expect(page.locator("#seen td").first).to_have_text("5")
    expect(page.locator("#seen")).to_contain_text("<b>không phải HTML</b>")
    fits(page)
    page.get_by_role("button", name="Lưu và gửi duyệt").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Đã lưu và gửi duyệt.")).to_be_visible()
    expect(page.get_by_text("Chờ duyệt").first).to_be_attached()
    fits(page)


def test_what_was_typed_comes_back_when_the_browser_was_closed(room: Room, site: Site, page: Page) -> None:
    section = aside(lambda: site.sections.get(key="gioi-thieu"))
    page.goto(f"{room.url}/trang-xa/muc/{section.pk}/soan")
    page.get_by_label("Nội dung").fill("Xã có 8 thôn")
    page.wait_for_timeout(1_000)
    page.close(run_before_unload=False)
    again = room.browser.contexts[-1].new_page()
    again.goto(f"{room.url}/trang-xa/muc/{section.pk}/soan")
    expect(again.get_by_label("Nội dung")).to_have_value("Xã có 8 thôn")


def test_every_page_of_the_office_fits(room: Room, site: Site, web: Person, page: Page, tmp_path: Path) -> None:
    with override_settings(MEDIA_ROOT=tmp_path):
        keys = ("gioi-thieu", "tin-tuc", "van-ban", "thu-tuc-hanh-chinh", "phan-anh")
        sections = aside(lambda: {key: site.sections.get(key=key).pk for key in keys})
        said = Said(
            title="Kế hoạch phòng chống thiên tai và tìm kiếm cứu nạn năm 2026 trên địa bàn xã",
            sign="15/KH-UBND",
            url=f"https://a.example/{'dai' * 60}",
        )
        section = aside(lambda: site.sections.get(key="van-ban"))
        paper = aside(lambda: papers.add(section=section, said=said, actor=web, now=room.desk.now))
        paths = ["", str(site.pk), f"{site.pk}/cai-dat", f"{site.pk}/them-muc", f"van-ban/{paper.pk}"]
        paths += [f"muc/{pk}" for pk in sections.values()]
        paths += [f"muc/{sections['van-ban']}/them-van-ban", f"muc/{sections['tin-tuc']}/cai-dat"]
        for path in paths:
            page.goto(f"{room.url}/trang-xa/{path}")
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            fits(page)
