"""A device that shows a code, and an officer who says which one it is."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from nguon.devices import actions, rules, screens
from nguon.devices.errors import NotAllowedNow, ScreensFull, ScreenUnknown
from nguon.devices.models import Device, Screen, Status
from nguon.journal.models import Entry
from nguon.kit import clock
from nguon.people.scope import Forbidden
from tests.app import clusters
from tests.app.clusters import KEY, World

pytestmark = pytest.mark.django_db
HERE = "203.0.113.5"


@pytest.fixture
def world() -> World:
    return clusters.make_world()


@pytest.fixture
def board(world: World) -> Device:
    return actions.register(name="Bảng nhà văn hóa", place=world.hamlet, actor=world.technician, now=world.now)


def shown(world: World, address: str = HERE) -> screens.Shown:
    return screens.show(software="bảng 1", address=address, now=world.now)


def test_a_screen_that_is_named_gets_one_code_to_enrol_with(world: World, board: Device) -> None:
    screen = shown(world)
    assert screens.ask(ticket=screen.ticket, now=world.now) is None
    typed = screen.code.lower().replace("-", " ")
    screens.name(code=typed, device=board, actor=world.technician, now=world.now)
    code = screens.ask(ticket=screen.ticket, now=world.now)
    assert code is not None
    got = actions.enrol(code=code, public_key=KEY, software="bảng 1", now=world.now)
    assert got.device == board
    with pytest.raises(ScreenUnknown):  # once
        screens.ask(ticket=screen.ticket, now=world.now)
    with pytest.raises(ScreenUnknown):
        screens.name(code=typed, device=board, actor=world.technician, now=world.now)
    entry = Entry.objects.get(verb="devices.screen")
    assert (entry.place, entry.after["address"]) == (world.hamlet.pk, HERE)


def test_of_code_and_ticket_only_hashes_are_kept(world: World) -> None:
    screen = shown(world)
    row = Screen.objects.get()
    for kept in (row.code, row.ticket):
        assert screen.code not in kept
        assert screen.ticket not in kept


def test_a_code_ends_after_a_quarter_of_an_hour(world: World, board: Device) -> None:
    screen = shown(world)
    later = world.now + rules.SCREEN_LIFE
    with pytest.raises(ScreenUnknown):
        screens.name(code=screen.code, device=board, actor=world.technician, now=later)
    with pytest.raises(ScreenUnknown):
        screens.ask(ticket=screen.ticket, now=later)
    screens.show(software="", address="", now=later)
    assert Screen.objects.count() == 1


def test_only_who_may_manage_the_device_names_a_screen(world: World, board: Device) -> None:
    screen = shown(world)
    for actor in (world.watcher, world.neighbour):
        with pytest.raises(Forbidden):
            screens.name(code=screen.code, device=board, actor=actor, now=world.now)
    assert screens.ask(ticket=screen.ticket, now=world.now) is None


def test_a_device_that_is_retired_takes_no_screen(world: World, board: Device) -> None:
    screen = shown(world)
    actions.set_status(device=board, status=Status.RETIRED, reason="hỏng", actor=world.technician, now=world.now)
    with pytest.raises(NotAllowedNow):
        screens.name(code=screen.code, device=board, actor=world.technician, now=world.now)


def test_a_crowd_of_screens_is_refused_and_disturbs_nobody_elsewhere(world: World) -> None:
    for _ in range(rules.SCREENS_OF_ADDRESS):
        shown(world)
    with pytest.raises(ScreensFull):
        shown(world)
    shown(world, "203.0.113.6")
    screens.show(software="", address=HERE, now=world.now + rules.SCREEN_LIFE + timedelta(seconds=1))


def test_from_the_screen_to_the_device_over_http(client: Client, world: World, board: Device) -> None:
    made = client.post("/api/1/screens", b'{"software":"x"}', content_type="application/json")
    assert made.status_code == 201
    body = json.dumps({"ticket": made.json()["ticket"]})
    assert client.post("/api/1/screens/ask", body, content_type="application/json").json() == {"code": None}
    officer = Client()
    officer.force_login(world.technician)
    page = reverse("devices:screen", args=[board.pk])
    wrong = officer.post(page, {"code": "0000-0000"})
    assert wrong.status_code == 422
    assert "Không có màn hình nào đang hiện mã này" in wrong.content.decode()
    empty = officer.post(page, {"code": ""})
    assert empty.status_code == 422
    named = officer.post(page, {"code": made.json()["code"]}, follow=True)
    assert "đã được nhận" in named.content.decode()
    code = client.post("/api/1/screens/ask", body, content_type="application/json").json()["code"]
    assert actions.enrol(code=code, public_key=KEY, software="", now=clock.now()).device == board
    again = client.post("/api/1/screens/ask", body, content_type="application/json")
    assert (again.status_code, "error" in again.json()) == (404, True)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"ticket":5}', b'{"ticket":"' + b"x" * 101 + b'"}'])
def test_nonsense_is_refused(client: Client, db: None, body: bytes) -> None:
    assert client.post("/api/1/screens/ask", body, content_type="application/json").status_code == 400
    assert client.post("/api/1/screens/ask", b"x" * 5000, content_type="application/json").status_code == 413
