"""Pages of programmes, slots, policies, bulletins from above and timetables, as officers use them."""

import re
from datetime import time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nguon.delivery.rules import Targets
from nguon.devices.models import Device
from nguon.kit import clock
from nguon.newsroom.models import Bulletin
from nguon.people.models import Person
from nguon.programme import items, slotting
from nguon.programme.items import Kind
from nguon.programme.models import Programme, Slot
from tests.app import airing
from tests.app import desk as desks
from tests.app.airing import newest, pause, policy, programme, relay, slot
from tests.app.desk import Desk, device, make_desk

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def desk() -> Desk:
    made = make_desk()
    device("Cụm Quảng Vân", made.one, made.now)
    device("Cụm Lộc Hạ", made.two, made.now)
    return made


@pytest.fixture
def officer(desk: Desk) -> Client:
    return signed(desk.both)


def signed(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page(client: Client, name: str, code: int = 200, query: str = "", **kwargs: Any) -> str:
    answer = client.get(reverse(f"schedule:{name}", kwargs=kwargs) + query)
    assert answer.status_code == code, name
    return answer.content.decode()


def rows(*items_: dict[str, Any], **given: Any) -> dict[str, Any]:
    """The form of the editor as a browser sends it."""
    sent: dict[str, Any] = {"row": [str(at) for at in range(len(items_))], "name": "Bản tin sáng", **given}
    for at, item in enumerate(items_):
        sent |= {f"{key}-{at}": value for key, value in item.items()}
    return sent


RELAY = {"kind": "relay", "name": "Đài tỉnh", "streams": airing.STREAM, "minutes": "20"}
PAUSE = {"kind": "pause", "seconds": "5"}


def test_a_programme_is_composed_with_what_is_wrong_said_at_its_item(desk: Desk, officer: Client) -> None:
    address = reverse("schedule:programme-new")
    added = officer.post(address, rows(RELAY, do="add-bulletin"))
    assert added.content.decode().count('class="item') >= 2
    assert not Programme.objects.exists(), "nothing is kept before it is saved"
    refused = officer.post(address, rows(RELAY, {"kind": "bulletin", "what": ""}, do="save"))
    assert refused.status_code == 422
    assert "Chưa chọn gì để phát" in refused.content.decode()
    assert airing.STREAM in refused.content.decode(), "what was typed is still there"
    bad = officer.post(address, rows(RELAY | {"streams": "ftp://x"}, do="save"))
    assert "http://" in bad.content.decode()
    saved = officer.post(address, rows(RELAY, PAUSE, do="save"))
    made = Programme.objects.get()
    assert saved.headers["Location"] == reverse("schedule:programme", kwargs={"pk": made.pk})
    assert [item.kind for item in items.of_json(made.items)] == [Kind.RELAY, Kind.PAUSE]
    assert "20 phút 5 giây" in page(officer, "programme", pk=made.pk)


def test_items_are_moved_and_removed_without_script(desk: Desk, officer: Client) -> None:
    address = reverse("schedule:programme-new")
    moved = officer.post(address, rows(RELAY, PAUSE, do="down-0")).content.decode()
    assert moved.index('value="pause"') < moved.index('value="relay"')
    removed = officer.post(address, rows(RELAY, PAUSE, do="remove-0")).content.decode()
    assert 'value="relay"' not in removed
    assert officer.post(address, rows(PAUSE, do="up-7")).status_code == 200


def test_the_order_of_the_rows_is_the_order_of_the_items(desk: Desk, officer: Client) -> None:
    officer.post(reverse("schedule:programme-new"), rows(RELAY, PAUSE, do="save") | {"row": ["1", "0"]})
    assert [item.kind for item in items.of_json(Programme.objects.get().items)] == [Kind.PAUSE, Kind.RELAY]


def test_two_officers_do_not_overwrite_each_other(desk: Desk, officer: Client) -> None:
    made = programme(desk)
    sent = rows(PAUSE, do="save", seen=(made.changed_at - DAY).isoformat())
    answer = officer.post(reverse("schedule:programme", kwargs={"pk": made.pk}), sent)
    assert "Có người khác vừa sửa" in answer.content.decode()
    made.refresh_from_db()
    assert [item.kind for item in items.of_json(made.items)] == [Kind.RELAY]
    officer.post(
        reverse("schedule:programme", kwargs={"pk": made.pk}), rows(PAUSE, do="save", seen=made.changed_at.isoformat())
    )
    made.refresh_from_db()
    assert [item.kind for item in items.of_json(made.items)] == [Kind.PAUSE]


def test_a_bulletin_nobody_approved_or_of_others_does_not_get_in(desk: Desk, officer: Client) -> None:
    for bulletin in (desk.written(), foreign(desk)):
        sent = rows({"kind": "bulletin", "what": bulletin.pk.hex}, do="save")
        answer = officer.post(reverse("schedule:programme-new"), sent)
        assert "chưa duyệt hoặc không dùng được" in answer.content.decode()
    good = desk.approved()
    officer.post(reverse("schedule:programme-new"), rows({"kind": "bulletin", "what": good.pk.hex}, do="save"))
    assert Programme.objects.get().items == [{"kind": "bulletin", "what": good.pk.hex}]


def foreign(desk: Desk) -> Bulletin:
    """An approved bulletin of the commune beside."""
    made = desk.approved()
    Bulletin.objects.filter(pk=made.pk).update(place=desk.there)
    return made


def test_shared_from_above_it_is_used_and_copied_but_not_changed(desk: Desk, officer: Client) -> None:
    chief = desks.person("tinh", "Cấp Trên", desk.root, "editor")
    made = programme(desk, "Tiếp sóng tỉnh", relay(), place_id=desk.root.pk, actor=chief, shared=True)
    assert "Tiếp sóng tỉnh" in page(officer, "programmes")
    assert "Lưu chương trình" not in page(officer, "programme", pk=made.pk)
    assert (
        officer.post(reverse("schedule:programme", kwargs={"pk": made.pk}), rows(PAUSE, do="save")).status_code == 404
    )
    slot(desk, made)
    copied = officer.post(reverse("schedule:programme-copy", kwargs={"pk": made.pk}))
    assert Programme.objects.filter(place=desk.here, name="Tiếp sóng tỉnh").exists()
    assert copied.status_code == 302
    above = signed(chief)
    ended = above.post(reverse("schedule:programme-end", kwargs={"pk": made.pk}), follow=True)
    assert "Chưa kết thúc được: xã Phước Thuận đang dùng" in ended.content.decode()


def test_ending_a_programme_ends_its_slots(desk: Desk, officer: Client) -> None:
    made = slot(desk)
    answer = officer.post(reverse("schedule:programme-end", kwargs={"pk": made.programme_id}), follow=True)
    assert "1 khung giờ của nó" in answer.content.decode()
    made.refresh_from_db()
    assert made.ended_at is not None


def test_stretching_makes_the_last_relay_longer(desk: Desk, officer: Client) -> None:
    made = slot(desk).programme
    asked = page(officer, "programme-stretch", query="?minutes=15", pk=made.pk)
    assert "45 phút" in asked
    officer.post(reverse("schedule:programme-stretch", kwargs={"pk": made.pk}), {"minutes": "15"})
    made.refresh_from_db()
    assert items.of_json(made.items)[0].seconds == 45 * 60
    answer = officer.post(
        reverse("schedule:programme-stretch", kwargs={"pk": made.pk}), {"minutes": "-60"}, follow=True
    )
    assert "Thời lượng phải từ 1" in answer.content.decode()


def slot_form(desk: Desk, made: Programme, **given: Any) -> dict[str, Any]:
    tomorrow = clock.today() + DAY
    sent = {"in": str(desk.here.pk), "programme": made.pk.hex, "at": "05:00", "first_day": tomorrow.isoformat()}
    return sent | {"every": "daily", "on_holiday": "play", "place": [str(desk.here.pk)]} | given


def test_a_slot_is_made_with_advice_beside_it(desk: Desk, officer: Client) -> None:
    made = programme(desk)
    advised = officer.post(reverse("schedule:slot-advice"), slot_form(desk, made)).content.decode()
    assert "Không vướng quy định hay chương trình nào. 2 cụm loa sẽ phát." in advised
    answer = officer.post(reverse("schedule:slot-new"), slot_form(desk, made))
    assert answer.status_code == 302
    kept = Slot.objects.get()
    assert (kept.rule, list(kept.places.all())) == ("FREQ=DAILY", [desk.here])
    policy(desk, quiet=((time(20), time(6)),))
    advised = officer.post(reverse("schedule:slot-advice"), slot_form(desk, made, at="21:00")).content.decode()
    assert "Rơi vào giờ yên tĩnh (Quyết định 12/QĐ-UBND)" in advised
    assert 'data-take="19:30"' in advised
    refused = officer.post(reverse("schedule:slot-new"), slot_form(desk, made, at="21:00"))
    assert refused.status_code == 422
    assert "không bao giờ phát được" in refused.content.decode()


@pytest.mark.parametrize(
    ("given", "rule", "lunar"),
    [
        ({"every": "working"}, "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", []),
        ({"every": "weekly", "weekdays": ["0", "2", "4"]}, "FREQ=WEEKLY;BYDAY=MO,WE,FR", []),
        ({"every": "monthly", "month_days": "1, 15"}, "FREQ=MONTHLY;BYMONTHDAY=1,15", []),
        ({"every": "lunar", "lunar_days": "1 15"}, "FREQ=DAILY", [1, 15]),
        ({"every": "once"}, "", []),
    ],
)
def test_every_choice_becomes_a_rule(
    desk: Desk, officer: Client, given: dict[str, Any], rule: str, lunar: list[int]
) -> None:
    made = programme(desk)
    assert officer.post(reverse("schedule:slot-new"), slot_form(desk, made, **given)).status_code == 302
    kept = Slot.objects.get()
    assert (kept.rule, kept.lunar_days) == (rule, lunar)
    again = page(officer, "slot", pk=kept.pk)
    assert re.search(rf'value="{given["every"]}"[^>]*checked', again)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"every": "weekly"}, "Chọn ít nhất một thứ."),
        ({"every": "lunar", "lunar_days": "31"}, "Ghi các ngày bằng số"),
        ({"every": "monthly", "month_days": ""}, "Ghi ít nhất một ngày."),
        ({"first_day": "2020-01-01", "every": "once"}, "đã qua"),
        ({"at": "25:00"}, "giờ"),
        ({"place": ["x"]}, "Nơi phát không hợp lệ."),
    ],
)
def test_a_wrong_form_comes_back_with_words(desk: Desk, officer: Client, given: dict[str, Any], said: str) -> None:
    answer = officer.post(reverse("schedule:slot-new"), slot_form(desk, programme(desk), **given))
    assert (answer.status_code, said in answer.content.decode()) == (422, True)


