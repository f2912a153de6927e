"""Devices of several kinds in the registry: what is heard, and what is only seen."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from nguon.channels.speaker.channel import Speaker
from nguon.devices import actions, channels
from nguon.devices.errors import KindFixed
from nguon.devices.models import Device
from nguon.kit.words import gettext_noop
from tests.app import clusters
from tests.app.clusters import World

pytestmark = pytest.mark.django_db
SPEAKER = "nguon.channels.speaker.Speaker"


class Wall(Speaker):
    """What is only seen, for these tests."""

    kind = "wall"
    label = gettext_noop("Bảng tin")
    audible = False
    pictured = True
    opens_at = "/bang/"


@pytest.fixture
def world() -> World:
    return clusters.make_world()


@pytest.fixture
def desk(client: Client, world: World) -> Client:
    client.force_login(world.technician)
    return client


def given(settings: Any, *paths: str) -> Iterator[None]:
    settings.NGUON_CHANNELS = list(paths)
    channels.status.cache_clear()
    yield
    channels.status.cache_clear()


@pytest.fixture
def alone(settings: Any) -> Iterator[None]:
    yield from given(settings, SPEAKER)


@pytest.fixture
def both(settings: Any) -> Iterator[None]:
    yield from given(settings, SPEAKER, f"{__name__}.Wall")


def fields(world: World, **changes: Any) -> dict[str, Any]:
    return {"name": "Bảng nhà văn hóa", "place": str(world.hamlet.pk), "horns": 4, "volume": 70, **changes}


def html(client: Client, path: str) -> str:
    return client.get(path).content.decode()


@pytest.mark.usefixtures("alone")
def test_where_there_is_one_kind_nobody_is_asked(desk: Client, world: World) -> None:
    assert 'name="channel"' not in html(desk, "/thiet-bi/moi")
    assert 'name="channel"' not in html(desk, "/thiet-bi/")
    desk.post("/thiet-bi/moi", fields(world, channel="wall"))
    assert Device.objects.get().channel == "speaker"


@pytest.mark.usefixtures("both")
def test_a_board_is_registered_as_one_and_called_so(desk: Client, world: World) -> None:
    page = html(desk, "/thiet-bi/moi")
    assert "Bảng tin" in page
    assert page.count("data-silent") == 1
    answer = desk.post("/thiet-bi/moi", fields(world, channel="wall", proof="on", warm_up="2"), follow=True)
    made = Device.objects.get()
    assert (made.channel, made.horns, made.proof, made.warm_up, made.volume) == ("wall", 0, False, 0, 70)
    shown = answer.content.decode()
    assert "Bây giờ nhập mã đang hiện trên màn hình" in shown
    assert "<dd>Bảng tin</dd>" in shown
    assert "Số loa" not in shown
    listed = html(desk, "/thiet-bi/")
    assert "Bảng tin" in listed
    assert "0 loa" not in listed
    assert "Bảng tin" in html(desk, "/giam-sat/")
    assert "Âm lượng" not in html(desk, f"/giam-sat/thiet-bi/{made.pk}")


@pytest.mark.usefixtures("both")
@pytest.mark.parametrize("channel", ["web", "Wall", "x" * 50])
def test_a_kind_that_is_none_is_refused(desk: Client, world: World, channel: str) -> None:
    assert desk.post("/thiet-bi/moi", fields(world, channel=channel)).status_code == 200
    assert not Device.objects.exists()


@pytest.mark.usefixtures("both")
def test_the_code_on_the_screen_comes_first_for_what_has_one(desk: Client, world: World) -> None:
    heard = clusters.device(world)
    seen = actions.register(name="Bảng", place=world.hamlet, channel="wall", actor=world.technician, now=world.now)
    page = html(desk, f"/thiet-bi/{seen.pk}/cap-ma")
    assert page.index("Nhận màn hình này") < page.index("Tạo mã")
    assert "http://testserver/bang/" in page
    page = html(desk, f"/thiet-bi/{heard.pk}/cap-ma")
    assert page.index("Tạo mã") < page.index("Nhận màn hình này")
    assert "http://testserver/bang/" not in page  # the menu has pages below it


@pytest.mark.usefixtures("both")
def test_the_list_is_filtered_by_kind(desk: Client, world: World) -> None:
    heard = clusters.device(world, "Cụm loa Đình")
    actions.register(name="Bảng Chợ", place=world.hamlet, channel="wall", actor=world.technician, now=world.now)
    for query, there, not_there in (("wall", "Bảng Chợ", heard.name), ("speaker", heard.name, "Bảng Chợ")):
        page = html(desk, f"/thiet-bi/?channel={query}")
        assert there in page
        assert not_there not in page
    page = html(desk, "/thiet-bi/?channel=nonsense")
    assert heard.name in page
    assert "Bảng Chợ" in page


@pytest.mark.usefixtures("both")
def test_the_kind_may_be_put_right_until_it_was_enrolled(desk: Client, world: World) -> None:
    made = actions.register(name="Bảng", place=world.hamlet, actor=world.technician, now=world.now)
    assert 'name="channel"' in html(desk, f"/thiet-bi/{made.pk}/sua")
    desk.post(f"/thiet-bi/{made.pk}/sua", fields(world, channel="wall"))
    made.refresh_from_db()
    assert made.channel == "wall"
    clusters.enrolled(made, world.now)
    assert 'name="channel"' not in html(desk, f"/thiet-bi/{made.pk}/sua")
    desk.post(f"/thiet-bi/{made.pk}/sua", fields(world, channel="speaker", name="Bảng mới"))
    made.refresh_from_db()
    assert (made.channel, made.name) == ("wall", "Bảng mới")
    actions.revoke(device=made, actor=world.technician, now=world.now)
    with pytest.raises(KindFixed):
        actions.change(device=made, channel="speaker", actor=world.technician, now=world.now)


@pytest.mark.usefixtures("both")
def test_nobody_without_the_right_registers_a_board(client: Client, world: World) -> None:
    for person in (world.watcher, world.neighbour):
        client.force_login(person)
        client.post("/thiet-bi/moi", fields(world, channel="wall"))
    client.logout()
    assert client.post("/thiet-bi/moi", fields(world, channel="wall")).status_code == 302
    assert not Device.objects.exists()
    made = actions.register(
        name="Màn hình Đình", place=world.hamlet, channel="wall", actor=world.technician, now=world.now
    )
    client.force_login(world.neighbour)
    assert made.name not in html(client, "/thiet-bi/?channel=wall")


@pytest.mark.usefixtures("alone")
def test_what_its_channel_was_is_said_while_that_is_off(desk: Client, world: World) -> None:
    made = actions.register(name="Bảng", place=world.hamlet, channel="wall", actor=world.technician, now=world.now)
    assert "wall" in html(desk, f"/thiet-bi/{made.pk}")
    assert desk.get(f"/thiet-bi/{made.pk}/sua").status_code == 200
    assert desk.get("/giam-sat/").status_code == 200
