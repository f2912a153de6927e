"""The week calendar and the programme editor in a real browser: dragged, moved by keys, used on a phone."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from nguon.kit import clock
from nguon.programme import items
from nguon.programme.items import Kind
from nguon.programme.models import Programme, Slot
from tests.app.airing import newest, pause, programme, relay, slot
from tests.browser.screen import until
from tests.browser.test_newsroom import Room, aside, fits, room

__all__ = ["room"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def is_phone(room: Room) -> bool:
    return room.size[0] < 600


def next_week(room: Room) -> str:
    """The week after this one: nothing of it is over."""
    monday = clock.today() + timedelta(days=7 - clock.today().weekday())
    return f"{room.url}/lich/?week={monday}"


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=4)
    page.mouse.move(*end, steps=6)
    page.mouse.up()


def test_a_slot_is_dragged_to_another_hour_for_all_days(room: Room) -> None:
    if is_phone(room):
        pytest.skip("dragging is for a mouse")
    aside(lambda: slot(room.desk))
    page = room.officer(room.desk.both)
    page.goto(next_week(room))
    block = page.locator("[data-day] .block").nth(2)
    box, hour = block.bounding_box(), page.locator(".week-blocks").first.bounding_box()
    assert box is not None
    assert hour is not None
    down = hour["height"] / int(page.locator(".week").get_attribute("data-hours") or 1)  # of one hour
    drag(page, (box["x"] + 30, box["y"] + 8), (box["x"] + 30, box["y"] + 8 + down))
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Dời “Bản tin sáng”")
    expect(dialog).to_contain_text("Không vướng")
    dialog.get_by_label("Tất cả các ngày").check()
    dialog.get_by_role("button", name="Dời").click()
    expect(page.get_by_text("Đã dời khung giờ.")).to_be_visible()
    assert aside(lambda: f"{Slot.objects.get().at:%H:%M}") == "06:00"
    fits(page)


def test_by_keyboard_a_day_later_only_this_day(room: Room) -> None:
    if is_phone(room):
        pytest.skip("beside each other on a laptop only")
    aside(lambda: slot(room.desk))
    page = room.officer(room.desk.both)
    page.goto(next_week(room))
    page.locator("[data-day] .block a").nth(1).focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator("#week-said")).to_contain_text("05:15")
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Chỉ ngày này")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Đã dời khung giờ.")).to_be_visible()
    assert aside(lambda: sorted(f"{one.at:%H:%M} {one.rule}" for one in Slot.objects.all())) == [
        "05:00 FREQ=DAILY",
        "05:15 ",
    ]


def test_the_lower_edge_of_a_relay_is_dragged(room: Room) -> None:
    if is_phone(room):
        pytest.skip("dragging is for a mouse")
    aside(lambda: slot(room.desk, programme(room.desk, "Tiếp âm", relay(60))))
    page = room.officer(room.desk.both)
    page.goto(next_week(room))
    box = page.locator("[data-day] .block").first.bounding_box()
    assert box is not None
    drag(page, (box["x"] + 30, box["y"] + box["height"] - 3), (box["x"] + 30, box["y"] + 1.5 * box["height"] - 3))
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("1 giờ 30 phút")
    dialog.get_by_role("button", name="Đổi").click()
    expect(page.get_by_text("Đã đổi thời lượng tiếp âm.")).to_be_visible()
    assert aside(lambda: Programme.objects.get().items[0]["seconds"]) == 90 * 60


def test_an_empty_hour_begins_a_new_slot_with_advice(room: Room) -> None:
    aside(lambda: programme(room.desk, "Tin trưa", newest()))
    page = room.officer(room.desk.both)
    page.goto(next_week(room))
    if is_phone(room):
        page.get_by_role("link", name="Đặt giờ phát").first.click()
    else:
        page.locator(".week-blocks").nth(3).click(position={"x": 40, "y": 300})
        assert "at=" in page.url
    page.get_by_label("Chương trình").select_option(label="Tin trưa")
    expect(page.locator("#advice")).to_contain_text("cụm loa sẽ phát")
    page.get_by_text("Các thứ trong tuần", exact=True).click()
    expect(page.get_by_text("Thứ Tư", exact=True)).to_be_visible()
    for day in ("Thứ Hai", "Thứ Tư"):
        page.get_by_text(day, exact=True).click()
    fits(page)
    page.get_by_role("button", name="Đặt giờ phát").click()
    expect(page.get_by_text("Đã đặt giờ phát.")).to_be_visible()
    assert aside(lambda: Slot.objects.get().rule) == "FREQ=WEEKLY;BYDAY=MO,WE"


def test_a_phone_shows_the_days_below_each_other(room: Room) -> None:
    aside(lambda: slot(room.desk))
    page = room.officer(room.desk.both)
    page.goto(next_week(room))
    fits(page)
    first, second = (page.locator("[data-day]").nth(at).bounding_box() for at in (0, 1))
    assert first is not None
    assert second is not None
    below = second["y"] > first["y"]
    assert below is is_phone(room)
    if is_phone(room):
        page.get_by_role("link", name="CN").click()
        expect(page.locator("[data-day]").nth(6)).to_be_in_viewport()
        block = page.locator("[data-day] .block a").nth(6)
        box = block.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        block.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Bản tin sáng")
        fits(page)


def test_items_are_added_moved_by_keys_and_by_hand_and_saved(room: Room) -> None:
    page = room.officer(room.desk.both)
    page.goto(f"{room.url}/chuong-trinh/moi")
    page.get_by_role("button", name="Khoảng nghỉ").click()
    expect(page.get_by_label("Số giây")).to_be_focused()
    page.get_by_role("button", name="Tiếp âm").click()
    expect(page.get_by_label("Tên đài")).to_be_focused()
    page.get_by_label("Tên đài").fill("Đài tỉnh")
    page.get_by_label("Địa chỉ, mỗi dòng một địa chỉ").fill("https://phat.example.vn/a.mp3")
    page.get_by_label("Thời lượng (phút)").fill("20")
    page.keyboard.press("Tab")
    expect(page.locator(".total")).to_have_text("20 phút 5 giây")
    page.locator("[data-grip]").nth(1).focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator(".item-kind").first).to_contain_text("Tiếp âm")
    expect(page.locator("[data-grip]").first).to_be_focused()
    expect(page.locator("[name=row]").first).to_have_value("0")  # the answer came: rows are numbered anew
    page.locator("[data-grip]").nth(0).scroll_into_view_if_needed()
    first, second = (page.locator("[data-grip]").nth(at).bounding_box() for at in (0, 1))
    assert first is not None
    assert second is not None
    drag(page, (second["x"] + 10, second["y"] + 10), (first["x"] + 10, first["y"] + 10))
    expect(page.locator(".item-kind").first).to_contain_text("Khoảng nghỉ")
    fits(page)
    page.get_by_label("Tên chương trình").fill("Bản tin chiều")
    page.get_by_role("button", name="Lưu chương trình").click()
    expect(page.get_by_text("Đã lưu chương trình.")).to_be_visible()
    kept = aside(lambda: items.of_json(Programme.objects.get().items))
    assert [item.kind for item in kept] == [Kind.PAUSE, Kind.RELAY]
    assert kept[1].seconds == 20 * 60


MOVED_AS_SOON_AS_IT_IS_THERE = """() => {
  new MutationObserver((_, watching) => {
    watching.disconnect();
    const grip = document.querySelectorAll("[data-grip]")[1];
    grip.focus();
    grip.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowUp", bubbles: true, cancelable: true }));
  }).observe(document.querySelector("#composer").parentElement, { childList: true });
}"""


def test_a_move_in_the_moment_of_an_answer_is_told_to_the_server(room: Room) -> None:
    """What htmx puts into the page hears nothing until it has settled: by then a quick hand had moved it."""
    page = room.officer(room.desk.both)
    page.goto(f"{room.url}/chuong-trinh/moi")
    page.get_by_role("button", name="Khoảng nghỉ").click()
    expect(page.get_by_label("Số giây")).to_be_focused()
    page.get_by_role("button", name="Tiếp âm").click()
    expect(page.get_by_label("Tên đài")).to_be_focused()
    page.evaluate(MOVED_AS_SOON_AS_IT_IS_THERE)
    page.get_by_label("Thời lượng (phút)").fill("20")
    page.keyboard.press("Tab")
    expect(page.locator(".item-kind").first).to_contain_text("Tiếp âm")
    expect(page.locator("[name=row]").first).to_have_value("0")


def test_an_answer_takes_nothing_away_that_was_typed_since(room: Room) -> None:
    page = room.officer(room.desk.both)
    page.goto(f"{room.url}/chuong-trinh/moi")
    page.get_by_role("button", name="Tiếp âm").click()
    expect(page.get_by_label("Tên đài")).to_be_focused()
    held: list[Route] = []
    page.route("**/chuong-trinh/moi", lambda route: held.append(route))
    page.get_by_label("Tên đài").fill("Đài tỉnh")
    page.keyboard.press("Tab")
    until(page, "() => document.querySelector('.htmx-request') !== null")
    address = page.get_by_label("Địa chỉ, mỗi dòng một địa chỉ")
    address.fill("https://phat.example.vn/a.mp3")
    with page.expect_response("**/chuong-trinh/moi"):
        held.pop().continue_()
    until(page, "() => document.querySelector('.htmx-request') === null")
    expect(address).to_have_value("https://phat.example.vn/a.mp3")


def test_the_pole_says_what_will_sound_and_why_not(room: Room) -> None:
    aside(lambda: slot(room.desk, programme(room.desk, "Tin sáng", newest(), pause())))
    page = room.officer(room.desk.both)
    page.goto(f"{room.url}/lich/dia-ban/{room.desk.here.pk}")
    expect(page.get_by_text("7 lượt sẽ phát")).to_be_visible()
    expect(page.locator(".day-picture")).to_have_count(7)
    fits(page)