def test_a_rule_from_elsewhere_is_said_and_kept(desk: Desk, officer: Client) -> None:
    made = slot(desk, rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=MO")
    assert "Cứ 2 tuần một lần, vào thứ Hai" in page(officer, "slot", pk=made.pk)
    sent = slot_form(desk, made.programme, every="other", at="06:30", first_day="2026-11-23")
    officer.post(reverse("schedule:slot", kwargs={"pk": made.pk}), sent)
    made.refresh_from_db()
    assert (made.rule, f"{made.at:%H:%M}") == ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "06:30")


def test_one_day_of_a_slot_is_changed_in_its_form(desk: Desk, officer: Client) -> None:
    made = slot(desk)
    day = clock.today() + 2 * DAY
    sent = slot_form(desk, made.programme, at="07:15", first_day=day.isoformat(), day=day.isoformat(), reach="only")
    assert officer.post(reverse("schedule:slot", kwargs={"pk": made.pk}), sent).status_code == 302
    made.refresh_from_db()
    assert made.except_on == [day.isoformat()]
    other = Slot.objects.exclude(pk=made.pk).get()
    assert (other.first_day, f"{other.at:%H:%M}", other.rule) == (day, "07:15", "")


def test_dragging_asks_first_and_does_it_then(desk: Desk, officer: Client) -> None:
    made = slot(desk)
    day = clock.today() + 2 * DAY
    query = {"day": day.isoformat(), "to": day.isoformat(), "at": "06:00"}
    asked = officer.get(reverse("schedule:slot-move", kwargs={"pk": made.pk}), query).content.decode()
    assert "Từ ngày này về sau" in asked
    assert "Không vướng" in asked
    near = officer.get(reverse("schedule:slot-move", kwargs={"pk": made.pk}), query | {"at": "05:10"}).content.decode()
    assert "Không vướng" in near, "it does not stand in its own way"
    assert "Từ ngày này về sau" in near
    wrong = query | {"to": (day + DAY).isoformat(), "reach": "all"}
    answer = officer.post(reverse("schedule:slot-move", kwargs={"pk": made.pk}), wrong)
    assert (answer.status_code, "chỉ dời được giờ" in answer.content.decode()) == (422, True)
    officer.post(reverse("schedule:slot-move", kwargs={"pk": made.pk}), query | {"reach": "all"})
    made.refresh_from_db()
    assert f"{made.at:%H:%M}" == "06:00"


