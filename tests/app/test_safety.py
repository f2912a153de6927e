"""The page of safety: what was refused, seen by those who watch the place and by nobody else."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from nguon.delivery.inbox import QUIET, Inbox
from nguon.devices.models import Device
from nguon.devices.models import Refusal as Row
from nguon.monitor import safety, words
from nguon.people.models import Person
from nguon.wire import codec, topics
from nguon.wire.messages import Reason, Refusal
from tests.app import clusters
from tests.app.clusters import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return clusters.make_world()


def told(world: World, device: Device, reason: Reason, count: int = 1) -> None:
    """The device says that it did not believe something, and the listener writes it."""
    inbox = Inbox()
    inbox.load()
    message = Refusal(id="1" * 32, at=1, reason=reason, sha256="a" * 64, count=count)
    inbox.take([(topics.up(device.pk.hex, "refusal"), codec.encode(message))], world.now)
    inbox.flush(world.now + QUIET)


def shown(client: Client, person: Person) -> str:
    client.force_login(person)
    answer = client.get(reverse("monitor:safety"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_a_device_did_not_believe_is_counted_and_shown_where_it_stands(client: Client, world: World) -> None:
    device = clusters.device(world)
    told(world, device, Reason.FORGED, 40)
    told(world, device, Reason.FORGED, 2)
    told(world, device, Reason.MALFORMED)
    ((_day, (first, second)),) = safety.by_day(world.watcher, world.now + timedelta(minutes=1))
    assert (first.reason, first.count, first.devices) == ("heard-forged", 42, (device,))
    assert (second.reason, second.count) == ("heard-malformed", 1)
    html = shown(client, world.watcher)
    assert "chữ ký giả" in html
    assert device.name in html
    assert "Đáng ngờ" in html
    assert device.name not in shown(client, world.neighbour)
    assert safety.lately(world.watcher, world.now + timedelta(minutes=1)) == 3
    assert safety.lately(world.neighbour, world.now) == 0


def test_what_every_cluster_tells_is_one_line(client: Client, world: World) -> None:
    devices = [clusters.device(world, f"Cụm loa {name}") for name in ("Kỳ Sơn", "Tùng Giản")]
    for device in devices:
        told(world, device, Reason.UNSIGNED)
    ((_day, (event,)),) = safety.by_day(world.watcher, world.now + timedelta(minutes=1))
    assert (event.count, event.devices) == (2, tuple(devices))
    assert "2 cụm loa" in shown(client, world.watcher)


def test_strangers_are_seen_by_who_watches_everywhere(client: Client, world: World) -> None:
    Row.objects.create(at=world.now, device=None, topic="mqtt 10.0.0.9", reason="stranger", detail="3 ×: ffff")
    assert "Không rõ thiết bị" in shown(client, world.admin)
    assert "Không rõ thiết bị" not in shown(client, world.watcher)


def test_a_month_without_any(client: Client, world: World) -> None:
    device = clusters.device(world)
    Row.objects.create(at=world.now - timedelta(days=31), device=device, reason="heard-forged", detail="1 ×: x")
    assert "Không có gì bị từ chối" in shown(client, world.watcher)


@pytest.mark.parametrize("reason", [each for each in Reason if each not in (Reason.NONE,)])
def test_every_reason_a_device_may_give_has_words(reason: Reason) -> None:
    of_sounds = {"fetch", "disk", "player", "busy", "quiet", "off", "relay", "unknown", "stopped"}
    if reason.value not in of_sounds:
        assert words.refusal(f"heard-{reason.value}") != words.refusal("?")
