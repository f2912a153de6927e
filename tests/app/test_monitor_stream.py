"""The stream of the live page, through the real server: a change is seen by whom it concerns, and by no one else."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import httpx
import pytest
from django.conf import settings
from django.contrib.sessions.models import Session

from nguon.delivery.models import Broadcast, Delivery, State
from nguon.devices.models import DeviceState
from nguon.kit import clock
from nguon.people.models import Person, Role
from tests.app import clusters
from tests.app.clusters import World
from tests.app.serving import serving, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> World:
    return clusters.make_world()


@pytest.fixture
def address() -> Iterator[str]:
    with serving() as found:
        yield found


class Stream:
    """The messages of one open page."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.heard = ""

    def until(self, words: str) -> str:
        """Read on until the words have come; all that was heard since the last call. Ends by the client's timeout."""
        start = len(self.heard)
        while words not in self.heard[start:]:
            self.heard += next(self._lines) + "\n"
        return self.heard[start:]

    def rest(self) -> str:
        """What comes until the server ends the stream."""
        return "\n".join(self._lines)


@contextmanager
def watching(address: str, person: Person, query: str = "") -> Iterator[Stream]:
    cookies = {settings.SESSION_COOKIE_NAME: signed_in(person)}
    with (
        httpx.Client(cookies=cookies, timeout=30) as client,
        client.stream("GET", f"{address}/giam-sat/luong{query}") as answer,
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/event-stream"
        yield Stream(answer.iter_lines())


def touch(device_id: UUID, **fields: object) -> None:
    DeviceState.objects.filter(device_id=device_id).update(changed_at=clock.now(), **fields)


def test_a_state_that_changes_is_seen_with_the_counts(world: World, address: str) -> None:
    made = clusters.device(world)
    with watching(address, world.watcher) as stream:
        assert "mất kết nối" in stream.until('id="casts"')
        touch(made.pk, online=True, seen_at=clock.now(), volume=70)
        stream.until("Sẵn sàng")
        assert f'id="d-{made.pk.hex}"' in stream.heard
        stream.until("70 %")
        stream.until('id="strip"')


def test_a_broadcast_is_seen_from_its_order_to_its_end(world: World, address: str) -> None:
    made = clusters.device(world, online=True, seen_at=clock.now())
    with watching(address, world.watcher) as stream:
        stream.until('id="casts"')
        cast = clusters.broadcast(world, clusters.stored(b"sound"))
        stream.until("Thông báo lịch cắt điện")
        row = clusters.delivery(cast, made)
        stream.until("chưa nhận")
        Delivery.objects.filter(pk=row.pk).update(progress="started", changed_at=clock.now())
        touch(made.pk, playing=cast.pk)
        stream.until(f'"d-{made.pk.hex}"')
        Delivery.objects.filter(pk=row.pk).update(progress="finished", changed_at=clock.now())
        Broadcast.objects.filter(pk=cast.pk).update(state=State.DONE, ended_at=clock.now())
        stream.until("đã phát xong")


def test_a_neighbour_hears_nothing_of_it(world: World, address: str) -> None:
    made, far = clusters.device(world), clusters.device(world, "Cụm loa Kỳ Sơn", where=world.far)
    with watching(address, world.neighbour) as stream:
        stream.until('id="casts"')
        cast = clusters.broadcast(world, clusters.stored(b"sound"))
        clusters.delivery(cast, made, "started")
        touch(made.pk, online=True, seen_at=clock.now(), playing=cast.pk)
        with watching(address, world.watcher) as other:
            other.until(made.pk.hex)
        touch(far.pk, online=True, seen_at=clock.now())
        stream.until(f'id="d-{far.pk.hex}"')
        assert made.pk.hex not in stream.heard
        assert cast.pk.hex not in stream.heard
        assert "cắt điện" not in stream.heard


def test_signing_out_ends_the_stream(world: World, address: str) -> None:
    clusters.device(world)
    with watching(address, world.watcher) as stream:
        stream.until('id="casts"')
        Session.objects.all().delete()
        assert "event: over" in stream.rest()


def test_losing_the_role_ends_the_stream(world: World, address: str) -> None:
    clusters.device(world)
    with watching(address, world.watcher) as stream:
        stream.until('id="casts"')
        Role.objects.filter(person=world.watcher).delete()
        assert "event: over" in stream.rest()


def test_a_stranger_gets_no_stream(world: World, address: str) -> None:
    assert httpx.get(f"{address}/giam-sat/luong").status_code == 302
    nobody = Person.objects.create_user(username="khach", password="x", full_name="Khách")
    cookies = {settings.SESSION_COOKIE_NAME: signed_in(nobody)}
    assert httpx.get(f"{address}/giam-sat/luong", cookies=cookies).status_code == 403


def test_a_page_that_comes_back_hears_what_it_missed(world: World, address: str) -> None:
    since = clock.ms(clock.now())
    made = clusters.device(world, online=True, seen_at=clock.now())
    with watching(address, world.watcher, f"?since={since}") as stream:
        stream.until(f'"d-{made.pk.hex}"')
        assert "Sẵn sàng" in stream.until("</li>")
