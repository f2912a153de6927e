"""Who is on duty: kept by those who may alert there, seen by nobody else; and what was reached by hand."""

from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nguon.alerts import duty_actions, duty_queries, duty_words, scores, silence
from nguon.alerts.duty_actions import DutyError, Turn
from nguon.alerts.errors import NotNow
from nguon.alerts.models import Alert, Duty, Reached, Telling
from nguon.delivery import notifiers
from nguon.delivery.models import Delivery
from nguon.delivery.rules import Targets
from nguon.journal.models import Entry
from nguon.kit import clock
from nguon.people.models import Kind, Person
from nguon.people.scope import Forbidden
from nguon.places.models import Place
from tests.app import warning
from tests.app.alarms import sent
from tests.app.stage import NOW
from tests.app.warning import District, answer

pytestmark = pytest.mark.django_db
TURN = Turn(name="Nguyễn Văn Trực", position="Trưởng thôn", phone="0905 000 123", email="truc@example.vn")


@pytest.fixture(autouse=True)
def fresh(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = settings.DATA = tmp_path
    notifiers.status.cache_clear()


@pytest.fixture
def world() -> District:
    return warning.build()


def add(world: District, where: Place | None = None, actor: Person | None = None, **changes: Any) -> Duty:
    turn = Turn(**({**vars(TURN)} | changes))
    place = where or world.commune
    return duty_actions.add(place_id=place.pk, turn=turn, actor=actor or world.editor, now=NOW)


def page(person: Person, view: str, *args: Any, **query: Any) -> str:
    client = Client()
    client.force_login(person)
    return client.get(reverse(view, args=args), query).content.decode()


def post(person: Person, view: str, *args: Any, **data: Any) -> Any:
    client = Client()
    client.force_login(person)
    return client.post(reverse(view, args=args), data)


# the list


def test_it_is_kept_and_the_journal_holds_neither_number_nor_address(world: District) -> None:
    duty = add(world)
    assert (duty.phone, duty.name) == ("0905000123", "Nguyễn Văn Trực")
    turn = Turn(name="Nguyễn Văn Trực", phone="0905 000 456")
    duty = duty_actions.change(duty=duty, turn=turn, actor=world.leader, now=NOW)
    assert (duty.phone, duty.email, duty.position) == ("0905000456", "", "")
    duty_actions.remove(duty=duty, actor=world.leader, now=NOW)
    assert not Duty.objects.exists()
    entries = Entry.objects.filter(verb__startswith="alerts.duty")
    assert sorted(entry.verb for entry in entries) == ["alerts.duty-add", "alerts.duty-change", "alerts.duty-remove"]
    said = "".join(f"{entry.before}{entry.after}" for entry in entries)
    assert "0905" not in said
    assert "example.vn" not in said


@pytest.mark.parametrize(
    "changes",
    [
        {"name": " "},
        {"phone": "", "email": ""},
        {"phone": "không có số"},
        {"begins": time(7)},
        {"valid_from": date(2026, 12, 2), "valid_to": date(2026, 12, 1)},
    ],
)
def test_what_cannot_be_kept_is_said(world: District, changes: dict[str, Any]) -> None:
    with pytest.raises(DutyError) as raised:
        add(world, **changes)
    assert str(raised.value)
    assert not Duty.objects.exists()


def test_only_who_may_alert_there_keeps_it(world: District) -> None:
    duty = add(world)
    watcher = warning.person("xem", "Người Xem", world.commune, "watcher", "admin", "technician")
    beside = warning.person("ben", "Người Bên", world.other, "editor")
    for person in (watcher, beside):
        with pytest.raises(Forbidden):
            add(world, actor=person)
        with pytest.raises(Forbidden):
            duty_actions.change(duty=duty, turn=TURN, actor=person, now=NOW)
        with pytest.raises(Forbidden):
            duty_actions.remove(duty=duty, actor=person, now=NOW)
    with pytest.raises(Forbidden):
        add(world, where=world.district)
    add(world, where=world.hamlets[0])
    add(world, where=world.commune, actor=world.chief)


def test_the_page_shows_those_of_ones_own_places_and_says_who_is_on_duty_now(world: District) -> None:
    now = clock.now().astimezone(clock.LOCAL)
    hours: dict[str, Any] = {"begins": (now - timedelta(hours=3)).time(), "ends": (now - timedelta(hours=2)).time()}
    add(world)
    add(world, name="Trực Ca Khác", phone="0905000777", **hours)
    add(world, where=world.other, actor=world.chief, name="Người Xã Bên", phone="0905000888")
    found = page(world.editor, "duty:list")
    assert "Nguyễn Văn Trực" in found
    assert 'href="tel:0905000123"' in found
    assert "0905 000 123" in found
    assert "Đang trực" in found
    assert "Ngoài giờ trực" in found
    assert "Người Xã Bên" not in found
    assert "0905000888" not in found
    assert "Người Xã Bên" in page(world.chief, "duty:list")
    watcher = warning.person("xem", "Người Xem", world.commune, "watcher", "admin", "technician")
    client = Client()
    client.force_login(watcher)
    assert client.get(reverse("duty:list")).status_code == 403


def test_places_without_anybody_are_named(world: District) -> None:
    add(world, where=world.hamlets[0])
    assert duty_queries.nobody_at(world.editor, clock.now()) == [world.hamlets[1]]
    assert "chưa có ai trực ở thôn Lộc Hạ" in page(world.editor, "duty:list")
    add(world)
    assert duty_queries.nobody_at(world.editor, clock.now()) == []
    assert "chưa có ai trực" not in page(world.editor, "duty:list")


def test_by_the_form(world: District) -> None:
    given = {"place": world.commune.pk, "name": "Lê Văn Đêm", "phone": "0905 000 999", "order": 2}
    hours = {"begins": "17:00", "ends": "07:00", "days": ["0", "1", "2", "3", "4"]}
    assert post(world.editor, "duty:new", **given, **hours).status_code == 302
    duty = Duty.objects.get()
    assert (duty.phone, duty.days, duty.begins, duty.order) == ("0905000999", [0, 1, 2, 3, 4], time(17), 2)
    assert duty_words.when(duty) == "17:00–07:00, thứ hai đến thứ sáu"
    shown = page(world.editor, "duty:edit", duty.pk)
    assert 'value="17:00"' in shown
    assert (
        post(world.editor, "duty:edit", duty.pk, name="Lê Văn Đêm", email="dem@example.vn", order=1).status_code == 302
    )
    duty.refresh_from_db()
    assert (duty.phone, duty.email, duty.days, duty.begins) == ("", "dem@example.vn", [], None)
    assert post(world.editor, "duty:remove", duty.pk).status_code == 302
    assert not Duty.objects.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"phone": "abc"}, "Số điện thoại chỉ gồm chữ số"),
        ({"phone": ""}, "Hãy ghi số điện thoại hoặc địa chỉ thư"),
        ({"email": "truc@"}, "Địa chỉ thư không đúng"),
        ({"begins": "17:00"}, "Ghi cả giờ bắt đầu và giờ kết thúc"),
        ({"valid_from": "2026-12-02", "valid_to": "2026-12-01"}, "Ngày cuối phải sau ngày đầu"),
        ({"order": "0"}, "Lê Văn Đêm"),
        ({"days": ["9"]}, "Lê Văn Đêm"),
        ({"name": ""}, "0905 000 999"),
    ],
)
def test_a_form_filled_wrongly_says_what_to_do_and_keeps_the_rest(
    world: District, changes: dict[str, Any], words: str
) -> None:
    given = {"place": world.commune.pk, "name": "Lê Văn Đêm", "phone": "0905 000 999", "order": 2}
    answered = post(world.editor, "duty:new", **(given | changes))
    assert answered.status_code == 422
    assert words in answered.content.decode()
    assert not Duty.objects.exists()


