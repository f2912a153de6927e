"""The loudspeakers of a place on its site: the timetable, listen again, where they stand."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from nguon.channels.site import air
from nguon.delivery.models import Broadcast, Delivery
from nguon.devices.models import Device, Requisition
from nguon.feedback.pole_models import PoleCode
from nguon.newsroom import queries as newsroom
from nguon.newsroom.models import Bulletin
from nguon.portal.models import Site
from nguon.review.models import Review
from tests.app import airing, desk, onsite
from tests.app.desk import Desk, device

pytestmark = pytest.mark.django_db
BASE = "/trang/phuoc-thuan/"


@pytest.fixture
def world() -> Desk:
    return desk.make_desk()


@pytest.fixture
def site(world: Desk) -> Site:
    onsite.site(world.there, world.now, "phuoc-son")
    return onsite.site(world.here, world.now)


@pytest.fixture
def cluster(world: Desk) -> Device:
    return device("Cụm loa Quảng Vân", world.one, world.now)


def read(path: str, status: int = 200) -> str:
    answer = Client().get(BASE + path)
    assert answer.status_code == status, path
    return answer.text


def test_the_timetable_shows_the_week_and_each_hamlet(world: Desk, site: Site, cluster: Device) -> None:
    airing.slot(world, airing.programme(world, "Bản tin sáng"), first_day=world.now.date())
    page = read("lich-phat-thanh/")
    assert "Bản tin sáng" in page
    assert "05:00 – 05:30" in page
    assert f'href="{BASE}lich-phat-thanh/{world.one.pk}/"' in page
    assert f"{world.two.pk}" not in page, "a hamlet without a loudspeaker has no hours"
    assert 'aria-current="page">Thôn Quảng Vân' in read(f"lich-phat-thanh/{world.one.pk}/")
    read(f"lich-phat-thanh/{world.far.pk}/", 404)
    assert "không có lịch phát" in Client().get("/trang/phuoc-son/lich-phat-thanh/").text


def test_today_says_what_sounds_and_what_comes(world: Desk, site: Site, cluster: Device) -> None:
    made = airing.slot(world, airing.programme(world, "Bản tin sáng"), first_day=airing.MONDAY)
    monday = airing.NOW + timedelta(days=1)
    before = air.today(site, monday.replace(hour=4))
    assert (before.sounding, [line.title for line in before.coming]) == (None, ["Bản tin sáng"])
    during = air.today(site, monday.replace(hour=5, minute=10))
    assert during.sounding is not None
    assert during.coming == []
    after = air.today(site, monday.replace(hour=6))
    assert (after.sounding, after.coming) == (None, [])
    assert made.pk


def test_what_was_heard_can_be_heard_again(world: Desk, site: Site, cluster: Device) -> None:
    bulletin = world.approved()
    onsite.went_out(world, bulletin, cluster, hours=-2)
    onsite.went_out(world, bulletin, cluster, hours=-30, file=air.heard(site, world.now)[0].file)
    page = read("nghe-lai/")
    version = newsroom.newest(bulletin)
    assert page.count(f'src="{BASE}nghe-lai/{version.pk}.mp3"') == 1, "said twice, it is one entry"
    assert version.title in page
    assert "1 phút 1 giây" in page
    assert "sẽ tạm ngừng" in page.replace("\n", " "), "its text can be read"
    (one,) = air.heard(site, world.now)
    assert [round((world.now - at) / timedelta(hours=1)) for at in one.at] == [2, 30]


def test_the_sound_is_given_whole_or_in_ranges(world: Desk, site: Site, cluster: Device) -> None:
    bulletin = world.approved()
    file = onsite.sound(b"0123456789", world.now)
    onsite.went_out(world, bulletin, cluster, file=file)
    path = f"{BASE}nghe-lai/{newsroom.newest(bulletin).pk}.mp3"
    whole: Any = Client().get(path)
    assert b"".join(whole.streaming_content) == b"0123456789"
    assert whole.headers["Content-Type"] == "audio/mpeg"
    assert whole.headers["Cache-Control"] == "public, max-age=60"
    part: Any = Client().get(path, headers={"range": "bytes=2-4"})
    assert part.status_code == 206
    assert b"".join(part.streaming_content) == b"234"


def taken_back(world: Desk, bulletin: Bulletin) -> None:
    Bulletin.objects.filter(pk=bulletin.pk).update(withdrawn_at=world.now, withdrawn_reason="Sai giờ")


def unapproved(world: Desk, bulletin: Bulletin) -> None:
    Review.objects.update(state="withdrawn")


def of_neighbour(world: Desk, bulletin: Bulletin) -> None:
    Device.objects.update(place=world.far)


def too_old(world: Desk, bulletin: Bulletin) -> None:
    Broadcast.objects.update(issued_at=world.now - timedelta(days=8))


def drilled(world: Desk, bulletin: Bulletin) -> None:
    Broadcast.objects.update(drill=True)


def cut_short(world: Desk, bulletin: Bulletin) -> None:
    Broadcast.objects.update(state="stopped")


def never_played(world: Desk, bulletin: Bulletin) -> None:
    Delivery.objects.update(progress="failed")


def an_alert(world: Desk, bulletin: Bulletin) -> None:
    Broadcast.objects.update(subject="alerts.alert:" + "1" * 32)


@pytest.mark.parametrize(
    "change", [taken_back, unapproved, of_neighbour, too_old, drilled, cut_short, never_played, an_alert]
)
def test_what_must_not_be_heard_again_is_not_given(
    world: Desk, site: Site, cluster: Device, change: Callable[[Desk, Bulletin], None]
) -> None:
    bulletin = world.approved()
    onsite.went_out(world, bulletin, cluster)
    path = f"nghe-lai/{newsroom.newest(bulletin).pk}.mp3"
    assert Client().get(BASE + path).status_code == 200
    change(world, bulletin)
    read(path, 404)
    assert "chưa phát tin nào" in read("nghe-lai/")


def test_no_other_sound_of_the_server_is_given(world: Desk, site: Site, cluster: Device) -> None:
    heard, written = world.approved(), world.approved()
    onsite.went_out(world, heard, cluster)
    read(f"nghe-lai/{newsroom.newest(written).pk}.mp3", 404)
    assert Client().get(f"/trang/phuoc-son/nghe-lai/{newsroom.newest(heard).pk}.mp3").status_code == 404


@pytest.mark.boards  # a board stands on the map beside the clusters
def test_the_map_shows_where_they_stand_and_nothing_of_their_insides(world: Desk, site: Site, cluster: Device) -> None:
    Device.objects.update(
        latitude=13.83, longitude=109.16, address="Trước nhà văn hóa thôn", serial="SN-KIN-1", sim="0909000111"
    )
    board = device("Bảng tin chợ", world.two, world.now)
    Device.objects.filter(pk=board.pk).update(channel="board")
    device("Cụm đang sửa", world.two, world.now, status="repair")
    device("Cụm xã bên", world.far, world.now)
    lent = device("Màn hình khách sạn", world.two, world.now)
    Requisition.objects.create(
        device=lent,
        owner="Khách sạn",
        basis="Văn bản 1",
        first_day=world.now.date(),
        last_day=world.now.date(),
        hours=[],
        area=[0, 0, 100, 100],
        created_by=world.editor,
        created_at=world.now,
    )
    PoleCode.objects.create(device=cluster, code="K7M2QF", created_at=world.now)
    page = read("ban-do/")
    assert f'href="{BASE}phan-anh/tai/K7M2QF"' in page
    assert page.count("Phản ánh về") == 1, "what has no sticker has no page of its own"
    assert page.count("<svg") == 1
    assert 'aria-label="1 Lộc Hạ: ' not in page, "it has no coordinates"
    assert 'aria-label="2 Quảng Vân: Cụm loa Quảng Vân"' in page
    assert "Trước nhà văn hóa thôn" in page
    assert "chưa có trên sơ đồ" in page
    assert re.search(r"<strong>Cụm loa Quảng Vân</strong>\s*<span class=\"hint\">Trước nhà", page), "said once"
    for secret in ("SN-KIN-1", "0909000111", "Cụm đang sửa", "Cụm xã bên", "Màn hình khách sạn"):
        assert secret not in page


def test_a_place_without_devices_says_so(world: Desk, site: Site) -> None:
    page = read("ban-do/")
    assert "chưa có cụm loa" in page
    assert "<svg" not in page
