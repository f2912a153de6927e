"""The device API over HTTP, as a box speaks it."""

import base64
import json
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient, Client

from nguon.delivery.models import State, Target
from nguon.delivery.planned import Document, publish
from nguon.devices import actions, rules
from nguon.devices.models import Device, Refusal
from nguon.kit import clock
from nguon.media.models import File
from nguon.wire import messages
from tests.app import clusters
from tests.app.clusters import KEY, World

pytestmark = pytest.mark.django_db
SOUND = bytes(range(256)) * 4


@pytest.fixture
def world() -> World:
    return clusters.make_world()


@pytest.fixture(scope="module")
def mp3(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("sound") / "tone.mp3"
    tone = ["-f", "lavfi", "-i", "sine=440:duration=1", "-b:a", "64k", "-ac", "1", str(path)]
    subprocess.run(["ffmpeg", "-v", "error", *tone], check=True)
    return path.read_bytes()


@pytest.fixture(autouse=True)
def storage(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def basic(name: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


def box(world: World, **fields: Any) -> tuple[Device, dict[str, str]]:
    made = clusters.device(world, **fields)
    return made, basic(made.pk.hex, clusters.enrolled(made, world.now))


def post(client: Client, body: object, **headers: Any) -> Any:
    content = body if isinstance(body, (bytes, str)) else json.dumps(body)
    return client.post("/api/1/enrol", content, content_type="application/json", **headers)


def test_a_code_buys_all_a_device_needs(client: Client, world: World, settings: Any) -> None:
    settings.NGUON_BROKER_PUBLIC_URL = "mqtt://loa.example.vn:18830"
    made = actions.register(name="Loa", place=world.hamlet, actor=world.technician, now=world.now, volume=65)
    code = actions.issue_code(device=made, actor=world.technician, now=world.now)
    answer = post(client, {"code": code, "public_key": KEY, "software": "nguon 0.1"})
    assert answer.status_code == 200
    got = answer.json()
    made.refresh_from_db()
    assert (got["device"], got["broker"]) == (made.pk.hex, "mqtt://loa.example.vn:18830")
    assert rules.password_matches(got["password"], made.password)
    own = messages.Settings(**{key: value for key, value in got["settings"].items() if key != "type"})
    assert (own.volume, list(own.areas)) == (65, [world.root.pk.hex, world.here.pk.hex, world.hamlet.pk.hex])
    assert post(client, {"code": code, "public_key": KEY}).status_code == 410


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"code"',
        b"\xff\xfe",
        b'{"code": 7, "public_key": "x"}',
        b'{"code": "ABCD-EFGH"}',
        b"[" * 3000,
    ],
)
def test_a_bad_body_is_refused_in_vietnamese(client: Client, body: bytes) -> None:
    answer = post(client, body)
    assert answer.status_code == 400
    assert answer.json() == {"error": "Nội dung gửi lên không đúng dạng."}


def test_refusals_of_enrolment(client: Client, world: World) -> None:
    assert post(client, {"code": "0000-0000", "public_key": KEY}).status_code == 404
    assert post(client, {"code": "0000-0000", "public_key": "khóa"}).status_code == 400
    assert post(client, b" " * 5000).status_code == 413
    assert client.get("/api/1/enrol").status_code == 405
    for _ in range(rules.MAX_ENROL_TRIES):
        last = post(client, {"code": "0000-0000", "public_key": KEY})
    assert (last.status_code, last.headers["Retry-After"]) == (429, "600")
    assert "10 phút" in last.json()["error"]


def test_content_whole_and_in_parts(client: Client, world: World) -> None:
    _, who = box(world)
    file = clusters.stored(SOUND)
    clusters.broadcast(world, file)
    url = f"/api/1/content/{file.sha256}"
    whole = client.get(url, headers=who)
    assert (whole.status_code, whole.headers["Accept-Ranges"], whole.headers["Content-Type"]) == (
        *(200, "bytes", "audio/mpeg"),
    )
    assert b"".join(whole.streaming_content) == SOUND  # type: ignore[attr-defined]
    part = client.get(url, headers=who | {"Range": "bytes=1000-"})
    assert (part.status_code, part.headers["Content-Range"]) == (206, "bytes 1000-1023/1024")
    assert b"".join(part.streaming_content) == SOUND[1000:]  # type: ignore[attr-defined]
    beyond = client.get(url, headers=who | {"Range": "bytes=1024-"})
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, "bytes */1024")
    other = client.get(url, headers=who | {"Range": "bytes=1000-", "If-Range": '"another"'})
    assert other.status_code == 200
    assert client.head(url, headers=who).headers["Content-Length"] == "1024"