def test_a_place_that_is_not_ones_own_is_no_choice(world: District) -> None:
    given = {"name": "Lê Văn Đêm", "phone": "0905 000 999", "order": 2}
    assert post(world.editor, "duty:new", place=world.other.pk, **given).status_code == 422
    assert world.other.name not in page(world.editor, "duty:new")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Cả ngày, mọi ngày"),
        ({"days": [5, 6]}, "Cả ngày, thứ bảy và chủ nhật"),
        ({"days": list(range(7))}, "Cả ngày, mọi ngày"),
        ({"days": [0, 2, 4]}, "Cả ngày, thứ hai, thứ tư và thứ sáu"),
        ({"valid_to": date(2026, 12, 31)}, "Cả ngày, mọi ngày, đến hết 31/12/2026"),
        (
            {"valid_from": date(2026, 12, 1), "valid_to": date(2026, 12, 31)},
            "Cả ngày, mọi ngày, từ 01/12/2026 đến hết 31/12/2026",
        ),
    ],
)
def test_when_in_words(given: dict[str, Any], words: str) -> None:
    assert duty_words.when(Duty(**given)) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("0905000123", "0905 000 123"),
        ("+84905000123", "+84 905 000 123"),
        ("113", "113"),
        ("02563123456", "0256 312 3456"),
    ],
)
def test_a_number_in_groups(number: str, words: str) -> None:
    assert duty_words.number(number) == words


