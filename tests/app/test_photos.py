"""Photos of screens: asked for in the office, sent by the device, seen beside it and by the broadcast they prove."""

import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from nguon.devices import actions as registry
from nguon.devices import queries as devices
from nguon.devices.models import Device, ScreenPhoto, Status
from nguon.devices.photos import actions, queries, rules
from nguon.journal.models import Entry
from nguon.kit import clock
from nguon.people.scope import Forbidden
from tests.app import clusters
from tests.app.clusters import World
from tests.app.test_api import basic

pytestmark = [pytest.mark.django_db, pytest.mark.boards]
Basic = dict[str, str]


@pytest.fixture(autouse=True)
def storage(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def world() -> World:
    return clusters.make_world()


@pytest.fixture
def board(world: World) -> tuple[Device, Basic]:
    made = registry.register(name="Bảng Tùng Giản", place=world.hamlet, actor="thử", now=world.now, channel="board")
    signed = basic(made.pk.hex, clusters.enrolled(made, world.now))
    made.refresh_from_db()
    return made, signed


@pytest.fixture(scope="module")
def jpeg(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("photo") / "one.jpg"
    argv = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=size=320x180", "-frames:v", "1", str(path)]
    subprocess.run(argv, check=True)
    return path.read_bytes()


def put(signed: Basic, body: bytes, photo: UUID | None = None, **said: Any) -> Any:
    query = "&".join(f"{name}={value}" for name, value in ({"seen": "picture"} | said).items())
    address = f"/api/1/photo/{(photo or uuid4()).hex}?{query}"
    return Client().put(address, body, content_type="image/jpeg", headers=signed)


def test_a_request_is_told_and_answered(world: World, board: tuple[Device, Basic], jpeg: bytes) -> None:
    device, signed = board
    before = devices.wire_settings(device, clock.today())
    assert before.photos is None
    assert actions.ask(device=device, actor=world.technician, now=world.now)
    device.refresh_from_db()
    told = devices.wire_settings(device, clock.today())
    assert told.photos is not None
    assert device.photo_asked is not None
    assert (told.photos.asked, told.photos.every) == (device.photo_asked.hex, None)
    assert told.version == before.version + 1
    assert Entry.objects.filter(verb="devices.photo", actor=str(world.technician.pk)).count() == 1
    assert queries.standing(device, world.now).waits
    at = clock.ms(world.now) - 5_000
    assert put(signed, jpeg, at=at, asked=device.photo_asked.hex).status_code == 204
    stands = queries.standing(device, world.now)
    assert not stands.waits
    assert stands.newest is not None
    assert (clock.ms(stands.newest.taken_at), stands.newest.width, stands.newest.height) == (at, 320, 180)
    with default_storage.open(stands.newest.path) as kept:
        assert kept.read() == jpeg


def test_a_second_request_while_one_waits_changes_nothing(world: World, board: tuple[Device, Basic]) -> None:
    device, _ = board
    assert actions.ask(device=device, actor=world.technician, now=world.now)
    assert not actions.ask(device=device, actor=world.technician, now=world.now + timedelta(seconds=5))
    assert actions.ask(device=device, actor=world.technician, now=world.now + rules.REPEAT)


def test_what_was_shown_stands_beside_the_broadcast(world: World, board: tuple[Device, Basic], jpeg: bytes) -> None:
    device, signed = board
    cast = clusters.broadcast(world, clusters.stored(b"1"), channel="board")
    assert put(signed, jpeg, broadcast=cast.pk.hex).status_code == 404  # it was never given to this board
    clusters.delivery(cast, device, "started")
    assert put(signed, jpeg, broadcast=cast.pk.hex).status_code == 204
    client = Client()
    client.force_login(world.watcher)
    page = client.get(f"/luot-phat/{cast.pk}").content.decode()
    photo = ScreenPhoto.objects.get()
    assert photo.title == cast.title
    assert f"/thiet-bi/{device.pk}/anh/{photo.pk}" in page
    client.force_login(world.neighbour)
    assert list(queries.of_broadcast(world.neighbour, cast.pk)) == []
    assert client.get(f"/thiet-bi/{device.pk}/anh/{photo.pk}").status_code == 404
    client.force_login(world.watcher)
    picture = client.get(f"/thiet-bi/{device.pk}/anh/{photo.pk}")
    assert (picture.status_code, picture.headers["Content-Type"]) == (200, "image/jpeg")
    assert picture.content == jpeg


def test_the_same_photo_again_is_one(board: tuple[Device, Basic], jpeg: bytes) -> None:
    photo = uuid4()
    assert [put(board[1], jpeg, photo).status_code for _ in range(3)] == [204] * 3
    assert ScreenPhoto.objects.count() == 1


def test_what_is_no_photo_is_refused(board: tuple[Device, Basic], jpeg: bytes) -> None:
    _, signed = board
    assert put(signed, b"<html>").status_code == 415
    assert put(signed, b"").status_code == 415
    assert put(signed, jpeg[:-2] + bytes(rules.LARGEST) + b"\xff\xd9").status_code == 413
    assert put(signed, jpeg, seen="lovely").status_code == 400
    assert put(signed, jpeg, at="-1").status_code == 400
    assert put(signed, jpeg, broadcast="x").status_code == 400
    assert put({}, jpeg).status_code == 401
    assert not ScreenPhoto.objects.exists()


def test_what_has_no_screen_and_the_photo_of_another_are_refused(
    world: World, board: tuple[Device, Basic], jpeg: bytes
) -> None:
    speaker = clusters.device(world)
    loud = basic(speaker.pk.hex, clusters.enrolled(speaker, world.now))
    answer = put(loud, jpeg)
    assert answer.status_code == 403
    assert answer.json()["error"] == "Thiết bị này không có màn hình để chụp."
    photo = uuid4()
    assert put(board[1], jpeg, photo).status_code == 204
    assert put(loud, jpeg, photo).status_code == 403
    assert ScreenPhoto.objects.get().device == board[0]


def test_a_flood_is_held_back(board: tuple[Device, Basic], jpeg: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_AN_HOUR", 2)
    answers = [put(board[1], jpeg) for _ in range(3)]
    assert [one.status_code for one in answers] == [204, 204, 429]
    ScreenPhoto.objects.update(received_at=clock.now() - timedelta(hours=2))
    assert put(board[1], jpeg).status_code == 204


def test_a_time_to_come_is_now(board: tuple[Device, Basic], jpeg: bytes) -> None:
    assert put(board[1], jpeg, at=clock.ms(clock.now()) + 10**9).status_code == 204
    assert ScreenPhoto.objects.get().taken_at <= clock.now()


def test_a_page_nobody_watches_says_so(world: World, board: tuple[Device, Basic], client: Client) -> None:
    device, signed = board
    client.force_login(world.technician)
    assert "Chưa có ảnh nào." in client.get(f"/thiet-bi/{device.pk}").content.decode()
    assert client.post(f"/thiet-bi/{device.pk}/anh/chup").status_code == 302
    assert "Đang chờ ảnh" in client.get(f"/thiet-bi/{device.pk}").content.decode()
    device.refresh_from_db()
    assert device.photo_asked is not None
    assert put(signed, b"", seen="none", asked=device.photo_asked.hex).status_code == 204
    page = client.get(f"/thiet-bi/{device.pk}").content.decode()
    assert "chưa có chương trình trông màn (nguon agent kiosk)" in page
    assert "Đang chờ ảnh" not in page


def test_a_request_that_nobody_answers_is_told(world: World, board: tuple[Device, Basic], client: Client) -> None:
    device, _ = board
    actions.ask(device=device, actor=world.technician, now=clock.now() - rules.PATIENCE * 2)
    client.force_login(world.technician)
    page = client.get(f"/thiet-bi/{device.pk}").content.decode()
    assert "Bảng đang mất kết nối. Ảnh được chụp khi bảng nối lại." in page
    assert "hx-get" not in page


def test_who_only_watches_cannot_ask(world: World, board: tuple[Device, Basic], client: Client) -> None:
    device, _ = board
    client.force_login(world.watcher)
    assert "Chụp màn hình" not in client.get(f"/thiet-bi/{device.pk}").content.decode()
    assert client.post(f"/thiet-bi/{device.pk}/anh/chup").status_code == 404
    with pytest.raises(Forbidden):
        actions.ask(device=device, actor=world.watcher, now=world.now)


def test_a_screen_takes_photos_by_itself(world: World, board: tuple[Device, Basic], client: Client) -> None:
    device, _ = board
    client.force_login(world.technician)
    assert client.post(f"/thiet-bi/{device.pk}/anh/tu-chup", {"every": "60"}).status_code == 302
    device.refresh_from_db()
    told = devices.wire_settings(device, clock.today())
    assert told.photos is not None
    assert (told.photos.asked, told.photos.every) == (None, 60)
    client.post(f"/thiet-bi/{device.pk}/anh/tu-chup", {"every": "7"})
    device.refresh_from_db()
    assert device.photo_every == 60
    client.post(f"/thiet-bi/{device.pk}/anh/tu-chup", {"every": ""})
    device.refresh_from_db()
    assert devices.wire_settings(device, clock.today()).photos is None


def test_a_loudspeaker_has_none_of_it(world: World, client: Client) -> None:
    speaker = clusters.device(world)
    client.force_login(world.technician)
    assert "Chụp màn hình" not in client.get(f"/thiet-bi/{speaker.pk}").content.decode()
    assert client.get(f"/thiet-bi/{speaker.pk}/anh").status_code == 404
    client.post(f"/thiet-bi/{speaker.pk}/anh/chup")
    speaker.refresh_from_db()
    assert speaker.photo_asked is None


def test_a_board_that_is_not_in_use_is_not_asked(world: World, board: tuple[Device, Basic], client: Client) -> None:
    device, _ = board
    registry.set_status(device=device, status=Status.REPAIR, reason="hỏng", actor=world.technician, now=world.now)
    client.force_login(world.technician)
    assert "Chụp màn hình" not in client.get(f"/thiet-bi/{device.pk}").content.decode()
    client.post(f"/thiet-bi/{device.pk}/anh/chup")
    device.refresh_from_db()
    assert device.photo_asked is None


def test_old_photos_are_forgotten_but_for_the_newest(
    world: World, board: tuple[Device, Basic], jpeg: bytes, settings: Any
) -> None:
    settings.NGUON_PHOTO_DAYS = 10
    now = clock.now()
    days = (40, 30, 20)
    for day in days:
        assert put(board[1], jpeg, at=clock.ms(now - timedelta(days=day))).status_code == 204
    put(board[1], b"", seen="none", at=clock.ms(now - timedelta(days=15)))
    paths = list(ScreenPhoto.objects.exclude(path="").values_list("path", flat=True))
    actions.forget(now)
    kept = ScreenPhoto.objects.get()
    assert round((now - kept.taken_at) / timedelta(days=1)) == 20
    assert [default_storage.exists(path) for path in paths] == [path == kept.path for path in paths]
    put(board[1], jpeg)
    actions.forget(now)
    assert ScreenPhoto.objects.get().pk != kept.pk