@pytest.mark.django_db(transaction=True)
async def test_content_streams_under_asgi(async_client: AsyncClient) -> None:
    def prepared() -> tuple[str, dict[str, str]]:
        world = clusters.make_world()
        _, who = box(world)
        file = clusters.stored(SOUND)
        clusters.broadcast(world, file)
        return f"/api/1/content/{file.sha256}", who

    url, who = await sync_to_async(prepared)()
    answer = await async_client.get(url, headers=who | {"Range": "bytes=-24"})
    assert (answer.status_code, answer.headers["Content-Length"]) == (206, "24")
    parts = [part async for part in answer.streaming_content]  # type: ignore[attr-defined]
    assert b"".join(parts) == SOUND[-24:]


def test_a_plan_is_given_to_those_who_hold_it(client: Client, world: World) -> None:
    (mine, here), (_, there) = box(world), box(world, name="Xa", where=world.far)
    document = Document(b"0123456789", "speaker", world.now, (), (mine.pk,))
    assert publish([document], world.now) == 1
    url = f"/api/1/plan/{document.sha256}"
    answer = client.get(url, headers=here)
    assert (answer.status_code, answer.content, answer.headers["Content-Type"]) == (
        200,
        b"0123456789",
        "application/json",
    )
    assert client.get(url, headers=here | {"Range": "bytes=7-"}).content == b"789"
    assert client.get(url, headers=there).status_code == 403
    assert client.get(url).status_code == 401
    assert publish([Document(b"newer", "speaker", world.now, (), (mine.pk,))], world.now) == 1
    assert client.get(url, headers=here).status_code == 403


def test_content_only_for_whom_it_is_meant(client: Client, world: World) -> None:
    _, here = box(world)
    far, there = box(world, name="Xa", where=world.far)
    file = clusters.stored(SOUND)
    url = f"/api/1/content/{file.sha256}"
    assert client.get(url, headers=here).status_code == 403
    cast = clusters.broadcast(world, file, where=world.here)
    assert client.get(url, headers=here).status_code == 200
    refused = client.get(url, headers=there)
    assert (refused.status_code, refused.json()) == (403, {"error": "Nội dung này không dành cho thiết bị này."})
    Target.objects.create(broadcast=cast, device=far)
    assert client.get(url, headers=there).status_code == 200
    cast.targets.filter(device=far).delete()
    group = actions.create_group(name="Nhóm", place=world.root, actor=world.admin, now=world.now)
    actions.change(device=far, actor=world.admin, now=world.now, groups=[group])
    Target.objects.create(broadcast=cast, group=group)
    assert client.get(url, headers=there).status_code == 200


def test_content_of_what_is_over_or_stopped_is_not_given(client: Client, world: World) -> None:
    _, who = box(world)
    file = clusters.stored(SOUND)
    cast = clusters.broadcast(world, file)
    url = f"/api/1/content/{file.sha256}"
    cast.state = State.STOPPED
    cast.save()
    assert client.get(url, headers=who).status_code == 403
    cast.state, cast.expires_at = State.LIVE, world.now - timedelta(seconds=1)
    cast.issued_at = world.now - timedelta(hours=1)
    cast.save()
    assert client.get(url, headers=who).status_code == 403


