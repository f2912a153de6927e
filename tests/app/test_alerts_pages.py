"""The pages of alerts: three screens from danger to sound, and what others see of them."""

from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from django.test import Client

from nguon.alerts.models import Alert, State
from nguon.delivery.models import Broadcast, Delivery
from nguon.devices.models import Device
from nguon.people.models import Person
from nguon.places.models import Place
from tests.app import alarms
from tests.app.stage import NOW, Stage

pytestmark = pytest.mark.django_db
FLOOD = "/canh-bao/moi/lu"


@pytest.fixture(autouse=True)
def storage(tmp_path: Path, settings: Any, time_machine: Any) -> None:
    settings.MEDIA_ROOT = settings.DATA = tmp_path
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def world() -> Stage:
    return alarms.build()


@pytest.fixture
def leader(world: Stage) -> Person:
    return alarms.make_leader(world)


@pytest.fixture
def writer(world: Stage) -> Client:
    return signed_in(world.editor)


def signed_in(person: Person) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(person)
    session = client.session
    session.update({"proved": int(NOW.timestamp()), "proof": "password"})
    session.save()
    return client


def filled(world: Stage, **changes: Any) -> dict[str, Any]:
    given = {
        "kind": "warning",
        "level": "3",
        "sông": "sông Hà Thanh",
        "giờ": "từ 19 giờ hôm nay",
        "nơi_tránh": "trường tiểu học số 1",
        "source": "Đài Khí tượng thủy văn, tin số 12",
        "hours": "6",
        "place": str(world.hamlets[0].pk),
    }
    return given | changes


def composed(client: Client, world: Stage, **changes: Any) -> Alert:
    answer = client.post(FLOOD, filled(world, **changes))
    assert answer.status_code == 302, answer.content.decode()
    return Alert.objects.get(pk=UUID(answer.headers["Location"].rsplit("/", 1)[1]))


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_from_the_danger_to_the_sound_in_three_screens(world: Stage, leader: Person, writer: Client) -> None:
    assert "/canh-bao/moi" in page(writer, "/canh-bao/")
    assert FLOOD in page(writer, "/canh-bao/moi")
    assert "Cảnh báo thật" in page(writer, FLOOD)
    alert = composed(writer, world)
    assert alert.headline == "Lũ trên sông Hà Thanh lên nhanh, đe dọa thôn Quảng Vân, rủi ro cấp 3"
    here = f"/canh-bao/{alert.pk}"
    assert "Ký và gửi người ký tiếp" in page(writer, here)
    writer.post(f"{here}/ky")
    assert "Đã có 1 trên 2 người ký" in page(writer, here)
    other = signed_in(leader)
    assert "Cảnh báo chờ bạn ký" in page(other, "/")
    alert.refresh_from_db()
    answer = other.post(f"{here}/ky", {"digest": alert.digest}, follow=True)
    assert "Đã gửi tới các cụm loa." in answer.content.decode()
    alert.refresh_from_db()
    assert alert.state == State.LIVE
    assert "Đang cảnh báo" in page(writer, "/ban-tin/")
    assert "Dừng và báo phát nhầm" in page(writer, here)


def test_what_is_missing_is_said_and_nothing_is_lost(world: Stage, writer: Client) -> None:
    answer = writer.post(FLOOD, filled(world, sông="", place=""))
    words = answer.content.decode()
    assert answer.status_code == 422
    assert "từ 19 giờ hôm nay" in words
    assert not Alert.objects.exists()
    assert "Hãy điền mục này." in writer.post(FLOOD, filled(world, level="")).content.decode()
    assert "Hãy chọn nơi nhận." in writer.post(FLOOD, filled(world, place="")).content.decode()
    too_long = writer.post("/canh-bao/moi/khac", filled(world, việc="a" * 201, cần_làm="b"))
    assert too_long.status_code == 422


def test_the_preview_shows_what_is_open_and_how_far_it_goes(world: Stage, writer: Client) -> None:
    said = writer.post(f"{FLOOD}/xem-truoc", {"kind": "warning", "sông": "sông Côn"}).content.decode()
    assert "Lũ trên sông Côn" in said
    assert "[nơi sơ tán]" in said
    said = writer.post(f"{FLOOD}/xem-truoc", filled(world, place=str(world.commune.pk))).content.decode()
    assert "xã Phước Thuận" in said
    assert "Cần 2 người ký" in said
    drill = writer.post(f"{FLOOD}/xem-truoc", filled(world, drill="1")).content.decode()
    assert "Bạn ký là phát ngay." in drill


def test_an_area_drawn_on_the_map_takes_the_clusters_inside(world: Stage, writer: Client) -> None:
    for number, device in enumerate(world.devices):
        Device.objects.filter(pk=device.pk).update(latitude=13.80 + number / 100, longitude=109.1)
    square = "13.795,109.05 13.795,109.15 13.815,109.15 13.815,109.05"
    alert = composed(writer, world, place="", area=square)
    assert set(alert.devices.all()) == set(world.devices[:2])
    assert "vùng đã vẽ (2 cụm loa)" in page(writer, f"/canh-bao/{alert.pk}").lower()
    for bad in ("1,2 3,4", "a,b c,d e,f", "91,0 92,0 93,0"):
        assert writer.post(FLOOD, filled(world, area=bad)).status_code == 422


