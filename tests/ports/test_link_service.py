"""The service `links` against a foreign server: feeds looked at, messages kept, faults told, nothing lost."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client

from nguon.cap import feed, write
from nguon.cap.model import Alert as Message
from nguon.journal.models import Entry
from nguon.kit import clock
from nguon.links import actions, publishing, queries, service
from nguon.links.actions import Terms
from nguon.links.models import Received, Source, Verdict
from tests.app import linking
from tests.app.linking import World
from tests.app.stage import NOW
from tests.ports import foreign as make
from tests.ports.foreign import Foreign

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def foreign() -> Iterator[Foreign]:
    with make.serving() as found:
        yield found


@pytest.fixture
def world(tmp_path: Path, settings: Any) -> Iterator[World]:
    settings.MEDIA_ROOT = settings.DATA = tmp_path
    settings.NGUON_LINK_NETWORKS = "127.0.0.1/32"
    with time_machine.travel(NOW):
        yield linking.build()


def source(world: World, foreign: Foreign, path: str = "/feed") -> Source:
    return world.source(address=foreign.address + path)


def lists(foreign: Foreign, world: World, *messages: Message, tag: str = "") -> None:
    """The foreign server publishes signed messages and a feed of them."""
    for one in messages:
        foreign.page(f"/{one.identifier}.xml", world.signed(one))
    entries = [feed.entry(one, cap=f"{foreign.address}/{one.identifier}.xml") for one in messages]
    data = feed.render(entries, address=f"{foreign.address}/feed", title="KTTV", author="KTTV", now=NOW)
    headers = {"ETag": tag} if tag else {}
    foreign.page("/feed", data, **headers)


def look(found: Source) -> Source:
    """One look, as the service does."""
    with ThreadPoolExecutor(2) as network:
        asyncio.run(service.poll(Source.objects.get(pk=found.pk), network))
    return Source.objects.get(pk=found.pk)


def test_a_feed_brings_its_messages_once(world: World, foreign: Foreign) -> None:
    lists(foreign, world, linking.message("1"), linking.message("2"), tag='"a"')
    found = look(source(world, foreign))
    assert (found.fault, found.failures, found.etag) == ("", 0, '"a"')
    assert found.good_at is not None
    assert {one.identifier for one in Received.objects.filter(verdict=Verdict.SIGNED)} == {"1", "2"}
    look(found)
    assert foreign.paths().count("/1.xml") == 1
    assert Received.objects.count() == 2
    lists(foreign, world, linking.message("1"), linking.message("2"), linking.message("3"), tag='"b"')
    look(found)
    assert Received.objects.count() == 3


def test_the_bytes_are_kept_as_they_came(world: World, foreign: Foreign) -> None:
    lists(foreign, world, linking.message("1"))
    odd = b"\n<!-- odd -->" + world.signed(linking.message("1")).split(b"?>", 1)[1]
    foreign.page("/1.xml", odd)
    look(source(world, foreign))
    received = Received.objects.get()
    assert bytes(received.raw) == odd
    assert received.address == f"{foreign.address}/1.xml"


@pytest.mark.parametrize(
    ("serve", "fault"),
    [
        (make.sends(500), "status"),
        (make.cut, "cut"),
        (make.sends(200, b"<html/>"), "content"),
        (make.sends(200, b"not xml"), "content"),
        (make.moves("http://10.0.0.1/"), "near"),
    ],
)
def test_a_feed_that_fails_is_told_and_tried_again(
    world: World, foreign: Foreign, serve: make.Serve, fault: str
) -> None:
    foreign.pages["/feed"] = serve
    found = look(source(world, foreign))
    assert (found.fault, found.failures, found.good_at) == (fault, 1, None)
    assert found.next_at is not None
    assert found.next_at > clock.now()
    again = look(found)
    assert again.failures == 2
    assert Entry.objects.filter(verb="links.source-fault").count() == 1
    lists(foreign, world, linking.message("1"))
    well = look(again)
    assert (well.fault, well.failures) == ("", 0)
    assert Entry.objects.filter(verb="links.source-fault").count() == 2
    assert Received.objects.count() == 1


def test_a_message_that_cannot_be_had_holds_no_other_up_and_is_not_forgotten(world: World, foreign: Foreign) -> None:
    lists(foreign, world, linking.message("1"), linking.message("2"), tag='"a"')
    foreign.pages["/1.xml"] = make.sends(500)
    found = look(source(world, foreign))
    assert [one.identifier for one in Received.objects.all()] == ["2"]
    assert list(found.missed) == [f"{foreign.address}/1.xml"]
    assert found.etag == ""  # "nothing new" would hide what is still to be had
    foreign.page("/1.xml", world.signed(linking.message("1")))
    look(found)
    assert Received.objects.count() == 1  # not at once again
    Source.objects.filter(pk=found.pk).update(missed={f"{foreign.address}/1.xml": [1, NOW.isoformat()]})
    done = look(found)
    assert {one.identifier for one in Received.objects.all()} == {"1", "2"}
    assert done.missed == {}


def test_a_wrong_signature_is_kept_and_shown(world: World, foreign: Foreign) -> None:
    lists(foreign, world, linking.message("1"))
    foreign.page("/1.xml", world.signed(linking.message("1")).replace(b"Ph\xc6\xb0", b"Xh\xc6\xb0"))
    look(source(world, foreign))
    received = Received.objects.get()
    assert (received.verdict, received.problems[0][1]) == (Verdict.UNTRUSTED, "broken-signature")
    assert list(queries.listed(world.editor, queries.DOUBTED, NOW)) == [received]
    assert list(queries.listed(world.editor, "", NOW)) == []


def test_an_address_may_hold_one_message_itself(world: World, foreign: Foreign) -> None:
    foreign.page("/now.xml", world.signed(linking.message("1")))
    look(source(world, foreign, "/now.xml"))
    assert Received.objects.get().verdict == Verdict.SIGNED


def test_what_the_feed_says_is_over_is_not_asked_for(world: World, foreign: Foreign) -> None:
    lists(foreign, world, linking.message("1", expires=linking.SENT + timedelta(minutes=5)))
    found = source(world, foreign)
    with ThreadPoolExecutor(2) as network:
        later = Source.objects.get(pk=found.pk)
        with time_machine.travel(NOW + timedelta(minutes=10)):
            asyncio.run(service.poll(later, network))
    assert "/1.xml" not in foreign.paths()


def test_hundreds_are_taken_over_several_looks(world: World, foreign: Foreign) -> None:
    lists(foreign, world, *(linking.message(f"m{n}") for n in range(50)), tag='"a"')
    found = look(source(world, foreign))
    assert Received.objects.count() == 40
    look(found)
    assert Received.objects.count() == 50


def test_a_source_that_was_changed_meanwhile_is_not_spoilt(world: World, foreign: Foreign) -> None:
    lists(foreign, world, linking.message("1"))
    old = source(world, foreign)
    terms = Terms(place=world.commune.pk, name="Mới", address="", certificates=world.certificate.decode())
    actions.change_source(source=old, terms=terms, actor=world.keeper, now=NOW)
    with ThreadPoolExecutor(2) as network:
        asyncio.run(service.poll(old, network))
    assert Source.objects.get(pk=old.pk).next_at is None


def test_unsigned_is_refused_by_default(world: World, foreign: Foreign) -> None:
    foreign.page("/now.xml", write.render(linking.message("1")))
    look(source(world, foreign, "/now.xml"))
    assert Received.objects.get().verdict == Verdict.UNTRUSTED


def test_one_server_takes_what_another_publishes(world: World, foreign: Foreign) -> None:
    """The whole way by the product's own feed: published here, fetched as a stranger would, believed."""
    ours = linking.live(world)
    publishing.publish_due(now=clock.now())
    document = Client().get(f"/cap/tin/{ours.pk}.xml").content
    listed = Client().get("/cap/canh-bao.atom").content.replace(b"http://testserver", foreign.address.encode())
    foreign.page(f"/cap/tin/{ours.pk}.xml", document)
    foreign.page("/cap/canh-bao.atom", listed)
    pem = Client().get(f"/cap/dia-ban/{world.commune.pk}.pem").content.decode()
    look(world.source(address=f"{foreign.address}/cap/canh-bao.atom", certificates=pem))
    received = Received.objects.get()
    assert (received.verdict, received.identifier) == (Verdict.SIGNED, str(ours.pk))
    assert bytes(received.raw) == document