# what did not answer


def silent(world: District, **changes: Any) -> Alert:
    """An alert that has been live for a minute; the second hamlet answered."""
    began = clock.now() - timedelta(seconds=70)
    alert = world.live(now=began, **({"targets": Targets(places=(world.commune.pk,))} | changes))
    answer(alert, world.devices[1])
    silence.look(clock.now())
    return alert


def test_the_board_shows_clusters_people_and_what_was_told(world: District) -> None:
    add(world)
    alert = silent(world)
    found = page(world.editor, "duty:board", alert.pk)
    for words in (
        "Thôn Quảng Vân",
        "Cụm loa số 0",
        "Cụm loa số 2",
        "Nguyễn Văn Trực",
        'href="tel:0905000123"',
        "Đang gửi",
    ):
        assert words in found
    assert "Lộc Hạ" not in found
    assert "Đã báo tận nơi" in found
    assert "Còn 1 nơi chưa ai báo" in found


def test_it_is_drawn_anew_only_when_something_changed(world: District) -> None:
    add(world)
    alert = silent(world)
    version = duty_queries.board(alert, world.editor, clock.now()).version
    client = Client()
    client.force_login(world.editor)
    address = reverse("duty:board", args=[alert.pk])
    assert client.get(address, {"v": version}).status_code == 204
    Telling.objects.update(state="told", told_at=clock.now())
    assert client.get(address, {"v": version}).status_code == 200


def test_names_and_numbers_are_for_those_who_may_alert_there(world: District) -> None:
    add(world, where=world.district, actor=world.chief, name="Trực Huyện", phone="0905000555")
    alert = silent(world)
    watcher = warning.person("xem", "Người Xem", world.commune, "watcher")
    for person in (world.editor, watcher):
        found = page(person, "duty:board", alert.pk)
        assert "Cụm loa số 0" in found
        assert "Trực Huyện" not in found
        assert "0905000555" not in found
        assert "Người trực của huyện Tuy Phước được báo" in found
    assert "Đã báo tận nơi" not in page(watcher, "duty:board", alert.pk)
    assert "Trực Huyện" in page(world.chief, "duty:board", alert.pk)


