"""An alert through a real broker to two real cores: one lost the order though it is connected, and gets it again."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from nguon.agent import core, events
from nguon.agent import effects as ef
from nguon.agent.state import fresh
from nguon.delivery import sender, service
from nguon.delivery.inbox import Inbox
from nguon.delivery.models import Broadcast, Delivery
from nguon.delivery.rules import FIRST_REPEAT
from nguon.devices.models import Device
from nguon.devices.queries import wire_keys, wire_settings
from nguon.keys import queries as rings
from nguon.kit import clock
from nguon.kit.clock import local_day, ms
from nguon.plugs.mqtt import MqttBus
from nguon.wire import codec, seal, topics, trust
from nguon.wire.messages import Play
from tests.app import stage, warning
from tests.app.alarms import sent
from tests.app.warning import District
from tests.ports.test_bus_contract import Broker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    one = Broker(tmp_path)
    yield one
    one.stop()


@pytest.fixture(autouse=True)
def storage(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = settings.DATA = tmp_path


class Box:
    """A device: the real core behind a real connection. `deaf`: what comes is lost before it is read."""

    def __init__(self, device: Device, broker: Broker, *, deaf: bool) -> None:
        now = clock.now()
        known = rings.ring(device.place_id, local_day(now), now)
        assert known is not None
        own = wire_settings(device, local_day(now))
        self.state = fresh(own, device.pk.hex, trust.anchored(wire_keys(device, known)), checked=True)
        self.bus = MqttBus(f"mqtt://127.0.0.1:{broker.port}", device.pk.hex, "x")
        self.topics = (topics.down(device.pk.hex), *(topics.area(area, device.channel) for area in own.areas))
        self.deaf, self.heard, self.lost = deaf, list[tuple[str, bytes]](), list[str]()
        self.playing: list[str] = []
        self.said: list[tuple[str, bytes]] = []
        self._name = device.pk.hex

    async def connect(self) -> None:
        await self.bus.connect(client_id=self._name, subscribe=self.topics, handler=self._hear)
        self._take(events.Connected())

    def _hear(self, topic: str, payload: bytes) -> None:
        if self.deaf:
            self.lost.append(topic)
            return
        self.heard.append((topic, payload))
        self._take(events.Heard(payload))

    def _take(self, event: events.Event) -> None:
        self.state, effects = core.step(self.state, event, ms(clock.now()))
        for effect in effects:
            if isinstance(effect, ef.StartPlayer):
                self.playing.append(effect.order.id)
            elif isinstance(effect, ef.Fetch):
                self._take(events.Fetched(effect.content.sha256))
            elif isinstance(effect, ef.Send):
                self.said.append((topics.up(self._name, effect.what), codec.encode(effect.message)))


async def until(met: Callable[[], bool], turn: Callable[[], Any] | None = None) -> None:
    async with asyncio.timeout(40):
        while not met():
            if turn is not None:
                await turn()
            await asyncio.sleep(0.05)


def record(boxes: list[Box]) -> None:
    """What the listener does with the answers of the devices."""
    inbox = Inbox()
    inbox.load()
    stage.take(inbox, [each for box in boxes for each in box.said], clock.now())


def rows() -> dict[str, tuple[int, str]]:
    """How often each was sent to, and how far it is."""
    found = Delivery.objects.filter(device__name__in=("Cụm loa số 0", "Cụm loa số 2"))
    return {str(row.device): (row.sends, row.progress) for row in found.select_related("device")}


def siren_only(world: District) -> Broadcast:
    """A live alert whose voice is not ready: one broadcast."""
    alert = world.live(now=clock.now())
    siren = sent(alert)[0]
    Broadcast.objects.exclude(pk=siren.pk).update(state="done")
    return siren


def test_a_device_that_is_connected_and_lost_an_alert_gets_it_again(broker: Broker) -> None:
    world = warning.build(clock.now())
    siren = siren_only(world)
    awake, deaf = (
        Box(device, broker, deaf=one) for device, one in ((world.devices[0], False), (world.devices[2], True))
    )

    async def story() -> None:
        mouth = MqttBus(f"mqtt://127.0.0.1:{broker.port}", "server-sender", "x")
        await mouth.connect(client_id="server-sender")
        for box in (awake, deaf):
            await box.connect()
        await asyncio.sleep(0.3)  # the subscriptions are on their way
        one = sender.Sender(mouth, "w1")
        await one.send_queued()
        await until(lambda: bool(awake.playing) and bool(deaf.lost))
        assert awake.playing == [siren.pk.hex]
        assert not deaf.playing
        await service.db(lambda: None)
        while not await service.db(Delivery.objects.exists):
            await asyncio.sleep(0.05)
        await service.db(record, [awake])
        waiting = await service.db(Delivery.objects.get, progress="waiting")
        assert waiting.next_send_at is not None
        assert waiting.sent_at is not None
        assert waiting.next_send_at - waiting.sent_at == FIRST_REPEAT == timedelta(seconds=10)
        deaf.deaf = False  # it lost that one order; it has been connected all the time
        await until(lambda: bool(deaf.playing), one.send_again)
        await service.db(record, [deaf])
        for bus in (mouth, awake.bus, deaf.bus):
            await bus.close()
        await service.db(connections.close_all)

    asyncio.run(story())
    assert deaf.playing == [siren.pk.hex]
    assert [topic for topic, _payload in deaf.heard if "/area/" in topic] == []  # to it alone
    by_area = [codec.decode_down(seal.unwrap(payload).payload) for topic, payload in awake.heard if "/area/" in topic]
    assert [order.channel for order in by_area if isinstance(order, Play)] == ["speaker"]  # none of the boards' forms
    assert awake.playing == [siren.pk.hex]  # who answered is not told again
    assert not deaf.state.doubts
    done = rows()
    assert done["Cụm loa số 0"][0] == 1
    assert done["Cụm loa số 2"][0] == 2
    assert {progress for _sends, progress in done.values()} <= {"received", "ready", "started"}