def test_who_is_not_signed_in_gets_nothing(client: Client, world: World) -> None:
    made, _ = box(world)
    url = "/api/1/content/" + "0" * 64
    for headers in (
        {},
        {"Authorization": "Bearer x"},
        {"Authorization": "Basic ???"},
        basic("không phải mã", "x"),
        basic("f" * 32, "x"),
        basic(made.pk.hex, "sai"),
        basic(str(made.pk), "sai"),
    ):
        answer = client.get(url, headers=headers)
        assert answer.status_code == 401
        assert answer.json()["error"]
        assert answer.headers["WWW-Authenticate"].startswith("Basic")
    assert Refusal.objects.filter(device=made, reason="password").exists()


def test_guessing_a_password_is_stopped_and_others_behind_that_address_go_on(client: Client, world: World) -> None:
    made, right = box(world)
    _, other = box(world, name="Khác")
    url = "/api/1/content/" + "0" * 64
    for _ in range(rules.MAX_SIGN_IN_TRIES):
        client.get(url, headers=basic(made.pk.hex, "sai"))
    assert client.get(url, headers=basic(made.pk.hex, "sai")).status_code == 429
    assert client.get(url, headers=right).status_code == 429
    assert client.get(url, headers=other).status_code == 403


def test_a_device_out_of_use_is_a_stranger(client: Client, world: World) -> None:
    made, who = box(world)
    url = "/api/1/content/" + "0" * 64
    assert client.get(url, headers=who).status_code == 403
    actions.revoke(device=made, actor=world.technician, now=world.now)
    assert client.get(url, headers=who).status_code == 401


def test_the_sound_that_was_played_is_kept_once(client: Client, world: World, mp3: bytes) -> None:
    made, who = box(world)
    cast = clusters.broadcast(world, clusters.stored(SOUND))
    url = f"/api/1/proof/{cast.pk.hex}"
    assert client.put(url, mp3, content_type="audio/mpeg", headers=who).status_code == 404
    row = clusters.delivery(cast, made, "finished", changed_at=world.now)
    for _ in range(2):
        assert client.put(url, mp3, content_type="audio/mpeg", headers=who).status_code == 204
    row.refresh_from_db()
    assert row.proof is not None
    assert (row.proof.size, row.proof.mime) == (len(mp3), "audio/mpeg")
    assert abs((row.proof.duration_ms or 0) - 1000) < 150
    assert row.changed_at > world.now
    assert client.put(url, SOUND, content_type="audio/mpeg", headers=who).status_code == 204
    assert File.objects.count() == 2


@pytest.mark.parametrize(("body", "status"), [(b"", 400), (b"<html>no sound", 415), (SOUND, 415)])
def test_a_proof_that_is_no_sound_is_refused(client: Client, world: World, body: bytes, status: int) -> None:
    made, who = box(world)
    cast = clusters.broadcast(world, clusters.stored(b"sound"))
    row = clusters.delivery(cast, made)
    answer = client.put(f"/api/1/proof/{cast.pk.hex}", body, content_type="audio/mpeg", headers=who)
    assert answer.status_code == status
    assert answer.json()["error"]
    row.refresh_from_db()
    assert row.proof is None


def test_a_proof_over_the_limit_or_with_an_odd_name_is_refused(client: Client, world: World) -> None:
    _, who = box(world)
    long = client.put(
        "/api/1/proof/" + "0" * 32, b"\0" * (20 * 1024 * 1024 + 1), content_type="audio/mpeg", headers=who
    )
    assert long.status_code == 413
    odd = client.put("/api/1/proof/khong-phai-ma", b"x", content_type="audio/mpeg", headers=who)
    assert odd.status_code == 400


def test_one_device_cannot_give_proof_for_another(client: Client, world: World, mp3: bytes) -> None:
    made, _ = box(world)
    _, other = box(world, name="Khác")
    cast = clusters.broadcast(world, clusters.stored(SOUND))
    clusters.delivery(cast, made, "finished")
    answer = client.put(f"/api/1/proof/{cast.pk.hex}", mp3, content_type="audio/mpeg", headers=other)
    assert answer.status_code == 404


def test_the_clock_is_open_to_all(client: Client) -> None:
    before = clock.ms(clock.now())
    said = client.get("/api/1/time").json()["now"]
    assert before <= said <= clock.ms(clock.now())
