"""What goes wrong around deliveries: poisonous messages, clocks that are far off, a broker or database that is away."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError

from nguon.delivery import actions, clock, outbox
from nguon.delivery.inbox import Inbox
from nguon.delivery.models import Delivery, Receipt
from nguon.devices.models import DeviceState, Refusal
from nguon.kit import ids
from nguon.kit.clock import ms
from nguon.wire import topics
from tests.app import stage
from tests.app.stage import NOW, Stage

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(seconds=1)
LAST = 253_402_300_799_999  # the end of year 9999, in ms


@pytest.fixture
def district() -> Stage:
    return stage.build()


@pytest.fixture
def inbox(district: Stage) -> Inbox:
    one = Inbox()
    one.load()
    return one


def said(device: Any, what: str, **fields: Any) -> tuple[str, bytes]:
    """Raw JSON, so that a device may say what our own types would not let it."""
    message = {"type": what, "id": ids.short(ids.new()), "at": ms(NOW), **fields}
    return topics.up(device.pk.hex, what), json.dumps(message).encode()


def receipt(device: Any, broadcast: Any, seq: int = 1, stage: str = "received", **fields: Any) -> tuple[str, bytes]:
    return said(device, "receipt", broadcast=broadcast.pk.hex, seq=seq, stage=stage, **fields)


def send(district: Stage) -> Any:
    broadcast = district.broadcast()
    outbox.claim("w1", NOW)
    outbox.sent(broadcast, NOW)
    return broadcast


@pytest.mark.parametrize(
    "poison",
    [
        {"seq": 2**63},
        {"seq": 10**30},
        {"position": 2**31},
        {"position": 2**63},
        {"detail": "a\x00b"},
        {"at": LAST},
    ],
)
def test_a_poisonous_receipt_spoils_no_other(district: Stage, inbox: Inbox, poison: dict[str, Any]) -> None:
    broadcast = send(district)
    bad, good = district.devices[:2]
    done = inbox.take([receipt(bad, broadcast, **poison), receipt(good, broadcast)], SOON)
    assert done[good.pk.hex] == [1]
    assert Delivery.objects.get(device=good).progress == "received"
    inbox.flush(SOON)


@pytest.mark.parametrize(
    "poison",
    [
        {"clock_offset": -1_790_000_000_000},  # no battery: its clock began in 1970
        {"clock_offset": 2**70},
        {"disk_free": 2**63},
        {"held": 2**31},
        {"settings": 2**31},
        {"settings": 2**63},
        {"software": "a\x00b"},
        {"power": "\x00"},
        {"temperature": 1e308},
    ],
)
def test_poisonous_vitals_spoil_no_other(district: Stage, inbox: Inbox, poison: dict[str, Any]) -> None:
    bad, good = district.devices[:2]
    inbox.take([said(bad, "vitals", **poison), said(good, "vitals", volume=30)], SOON)
    inbox.flush(SOON)
    assert DeviceState.objects.get(device=good).volume == 30


def test_a_clock_without_battery_is_told_not_refused(district: Stage, inbox: Inbox) -> None:
    device = district.devices[0]
    inbox.take([said(device, "vitals", clock_offset=-1_790_000_000_000)], SOON)
    inbox.flush(SOON)
    assert DeviceState.objects.get(device=device).clock_offset == -1_790_000_000_000


def test_a_clock_years_ahead_does_not_reach_the_page(district: Stage, inbox: Inbox, client: Any) -> None:
    broadcast, device = send(district), district.devices[0]
    inbox.take([receipt(device, broadcast, stage="started", at=LAST)], SOON)
    assert Delivery.objects.get(device=device).started_at == SOON
    assert Receipt.objects.get().at > NOW + timedelta(days=365)  # the evidence stays as it came


@pytest.mark.django_db(transaction=True)
def test_a_device_deleted_behind_the_listener_stops_nobody(district: Stage, inbox: Inbox) -> None:
    broadcast = send(district)
    gone, good = district.devices[:2]
    batch = [receipt(gone, broadcast), said(gone, "vitals"), receipt(good, broadcast), said(good, "vitals", volume=7)]
    Delivery.objects.filter(device=gone).delete()
    gone.delete()
    assert good.pk.hex in inbox.take(batch, SOON)
    inbox.flush(SOON)
    assert DeviceState.objects.get(device=good).volume == 7


def test_what_could_not_be_written_is_written_the_next_time(
    district: Stage, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = district.devices[0]
    send(district)
    Delivery.objects.update(next_send_at=None)
    inbox.take([said(device, "presence", online=True), said(device, "vitals", volume=12)], SOON)
    with monkeypatch.context() as locked:
        locked.setattr("nguon.delivery.bulk.insert", _locked)
        with pytest.raises(OperationalError):
            inbox.flush(SOON)
    inbox.flush(SOON)
    assert DeviceState.objects.get(device=device).volume == 12
    assert Delivery.objects.get(device=device).next_send_at == SOON


def _locked(*_: object, **__: object) -> None:
    raise OperationalError("database is locked")


def test_a_device_that_has_the_order_in_secret_hears_the_stop_when_it_shows(district: Stage, inbox: Inbox) -> None:
    """It heard the order, lost its link before its answer, and comes back playing what was stopped meanwhile."""
    broadcast, device = send(district), district.devices[0]
    actions.stop(broadcast=broadcast, actor=district.editor, now=SOON)
    outbox.stop_sent(broadcast, SOON)
    assert Delivery.objects.get(device=device).progress == "stopped"
    later = SOON + timedelta(minutes=5)
    inbox.take([receipt(device, broadcast, 1, "received"), receipt(device, broadcast, 2, "started")], later)
    assert [pk for _, pk in outbox.repeats(later)] == [device.pk]


def test_a_stop_is_told_again_to_a_sound_that_outlasts_the_expiry(district: Stage, inbox: Inbox) -> None:
    broadcast, device = send(district), district.devices[0]
    inbox.take([receipt(device, broadcast, 1, "started")], SOON)
    after = broadcast.expires_at + timedelta(seconds=1)
    actions.stop(broadcast=broadcast, actor=district.editor, now=after)
    outbox.stop_sent(broadcast, after)
    assert [pk for _, pk in outbox.repeats(after + timedelta(seconds=11))] == [device.pk]


def test_what_never_answers_the_stop_ends_with_the_expiry(district: Stage, inbox: Inbox) -> None:
    broadcast, device = send(district), district.devices[0]
    inbox.take([receipt(device, broadcast, 1, "started")], SOON)
    actions.stop(broadcast=broadcast, actor=district.editor, now=SOON)
    outbox.stop_sent(broadcast, SOON)
    clock.sweep(broadcast.expires_at + timedelta(minutes=5))
    row = Delivery.objects.get(device=device)
    assert (row.progress, row.reason, row.next_send_at) == ("expired", "unfinished", None)


def test_the_reason_of_each_delivery_that_ran_out(district: Stage, inbox: Inbox) -> None:
    broadcast, (first, second, third) = send(district), district.devices
    inbox.take([said(first, "vitals"), receipt(second, broadcast, 1, "received")], SOON)
    inbox.flush(SOON)
    clock.tick(broadcast.expires_at + timedelta(minutes=5))
    assert {row.device_id: row.reason for row in Delivery.objects.all()} == {
        first.pk: "silent",
        second.pk: "unfinished",
        third.pk: "offline",
    }


def test_refusals_are_kept(district: Stage, inbox: Inbox) -> None:
    inbox.take([said(district.devices[0], "vitals", held=2**31)], SOON)
    inbox.flush(SOON)
    assert Refusal.objects.get().reason == "malformed"
