"""Speaking live: who may, to whom, for how long, and what is kept of it."""

from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from nguon.channels.speaker.channel import Speaker
from nguon.delivery import actions as delivery
from nguon.delivery.models import Broadcast
from nguon.delivery.queries import outgoing
from nguon.delivery.rules import Targets
from nguon.devices.models import Device
from nguon.journal.models import Entry
from nguon.keys import sealing
from nguon.kit import clock
from nguon.live import actions, queries, quieting, rules
from nguon.live.models import LiveSession, State
from nguon.people.models import Kind
from nguon.people.scope import Forbidden
from nguon.places.models import Place
from nguon.wire import codec, messages, seal
from nguon.wire.ladder import Level
from tests.app import airing, clusters
from tests.app import desk as desks
from tests.app.desk import Desk
from tests.app.test_api import basic
from tests.ports.agent_help import an_mp3

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return desks.make_desk()


@pytest.fixture
def cluster(desk: Desk) -> Device:
    return desks.device("Cụm đình làng", desk.one, desk.now)


def prepared(desk: Desk, **changes: object) -> LiveSession:
    given = {"targets": Targets(places=(desk.here.pk,)), "title": "Họp thôn", "actor": desk.editor, "now": desk.now}
    return actions.prepare(**{**given, **changes})  # type: ignore[arg-type]


def begun(desk: Desk, **changes: object) -> LiveSession:
    session = prepared(desk, **changes)
    return actions.begin(session=session, actor=session.person, now=desk.now)


def test_what_goes_out_is_a_stream_on_the_rung_of_live(desk: Desk, cluster: Device) -> None:
    session = begun(desk)
    broadcast = session.broadcast
    assert broadcast is not None
    assert (broadcast.level, broadcast.file, broadcast.length_ms) == (Level.LIVE, None, 600_000)
    (publication,) = Speaker().announce(outgoing(broadcast), sealing.by_place(broadcast.place_id, desk.now))
    order = codec.decode_down(seal.unwrap(publication.payload).payload)
    assert isinstance(order, messages.Play)
    assert order.stream == messages.Stream(urls=(f"/api/1/live/{session.pk.hex}",), duration=600_000, silence=0)
    assert session.name not in str(publication.payload)


def test_begin_and_end_are_in_the_journal_and_stop_the_devices(desk: Desk, cluster: Device) -> None:
    session = begun(desk)
    assert actions.end(session=session, why=rules.SPEAKER, now=desk.now)
    assert not actions.end(session=session, why=rules.LOST, now=desk.now)  # the first reason stands
    session.refresh_from_db()
    assert (session.state, session.why) == (State.ENDED, "speaker")
    assert Broadcast.objects.get().state == "stopped"
    verbs = set(Entry.objects.values_list("verb", flat=True))
    assert {"live.begin", "live.end", "delivery.create_broadcast", "delivery.stop"} <= verbs


def test_only_to_places_where_one_may_broadcast(desk: Desk, cluster: Device) -> None:
    desks.device("Cụm xã bên", desk.there, desk.now)
    for who in (desk.watcher, desk.neighbour, desk.stranger):
        with pytest.raises(Forbidden):
            prepared(desk, actor=who)
    with pytest.raises(Forbidden):
        prepared(desk, targets=Targets(places=(desk.there.pk,)))
    with pytest.raises(actions.LiveError, match="Chưa chọn"):
        prepared(desk, targets=Targets())
    with pytest.raises(actions.LiveError, match="Chưa có thiết bị"):
        prepared(desk, targets=Targets(places=(desk.two.pk,)))


def test_a_right_that_was_lost_in_between_counts(desk: Desk, cluster: Device) -> None:
    session = prepared(desk)
    desk.editor.roles.all().delete()
    with pytest.raises(Forbidden):
        actions.begin(session=session, actor=desk.editor, now=desk.now)
    assert not Broadcast.objects.exists()


def test_nobody_begins_what_another_prepared_and_nobody_twice(desk: Desk, cluster: Device) -> None:
    session = prepared(desk)
    with pytest.raises(Forbidden):
        actions.begin(session=session, actor=desk.both, now=desk.now)
    actions.begin(session=session, actor=desk.editor, now=desk.now)
    with pytest.raises(actions.LiveError, match="đã lên sóng"):
        actions.begin(session=session, actor=desk.editor, now=desk.now)
    assert Broadcast.objects.count() == 1


