"""What goes wrong with one alert is that one's alone."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from nguon.alerts import actions
from nguon.delivery.rules import Targets
from nguon.devices.models import Device, Status
from tests.app import alarms
from tests.app.alarms import live, sent, submitted
from tests.app.stage import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _storage(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = settings.DATA = tmp_path


def test_one_that_cannot_be_said_keeps_no_other_from_it_and_is_tried_again() -> None:
    """All clusters of a hamlet were taken out of use since; the other hamlet is to be warned all the same."""
    world = alarms.build()
    leader = alarms.make_leader(world)
    lost = live(world, leader, targets=Targets(places=(world.hamlets[1].pk,)))
    other = submitted(world)  # the same words: their voice is ready
    other = actions.sign(alert=other, digest=other.digest, actor=leader, now=NOW)
    there = Device.objects.filter(place=world.hamlets[1])
    there.update(status=Status.RETIRED)
    due, resting = NOW + timedelta(hours=2), dict[UUID, datetime]()
    assert actions.say_due(now=due, resting=resting) == 2
    assert (len(sent(lost)), len(sent(other))) == (2, 4)
    there.update(status=Status.ACTIVE)
    assert actions.say_due(now=due + timedelta(seconds=1), resting=resting) == 0
    assert actions.say_due(now=due + actions.REST, resting=resting) == 2
    assert len(sent(lost)) == 4
