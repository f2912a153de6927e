"""Whom what comes in concerns: who sees it, who brings files, who says whom we listen to."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from nguon.links import actions, errors, queries, watched
from nguon.links.actions import Terms
from nguon.links.models import Received, Source
from nguon.people import consent
from nguon.people.models import Change, Person
from nguon.people.scope import Forbidden
from tests.app import linking
from tests.app.linking import World, receive
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


@pytest.fixture
def source(world: World) -> Source:
    return world.source()


# who sees and may


def test_a_neighbour_and_a_stranger_see_nothing_and_those_below_see(world: World, source: Source) -> None:
    received = receive(source, world.signed(linking.message()))
    there = linking.place("Phước Sơn", "Xã", world.province)
    neighbour = linking.role(Person.objects.create_user("lg", full_name="Võ Láng"), "editor", there)
    below = linking.role(Person.objects.create_user("th", full_name="Trưởng Thôn"), "editor", world.hamlets[0])
    stranger = Person.objects.create_user("la", full_name="Lạ")
    for person, sees in ((neighbour, False), (stranger, False), (below, True), (world.keeper, True)):
        client = Client()
        client.force_login(person)
        for name in ("links:detail", "links:raw"):
            assert (client.get(reverse(name, args=[received.pk])).status_code == 200) is sees, person
        assert ("Lũ khẩn cấp" in client.get(reverse("links:list")).content.decode()) is sees
    with pytest.raises(Forbidden):
        actions.take(received=received, draft=linking.draft(world), actor=neighbour, now=NOW)
    with pytest.raises(Forbidden):
        actions.bring(source=source, data=b"x", name="x", actor=neighbour, now=NOW)
    with pytest.raises(Forbidden):
        actions.take(received=received, draft=linking.draft(world), actor=world.keeper, now=NOW)


def test_a_province_speaks_to_all_its_communes(world: World) -> None:
    keeper = linking.role(Person.objects.create_user("qt-tinh", full_name="Quản Tỉnh"), "admin", world.province)
    terms = Terms(place=world.province.pk, name="Đài tỉnh", certificates=world.certificate.decode())
    source = actions.create_source(terms=terms, actor=keeper, now=NOW)
    received = receive(source, world.signed(linking.message()))
    assert list(queries.seen(world.editor)) == [received]
    client = Client()
    client.force_login(world.keeper)  # of the commune: sees, but does not administer it
    assert client.get(reverse("links:source", args=[source.pk])).status_code == 404
    with pytest.raises(Forbidden):
        actions.end_source(source=source, actor=world.keeper, now=NOW)


def test_a_file_that_an_officer_brings(world: World, source: Source) -> None:
    client = Client()
    client.force_login(world.editor)
    data = world.signed(linking.message())
    address = reverse("links:bring")
    given = SimpleUploadedFile("tin.xml", data, "application/xml")
    answer = client.post(address, {"source": source.pk, "file": given})
    received = Received.objects.get()
    assert answer.headers["Location"] == reverse("links:detail", args=[received.pk])
    assert (received.brought_by, received.address, bytes(received.raw)) == (world.editor, "tin.xml", data)
    huge = SimpleUploadedFile("to.xml", b"x" * (1024 * 1024 + 1))
    refused = client.post(address, {"source": source.pk, "file": huge})
    assert refused.status_code == 422
    assert "1 MB" in refused.content.decode()
    assert client.get(reverse("links:raw", args=[received.pk])).content == data


# sources


def test_a_source_asks_for_a_second_administrator(world: World) -> None:
    linking.role(second := Person.objects.create_user("qt2", full_name="Quản Hai"), "admin", world.commune)
    Person.objects.filter(pk=second.pk).update(last_login=NOW)
    client = Client()
    client.force_login(world.keeper)
    data = {
        "place": world.commune.pk,
        "name": "Đài tỉnh",
        "address": "https://kttv.example/feed",
        "every": "2",
        "certificates": world.certificate.decode(),
    }
    assert client.post(reverse("links:source-new"), data).status_code == 302
    assert not Source.objects.exists()
    change = Change.objects.get()
    consent.agree(change=change, actor=second, now=LATER)
    source = Source.objects.get()
    assert (source.name, source.next_at, source.created_by) == ("Đài tỉnh", LATER, world.keeper)
    outcome = watched.end(source=source, actor=world.keeper, now=LATER)
    assert outcome.waits is not None
    client.force_login(second)
    page = client.get(reverse("people:waiting")).content.decode()
    assert "Thôi dùng nguồn tin cảnh báo" in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"address": "ftp://x"}, "address"),
        ({"address": "https://u:p@x/"}, "address"),
        ({"address": "http://x/", "unsigned": True}, "address"),
        ({"certificates": ""}, "certificates"),
        ({"certificates": "-----BEGIN CERTIFICATE-----"}, "certificates"),
        ({"every": 0}, "every"),
    ],
)
def test_a_source_that_cannot_be_so_says_why(world: World, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(errors.SourceRefused) as caught:
        world.source(**changes)
    assert caught.value.field == field
    assert str(caught.value)


def test_nothing_comes_of_a_source_that_was_ended(world: World, source: Source) -> None:
    received = receive(source, world.signed(linking.message()))
    actions.end_source(source=source, actor=world.keeper, now=NOW)
    with pytest.raises(errors.SourceEnded):
        receive(source, world.signed(linking.message("KTTV-99")))
    received = Received.objects.get(pk=received.pk)
    assert queries.standing(received, world.editor, NOW).bar == "untrusted"
    assert list(queries.seen(world.editor)) == [received]
