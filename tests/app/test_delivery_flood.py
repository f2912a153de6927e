"""A device gone wrong, or one that means harm: what it sends is counted, and fills no table."""

from datetime import timedelta

import pytest

from nguon.delivery.inbox import Inbox
from nguon.devices.models import Refusal
from nguon.wire import topics
from tests.app import stage
from tests.app.stage import NOW, Stage, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> Stage:
    return stage.build()


@pytest.fixture
def inbox(district: Stage) -> Inbox:
    one = Inbox()
    one.load()
    return one


def counted() -> int:
    return sum(int(row.detail.split(" ")[0]) for row in Refusal.objects.all())


def test_invented_topics_are_one_line_with_their_count(district: Stage, inbox: Inbox) -> None:
    device = district.devices[0].pk.hex
    take(inbox, [(topics.up(device, f"x{number}"), b"{}") for number in range(5_000)], NOW)
    inbox.flush(NOW)
    row = Refusal.objects.get()
    assert (row.reason, row.topic) == ("wrong-topic", topics.up(device, "+"))
    assert row.detail.startswith("5000 ×")


def test_a_flood_of_a_day_is_a_few_hundred_lines_and_none_is_uncounted(district: Stage, inbox: Inbox) -> None:
    topic, seconds = topics.up(district.devices[0].pk.hex, "receipt"), 10
    for second in range(0, 24 * 3600, seconds):
        now = NOW + timedelta(seconds=second)
        take(inbox, [(topic, b"nonsense")] * 3, now)
        inbox.flush(now)
    assert Refusal.objects.count() < 200
    inbox.flush(NOW + timedelta(days=1, hours=1))
    assert counted() == 3 * 24 * 3600 // seconds


def test_what_is_new_is_said_at_once_whatever_is_waited_for(district: Stage, inbox: Inbox) -> None:
    first, second = (topics.up(one.pk.hex, "receipt") for one in district.devices[:2])
    take(inbox, [(first, b"nonsense")], NOW)
    inbox.flush(NOW)
    soon = NOW + timedelta(seconds=1)
    take(inbox, [(first, b"nonsense"), (second, b"nonsense")], soon)
    inbox.flush(soon)
    assert set(Refusal.objects.values_list("topic", flat=True)) == {first, second}
    assert counted() == 2
