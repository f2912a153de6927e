"""The clock of the server was ahead, and is set right: what it wrote by the wrong time does not bind it."""

from datetime import timedelta

import pytest

from nguon.delivery import outbox
from tests.app import stage
from tests.app.stage import NOW, Stage

pytestmark = pytest.mark.django_db
AHEAD = NOW + timedelta(hours=1)


@pytest.fixture
def district() -> Stage:
    return stage.build()


def test_a_claim_of_the_future_is_none(district: Stage) -> None:
    """Its sender may have died an hour before that."""
    broadcast = district.broadcast(minutes=600)
    assert outbox.claim("dead", AHEAD) == [broadcast]
    assert outbox.anything(NOW)
    assert outbox.claim("alive", NOW) == [broadcast]
    assert not outbox.anything(NOW)
    assert outbox.claim("another", NOW) == []


def test_what_was_not_answered_is_sent_again_soon(district: Stage) -> None:
    broadcast = district.broadcast(minutes=600)
    outbox.claim("w", AHEAD)
    outbox.sent(broadcast, AHEAD)
    assert len(outbox.repeats(NOW)) == 3
    assert outbox.repeats(NOW) == []