def test_two_do_not_speak_over_each_other(desk: Desk, cluster: Device) -> None:
    desks.device("Cụm Lộc Hạ", desk.two, desk.now)
    begun(desk, targets=Targets(places=(desk.one.pk,)))
    with pytest.raises(actions.LiveError, match="Nguyễn Thị Hoa đang phát trực tiếp"):
        begun(desk, actor=desk.approver)
    begun(desk, actor=desk.approver, targets=Targets(places=(desk.two.pk,)))


def test_the_nearest_limit_counts(desk: Desk, cluster: Device) -> None:
    admin = desks.person("qt", "Quản Trị", desk.root, "admin")
    on = clock.local_day(desk.now)
    assert queries.minutes_for(desk.here.pk, on) == 10
    actions.set_limit(place=desk.root, minutes=30, actor=admin, now=desk.now)
    assert queries.minutes_for(desk.here.pk, on) == 30
    actions.set_limit(place=desk.here, minutes=500, actor=admin, now=desk.now)
    assert queries.minutes_for(desk.here.pk, on) == 60
    assert queries.minutes_for(desk.there.pk, on) == 30
    assert prepared(desk).minutes == 60
    with pytest.raises(Forbidden):
        actions.set_limit(place=desk.here, minutes=5, actor=desk.editor, now=desk.now)


def spoken(desk: Desk, data: bytes) -> tuple[LiveSession, Path]:
    """A session on the air, and the file in which what came of it so far is gathered."""
    session = begun(desk)
    path = queries.sound_path(session.pk)
    path.parent.mkdir()
    path.write_bytes(data)
    return session, path


def test_the_recording_is_kept_and_heard_by_those_who_may_look(
    desk: Desk, cluster: Device, settings: Settings, tmp_path: Path
) -> None:
    settings.DATA = tmp_path
    session, path = spoken(desk, an_mp3(tmp_path, 2))
    actions.end(session=session, why=rules.SPEAKER, now=desk.now)
    assert actions.keep(session=session, now=desk.now)
    session.refresh_from_db()
    assert session.recording is not None
    assert session.recording.duration_ms == pytest.approx(2_000, abs=150)
    assert not path.exists()
    sha256 = session.recording.sha256
    assert queries.may_hear(desk.watcher, sha256)
    for who in (desk.neighbour, desk.stranger):
        assert not queries.may_hear(who, sha256)


def test_who_asks_at_once_is_told_that_it_is_being_kept(
    desk: Desk, cluster: Device, settings: Settings, tmp_path: Path, client: Client
) -> None:
    settings.DATA = tmp_path
    session, path = spoken(desk, an_mp3(tmp_path, 2))
    actions.end(session=session, why=rules.SPEAKER, now=clock.now())
    client.force_login(desk.editor)
    page = reverse("live:detail", args=[session.pk])
    found = client.get(page).content.decode()
    assert "Đang lưu bản ghi" in found
    assert "Không có bản ghi" not in found
    actions.keep(session=session, now=clock.now())
    found = client.get(page).content.decode()
    assert "Đang lưu" not in found
    assert "hx-select" not in found
    LiveSession.objects.filter(pk=session.pk).update(recording=None, ended_at=clock.now() - rules.SAVING)
    path.write_bytes(b"nothing that sounds")  # it cannot be kept: nobody waits for ever
    assert "Không có bản ghi" in client.get(page).content.decode()


@pytest.mark.parametrize("data", [b"", b"nothing that sounds" * 50])
def test_a_recording_that_is_none_ends_nothing_else(
    desk: Desk, cluster: Device, settings: Settings, tmp_path: Path, data: bytes
) -> None:
    settings.DATA = tmp_path
    session, _path = spoken(desk, data)
    assert not actions.keep(session=session, now=desk.now)
    session.refresh_from_db()
    assert session.recording is None


def test_what_nobody_carries_is_ended(desk: Desk, cluster: Device) -> None:
    session = begun(desk)
    assert actions.reap(now=desk.now + timedelta(seconds=5)) == 0
    actions.alive(session=session, now=desk.now + timedelta(seconds=20))
    assert actions.reap(now=desk.now + timedelta(seconds=30)) == 0
    assert actions.reap(now=desk.now + timedelta(seconds=60)) == 1
    session.refresh_from_db()
    assert session.why == "server"
    assert Broadcast.objects.get().state == "stopped"
    prepared(desk)
    actions.reap(now=desk.now + timedelta(days=2))
    assert not LiveSession.objects.filter(state=State.READY).exists()


def test_another_with_the_right_stops_it(desk: Desk, cluster: Device) -> None:
    session = begun(desk)
    for who in (desk.watcher, desk.neighbour):
        with pytest.raises(Forbidden):
            actions.stop(session=session, actor=who, now=desk.now)
    assert actions.stop(session=session, actor=desk.approver, now=desk.now)
    session.refresh_from_db()
    assert session.why == "stopped"


