"""Boards linked to the system above, over real HTTP: playlists come, reports go, and every failure has its words."""

import asyncio
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage

from nguon.channels.board import hanging, tallying
from nguon.channels.board.upper import giving, interface, service, showing, sources, taking, told, words
from nguon.channels.board.upper.interface import Item, Playlist
from nguon.channels.board.upper.models import Entry, Grant, UpperSource
from nguon.delivery.service import db
from nguon.journal.models import Entry as Line
from nguon.keys import actions as keys
from nguon.keys.models import AuthorityKey
from nguon.keys.sealing import opened
from nguon.kit import clock
from nguon.media.models import File
from nguon.newsroom import actions as newsroom
from nguon.ports.channel import Shown as Tallied
from nguon.wire.seal import SigningKey, thumbprint
from tests.app import upper
from tests.app.serving import serving
from tests.app.upper import World, look, tell
from tests.ports import foreign as make
from tests.ports.foreign import Foreign

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(tmp_path: Path, settings: Any) -> Iterator[World]:
    settings.MEDIA_ROOT = settings.DATA = tmp_path
    settings.NGUON_LINK_NETWORKS = "127.0.0.1/32"
    cache.clear()
    made = upper.make()
    with serving() as address:
        made.address = address
        yield made


def titles(source: UpperSource) -> list[str]:
    return [row.title for row, _item in showing.held(source, clock.now())]


def test_a_playlist_comes_once_its_key_was_compared(world: World) -> None:
    world.add(world.bulletin())
    grant, token = world.grant()
    found = look(world.source(token))
    assert (found.fault, found.keys, titles(found)) == ("", [], [])
    assert len(found.offered) == 1
    taking.agree(source=found, kids=tuple(map(thumbprint, found.offered)), actor=world.lower, now=clock.now())
    found = look(found)
    assert (found.fault, found.lacking, titles(found)) == ("", 0, ["Lịch cắt điện ngày 25/11"])
    ((file, seconds),) = showing.current(found, clock.now())
    assert seconds > 5
    assert file.mime == "application/json"
    grant.refresh_from_db()
    assert grant.asked_at is not None


@dataclass
class Linked:
    """A source that was agreed to and holds one item."""

    world: World
    grant: Grant
    entry: Entry
    source: UpperSource


@pytest.fixture
def linked(world: World) -> Linked:
    entry = world.add(world.bulletin())
    grant, token = world.grant()
    return Linked(world, grant, entry, world.agreed(token))


@pytest.fixture
def foreign() -> Iterator[Foreign]:
    with make.serving() as found:
        yield found


def forged(linked: Linked, foreign: Foreign, *keys: SigningKey, **changes: Any) -> UpperSource:
    """The source as it stands, with somebody else at its address who signs what they like."""
    name = linked.world.board_class.pk
    terms: dict[str, Any] = {"v": 1, "id": name.hex, "name": "Giả", "issuer": "Giả", "version": 99, "items": ()}
    terms |= {"made": clock.ms(clock.now()), "until": clock.ms(clock.now()) + 10_000_000}
    said = Playlist(**(terms | {"keys": tuple(key.public for key in keys)} | changes))
    address = foreign.page(f"/bang/tren/{name}.json", interface.sign(said, *keys))
    UpperSource.objects.filter(pk=linked.source.pk).update(address=address, etag="")
    return UpperSource.objects.get(pk=linked.source.pk)


def ours(linked: Linked) -> SigningKey:
    """The key that signs for the place that gives."""
    return opened(AuthorityKey.objects.get(place=linked.world.desk.here, spare=False))


def test_nothing_new_is_asked_for_by_its_tag(linked: Linked) -> None:
    assert linked.source.etag
    version = linked.source.version
    again = look(linked.source)
    assert (again.fault, again.etag, again.version) == ("", linked.source.etag, version)
    linked.world.add(linked.world.bulletin("Lịch tiêm chủng"), minutes=((360, 480),))
    found = look(again)
    assert titles(found) == ["Lịch cắt điện ngày 25/11", "Lịch tiêm chủng"]
    assert (found.version, found.etag == again.etag) == (version + 1, False)
    assert showing.held(found, clock.now())[1][1].minutes == ((360, 480),)


