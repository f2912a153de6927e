"""Somebody else's screen: laid down with its basis, told to the device, shown to its owner, given back."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from nguon.delivery.models import Broadcast, Delivery
from nguon.devices.models import Device, Requisition
from nguon.devices.queries import wire_settings
from nguon.devices.requisitions import actions, queries, rules
from nguon.devices.requisitions.actions import Terms
from nguon.journal.models import Entry
from nguon.kit import clock
from nguon.people.scope import Forbidden
from tests.app.desk import Desk, device, make_desk, person

pytestmark = pytest.mark.django_db
HOURS = ((time(18), time(20)),)


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def technician(desk: Desk) -> Any:
    return person("kt", "Ngô Kỹ Thuật", desk.here, "technician")


@pytest.fixture
def board(desk: Desk) -> Device:
    made = device("Màn hình chợ Phước Thuận", desk.one, desk.now)
    made.channel = "board"
    made.save()
    return made


def terms(desk: Desk, **changes: Any) -> Terms:
    today = clock.local_day(desk.now)
    given_terms: dict[str, Any] = {
        "owner": "Công ty Quảng cáo Tuy Phước",
        "contact": "",
        "basis": "Quyết định 12/QĐ-UBND ngày 20/11/2026",
        "first_day": today,
        "last_day": today + timedelta(days=2),
        "hours": HOURS,
    }
    return Terms(**(given_terms | changes))


def lent(desk: Desk, board: Device, technician: Any, **changes: Any) -> Requisition:
    return actions.begin(device=board, terms=terms(desk, **changes), actor=technician, now=desk.now)


def test_a_board_of_our_own_has_no_right_to_keep(desk: Desk, board: Device) -> None:
    assert wire_settings(board, clock.local_day(desk.now)).right is None


def test_the_device_is_told_its_hours_and_its_part_at_once(desk: Desk, board: Device, technician: Any) -> None:
    before = board.settings_version
    lent(desk, board, technician, area=rules.Area(0, 75, 100, 25))
    board.refresh_from_db()
    assert board.settings_version == before + 1
    right = wire_settings(board, clock.local_day(desk.now)).right
    assert right is not None
    assert [(one.end - one.start) / 3_600_000 for one in right.spans] == [2, 2, 2]
    assert clock.from_ms(right.spans[0].start).astimezone(clock.LOCAL).hour == 18
    assert right.area is not None
    assert (right.area.left, right.area.top, right.area.width, right.area.height) == (0, 75, 100, 25)
    entry = Entry.objects.get(verb="devices.requisition")
    assert entry.after["basis"] == "Quyết định 12/QĐ-UBND ngày 20/11/2026"


def test_once_it_is_over_or_given_back_nothing_is_allowed(desk: Desk, board: Device, technician: Any) -> None:
    made, today = lent(desk, board, technician), clock.local_day(desk.now)
    right = wire_settings(board, today + timedelta(days=3)).right
    assert right is not None
    assert right.spans == ()
    assert actions.end(requisition=made, actor=technician, now=desk.now)
    assert not actions.end(requisition=made, actor=technician, now=desk.now)
    right = wire_settings(board, today).right
    assert right is not None
    assert right.spans == ()


def test_only_who_may_manage_the_device(desk: Desk, board: Device) -> None:
    for nobody in (desk.editor, desk.neighbour, desk.stranger):
        with pytest.raises(Forbidden):
            lent(desk, board, nobody)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"last_day": date(2020, 1, 1)}, "last_day"),
        ({"first_day": date(2020, 1, 1), "last_day": date(2020, 1, 2)}, "last_day"),
        ({"last_day": date(2099, 1, 1)}, "last_day"),
        ({"hours": ()}, "begins"),
        ({"area": rules.Area(50, 0, 60, 100)}, "width"),
        ({"area": rules.Area(0, 50, 100, 60)}, "height"),
    ],
)
def test_what_cannot_be(desk: Desk, board: Device, technician: Any, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(rules.Wrong) as wrong:
        lent(desk, board, technician, **changes)
    assert wrong.value.field == field
    assert not Requisition.objects.exists()


def test_two_for_the_same_days(desk: Desk, board: Device, technician: Any) -> None:
    made = lent(desk, board, technician)
    with pytest.raises(actions.Overlaps):
        lent(desk, board, technician)
    actions.end(requisition=made, actor=technician, now=desk.now)
    lent(desk, board, technician)


def test_the_officers_page(desk: Desk, board: Device, technician: Any, client: Client) -> None:
    client.force_login(technician)
    url = reverse("devices:requisitions", args=[board.pk])
    today = clock.local_day(desk.now).isoformat()
    typed = {"owner": "Ông Lê Văn Chủ", "basis": "Thỏa thuận 3", "first_day": today, "last_day": today}
    typed |= {"begins": "18:00", "ends": "20:00", "left": "0", "top": "0", "width": "100", "height": "100"}
    answer = client.post(url, typed | {"last_day": "2020-01-01"})
    assert answer.status_code == 422
    assert "Ngày kết thúc phải từ ngày bắt đầu trở đi." in answer.content.decode()
    assert client.post(url, typed).status_code == 302
    page = client.get(url).content.decode()
    assert "Ông Lê Văn Chủ" in page
    assert "/chu-bang/" in page
    made = Requisition.objects.get()
    client.post(reverse("devices:requisition-end", args=[board.pk, made.pk]))
    assert "Đã hết" in client.get(url).content.decode()
    for nobody in (desk.editor, desk.neighbour):
        client.force_login(nobody)
        assert client.get(url).status_code == 404
        assert client.post(reverse("devices:requisition-end", args=[board.pk, made.pk])).status_code == 404


def shown(desk: Desk, board: Device, title: str, at: datetime) -> None:
    sent = Broadcast.objects.create(
        subject="x.y:1",
        title=title,
        place=desk.here,
        channel="board",
        level=40,
        streams=["https://phat.example/a"],
        issued_at=at,
        expires_at=at + timedelta(hours=1),
        created_by=desk.editor,
    )
    Delivery.objects.create(
        broadcast=sent,
        device=board,
        progress="finished",
        started_at=at,
        finished_at=at + timedelta(minutes=1),
        changed_at=at,
    )


def test_the_owner_sees_what_was_shown_and_complains(
    desk: Desk, board: Device, technician: Any, client: Client
) -> None:
    other = device("Bảng khác", desk.one, desk.now)
    made = lent(desk, board, technician)
    shown(desk, board, "Lịch cắt điện", desk.now)
    shown(desk, board, "Trước khi huy động", desk.now - timedelta(days=9))
    shown(desk, other, "Ở bảng khác", desk.now)
    url = reverse("delivery:owner", args=[queries.token_of(made)])
    page = client.get(url).content.decode()
    assert "Lịch cắt điện" in page
    assert "Trước khi huy động" not in page
    assert "Ở bảng khác" not in page
    assert client.post(url, {"words": "  "}).status_code == 422
    assert client.post(url, {"words": "Tối qua 21 giờ còn hiện quảng cáo lạ"}).status_code == 302
    assert made.breaches.get().words == "Tối qua 21 giờ còn hiện quảng cáo lạ"
    client.force_login(technician)
    assert "còn hiện quảng cáo lạ" in client.get(reverse("devices:requisitions", args=[board.pk])).content.decode()
    assert Entry.objects.filter(verb="devices.breach").exists()


def test_a_link_that_is_not_ours(desk: Desk, board: Device, technician: Any, client: Client) -> None:
    made = lent(desk, board, technician)
    for token in (made.pk.hex, f"{made.pk.hex}:x", "x", queries.token_of(made)[:-1] + "_"):
        assert client.get(f"/chu-bang/{token}").status_code == 404


def test_a_flood_of_complaints_is_stopped(desk: Desk, board: Device, technician: Any, client: Client) -> None:
    made = lent(desk, board, technician)
    for number in range(actions.MOST_BREACHES):
        actions.complain(requisition=made, words=f"lần {number}", now=desk.now)
    url = reverse("delivery:owner", args=[queries.token_of(made)])
    assert client.post(url, {"words": "lần nữa"}).status_code == 422
    assert made.breaches.count() == actions.MOST_BREACHES


TIMES = st.integers(0, 1_439).map(lambda minute: time(minute // 60, minute % 60))


@given(st.integers(0, 20), st.lists(st.tuples(TIMES, TIMES), min_size=1, max_size=3))
def test_hours_as_spans(days: int, hours: list[rules.Hours]) -> None:
    first = date(2026, 11, 26)
    found = rules.spans(first, first + timedelta(days=days), hours)
    assert all(start < end for start, end in found)
    assert all(one[1] < two[0] for one, two in pairwise(found))
    for number in range(days + 1):
        for begins, _ends in hours:
            at = datetime.combine(first + timedelta(days=number), begins, clock.LOCAL)
            assert any(start <= at < end for start, end in found)