def page(who: object, name: str, **values: object) -> str:
    client = Client()
    client.force_login(who)  # type: ignore[arg-type]
    return client.get(reverse(f"live:{name}", kwargs=values or None)).content.decode()


def test_the_way_through_the_pages(desk: Desk, cluster: Device) -> None:
    client = Client()
    client.force_login(desk.editor)
    assert "Chưa có lần phát trực tiếp nào" in client.get(reverse("live:list")).content.decode()
    chosen = {"place": [str(desk.here.pk)], "title": "Chống bão"}
    said = client.post(reverse("live:reach"), chosen).content.decode()
    assert "1 cụm loa ở xã Phước Thuận" in said
    assert "nhiều nhất 10 phút" in said
    refused = client.post(reverse("live:new"), {"title": "x"})
    assert refused.status_code == 422
    assert "Chưa chọn nơi phát" in refused.content.decode()
    answer = client.post(reverse("live:new"), chosen)
    session = LiveSession.objects.get()
    assert answer.headers["Location"] == reverse("live:detail", kwargs={"pk": session.pk})
    at_desk = client.get(answer.headers["Location"]).content.decode()
    assert "data-live-desk" in at_desk
    assert session.name not in at_desk
    actions.begin(session=session, actor=desk.editor, now=clock.now())
    assert "data-resume" in client.get(answer.headers["Location"]).content.decode()
    seen = page(desk.watcher, "detail", pk=session.pk)
    assert "data-live-desk" not in seen
    assert "Dừng ngay" not in seen
    assert "Dừng ngay" in page(desk.approver, "detail", pk=session.pk)
    assert "Chống bão" in page(desk.watcher, "list")
    assert "Chống bão" not in page(desk.neighbour, "list")
    client.post(reverse("live:stop", kwargs={"pk": session.pk}))
    assert "Người nói kết thúc" in client.get(answer.headers["Location"]).content.decode()


def test_the_limit_is_set_on_the_page_by_an_administrator(desk: Desk) -> None:
    admin = desks.person("qt", "Quản Trị", desk.here, "admin")
    client = Client()
    client.force_login(admin)
    assert "Thời gian nói" in client.get(reverse("live:list")).content.decode()
    address = reverse("live:limit")
    client.post(address, {"place": str(desk.one.pk), "minutes": "25"})
    assert queries.minutes_for(desk.one.pk, clock.today()) == 25
    assert "25 phút" in client.get(reverse("live:list")).content.decode()
    for place, minutes in ((desk.one, "0"), (desk.one, "61"), (desk.root, "5"), (desk.there, "5")):
        client.post(address, {"place": str(place.pk), "minutes": minutes})
    assert queries.minutes_for(desk.one.pk, clock.today()) == 25
    assert queries.minutes_for(desk.there.pk, clock.today()) == 10
    client.post(address, {"place": str(desk.one.pk), "minutes": ""})
    assert queries.minutes_for(desk.one.pk, clock.today()) == 10


def asked(device: Device, session: LiveSession, host: str = "loa.vn:8000") -> tuple[int, str]:
    """What a device is answered that asks for a voice: status, and where it is led on to."""
    password = clusters.enrolled(device, clock.now())
    headers = {**basic(device.pk.hex, password), "Host": host}
    answer = Client().get(f"/api/1/live/{session.pk.hex}", headers=headers)
    return answer.status_code, answer.headers.get("Location", "")


def test_only_a_device_it_is_meant_for_is_told_where_it_is_heard(desk: Desk, cluster: Device) -> None:
    beside, neighbour = desks.device("Lộc Hạ", desk.two, desk.now), desks.device("Kỳ Sơn", desk.far, desk.now)
    session = begun(desk, targets=Targets(places=(desk.one.pk,)))
    assert asked(cluster, session) == (307, f"http://loa.vn:18840/{session.name}.mp3")
    assert asked(beside, session) == (403, "")
    assert asked(neighbour, session) == (403, "")
    assert Client().get(f"/api/1/live/{session.pk.hex}").status_code == 401
    actions.end(session=session, why=rules.SPEAKER, now=desk.now)
    assert asked(cluster, session) == (404, "")


def test_with_an_icecast_devices_are_led_there(desk: Desk, cluster: Device, settings: Settings) -> None:
    settings.NGUON_RELAY, settings.NGUON_RELAY_URL = (
        "nguon.plugs.relays.icecast.Icecast",
        "http://source:kin@ice.vn:8000",
    )
    session = begun(desk)
    assert asked(cluster, session) == (307, f"http://ice.vn:8000/{session.name}.mp3")