def test_a_bulletin_that_is_withdrawn_leaves_at_the_next_look(linked: Linked, monkeypatch: Any) -> None:
    told: list[None] = []
    monkeypatch.setattr(hanging, "refresh_soon", lambda: told.append(None))
    newsroom.withdraw(
        bulletin=linked.entry.bulletin, reason="Sai giờ", actor=linked.world.desk.approver, now=clock.now()
    )
    assert titles(look(linked.source)) == []
    assert len(told) == 1
    look(linked.source)
    assert len(told) == 1


def test_a_class_that_was_ended_is_an_empty_list(linked: Linked) -> None:
    giving.end_class(board_class=linked.world.board_class, actor=linked.world.desk.both, now=clock.now())
    found = look(linked.source)
    assert (found.fault, titles(found)) == ("", [])


def test_a_token_that_was_taken_back_brings_nothing_and_what_is_held_goes_on_to_its_end(linked: Linked) -> None:
    giving.revoke(grant=linked.grant, actor=linked.world.keeper, now=clock.now())
    found = look(linked.source)
    assert (found.fault, found.failures) == ("denied", 1)
    assert titles(found) == ["Lịch cắt điện ngày 25/11"]
    assert found.until is not None
    assert showing.current(found, found.until) == []
    assert tell(found).report_fault == "denied"


def test_another_signature_is_refused_and_told_and_what_is_held_stays(linked: Linked, foreign: Foreign) -> None:
    found = look(forged(linked, foreign, SigningKey.new()))
    assert found.fault == "key"
    assert titles(found) == ["Lịch cắt điện ngày 25/11"]
    assert found.keys == linked.source.keys
    assert Line.objects.filter(verb="board.upper-unbelieved").count() == 1
    look(found)
    assert Line.objects.filter(verb="board.upper-unbelieved").count() == 1


def test_a_key_that_is_renewed_above_is_followed(linked: Linked) -> None:
    keys.renew(place=linked.world.desk.here, actor="test", now=clock.now())
    found = look(linked.source)
    assert (found.fault, len(found.keys)) == ("", 2)


def test_another_class_an_old_list_and_one_of_tomorrow_are_not_taken(linked: Linked, foreign: Foreign) -> None:
    now = clock.ms(clock.now())
    day = 86_400_000
    for changes, fault in (
        ({"id": "9" * 32}, "other"),
        ({"made": now - 9 * day}, "old"),
        ({"until": now - 1}, "old"),
        ({"made": now + 2 * day, "until": now + 3 * day}, "ahead"),
    ):
        found = look(forged(linked, foreign, ours(linked), **changes))
        assert (found.fault, titles(found)) == (fault, ["Lịch cắt điện ngày 25/11"]), changes


def test_a_page_that_is_wrong_is_left_out_and_asked_for_again(linked: Linked, foreign: Foreign) -> None:
    file = File.objects.get(pk=linked.source.items.get().file_id)
    with default_storage.open(file.path) as stored:
        good = bytes(stored.read())
    bad = good + b" "
    terms: dict[str, Any] = {"mime": "application/json", "seconds": 8, "title": "Tin"}
    one = Item(id="a" * 32, hash=hashlib.sha256(bad).hexdigest(), size=len(bad), url="trang/x", **terms)
    elsewhere = Item(id="b" * 32, hash="c" * 64, size=9, url="https://la.example/x", **terms)
    picture = Item(id="c" * 32, hash="d" * 64, size=9, url="trang/y", **(terms | {"mime": "video/mp4"}))
    kept = Item(id="d" * 32, hash=file.sha256, size=file.size, url="trang/z", **terms)
    foreign.page("/bang/tren/trang/x", b"\xff" * len(bad))
    foreign.page("/bang/tren/trang/y", b"\x00" * 9)
    found = look(forged(linked, foreign, ours(linked), items=(one, elsewhere, picture, kept)))
    assert (found.fault, found.lacking, found.etag) == ("", 3, "")
    assert [row.number.hex for row in found.items.all()] == ["d" * 32]
    assert "/bang/tren/trang/z" not in foreign.paths()
    foreign.page("/bang/tren/trang/x", bad)
    assert look(found).lacking == 2


