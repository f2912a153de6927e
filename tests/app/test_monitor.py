"""The live page and the page of a device: what is shown, and to whom."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from nguon.devices.models import Device, DeviceState, Refusal
from nguon.kit import clock
from nguon.media import queries as media
from nguon.monitor import page, queries
from nguon.monitor.queries import Wish
from nguon.monitor.rules import Health
from nguon.monitor.watch import Over, Watch
from nguon.people.models import Person
from tests.app import clusters
from tests.app.clusters import World
from tests.app.serving import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return clusters.make_world()


@pytest.fixture(autouse=True)
def storage(tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def shown(client: Client, person: Person, query: str = "") -> str:
    client.force_login(person)
    answer = client.get(f"/giam-sat/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def alive(world: World, name: str = "Cụm loa Tùng Giản", **state: Any) -> Device:
    where = state.pop("where", None)
    return clusters.device(world, name, where=where, **({"online": True, "seen_at": clock.now()} | state))


def test_each_sees_the_clusters_of_their_own_places_only(client: Client, world: World) -> None:
    here, there = alive(world), alive(world, "Cụm loa Kỳ Sơn", where=world.far)
    for person, seen, unseen in (
        (world.watcher, here, there),
        (world.neighbour, there, here),
    ):
        html = shown(client, person)
        assert seen.pk.hex in html
        assert unseen.pk.hex not in html
        assert unseen.name not in html
        assert client.get(f"/giam-sat/thiet-bi/{seen.pk}").status_code == 200
        assert client.get(f"/giam-sat/thiet-bi/{unseen.pk}").status_code == 404
    html = shown(client, world.admin)
    assert here.pk.hex in html
    assert there.pk.hex in html


def test_a_broadcast_from_above_is_counted_by_the_own_clusters_only(world: World) -> None:
    here, there = alive(world), alive(world, "Xa", where=world.far)
    cast = clusters.broadcast(world, clusters.stored(b"sound"), where=world.root)
    clusters.delivery(cast, here, "started")
    clusters.delivery(cast, there, "failed", reason="fetch")
    now = clock.now()
    [mine] = queries.casts(queries.sight(world.watcher), now)
    assert (mine.counts, mine.total, mine.own) == ({"started": 1}, 1, False)
    [whole] = queries.casts(queries.sight(world.admin), now)
    assert (whole.counts, whole.own) == ({"started": 1, "failed": 1}, True)


def test_a_broadcast_of_the_neighbour_is_not_seen(client: Client, world: World) -> None:
    cast = clusters.broadcast(world, clusters.stored(b"sound"), where=world.there)
    clusters.delivery(cast, alive(world, "Xa", where=world.far), "started")
    assert cast.title not in shown(client, world.watcher)
    assert cast.title in shown(client, world.neighbour)


def test_nobody_without_a_place_sees_anything(client: Client, world: World) -> None:
    alive(world)
    nobody = Person.objects.create_user(username="khach", password="x", full_name="Khách")
    html = shown(client, nobody)
    assert "Chưa có địa bàn nào" in html
    assert "sse-connect" not in html


@pytest.mark.parametrize("query", ["?q=tung+gian", "?q=TÙNG", "?state=ready", "?place=nonsense&state=lạ"])
def test_a_filter_finds_what_is_meant(client: Client, world: World, query: str) -> None:
    wanted = alive(world)
    assert f"d-{wanted.pk.hex}" in shown(client, world.admin, query)


def test_a_filter_leaves_out_the_rest(client: Client, world: World) -> None:
    one, two = alive(world), alive(world, "Cụm loa Kỳ Sơn", where=world.far, clock_offset=60_000)
    html = shown(client, world.admin, "?state=faulty")
    assert f"d-{two.pk.hex}" in html
    assert f"d-{one.pk.hex}" not in html
    assert "Lệch giờ" in html
    by_place = shown(client, world.admin, f"?place={world.here.pk}")
    assert f"d-{one.pk.hex}" in by_place
    assert f"d-{two.pk.hex}" not in by_place


def test_the_map_has_a_mark_for_each_placed_cluster_and_counts_the_others(client: Client, world: World) -> None:
    one, two = alive(world), alive(world, "Hà Nội")
    alive(world, "Không tọa độ")
    Device.objects.filter(pk=one.pk).update(latitude=13.88, longitude=109.2)
    Device.objects.filter(pk=two.pk).update(latitude=21.03, longitude=105.85)
    html = shown(client, world.watcher)
    assert f'id="m-{one.pk.hex}"' in html
    assert f'aria-label="{two.name}: Sẵn sàng"' in html
    assert "1 thiết bị chưa có tọa độ" in html
    sheet = page.chart(queries.rows(queries.sight(world.watcher), Wish(), clock.now()))
    assert all(0 <= mark.x <= sheet.frame.width and 0 <= mark.y <= sheet.frame.height for mark in sheet.marks)


def test_no_page_has_inline_style_or_script(client: Client, world: World) -> None:
    made = alive(world)
    for html in (shown(client, world.watcher), client.get(f"/giam-sat/thiet-bi/{made.pk}").content.decode()):
        assert " style=" not in html
        assert " onclick=" not in html


def test_the_page_of_a_device_says_why_it_did_not_play(client: Client, world: World) -> None:
    made = alive(world, signal=-110, disk_free=1000)
    cast = clusters.broadcast(world, clusters.stored(b"sound"))
    clusters.delivery(cast, made, "failed", reason="disk")
    Refusal.objects.create(at=world.now, device=made, reason="password")
    client.force_login(world.watcher)
    html = client.get(f"/giam-sat/thiet-bi/{made.pk}").content.decode()
    for words in ("Hết chỗ", "Sóng yếu", "Thẻ nhớ của thiết bị đã đầy", "Sai mật khẩu khi tải tệp", "thôn Tùng Giản"):
        assert words in html
    assert "Rút điện" not in html


def test_the_plug_is_pulled_by_who_may_and_nobody_else(client: Client, world: World) -> None:
    made = alive(world)
    Device.objects.filter(pk=made.pk).update(simulated=True)
    url = f"/thiet-bi/{made.pk}/dien"
    for person, status in ((world.watcher, 404), (world.neighbour, 404), (world.technician, 302)):
        client.force_login(person)
        assert client.post(url, {"unplugged": "1"}).status_code == status
        assert Device.objects.get(pk=made.pk).unplugged is (status == 302)
    html = client.get(f"/giam-sat/thiet-bi/{made.pk}").content.decode()
    assert "Cắm điện lại" in html


def test_proofs_are_heard_by_those_who_see_the_device(world: World) -> None:
    made, proof = alive(world), clusters.stored(b"what was played")
    cast = clusters.broadcast(world, clusters.stored(b"sound"))
    clusters.delivery(cast, made, "finished", proof=proof)
    assert queries.may_hear(world.watcher, proof.sha256)
    assert not queries.may_hear(world.neighbour, proof.sha256)
    assert cast.file is not None
    assert not queries.may_hear(world.watcher, cast.file.sha256)


def test_what_came_from_above_is_heard_where_it_was_played(world: World) -> None:
    """By the guards of the settings, as the page of the broadcast asks them."""
    made, sound = alive(world), clusters.stored(b"approved above")
    cast = clusters.broadcast(world, sound, where=world.root)
    assert not media.may_hear(world.watcher, sound.sha256)
    clusters.delivery(cast, made, "finished")
    assert media.may_hear(world.watcher, sound.sha256)
    assert not media.may_hear(world.neighbour, sound.sha256)


def watch(world: World, person: Person, wish: Wish | None = None) -> Watch:
    return Watch(session_key=signed_in(person), wish=wish or Wish(), since=clock.now() - timedelta(hours=1))


def test_a_watch_says_each_change_once(world: World) -> None:
    made = alive(world)
    now = clock.now()
    watching = watch(world, world.watcher)
    assert made.pk.hex in watching.look(now)
    assert watching.look(now + timedelta(seconds=1)) == ""
    DeviceState.objects.filter(device=made).update(volume=33, changed_at=now + timedelta(seconds=1))
    html = watching.look(now + timedelta(seconds=2))
    assert "33" in html
    assert 'id="strip"' not in html
    assert watching.look(now + timedelta(seconds=3)) == ""


def test_a_watch_sees_silence_though_nothing_is_written(world: World) -> None:
    made = alive(world)
    now = clock.now()
    watching = watch(world, world.watcher)
    watching.look(now)
    html = watching.look(now + timedelta(minutes=3))
    assert "Không phản hồi" in html
    assert made.pk.hex in html
    assert 'id="strip"' in html


def test_a_cluster_that_comes_into_the_filter_brings_the_list(world: World) -> None:
    made = alive(world)
    now = clock.now()
    watching = watch(world, world.watcher, Wish(state=Health.OFFLINE))
    assert f"d-{made.pk.hex}" not in watching.look(now)
    DeviceState.objects.filter(device=made).update(online=False, changed_at=now + timedelta(seconds=1))
    html = watching.look(now + timedelta(seconds=2))
    assert 'id="clusters"' in html
    assert f"d-{made.pk.hex}" in html


def test_a_watch_ends_with_the_session(world: World) -> None:
    with pytest.raises(Over):
        Watch(session_key="khong-co", wish=Wish(), since=world.now).look(world.now)