def test_a_draft_is_written_anew(world: Stage, writer: Client) -> None:
    alert = composed(writer, world)
    form = page(writer, f"{FLOOD}?sua={alert.pk}")
    assert "sông Hà Thanh" in form
    composed(writer, world, changed=str(alert.pk), sông="sông Côn")
    alert.refresh_from_db()
    assert "sông Côn" in alert.headline
    assert Alert.objects.count() == 1


def test_a_correction_keeps_what_it_corrects(world: Stage, leader: Person, writer: Client) -> None:
    first = alarms.live(world, leader)
    form = page(writer, f"{FLOOD}?tin={first.pk}&loai=correction")
    assert "Đính chính tin lũ" in form
    again = composed(writer, world, kind="correction", follows=str(first.pk), điều_đúng="Nước về lúc 20 giờ")
    assert again.follows == first
    assert again.headline.startswith("Đính chính")


def test_a_correction_of_a_drill_is_a_drill(world: Stage, leader: Person, writer: Client) -> None:
    first = alarms.submitted(world, drill=True)
    again = composed(writer, world, kind="over", follows=str(first.pk), drill="")
    assert again.drill
    assert again.headline.startswith("Diễn tập")


def test_stop_and_mistake_are_one_tap(world: Stage, leader: Person, writer: Client) -> None:
    first = alarms.live(world, leader)
    writer.post(f"/canh-bao/{first.pk}/bao-nham")
    first.refresh_from_db()
    assert first.state == State.REPLACED
    second = first.followers.get()
    assert second.state == State.LIVE
    writer.post(f"/canh-bao/{second.pk}/dung")
    second.refresh_from_db()
    assert second.state == State.CANCELLED


def test_who_watches_sees_and_cannot_sign(world: Stage, leader: Person) -> None:
    watcher = alarms.role(Person.objects.create_user("xem", full_name="Người Xem"), "watcher", world.commune)
    client, alert = signed_in(watcher), alarms.submitted(world)
    shown = page(client, f"/canh-bao/{alert.pk}")
    assert "không ký được" in shown
    assert client.post(f"/canh-bao/{alert.pk}/ky", {"digest": alert.digest}).status_code == 403
    assert client.get("/canh-bao/moi").status_code == 403
    assert "Phát cảnh báo" not in page(client, "/canh-bao/")


def test_an_alert_from_above_is_seen_below_once_it_went_out(world: Stage, leader: Person, writer: Client) -> None:
    above = Place.objects.get(name="Tuy Phước")
    for person, kind in ((leader, "approver"), (Person.objects.create_user("h"), "editor")):
        alarms.role(person, kind, above)
    made = alarms.submitted(world)
    Alert.objects.filter(pk=made.pk).update(place=above)
    watcher = signed_in(alarms.role(Person.objects.create_user("thon"), "watcher", world.hamlets[0]))
    assert watcher.get(f"/canh-bao/{made.pk}").status_code == 404
    Alert.objects.filter(pk=made.pk).update(state="live", live_at=NOW, expires_at=NOW + made.lasts)
    assert watcher.get(f"/canh-bao/{made.pk}").status_code == 200


def test_the_scorecard_as_a_workbook(world: Stage, leader: Person, writer: Client) -> None:
    alert = alarms.live(world, leader)
    siren = Broadcast.objects.filter(alert_saying__alert=alert).order_by("seq")[0]
    Delivery.objects.create(
        broadcast=siren, device=world.devices[0], changed_at=NOW, progress="started", started_at=NOW
    )
    Delivery.objects.create(broadcast=siren, device=world.devices[2], changed_at=NOW, progress="failed", reason="disk")
    answer = writer.get(f"/canh-bao/{alert.pk}/ket-qua.xlsx")
    book = openpyxl.load_workbook(BytesIO(answer.getvalue()))
    places, clusters = book.worksheets
    assert [cell.value for cell in places[4]][:5] == ["Thôn Quảng Vân", 2, 1, 1, 50]
    assert {row[0].value for row in clusters.iter_rows(min_row=2)} == {"Cụm 0", "Cụm 2"}
    shown = page(writer, f"/canh-bao/{alert.pk}")
    assert "trên 2 cụm loa đã lên tiếng" in shown
    assert "Cụm 2" in shown


def test_lists_are_paged_and_empty_ones_say_what_to_do(world: Stage, writer: Client) -> None:
    assert "Chưa có cảnh báo nào" in page(writer, "/canh-bao/")
    composed(writer, world)
    assert "Lũ trên sông Hà Thanh" in page(writer, "/canh-bao/")


@pytest.mark.parametrize("path", ["moi/khong-co", "moi/lu?loai=khac", "moi/lu?tin=x", "moi/lu?sua=x"])
def test_what_is_not_there(writer: Client, path: str) -> None:
    assert writer.get(f"/canh-bao/{path}").status_code == 404
