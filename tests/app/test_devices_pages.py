"""The pages of the registry."""

import re
from typing import Any

import pytest
from django.test import Client

from nguon.devices import actions
from nguon.devices.models import Device, Group, Status
from nguon.devices.queries import wire_settings
from nguon.kit import clock
from tests.app import clusters
from tests.app.clusters import KEY, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return clusters.make_world()


@pytest.fixture
def desk(client: Client, world: World) -> Client:
    client.force_login(world.technician)
    return client


def fields(world: World, **changes: Any) -> dict[str, Any]:
    given = {"name": "Cụm loa đầu thôn", "place": str(world.hamlet.pk), "horns": 4, "volume": 70}
    return given | {"latitude": "13.88", "longitude": "109.2", "sim": "0905 000 111"} | changes


def test_a_technician_registers_and_gives_a_code_that_works_once_shown(desk: Client, world: World) -> None:
    answer = desk.post("/thiet-bi/moi", fields(world))
    made = Device.objects.get()
    assert answer.headers["Location"] == f"/thiet-bi/{made.pk}"
    assert (made.horns, made.volume, made.latitude, made.status) == (4, 70, 13.88, Status.PLANNED)
    assert "Tạo mã" in desk.get(f"/thiet-bi/{made.pk}/cap-ma").content.decode()
    page = desk.post(f"/thiet-bi/{made.pk}/cap-ma")
    assert "no-store" in page.headers["Cache-Control"]
    found = re.search(r'id="code">([0-9A-Z]{4}-[0-9A-Z]{4})<', page.content.decode())
    assert found
    assert found[1] not in desk.get(f"/thiet-bi/{made.pk}/cap-ma").content.decode()
    assert actions.enrol(code=found[1], public_key=KEY, software="", now=world.now).device == made


def test_amplifier_stagger_and_data_are_set_in_an_officer_s_units(desk: Client, world: World) -> None:
    desk.post("/thiet-bi/moi", fields(world, warm_up="1.5", stagger="0.4", data_budget="2000"))
    made = Device.objects.get()
    assert (made.warm_up, made.stagger, made.data_budget) == (1_500, 400, 2_000)
    told = wire_settings(made, clock.local_day(world.now))
    assert (told.warm_up, told.stagger, told.data_budget) == (1_500, 400, 2_000_000_000)
    page = desk.get(f"/thiet-bi/{made.pk}/sua").content.decode()
    assert 'value="1.5"' in page.replace("1,5", "1.5")
    desk.post(f"/thiet-bi/{made.pk}/sua", fields(world))
    changed = Device.objects.get()
    assert (changed.warm_up, changed.stagger, changed.data_budget) == (0, 0, None)
    assert changed.settings_version > made.settings_version
    assert desk.post("/thiet-bi/moi", fields(world, warm_up="61")).status_code != 302


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "Tên"),
        ({"volume": 101}, "100"),
        ({"longitude": ""}, "cả vĩ độ và kinh độ"),
        ({"latitude": "chín mươi"}, "số"),
        ({"name": "x" * 121}, "120"),
    ],
)
def test_a_wrong_form_says_why_and_keeps_nothing(
    desk: Client, world: World, changes: dict[str, Any], words: str
) -> None:
    answer = desk.post("/thiet-bi/moi", fields(world, **changes))
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Device.objects.exists()


def test_nobody_registers_in_a_neighbour_commune(desk: Client, world: World) -> None:
    answer = desk.post("/thiet-bi/moi", fields(world, place=str(world.far.pk)))
    assert answer.status_code == 200
    assert not Device.objects.exists()


def test_all_pages_of_a_device_are_closed_to_strangers_and_to_those_without_the_right(
    client: Client, world: World
) -> None:
    made = clusters.device(world)
    own = [f"/thiet-bi/{made.pk}/{page}" for page in ("sua", "cap-ma")]
    acts = [f"/thiet-bi/{made.pk}/{page}" for page in ("thu-hoi", "tinh-trang", "dien", "cap-ma", "sua")]
    client.force_login(world.neighbour)
    assert client.get(f"/thiet-bi/{made.pk}").status_code == 404
    assert made.name not in client.get("/thiet-bi/").content.decode()
    client.force_login(world.watcher)
    assert client.get(f"/thiet-bi/{made.pk}").status_code == 200
    assert client.get("/thiet-bi/moi").status_code == 403
    for person in (world.neighbour, world.watcher):
        client.force_login(person)
        assert {client.get(url).status_code for url in own} == {404}
        assert {
            client.post(url, {"unplugged": "1", "status": "retired", "reason": "x"}).status_code for url in acts
        } == {404}
    client.logout()
    assert {client.get(url).status_code for url in own} == {302}
    made.refresh_from_db()
    assert made.status == Status.ACTIVE
    assert made.password


def test_the_list_is_filtered(desk: Client, world: World) -> None:
    one = clusters.device(world, "Cụm loa Đình", online=True)
    two = clusters.device(world, "Cụm loa Chợ")
    actions.change(device=two, actor=world.technician, now=world.now, sim="0905123456")
    actions.set_status(device=two, status=Status.REPAIR, reason="sét", actor=world.technician, now=world.now)
    for query, seen, unseen in (
        ("?q=dinh", one, two),
        ("?q=0905123", two, one),
        ("?contact=on", one, two),
        ("?contact=off", two, one),
        ("?status=repair", two, one),
        (f"?place={world.far.pk}", None, one),
    ):
        html = desk.get(f"/thiet-bi/{query}").content.decode()
        assert seen is None or seen.name in html
        assert unseen.name not in html


def test_a_change_of_status_needs_a_reason(desk: Client, world: World) -> None:
    made = clusters.device(world)
    desk.post(f"/thiet-bi/{made.pk}/tinh-trang", {"status": "retired", "reason": "  "})
    made.refresh_from_db()
    assert made.status == Status.ACTIVE
    desk.post(f"/thiet-bi/{made.pk}/tinh-trang", {"status": "retired", "reason": "Hỏng hẳn"})
    made.refresh_from_db()
    assert (made.status, made.password) == (Status.RETIRED, "")
    assert desk.post(f"/thiet-bi/{made.pk}/cap-ma").status_code == 302


def test_a_group_is_made_filled_and_taken_away(desk: Client, world: World) -> None:
    made = clusters.device(world)
    desk.post("/thiet-bi/nhom", {"name": "Gần chợ", "place": str(world.here.pk)})
    group = Group.objects.get()
    desk.post(f"/thiet-bi/{made.pk}/sua", fields(world, groups=[str(group.pk)]))
    assert list(made.groups.all()) == [group]
    assert "1 thiết bị" in desk.get("/thiet-bi/nhom").content.decode()
    desk.post(f"/thiet-bi/nhom/{group.pk}/xoa")
    assert not Group.objects.exists()
    made.refresh_from_db()
    assert made.settings_version == 3
