"""Outbox, inbox and clock against a real database."""

from datetime import timedelta
from uuid import UUID

import pytest

from nguon.delivery import actions, clock, outbox, recorder
from nguon.delivery.inbox import Inbox
from nguon.delivery.models import Broadcast, Delivery, Receipt, State
from nguon.delivery.queries import outgoing
from nguon.devices.models import DeviceState, Refusal
from nguon.journal.models import Entry
from nguon.kit import ids
from nguon.kit.clock import ms
from nguon.wire import codec, messages, topics
from tests.app import stage
from tests.app.stage import NOW, Stage, take

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(seconds=1)


@pytest.fixture
def district() -> Stage:
    return stage.build()


def receipt(broadcast: UUID, device: UUID, seq: int, kind: messages.Stage, **more: object) -> tuple[str, bytes]:
    message = messages.Receipt(
        id=ids.short(ids.new()),
        at=ms(NOW) + seq,
        broadcast=broadcast.hex,
        stage=kind,
        seq=seq,
        **more,  # type: ignore[arg-type]
    )
    return topics.up(device.hex, "receipt"), codec.encode(message)


def inbox() -> Inbox:
    one = Inbox()
    one.load()
    return one


def send(district: Stage) -> Broadcast:
    broadcast = district.broadcast()
    assert [b.pk for b in outbox.claim("w1", NOW)] == [broadcast.pk]
    assert outbox.sent(broadcast, NOW) == 3
    return broadcast


def test_a_broadcast_is_claimed_once_and_again_when_its_worker_died(district: Stage) -> None:
    district.broadcast()
    assert len(outbox.claim("w1", NOW)) == 1
    assert outbox.claim("w2", NOW) == []
    assert len(outbox.claim("w2", NOW + outbox.CLAIM + timedelta(seconds=1))) == 1


def test_an_order_to_a_hamlet_is_for_its_devices_only(district: Stage) -> None:
    broadcast = district.broadcast(district.hamlets[0])
    outbox.claim("w1", NOW)
    assert outbox.sent(broadcast, NOW) == 2
    assert set(broadcast.deliveries.values_list("device__name", flat=True)) == {"Cụm 0", "Cụm 2"}
    assert outgoing(broadcast).areas == (district.hamlets[0].pk,)


def test_answers_may_come_before_the_rows_are_written(district: Stage) -> None:
    broadcast, device = district.broadcast(), district.devices[0]
    listener = inbox()
    assert take(listener, [receipt(broadcast.pk, device.pk, 5, messages.Stage.RECEIVED)], SOON) == {device.pk.hex: [5]}
    outbox.claim("w1", NOW)
    outbox.sent(broadcast, NOW)
    assert Delivery.objects.get(device=device).progress == "received"
    assert Delivery.objects.count() == 3


def test_repeats_and_reordering_change_nothing(district: Stage) -> None:
    broadcast, device = send(district), district.devices[0]
    listener = inbox()
    batch = [
        receipt(broadcast.pk, device.pk, 3, messages.Stage.FINISHED, position=9_900),
        receipt(broadcast.pk, device.pk, 1, messages.Stage.RECEIVED),
        receipt(broadcast.pk, device.pk, 2, messages.Stage.STARTED),
    ]
    take(listener, batch[:2], SOON)
    take(listener, batch, SOON)
    row = Delivery.objects.get(device=device)
    assert (row.progress, row.position_ms, row.next_send_at) == ("finished", 9_900, None)
    assert row.started_at == NOW + timedelta(milliseconds=2)
    assert row.received_at == NOW + timedelta(milliseconds=1)
    assert Receipt.objects.filter(device=device).count() == 3


