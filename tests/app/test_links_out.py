"""Our alerts as CAP: signed, at a public address, in feeds; what did not go out is not there."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from nguon import vault
from nguon.alerts import actions as alerts
from nguon.alerts.models import Alert, State
from nguon.cap import feed, read, sign
from nguon.cap.codes import MessageType, Response, Status, Urgency
from nguon.cap.hazards import Kind
from nguon.cap.model import Alert as Message
from nguon.delivery.rules import Targets
from nguon.journal.models import Entry
from nguon.links import publishing
from nguon.links.models import Document, Seal
from nguon.people.models import Person
from nguon.people.queries import rights
from nguon.places.models import Place
from tests.app import linking
from tests.app.linking import World
from tests.app.stage import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def fresh(tmp_path: Path, settings: Any, time_machine: Any) -> None:
    settings.MEDIA_ROOT = settings.DATA = tmp_path
    time_machine.move_to(NOW, tick=False)
    cache.clear()


@pytest.fixture
def world() -> World:
    return linking.build()


def get(address: str, **headers: str) -> Any:
    return Client().get(address, headers=headers)


def xml_of(alert: Alert, what: str = ".xml") -> bytes:
    answer = get(f"/cap/tin/{alert.pk}{what}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == feed.MIME
    return bytes(answer.content)


def message(alert: Alert, what: str = ".xml") -> Message:
    return read.parse(xml_of(alert, what))


def publish() -> int:
    cache.clear()
    return publishing.publish_due(now=NOW)


def test_an_alert_that_went_out_is_a_signed_document_for_everybody(world: World) -> None:
    alert = linking.live(world, area=((13.8, 109.1), (13.9, 109.1), (13.9, 109.2)))
    assert alert.state == State.LIVE
    assert publish() == 1
    data = xml_of(alert)
    pem = get(f"/cap/dia-ban/{world.commune.pk}.pem").content
    assert sign.verify(data, [pem]).signer is not None
    told = read.parse(data)
    assert (told.status, told.message_type, told.identifier) == (Status.ACTUAL, MessageType.ALERT, str(alert.pk))
    info = told.info()
    assert info is not None
    assert (info.headline, info.instruction, info.sender_name) == (alert.headline, alert.text, "UBND xã Phước Thuận")
    (area,) = info.areas
    assert area.description == "xã Phước Thuận"
    assert [one.value for one in area.geocodes] == ["21982"]
    assert area.polygons[0][0] == area.polygons[0][-1] == (13.8, 109.1)
    assert told.source == alert.source


def test_nothing_of_a_person_stands_in_it(world: World) -> None:
    alert = linking.live(world)
    publish()
    data = xml_of(alert).decode()
    for person in Person.objects.all():
        assert person.full_name not in data
        assert person.username not in data.split("</info>")[0] or len(person.username) < 4


@pytest.mark.parametrize("state", ["draft", "waiting", "withdrawn"])
def test_what_did_not_go_out_is_not_there(world: World, state: str) -> None:
    alert = linking.written(world)
    if state != "draft":
        alerts.submit(alert=alert, actor=world.editor, now=NOW)
    if state == "withdrawn":
        alerts.withdraw(alert=alert, actor=world.editor, now=NOW)
    assert publish() == 0
    for what in (".xml", "/huy.xml"):
        assert get(f"/cap/tin/{alert.pk}{what}").status_code == 404
    assert alert.headline not in get("/cap/canh-bao.atom").content.decode()


def test_a_drill_says_that_it_is_one(world: World) -> None:
    alert = linking.live(world, drill=True)
    publish()
    told = message(alert)
    assert told.status == Status.EXERCISE
    assert told.note
    assert b"<cap:status>Exercise</cap:status>" in get("/cap/canh-bao.atom").content


def test_a_newer_one_names_all_that_went_before_and_the_older_leaves_the_feed(world: World) -> None:
    first = linking.live(world)
    publish()
    second = linking.live(world, LATER, follows=first, kind=Kind.CORRECTION)
    publish()
    third = linking.live(world, LATER + timedelta(minutes=5), follows=second, kind=Kind.OVER)
    publish()
    told = message(third)
    assert told.message_type == MessageType.UPDATE
    assert [one.identifier for one in told.references] == [str(first.pk), str(second.pk)]
    assert all(one.sent == message(alert).sent for one, alert in zip(told.references, (first, second), strict=True))
    assert message(second).message_type == MessageType.UPDATE
    listed = feed.parse(get("/cap/canh-bao.atom").content)
    assert [one.cap for one in listed] == [f"http://testserver/cap/tin/{third.pk}.xml"]
    assert get(f"/cap/tin/{first.pk}.xml").status_code == 200  # its address stays


def test_stopping_by_hand_is_a_cancel_of_its_own(world: World) -> None:
    alert = linking.live(world)
    publish()
    assert get(f"/cap/tin/{alert.pk}/huy.xml").status_code == 404
    before = xml_of(alert)
    alerts.stop(alert=alert, actor=world.editor, now=LATER)
    assert publish() == 1
    told = message(alert, "/huy.xml")
    assert (told.message_type, told.references[0].identifier) == (MessageType.CANCEL, str(alert.pk))
    info = told.info()
    assert info is not None
    assert (info.urgency, info.responses) == (Urgency.PAST, (Response.ALL_CLEAR,))
    assert xml_of(alert) == before
    listed = feed.parse(get("/cap/canh-bao.atom").content)
    assert [one.cap for one in listed] == [f"http://testserver/cap/tin/{alert.pk}/huy.xml"]


def test_one_stopped_before_anybody_published_it_is_both(world: World) -> None:
    alert = linking.live(world)
    alerts.stop(alert=alert, actor=world.editor, now=LATER)
    assert publish() == 2
    assert message(alert, "/huy.xml").references == (message(alert).reference,)
    assert publish() == 0


def test_a_correction_of_nothing_stands_alone(world: World) -> None:
    alert = linking.live(world, kind=Kind.OVER)
    assert publish() == 1
    assert message(alert).message_type == MessageType.ALERT


def test_what_has_run_out_leaves_the_feed_and_keeps_its_address(world: World, time_machine: Any) -> None:
    alert = linking.live(world)
    publish()
    time_machine.move_to(NOW + timedelta(hours=7))
    alerts.expire(now=NOW + timedelta(hours=7))
    cache.clear()
    assert feed.parse(get("/cap/canh-bao.atom").content) == ()
    assert get(f"/cap/tin/{alert.pk}.xml").status_code == 200


def test_each_issuing_place_has_a_feed_of_its_own(world: World) -> None:
    alert = linking.live(world)
    publish()
    own = get(f"/cap/dia-ban/{world.commune.pk}.atom")
    assert own["Content-Type"].startswith("application/atom+xml")
    assert [one.cap for one in feed.parse(own.content)] == [f"http://testserver/cap/tin/{alert.pk}.xml"]
    assert feed.parse(get(f"/cap/dia-ban/{world.province.pk}.atom").content) == ()
    assert get(f"/cap/dia-ban/{alert.pk}.atom").status_code == 404
    assert get(f"/cap/dia-ban/{world.province.pk}.pem").status_code == 404


def test_who_has_it_already_is_told_so(world: World) -> None:
    alert = linking.live(world)
    publish()
    for address in (f"/cap/tin/{alert.pk}.xml", "/cap/canh-bao.atom"):
        first = get(address)
        assert get(address, if_none_match=first["ETag"]).status_code == 304
        assert get(address, if_modified_since=first["Last-Modified"]).status_code == 304
        assert "Set-Cookie" not in first
        assert Client().post(address).status_code == 405


def test_many_readers_ask_the_database_once(world: World, django_assert_num_queries: Any) -> None:
    alert = linking.live(world)
    publish()
    get("/cap/canh-bao.atom")
    get(f"/cap/tin/{alert.pk}.xml")
    with django_assert_num_queries(0):
        get("/cap/canh-bao.atom")
        get(f"/cap/tin/{alert.pk}.xml")


def test_the_name_one_asked_by_does_not_reach_another_reader(world: World, settings: Any) -> None:
    linking.live(world)
    publish()
    Client(headers={"host": "evil.example"}).get("/cap/canh-bao.atom")
    assert b"evil" not in get("/cap/canh-bao.atom").content
    settings.NGUON_PUBLIC_URL = "https://canhbao.example.vn/"
    cache.clear()
    found = Client(headers={"host": "evil.example"}).get("/cap/canh-bao.atom").content
    assert b"evil" not in found
    assert feed.parse(found)[0].cap.startswith("https://canhbao.example.vn/cap/tin/")


def test_the_sender_is_the_code_at_our_public_name(world: World, settings: Any) -> None:
    settings.NGUON_PUBLIC_URL = "https://canhbao.example.vn"
    alert = linking.live(world)
    publish()
    assert message(alert).sender == "gso-21982@canhbao.example.vn"


def test_a_key_is_made_once_sealed_and_renewed_before_it_ends(world: World) -> None:
    linking.live(world)
    publish()
    seal = Seal.objects.get()
    assert b"PRIVATE" not in bytes(seal.secrets)
    assert "PRIVATE KEY" in vault.unseal(seal.secrets, seal.pk)["key"]
    assert publishing.seal_of(world.commune, now=LATER) == seal
    almost = seal.expires_at - timedelta(days=30)
    newer = publishing.seal_of(world.commune, now=almost)
    assert newer != seal
    assert publishing.seal_of(world.commune, now=almost) == newer
    assert set(Entry.objects.filter(verb__startswith="links.").values_list("verb", flat=True)) == {
        "links.seal",
        "links.publish",
    }


def test_one_that_cannot_be_written_holds_no_other_up(world: World) -> None:
    bad, good = linking.live(world), linking.live(world, LATER)
    Alert.objects.filter(pk=bad.pk).update(area=[[95.0, 109.0], [13.0, 109.0], [13.0, 110.0]])
    assert publish() == 1
    assert Document.objects.get().alert == good


def test_single_clusters_are_named_and_have_no_code(world: World) -> None:
    alert = linking.live(world, targets=Targets(devices=(world.devices[0].pk,)))
    publish()
    info = message(alert).info()
    assert info is not None
    assert info.areas[0].description == str(world.devices[0])
    assert info.areas[0].geocodes == ()


def test_the_fixture_is_what_it_says(world: World) -> None:
    assert "alert" in rights(world.editor)
    assert Place.objects.count() == 4