@pytest.mark.parametrize(
    ("serve", "fault"),
    [
        (make.sends(500), "status"),
        (make.sends(404), "gone"),
        (make.sends(200, b"<html>"), "form"),
        (make.moves("https://la.example/"), "address"),
        (make.cut, "cut"),
    ],
)
def test_each_failure_is_told_and_changes_nothing(linked: Linked, foreign: Foreign, serve: Any, fault: str) -> None:
    found = forged(linked, foreign, ours(linked))
    foreign.pages[f"/bang/tren/{linked.world.board_class.pk}.json"] = serve
    found = look(found)
    assert (found.fault, found.failures, titles(found)) == (fault, 1, ["Lịch cắt điện ngày 25/11"])


def test_the_token_goes_nowhere_else(linked: Linked, foreign: Foreign) -> None:
    with make.serving() as other:
        found = forged(linked, foreign, ours(linked))
        foreign.pages[f"/bang/tren/{linked.world.board_class.pk}.json"] = make.moves(f"{other.address}/x")
        look(found)
        assert other.asked == []


def test_the_system_above_is_dead_for_days_and_comes_back(linked: Linked, time_machine: Any) -> None:
    now = clock.now()
    UpperSource.objects.filter(pk=linked.source.pk).update(address="http://127.0.0.1:1/bang/tren/x.json")
    time_machine.move_to(now + timedelta(days=1), tick=False)
    found = look(linked.source)
    assert (found.fault, words.course(found, clock.now()).kind) == ("connect", "warn")
    assert len(showing.current(found, clock.now())) == 1
    time_machine.move_to(now + timedelta(days=4), tick=False)
    found = look(linked.source)
    assert (showing.current(found, clock.now()), words.course(found, clock.now()).kind) == ([], "bad")
    UpperSource.objects.filter(pk=linked.source.pk).update(address=linked.source.address)
    found = look(linked.source)
    assert (found.fault, len(showing.current(found, clock.now()))) == ("", 1)


def test_a_report_is_heard_and_counts_once(linked: Linked) -> None:
    now = clock.now()
    (held,) = linked.source.items.all()
    elsewhere = tallying.Leafed("f" * 64, "bulletin", held.number)
    pages = [tallying.Leafed(held.file_id, "upper", linked.source.pk, held.number.hex), elsewhere]
    tallying.note(pages, now)
    rows = [Tallied(held.file_id, 2, 20_000, now, now), Tallied("f" * 64, 9, 90_000, now, now)]
    tallying.take(device=linked.world.board.pk, day=clock.local_day(now), rows=rows, now=now)
    found = tell(linked.source)
    assert (found.report_fault, found.reported_at is not None) == ("", True)
    tell(found)  # the day is told whole each time
    now = clock.now()
    (shown,) = told.shown_of(linked.grant, linked.world.board_class, now)
    assert (shown.title, shown.times, shown.given) == ("Lịch cắt điện ngày 25/11", 2, True)
    far = linked.grant.boards.get()
    assert (far.name, far.online) == ("Màn LED ngã tư", True)
    giving.remove(entry=linked.entry, actor=linked.world.desk.both, now=now)
    (shown,) = told.shown_of(linked.grant, linked.world.board_class, now)
    assert (shown.times, shown.given) == (2, False)


def test_nobody_is_told_before_a_playlist_came(world: World) -> None:
    _grant, token = world.grant()
    found = world.source(token)
    assert list(sources.due_to_tell(clock.now())) == []
    assert tell(found).report_fault == ""


def test_the_service_looks_and_tells_by_itself(linked: Linked) -> None:
    """As `nguon run links` runs it: what is due is asked, and what is shown is told."""
    now = clock.now()
    UpperSource.objects.update(next_at=now, report_next_at=now, good_at=None)

    async def until_done() -> None:
        running = asyncio.create_task(service.run())
        while not await db(UpperSource.objects.exclude(good_at=None).exclude(reported_at=None).exists):
            assert not running.done()
            await asyncio.sleep(0.05)
        running.cancel()

    asyncio.run(until_done())
    assert linked.grant.boards.get().name == "Màn LED ngã tư"
    found = UpperSource.objects.get()
    assert found.next_at is not None
    assert found.next_at > now