def test_strangers_nonsense_and_unknown_broadcasts_are_refused_and_disturb_nobody(district: Stage) -> None:
    broadcast, device = send(district), district.devices[0]
    listener = inbox()
    good = receipt(broadcast.pk, device.pk, 1, messages.Stage.RECEIVED)
    done = take(
        listener,
        [
            (topics.up("0" * 32, "receipt"), good[1]),
            (topics.up(device.pk.hex, "receipt"), b"\xff\x00 not ours"),
            (topics.up(device.pk.hex, "receipt"), b'{"type":"poem","id":"' + b"0" * 32 + b'","at":1}'),
            (topics.up(device.pk.hex, "receipt"), b"x" * 100_000),
            (topics.up(device.pk.hex, "vitals"), good[1]),
            ("nguon/1/elsewhere", b""),
            receipt(ids.new(), device.pk, 9, messages.Stage.RECEIVED),
            good,
        ],
        SOON,
    )
    listener.flush(SOON)
    assert sorted(done[device.pk.hex]) == [1, 9]  # the unknown one is acknowledged too, or it would come for ever
    assert Receipt.objects.count() == 1
    reasons = set(Refusal.objects.values_list("reason", flat=True))
    assert reasons == {"stranger", "malformed", "wrong-topic", "unknown-broadcast"}
    assert Refusal.objects.get(device=device, reason="malformed").detail.startswith("3 ×")


def test_unanswered_orders_are_sent_again_with_growing_pauses(district: Stage) -> None:
    broadcast = send(district)
    assert outbox.repeats(NOW + timedelta(seconds=9)) == []
    later = NOW + timedelta(seconds=11)
    assert {device for _, device, _ in outbox.repeats(later)} == {device.pk for device in district.devices}
    assert outbox.repeats(later) == []
    take(inbox(), [receipt(broadcast.pk, district.devices[0].pk, 1, messages.Stage.RECEIVED)], later)
    assert len(outbox.repeats(later + timedelta(minutes=5))) == 2


def test_who_refused_it_for_its_time_is_sent_it_again_and_the_broadcast_stays_open(district: Stage) -> None:
    broadcast = send(district)
    for number, reason in enumerate((messages.Reason.CLOCK, messages.Reason.LATE, messages.Reason.NOT_FOR_ME)):
        device = district.devices[number].pk
        take(inbox(), [receipt(broadcast.pk, device, 1, messages.Stage.REFUSED, reason=reason)], SOON)
    clock.tick(SOON)
    broadcast.refresh_from_db()
    assert broadcast.state == "live"
    again = outbox.repeats(SOON + timedelta(seconds=3))
    assert {pk for _, pk, _ in again} == {device.pk for device in district.devices[:2]}
    first, second = district.devices[0].pk, district.devices[1].pk
    take(inbox(), [receipt(broadcast.pk, first, 2, messages.Stage.RECEIVED)], SOON)
    assert Delivery.objects.get(device=first).progress == "received"
    take(inbox(), [receipt(broadcast.pk, first, 3, messages.Stage.FINISHED)], SOON)
    clock.tick(broadcast.expires_at + timedelta(minutes=10))
    broadcast.refresh_from_db()
    assert broadcast.state == "done"
    assert Delivery.objects.get(device=second).progress == "refused"


def test_a_device_that_comes_back_gets_what_it_missed_at_once(district: Stage) -> None:
    send(district)
    device = district.devices[1]
    Delivery.objects.update(next_send_at=NOW + timedelta(minutes=4))
    listener = inbox()
    hello = messages.Presence(id=ids.short(ids.new()), at=ms(SOON), online=True, software="0.1.0")
    take(listener, [(topics.up(device.pk.hex, "presence"), codec.encode(hello))], SOON)
    listener.flush(SOON)
    assert [pk for _, pk, _ in outbox.repeats(SOON)] == [device.pk]
    assert DeviceState.objects.get(device=device).online


def test_stop_reaches_who_has_it_and_ends_who_has_not(district: Stage) -> None:
    broadcast = send(district)
    playing, waiting = district.devices[0], district.devices[1]
    take(inbox(), [receipt(broadcast.pk, playing.pk, 1, messages.Stage.STARTED)], SOON)
    assert actions.stop(broadcast=broadcast, actor=district.editor, now=SOON)
    assert not actions.stop(broadcast=broadcast, actor=district.editor, now=SOON)
    assert [b.pk for b in outbox.stops(SOON)] == [broadcast.pk]
    outbox.stop_sent(broadcast, SOON)
    assert outbox.stops(SOON) == []
    assert Delivery.objects.get(device=waiting).progress == "stopped"
    assert [pk for _, pk, _ in outbox.repeats(SOON + timedelta(seconds=11))] == [playing.pk]
    take(inbox(), [receipt(broadcast.pk, playing.pk, 2, messages.Stage.STOPPED)], SOON)
    assert outbox.repeats(SOON + timedelta(minutes=6)) == []


