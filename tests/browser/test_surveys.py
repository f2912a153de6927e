"""A survey in a real browser: an officer sees the sheet while writing it, people answer it by keys alone."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from nguon.kit import clock
from nguon.portal.models import Sheet, Site, Survey
from nguon.portal.surveys import actions, rules
from nguon.portal.surveys.actions import Plan
from nguon.review import actions as reviews
from tests.browser.test_newsroom import Room, aside, fits, room

__all__ = ["room"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WRITTEN = """Bạn có nghe rõ loa ở thôn mình không? (*)
- Nghe rõ
- Lúc rõ lúc không
- Không nghe được

Bạn muốn nghe thêm những gì?
+ Nông nghiệp, thời vụ
+ Y tế, tiêm chủng

Bạn hài lòng với giờ phát hiện nay đến đâu?
*

Bạn muốn góp ý gì thêm?"""


def site(room: Room) -> Site:
    now = room.desk.now
    named = {"slug": "phuoc-thuan", "name": "Trang thông tin điện tử xã Phước Thuận", "colour": "green"}
    return Site.objects.create(
        place=room.desk.here, opened_at=now - timedelta(days=1), created_at=now, updated_at=now, **named
    )


def opened(room: Room) -> Survey:
    now = clock.now()
    plan = Plan(
        kind="survey",
        title="Nghe loa ở thôn bạn",
        intro="Xã hỏi để chỉnh lại âm lượng và giờ phát.",
        questions=rules.questions(WRITTEN),
        opens_at=now - timedelta(hours=1),
        closes_at=now + timedelta(days=7),
        results="always",
    )
    survey = actions.write(site=site(room), survey=None, plan=plan, actor=room.desk.editor, now=now)
    assert survey.review is not None
    seen = {"text_hash": survey.digest, "media_hash": survey.digest}
    reviews.approve(review=survey.review, actor=room.desk.approver, now=now, **seen)
    return survey


def look(page: Page, name: str, room: Room) -> None:
    """A picture for whoever wants to see it: SHOTS names a folder."""
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}-{room.size[0]}.png", full_page=True)


def test_an_officer_sees_the_sheet_while_writing_it(room: Room) -> None:
    aside(lambda: site(room))
    page = room.officer(room.desk.editor)
    page.goto(f"{room.url}/trang-xa/khao-sat/")
    look(page, "office-empty", room)
    page.get_by_role("link", name="Soạn phiếu").first.click()
    page.get_by_label("Tiêu đề").fill("Nghe loa ở thôn bạn")
    page.get_by_label("Câu hỏi").fill(WRITTEN)
    expect(page.locator("#sheet")).to_contain_text("Cho điểm từ 1 đến 5")
    page.get_by_label("Câu hỏi").fill("Nghe rõ không?\n- rõ")
    expect(page.locator("#sheet")).to_contain_text("cần từ 2")
    look(page, "office-edit", room)
    fits(page)


def test_people_answer_by_keys_alone(room: Room) -> None:
    survey = aside(lambda: opened(room))
    context = room.browser.new_context(viewport={"width": room.size[0], "height": room.size[1]})
    page = context.new_page()
    page.goto(f"{room.url}/trang/phuoc-thuan/y-kien/")
    look(page, "list", room)
    page.get_by_role("link", name="Nghe loa ở thôn bạn").click()
    look(page, "sheet", room)
    fits(page)
    page.get_by_role("button", name="Gửi ý kiến").click()
    expect(page.get_by_role("alert")).to_contain_text("Còn câu hỏi bắt buộc")
    look(page, "sheet-missing", room)
    page.get_by_role("alert").get_by_role("link").press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.get_by_role("radio", name="4").press("Space")
    page.get_by_role("button", name="Gửi ý kiến").press("Enter")
    expect(page.get_by_role("heading", name="Đã nhận ý kiến của bạn")).to_be_visible()
    look(page, "thanks", room)
    fits(page)
    assert aside(lambda: Sheet.objects.get().answers) == {"0": ["Lúc rõ lúc không"], "2": ["4"]}
    page.goto(f"{room.url}/trang/phuoc-thuan/y-kien/{survey.slug}")
    look(page, "count", room)
    officer = room.officer(room.desk.editor)
    officer.goto(f"{room.url}/trang-xa/khao-sat/{survey.pk}")
    look(officer, "office-detail", room)
    fits(officer)