def test_one_tap_acts(desk: Desk, officer: Client) -> None:
    made = slot(desk)
    day = (clock.today() + DAY).isoformat()

    def act(do: str, **data: str) -> str:
        return officer.post(
            reverse("schedule:slot-act", kwargs={"pk": made.pk, "do": do}), data, follow=True
        ).content.decode()

    assert "Không phát ngày" in act("bo-ngay", day=day)
    assert "Đã thêm ngày phát" in act("them-ngay", day=day)
    assert "Hãy chọn ngày." in act("them-ngay")
    assert "Đang tạm nghỉ" in act("nghi", first=clock.today().isoformat(), reason="Sửa loa")
    assert "tạm nghỉ" in page(officer, "week")
    assert "phát trở lại" in act("phat-lai")
    assert "Đã kết thúc khung giờ." in act("ket-thuc")
    assert officer.post(reverse("schedule:slot-act", kwargs={"pk": made.pk, "do": "khac"})).status_code == 404


def test_the_week_shows_what_sounds_and_what_does_not_and_why(desk: Desk, officer: Client) -> None:
    slot(desk)
    policy(desk, quiet=((time(5, 10), time(6)),))
    shown = page(officer, "week", query="?week=2026-11-25")
    assert shown.count("block-warn") == 7
    assert "Phát không hết, ngừng lúc 05:10" in shown
    assert "Quyết định 12/QĐ-UBND" in shown
    assert page(officer, "week", query="?week=hôm-nay")
    assert "Tuần này chưa có giờ phát nào" in page(signed(desk.neighbour), "week")