def test_a_neighbour_sees_nothing_of_it(world: District) -> None:
    alert = silent(world)
    beside = warning.person("ben", "Người Bên", world.other, *Kind.values)
    client = Client()
    client.force_login(beside)
    assert client.get(reverse("duty:board", args=[alert.pk])).status_code == 404
    answered = client.post(reverse("duty:reached", args=[alert.pk, world.hamlets[0].pk]))
    assert answered.status_code == 404
    assert not Reached.objects.exists()


def test_somebody_went_there(world: District) -> None:
    alert = silent(world)
    place = world.hamlets[0]
    answered = post(world.editor, "duty:reached", alert.pk, place.pk)
    assert answered.status_code == 302
    row = Reached.objects.get()
    post(world.leader, "duty:reached", alert.pk, place.pk)
    assert Reached.objects.get() == row  # the first who went stays
    assert row.person == world.editor
    found = page(world.leader, "duty:board", alert.pk)
    assert "Nguyễn Thị Hoa" in found
    assert "Bỏ đánh dấu" in found
    assert "Mọi nơi đã trả lời hoặc đã báo tận nơi" in found
    entry = Entry.objects.get(verb="alerts.reached")
    assert (entry.place, entry.actor_name) == (place.pk, "Nguyễn Thị Hoa")
    post(world.leader, "duty:reached", alert.pk, place.pk, undo="1")
    assert not Reached.objects.exists()
    assert Entry.objects.filter(verb="alerts.unreached").count() == 1


def test_it_counts_in_the_scorecard(world: District) -> None:
    alert = silent(world)
    for device in world.devices[:3]:
        Delivery.objects.get_or_create(broadcast=sent(alert)[0], device=device, defaults={"changed_at": NOW})
    duty_actions.reach(alert=alert, place_id=world.hamlets[0].pk, actor=world.editor, now=clock.now())
    score = scores.score(alert, world.editor)
    assert score is not None
    assert (score.whole.devices, score.by_hand) == (3, 2)


def test_only_a_silent_place_of_ones_own_is_marked(world: District) -> None:
    alert = silent(world)
    with pytest.raises(NotNow):
        duty_actions.reach(alert=alert, place_id=world.hamlets[1].pk, actor=world.editor, now=NOW)
    watcher = warning.person("xem", "Người Xem", world.commune, "watcher")
    with pytest.raises(Forbidden):
        duty_actions.reach(alert=alert, place_id=world.hamlets[0].pk, actor=watcher, now=NOW)


def test_a_commune_marks_its_own_of_an_alert_from_above(world: District) -> None:
    """The district warns; the people of the commune go there."""
    alert = world.wide(now=clock.now() - timedelta(seconds=70), staged=False)
    silence.look(clock.now())
    found = page(world.editor, "duty:board", alert.pk)
    assert "Quảng Vân" in found
    assert "Đại Tín" not in found  # of the other commune
    assert post(world.editor, "duty:reached", alert.pk, world.hamlets[0].pk).status_code == 302
    assert Reached.objects.get().place == world.hamlets[0]
    assert post(world.editor, "duty:reached", alert.pk, world.far.pk).status_code == 403


def test_who_answers_late_is_shown_as_such(world: District) -> None:
    alert = silent(world)
    answer(alert, *world.devices[:3], at=clock.now())
    found = page(world.editor, "duty:board", alert.pk)
    assert "Đã trả lời muộn" in found
    assert "Đã báo tận nơi</button>" not in found
    assert "Mọi nơi đã trả lời" in found


def test_before_the_minute_and_with_nobody_silent(world: District) -> None:
    alert = world.live(now=clock.now())
    assert "Sau 60 giây, cụm loa nào không trả lời sẽ hiện ở đây" in page(world.editor, "duty:board", alert.pk)
    quick = world.live(now=clock.now() - timedelta(seconds=70))
    answer(quick, world.devices[0], world.devices[2])
    silence.look(clock.now())
    assert "Không phải báo người trực" in page(world.editor, "duty:board", quick.pk)