def test_a_stop_between_the_order_and_its_rows_ends_the_rows_too(district: Stage) -> None:
    broadcast = district.broadcast()
    outbox.claim("w1", NOW)
    actions.stop(broadcast=broadcast, actor=district.editor, now=NOW)
    outbox.stop_sent(broadcast, NOW)
    outbox.sent(broadcast, NOW)
    assert set(broadcast.deliveries.values_list("progress", "next_send_at")) == {("stopped", None)}


def test_the_clock_ends_what_ran_out_and_says_why(district: Stage) -> None:
    broadcast = send(district)
    first, second, third = district.devices
    listener = inbox()
    take(
        listener,
        [
            receipt(broadcast.pk, first.pk, 1, messages.Stage.FINISHED),
            receipt(broadcast.pk, second.pk, 1, messages.Stage.STARTED),
        ],
        SOON,
    )
    clock.tick(broadcast.expires_at + timedelta(seconds=1))
    assert Delivery.objects.get(device=third).reason == "offline"
    assert Delivery.objects.get(device=second).progress == "started"
    clock.tick(broadcast.expires_at + timedelta(minutes=3))
    assert Delivery.objects.get(device=second).reason == "unfinished"
    broadcast.refresh_from_db()
    assert broadcast.state == State.DONE


def test_a_broadcast_nobody_heard_is_expired_not_done(district: Stage) -> None:
    broadcast = send(district)
    clock.tick(broadcast.expires_at + timedelta(minutes=3))
    broadcast.refresh_from_db()
    assert broadcast.state == State.EXPIRED


def test_a_broadcast_is_done_when_all_have_ended(district: Stage) -> None:
    broadcast = send(district)
    take(inbox(), [receipt(broadcast.pk, d.pk, 1, messages.Stage.FINISHED) for d in district.devices], SOON)
    clock.tick(SOON)
    broadcast.refresh_from_db()
    assert broadcast.state == State.DONE


def test_silent_devices_count_as_away(district: Stage) -> None:
    recorder.record_states({district.devices[0].pk.hex: recorder.Now(online=True, seen_at=NOW)}, NOW)
    clock.tick(NOW + timedelta(seconds=100))
    assert DeviceState.objects.get(device=district.devices[0]).online
    clock.tick(NOW + timedelta(seconds=300))
    assert not DeviceState.objects.get(device=district.devices[0]).online


def test_no_broadcast_without_a_device_or_past_its_time(district: Stage) -> None:
    with pytest.raises(actions.DeliveryError, match="Hạn phát đã qua"):
        district.broadcast(minutes=-1)
    for device in district.devices:
        device.status = "retired"
        device.save()
    with pytest.raises(actions.DeliveryError, match="chưa có thiết bị"):
        district.broadcast()
    assert Broadcast.objects.count() == 0


def test_making_and_stopping_are_in_the_journal(district: Stage) -> None:
    broadcast = district.broadcast()
    actions.stop(broadcast=broadcast, actor=district.editor, now=SOON)
    verbs = list(Entry.objects.order_by("id").values_list("verb", flat=True))
    assert [verb for verb in verbs if not verb.startswith("keys.")] == ["delivery.create_broadcast", "delivery.stop"]


def test_states_are_one_row_a_device_whatever_comes(district: Stage) -> None:
    device, listener = district.devices[0], inbox()
    for volume in (10, 20, 30):
        vitals = messages.Vitals(id=ids.short(ids.new()), at=ms(NOW), volume=volume, signal=-95, settings=1)
        take(listener, [(topics.up(device.pk.hex, "vitals"), codec.encode(vitals))], SOON)
    listener.flush(SOON)
    state = DeviceState.objects.get(device=device)
    assert (state.volume, state.signal, state.power, state.settings_held) == (30, -95, None, 1)