def test_seven_days_of_a_pole_with_reasons(desk: Desk, officer: Client) -> None:
    made = slot(desk, programme(desk, "Tin sáng", newest(), pause()))
    only_two = slot(desk, programme(desk, "Riêng Lộc Hạ"), at=time(17), targets=Targets(places=(desk.two.pk,)))
    slotting.except_day(slot=made, day=clock.today() + 2 * DAY, actor=desk.both, now=clock.now())
    one = Device.objects.get(place=desk.one)
    shown = page(officer, "device", pk=one.pk)
    assert "Tin sáng" in shown
    assert only_two.programme.name not in shown
    assert "Đã bỏ riêng ngày này" in shown
    whole = page(officer, "place", pk=desk.here.pk)
    assert "Riêng Lộc Hạ" in whole
    assert page(signed(desk.neighbour), "device", code=404, pk=one.pk)
    assert page(signed(desk.neighbour), "place", code=404, pk=desk.here.pk)


def test_the_public_timetable_needs_no_one_and_is_kept(desk: Desk) -> None:
    made = slot(desk)
    anybody = Client()
    address = reverse("schedule:public", kwargs={"pk": desk.here.pk})
    shown = anybody.get(address).content.decode()
    assert "Bản tin sáng" in shown
    assert "Nguyễn" not in shown, "nobody's name"
    with CaptureQueriesContext(connection) as asked:
        anybody.get(address)
    assert len(asked) <= 7, "the place, and whether anything changed: the week itself was kept"
    slotting.end(slot=made, actor=desk.both, now=clock.now())
    assert "Bản tin sáng" not in anybody.get(address).content.decode(), "not what was kept before"
    assert anybody.get(reverse("schedule:public", kwargs={"pk": made.pk})).status_code == 404


def test_a_slot_from_above_is_seen_but_not_opened(desk: Desk, officer: Client) -> None:
    chief = desks.person("tinh", "Cấp Trên", desk.root, "editor")
    made = programme(desk, "Tiếp sóng tỉnh", relay(), place_id=desk.root.pk, actor=chief)
    wanted = airing.wanted(desk, made, place_id=desk.root.pk, targets=Targets(places=(desk.root.pk,)))
    above = slotting.create(wanted=wanted, actor=chief, now=airing.NOW)
    shown = page(officer, "week", query="?week=2026-11-25")
    assert "Tiếp sóng tỉnh" in shown
    assert reverse("schedule:slot", kwargs={"pk": above.pk}) not in shown
    assert page(officer, "slot", code=404, pk=above.pk)
