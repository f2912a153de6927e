"""The officer's pages of layouts: the list, a picture that says what is wrong, playlists, what a board shows, why."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nguon.channels.board import actions
from nguon.channels.board.models import Glass, Item, Layout
from nguon.devices.models import Device
from nguon.kit import clock
from nguon.people.models import Person
from tests.app.desk import Desk, make_desk, person
from tests.app.test_scenes import a_board, a_layout, hung, playing, put, region

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def officer(desk: Desk) -> Person:
    """Who looks after boards and what is on them."""
    return person("cb", "Đặng Cán Bộ", desk.here, "technician", "editor")


@pytest.fixture
def client(officer: Person) -> Client:
    made = Client()
    made.force_login(officer)
    return made


@pytest.fixture
def board(desk: Desk) -> Device:
    return a_board(desk, "Ti vi nhà văn hóa", desk.one)


def read(client: Client, name: str, *args: Any, **query: str) -> str:
    answer = client.get(reverse(f"board:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def rows(layout: Layout, **changes: Any) -> dict[str, Any]:
    """The form of a layout as the page sends it; `changes` by name of the field, `regions-0-left` and so on."""
    kept = list(layout.regions.all())
    data: dict[str, Any] = {"name": layout.name, "shape": layout.shape}
    data |= {"regions-TOTAL_FORMS": len(kept) + 1, "regions-INITIAL_FORMS": 0}
    data |= {"form-TOTAL_FORMS": len(kept) + 1, "form-INITIAL_FORMS": len(kept) + 1, f"form-{len(kept)}-kind": ""}
    for index, one in enumerate(kept):
        names = ("pk", "kind", "left", "top", "width", "height", "lines")
        data |= {f"form-{index}-{name}": str(getattr(one, name)) for name in names}
    return data | changes


def test_from_an_empty_list_to_a_layout(client: Client, desk: Desk) -> None:
    assert "Chưa có bố cục nào" in read(client, "layouts")
    form = {"name": "Ti vi thôn", "place": desk.here.pk, "template": "day-du"}
    answer = client.post(reverse("board:layout-new"), form)
    made = Layout.objects.get()
    assert answer.url == reverse("board:layout", args=[made.pk])  # type: ignore[attr-defined]
    page = read(client, "layout", made.pk)
    assert "Vùng “Dòng chạy” chưa có gì để hiện" in page
    assert "Ti vi thôn" in read(client, "layouts")


def test_the_picture_follows_what_is_typed_and_nothing_is_saved(client: Client, desk: Desk, officer: Person) -> None:
    layout = a_layout(desk, officer)
    answer = client.post(reverse("board:layout-drawn", args=[layout.pk]), rows(layout, **{"form-2-left": "60"}))
    shown = answer.content.decode()
    assert "đè lên vùng “Danh sách tin”" in shown
    assert shown.count("data-grave") == 2
    assert region(layout, "list").left == 70
    broken = client.post(reverse("board:layout-drawn", args=[layout.pk]), {"form-TOTAL_FORMS": "x"})
    assert broken.status_code == 200


def test_what_cannot_be_is_said_and_what_was_typed_stays(client: Client, desk: Desk, officer: Person) -> None:
    layout = a_layout(desk, officer)
    edit = reverse("board:layout-edit", args=[layout.pk])
    assert "Số đo tính theo phần trăm" in read(client, "layout-edit", layout.pk)
    answer = client.post(edit, rows(layout, **{"form-0-width": "95", "name": "Tên mới"}))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Vùng “Tin chính” đè lên vùng “Đồng hồ”" in page
    assert 'value="95"' in page
    assert 'value="Tên mới"' in page
    layout.refresh_from_db()
    assert layout.name == "Ti vi thôn"


def test_regions_are_changed_added_and_left_out(client: Client, desk: Desk, officer: Person) -> None:
    layout = a_layout(desk, officer)
    sizes = {"form-4-kind": "logo", "form-4-left": "0", "form-4-top": "0", "form-4-width": "70", "form-4-height": "12"}
    words = {"form-4-lines": "Xã Phước Thuận\nĐoàn kết, kỷ cương", "form-0-top": "12", "form-0-height": "76"}
    answer = client.post(
        reverse("board:layout-edit", args=[layout.pk]),
        rows(layout, usual="on", **{"form-3-kind": ""}, **sizes, **words),
    )
    assert answer.status_code == 302
    layout.refresh_from_db()
    assert layout.usual
    assert [one.kind for one in layout.regions.all()] == ["main", "clock", "list", "logo"]
    assert region(layout, "logo").lines == "Xã Phước Thuận\nĐoàn kết, kỷ cương"
    assert (region(layout, "main").top, region(layout, "main").height) == (12, 76)


def test_a_playlist_is_filled_ordered_and_emptied(client: Client, desk: Desk, officer: Person) -> None:
    layout, bulletin = a_layout(desk, officer), desk.approved()
    add = reverse("board:item-new", args=[region(layout, "list").pk])
    what = f"bulletin:{bulletin.pk.hex}"
    assert "Lịch cắt điện" in client.get(add).content.decode()
    bad = client.post(add, {"what": what, "begins": "22:00", "priority": "0"})
    assert bad.status_code == 422
    assert "Hãy ghi cả giờ bắt đầu và giờ kết thúc" in bad.content.decode()
    good = {"what": what, "begins": "22:00", "ends": "05:30", "weekdays": ["0", "6"], "priority": "3", "seconds": "20"}
    assert client.post(add, good).status_code == 302
    item = Item.objects.get()
    assert (item.begins, item.ends, item.weekdays, item.priority, item.seconds) == (
        time(22),
        time(5, 30),
        [0, 6],
        3,
        20,
    )
    page = read(client, "layout", layout.pk)
    assert "22:00 – 05:30" in page
    assert "Thứ hai, Chủ nhật" in page
    assert client.post(reverse("board:item", args=[item.pk]), {"what": what, "priority": "6"}).status_code == 302
    item.refresh_from_db()
    assert (item.begins, item.weekdays, item.priority) == (None, [], 6)
    assert client.post(reverse("board:item-act", args=[item.pk, "khac"])).status_code == 404
    assert client.post(reverse("board:item-act", args=[item.pk, "go"])).status_code == 302
    assert not Item.objects.exists()


def test_a_board_tells_what_it_shows_at_a_moment_and_why_not_the_rest(
    client: Client, desk: Desk, officer: Person, board: Device
) -> None:
    layout, bulletin = a_layout(desk, officer), desk.approved()
    day = clock.local_day(desk.now)
    put(desk, layout, "main", bulletin)
    put(desk, layout, "main", bulletin, begins=time(6), ends=time(8), priority=3)
    put(desk, layout, "main", bulletin, first_day=day + timedelta(days=3))
    put(desk, layout, "main", bulletin, last_day=day - timedelta(days=1))
    put(desk, layout, "main", bulletin, weekdays=((day.weekday() + 1) % 7,))
    hung(desk, board, layout, officer)
    seven, nine = (datetime.combine(day, time(hour)).strftime("%Y-%m-%dT%H:%M") for hour in (7, 9))
    early, late = read(client, "board", board.pk, luc=seven), read(client, "board", board.pk, luc=nine)
    for words in ("Chưa đến ngày", "Đã hết hạn", "Không phải ngày trong tuần đã chọn"):
        assert words in early
    assert "Có mục ưu tiên hơn" in early
    assert "Ngoài khung giờ" not in early
    assert "Ngoài khung giờ" in late
    assert "Có mục ưu tiên hơn" not in late
    assert "Lúc này hiện: <strong>Lịch cắt điện" in late
    assert read(client, "board", board.pk, luc="không phải giờ")


def test_a_withdrawn_bulletin_is_named_with_its_reason(client: Client, desk: Desk, officer: Person) -> None:
    from nguon.newsroom import actions as newsroom

    layout, bulletin = a_layout(desk, officer), desk.approved()
    put(desk, layout, "list", bulletin)
    newsroom.withdraw(bulletin=bulletin, reason="Đăng nhầm.", actor=desk.both, now=desk.now)
    page = read(client, "layout", layout.pk)
    assert "Bản tin đã rút" in page
    assert "Vùng “Danh sách tin” chưa có gì để hiện" in page


def test_a_board_is_given_its_layout_on_its_own_page(
    client: Client, desk: Desk, officer: Person, board: Device
) -> None:
    layout = a_layout(desk, officer)
    assert "chưa có bố cục" in read(client, "board", board.pk)
    device_page = client.get(reverse("devices:detail", args=[board.pk])).content.decode()
    assert reverse("board:board", args=[board.pk]) in device_page
    answer = client.post(reverse("board:board", args=[board.pk]), {"shape": "wide", "layout": layout.pk})
    assert answer.status_code == 302
    assert Glass.objects.get().layout == layout
    assert "Ti vi nhà văn hóa" in read(client, "layout", layout.pk)
    beside = actions.create(name="Khác", place=desk.two, template="mot-vung", actor=officer, now=desk.now)
    wrong = client.post(reverse("board:board", args=[board.pk]), {"shape": "wide", "layout": beside.pk})
    assert wrong.status_code == 422


@pytest.mark.parametrize(
    ("role", "shapes", "fills"), [("editor", False, True), ("technician", True, False), ("watcher", False, False)]
)
def test_each_sees_what_they_may_do(
    desk: Desk, officer: Person, board: Device, role: str, shapes: bool, fills: bool
) -> None:
    layout = a_layout(desk, officer)
    item = put(desk, layout, "list", desk.approved())
    client = Client()
    client.force_login(person("khac", "Người Khác", desk.here, role))
    page = read(client, "layout", layout.pk)
    assert (reverse("board:layout-edit", args=[layout.pk]) in page) is shapes
    assert (reverse("board:item", args=[item.pk]) in page) is fills
    assert (client.get(reverse("board:layout-edit", args=[layout.pk])).status_code == 200) is shapes
    assert (client.get(reverse("board:item-new", args=[item.region_id])).status_code == 200) is fills
    assert client.post(reverse("board:board", args=[board.pk]), {"shape": "tall"}).status_code == (
        302 if shapes else 403
    )


def test_the_item_of_somebody_else_may_stay_and_no_other_be_put_there(desk: Desk, officer: Person) -> None:
    layout = a_layout(desk, officer)
    bulletin = desk.approved()
    item = put(desk, layout, "list", bulletin)
    actions.change(item=item, playing=playing(bulletin, seconds=9), actor=officer, now=desk.now)
    other = desk.waiting()
    with pytest.raises(actions.Refused):
        actions.change(item=item, playing=playing(other), actor=officer, now=desk.now)