def test_a_watcher_prepares_nothing(desk: Desk) -> None:
    client = Client()
    client.force_login(desks.person("xem", "Chỉ Xem", desk.here, Kind.WATCHER))
    assert client.get(reverse("live:new")).status_code == 403
    assert reverse("live:new") not in client.get(reverse("live:list")).content.decode()


def test_a_stop_from_the_page_of_broadcasts_ends_it_too(desk: Desk, cluster: Device) -> None:
    from nguon.live.air import Air

    session = begun(desk)
    air = Air(session)
    assert air._look(True)[0] == ""
    assert session.broadcast is not None
    delivery.stop(broadcast=session.broadcast, actor=desk.approver, now=desk.now)
    assert air._look(False)[0] == rules.STOPPED


@pytest.mark.parametrize(
    ("origin", "host", "same"),
    [
        ("http://nguon.vn", "nguon.vn", True),
        ("https://nguon.vn:8443", "nguon.vn:8443", True),
        ("https://loa.vn", "10.0.0.1:8000", True),
        ("https://nguon.vn.evil.vn", "nguon.vn", False),
        ("http://evil.vn", "nguon.vn", False),
        ("null", "nguon.vn", False),
        ("", "nguon.vn", False),
        ("file://nguon.vn", "nguon.vn", False),
    ],
)
def test_only_pages_of_this_server_open_a_line(origin: str, host: str, same: bool) -> None:
    assert rules.same_site(origin, host, ["https://loa.vn"]) is same


def quiet_of(desk: Desk, now: datetime, *places: Place, minutes: int = 10) -> quieting.Quieted:
    return quieting.told(Targets(places=tuple(place.pk for place in places)), queries.CHANNEL, now, minutes)


def test_quiet_hours_are_told_before_anybody_speaks(desk: Desk, cluster: Device) -> None:
    night = datetime(2026, 11, 24, 23, 0, tzinfo=clock.LOCAL)
    assert quiet_of(desk, night, desk.here) == quieting.Quieted()
    airing.policy(desk)
    found = quiet_of(desk, night, desk.here)
    assert found.all_now
    assert found.said == (
        "Xã Phước Thuận (1 cụm loa) đang giờ yên tĩnh đến 05:00 ngày mai theo Quyết định 12/QĐ-UBND nên không phát.",
    )
    assert quiet_of(desk, night.replace(hour=20, minute=49), desk.here) == quieting.Quieted()
    soon = quiet_of(desk, night.replace(hour=20, minute=55), desk.here)
    assert not soon.all_now
    assert "đến giờ yên tĩnh lúc 21:00 hôm nay" in soon.said[0]
    assert quiet_of(desk, night.replace(hour=5), desk.here) == quieting.Quieted()  # over with the hour


def test_only_those_in_quiet_hours_are_named(desk: Desk, cluster: Device) -> None:
    desks.device("Cụm xã bên", desk.there, desk.now)
    desks.device("Cụm Lộc Hạ", desk.two, desk.now)
    airing.policy(desk)
    night = datetime(2026, 11, 24, 23, 0, tzinfo=clock.LOCAL)
    found = quiet_of(desk, night, desk.here, desk.there)
    assert not found.all_now
    (said,) = found.said
    assert "(2 cụm loa)" in said
    assert desk.there.name not in said
    assert quiet_of(desk, night, desk.there) == quieting.Quieted()


def test_quiet_all_day_has_no_end(desk: Desk, cluster: Device) -> None:
    airing.policy(desk, quiet=((time(21), time(5)), (time(5), time(21))))
    (said,) = quiet_of(desk, desk.now, desk.here).said
    assert "yên tĩnh theo Quyết định" in said


def test_the_desk_warns_and_goes_on_asking(desk: Desk, cluster: Device, client: Client) -> None:
    airing.policy(desk, quiet=((time(21), time(5)), (time(5), time(21))))
    session = prepared(desk)
    client.force_login(desk.editor)
    choice = {"place": [str(desk.here.pk)]}
    pages = (
        client.post(reverse("live:reach"), choice),
        client.get(reverse("live:detail", args=[session.pk])),
        client.get(reverse("live:quiet", args=[session.pk])),
    )
    for page in pages:
        assert "Lúc này không cụm loa nào phát" in page.content.decode()
    client.force_login(desk.stranger)
    assert client.get(reverse("live:quiet", args=[session.pk])).status_code == 404
