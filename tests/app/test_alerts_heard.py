"""Alerts as the real core of a device hears them."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from nguon.agent import core, events
from nguon.agent import effects as ef
from nguon.agent.state import State as Device
from nguon.agent.state import fresh
from nguon.alerts import actions
from nguon.alerts.models import State
from nguon.delivery import sealed
from nguon.delivery.models import Broadcast
from nguon.delivery.models import State as Sent
from nguon.delivery.queries import outgoing
from nguon.devices import channels
from nguon.devices.queries import wire_keys, wire_settings
from nguon.keys import queries as rings
from nguon.kit.clock import local_day, ms
from nguon.people.models import Person
from nguon.wire import trust
from tests.app import alarms
from tests.app.alarms import live, sent, submitted
from tests.app.stage import NOW, Stage

pytestmark = pytest.mark.django_db
ON = local_day(NOW)


@pytest.fixture(autouse=True)
def storage(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = settings.DATA = tmp_path


@pytest.fixture
def world() -> Stage:
    return alarms.build()


@pytest.fixture
def leader(world: Stage) -> Person:
    return alarms.make_leader(world)


class Box:
    """A device of the first hamlet, at night."""

    def __init__(self, world: Stage, now: datetime) -> None:
        device = world.devices[0]
        known = rings.ring(device.place_id, ON, now)
        assert known is not None
        ring = trust.anchored(wire_keys(device, known))
        self.now = now
        self.state: Device = fresh(wire_settings(device, ON), device.pk.hex, ring, checked=True)
        self.playing: list[str] = []
        self._take(events.Connected())

    def _take(self, event: events.Event) -> None:
        self.state, effects = core.step(self.state, event, ms(self.now))
        for effect in effects:
            if isinstance(effect, ef.StartPlayer):
                self.playing.append(effect.order.id)
            elif isinstance(effect, ef.StopPlayer):
                self.playing.append("")

    def hear(self, *orders: Broadcast) -> None:
        plug = channels.active()["speaker"]
        for one in orders:
            stopped = one.state == Sent.STOPPED
            seal = (sealed.silence_of if stopped else sealed.seal_of)(one, self.now)
            (publication, *_) = (plug.silence if stopped else plug.announce)(outgoing(one), seal)
            self._take(events.Heard(publication.payload))
            if one.file_id and not stopped:
                self._take(events.Fetched(one.file_id))


@pytest.fixture
def box(world: Stage) -> Box:
    return Box(world, NOW)


def test_a_device_sounds_what_two_people_signed_and_falls_silent_at_one_hand(
    world: Stage, leader: Person, box: Box
) -> None:
    alert = live(world, leader)
    siren, text = sent(alert)
    box.hear(siren, text)
    assert box.playing == [siren.pk.hex]
    assert not box.state.doubts
    actions.stop(alert=alert, actor=world.editor, now=NOW)
    box.hear(*sent(alert))
    assert box.playing[-1] == ""
    assert not box.state.held


def test_the_server_alone_cannot_make_an_emergency(world: Stage, leader: Person, box: Box) -> None:
    """Whoever writes into the database what two people did not sign gets nothing out of a loudspeaker."""
    alert = live(world, leader)
    Broadcast.objects.filter(alert_saying__alert=alert).update(signers=[])
    box.hear(*sent(alert))
    assert not box.playing
    assert {reason.value for reason in box.state.doubts} == {"signers"}


def test_a_drill_takes_one_hand_and_says_so(world: Stage, box: Box) -> None:
    alert = submitted(world, drill=True)
    assert alert.state == State.LIVE
    assert alert.headline.startswith("Diễn tập")
    box.hear(*sent(alert))
    assert box.playing == [sent(alert)[0].pk.hex]
