"""What goes wrong around deliveries: poisonous messages, clocks that are far off, a broker or database that is away."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connections

from nguon.delivery import actions, clock, outbox, recorder, sender, service, views
from nguon.delivery.inbox import Inbox
from nguon.delivery.models import Broadcast, Delivery, Receipt, State
from nguon.devices.models import Device, DeviceState, Refusal
from nguon.kit import clock as kit_clock
from nguon.kit import ids
from nguon.kit.clock import ms
from nguon.people.models import Role
from nguon.plugs.memory_bus import MemoryBus
from nguon.wire import codec, messages, seal, topics
from tests.app import stage
from tests.app.stage import NOW, Stage, take

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
    done = take(inbox, [receipt(bad, broadcast, **poison), receipt(good, broadcast)], SOON)
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
    take(inbox, [said(bad, "vitals", **poison), said(good, "vitals", volume=30)], SOON)
    inbox.flush(SOON)
    assert DeviceState.objects.get(device=good).volume == 30


def test_a_clock_without_battery_is_told_not_refused(district: Stage, inbox: Inbox) -> None:
    device = district.devices[0]
    take(inbox, [said(device, "vitals", clock_offset=-1_790_000_000_000)], SOON)
    inbox.flush(SOON)
    assert DeviceState.objects.get(device=device).clock_offset == -1_790_000_000_000


def test_a_clock_years_ahead_does_not_reach_the_page(district: Stage, inbox: Inbox, client: Any) -> None:
    broadcast, device = send(district), district.devices[0]
    take(inbox, [receipt(device, broadcast, stage="started", at=LAST)], SOON)
    assert Delivery.objects.get(device=device).started_at == SOON
    assert Receipt.objects.get().at > NOW + timedelta(days=365)  # the evidence stays as it came


@pytest.mark.django_db(transaction=True)
def test_a_device_deleted_behind_the_listener_stops_nobody(district: Stage, inbox: Inbox) -> None:
    broadcast = send(district)
    gone, good = district.devices[:2]
    batch = [receipt(gone, broadcast), said(gone, "vitals"), receipt(good, broadcast), said(good, "vitals", volume=7)]
    Delivery.objects.filter(device=gone).delete()
    gone.delete()
    assert good.pk.hex in take(inbox, batch, SOON)
    inbox.flush(SOON)
    assert DeviceState.objects.get(device=good).volume == 7


def test_what_could_not_be_written_is_written_the_next_time(
    district: Stage, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = district.devices[0]
    send(district)
    Delivery.objects.update(next_send_at=None)
    take(inbox, [said(device, "presence", online=True), said(device, "vitals", volume=12)], SOON)
    with monkeypatch.context() as locked:
        locked.setattr("nguon.delivery.bulk.insert", locked_out)
        with pytest.raises(OperationalError):
            inbox.flush(SOON)
    inbox.flush(SOON)
    assert DeviceState.objects.get(device=device).volume == 12
    assert Delivery.objects.get(device=device).next_send_at == SOON


def locked_out(*_: object, **__: object) -> None:
    raise OperationalError("database is locked")


def test_a_device_that_has_the_order_in_secret_hears_the_stop_when_it_shows(district: Stage, inbox: Inbox) -> None:
    """It heard the order, lost its link before its answer, and comes back playing what was stopped meanwhile."""
    broadcast, device = send(district), district.devices[0]
    actions.stop(broadcast=broadcast, actor=district.editor, now=SOON)
    outbox.stop_sent(broadcast, SOON)
    assert Delivery.objects.get(device=device).progress == "stopped"
    later = SOON + timedelta(minutes=5)
    take(inbox, [receipt(device, broadcast, 1, "received"), receipt(device, broadcast, 2, "started")], later)
    assert [pk for _, pk, _ in outbox.repeats(later)] == [device.pk]


def test_a_stop_is_told_again_to_a_sound_that_outlasts_the_expiry(district: Stage, inbox: Inbox) -> None:
    broadcast, device = send(district), district.devices[0]
    take(inbox, [receipt(device, broadcast, 1, "started")], SOON)
    after = broadcast.expires_at + timedelta(seconds=1)
    actions.stop(broadcast=broadcast, actor=district.editor, now=after)
    outbox.stop_sent(broadcast, after)
    assert [pk for _, pk, _ in outbox.repeats(after + timedelta(seconds=11))] == [device.pk]


def test_what_never_answers_the_stop_ends_with_the_expiry(district: Stage, inbox: Inbox) -> None:
    broadcast, device = send(district), district.devices[0]
    take(inbox, [receipt(device, broadcast, 1, "started")], SOON)
    actions.stop(broadcast=broadcast, actor=district.editor, now=SOON)
    outbox.stop_sent(broadcast, SOON)
    clock.sweep(broadcast.expires_at + timedelta(minutes=5))
    row = Delivery.objects.get(device=device)
    assert (row.progress, row.reason, row.next_send_at) == ("expired", "unfinished", None)


def test_the_reason_of_each_delivery_that_ran_out(district: Stage, inbox: Inbox) -> None:
    broadcast, (first, second, third) = send(district), district.devices
    take(inbox, [said(first, "vitals"), receipt(second, broadcast, 1, "received")], SOON)
    inbox.flush(SOON)
    clock.tick(broadcast.expires_at + timedelta(minutes=5))
    assert {row.device_id: row.reason for row in Delivery.objects.all()} == {
        first.pk: "silent",
        second.pk: "unfinished",
        third.pk: "offline",
    }


def test_refusals_are_kept(district: Stage, inbox: Inbox) -> None:
    take(inbox, [said(district.devices[0], "vitals", held=2**31)], SOON)
    inbox.flush(SOON)
    assert Refusal.objects.get().reason == "malformed"


class Ear(MemoryBus):
    """A bus on which the sender publishes, and what came over it. It may be cut."""

    def __init__(self) -> None:
        super().__init__(f"memory://{ids.new()}")
        self.heard: list[tuple[str, Any]] = []
        asyncio.run(self.connect(client_id="test", subscribe=("#",), handler=self._keep))

    def _keep(self, topic: str, payload: bytes) -> None:
        self.heard.append((topic, codec.decode_down(seal.unwrap(payload).payload)))


def turn(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """One turn of the sender, with its database work in a thread of its own, as the service has it."""

    async def run() -> None:
        await work()
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(others)
        await service.db(connections.close_all)

    asyncio.run(run())


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_delays_nothing_once_it_is_back(district: Stage) -> None:
    ear, now = Ear(), kit_clock.now()
    district.broadcast(now=now)
    one = sender.Sender(ear, "w1")
    ear.connected = False
    turn(one.send_queued)
    ear.connected = True
    turn(one.send_queued)
    assert [type(message) for _, message in ear.heard] == [messages.Play]
    assert Broadcast.objects.get().state == State.LIVE


@pytest.mark.django_db(transaction=True)
def test_a_broadcast_of_a_channel_that_is_off_holds_up_no_other_and_no_stop(
    district: Stage,
) -> None:
    ear, now = Ear(), kit_clock.now()
    queued, stopped, good, silenced = (district.broadcast(now=now + timedelta(microseconds=n)) for n in range(4))
    Broadcast.objects.filter(pk__in=[queued.pk, stopped.pk]).update(channel="email")
    for one in (stopped, silenced):
        actions.stop(broadcast=one, actor=district.editor, now=now)
    turn(sender.Sender(ear, "w1").send_queued)
    assert [type(message) for _, message in ear.heard] == [messages.Stop, messages.Play]  # silence first
    assert Broadcast.objects.get(pk=good.pk).state == State.LIVE
    assert Broadcast.objects.get(pk=queued.pk).state == State.QUEUED


@pytest.mark.django_db(transaction=True)
def test_a_device_moved_while_it_was_away_hears_of_its_place_before_the_order(
    district: Stage,
) -> None:
    ear, now, device = Ear(), kit_clock.now(), district.devices[0]
    broadcast = district.broadcast(now=now)
    outbox.claim("w1", now)
    outbox.sent(broadcast, now)
    one = sender.Sender(ear, "w1")
    recorder.record_states({device.pk.hex: recorder.Now(online=True, settings_held=0)}, now)
    for _ in range(2):  # also when the settings of a moment ago were lost
        ear.heard.clear()
        Delivery.objects.filter(device=device).update(next_send_at=now)
        turn(one.send_again)
        mine = [type(message) for topic, message in ear.heard if topic == topics.down(device.pk.hex)]
        assert mine == [messages.Keys, messages.Settings, messages.Play]


@pytest.mark.django_db(transaction=True)
def test_devices_that_never_say_their_settings_keep_them_from_nobody(
    district: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = kit_clock.now()
    monkeypatch.setattr(sender, "SETTINGS_MOST", 2)
    recorder.record_states({one.pk.hex: recorder.Now(online=True) for one in district.devices}, now)
    ear = Ear()
    one = sender.Sender(ear, "w1")
    turn(one.send_again)
    turn(one.send_again)
    assert {topic for topic, _ in ear.heard} == {topics.down(each.pk.hex) for each in district.devices}


def test_a_page_counts_what_it_shows_and_shows_what_is_not_over(district: Stage, client: Any) -> None:
    """Thousands of devices: the bar counts all of them, the table has the first, those without an end before all."""
    Role.objects.create(person=district.editor, kind="editor", place=district.commune)
    names = [f"Thêm {n:03}" for n in range(views.SHOWN)]
    Device.objects.bulk_create(stage.device(name, district.hamlets[0]) for name in names)
    broadcast = send(district)
    Delivery.objects.exclude(device__in=district.devices).update(progress="finished")
    client.force_login(district.editor)
    page = client.get(f"/luot-phat/{broadcast.pk}").context
    assert (len(page["rows"]), page["hidden"]) == (views.SHOWN, 3)
    assert {row.it.device_id for row in page["rows"][:3]} == {one.pk for one in district.devices}
    assert [number for _kind, number, _words in page["shares"] if number] == [3, views.SHOWN]
    (listed,) = client.get("/luot-phat/").context["rows"]
    assert [number for _kind, number, _words in listed.shares if number] == [3, views.SHOWN]
    assert client.get("/").status_code == 200


def test_a_device_away_for_months_is_still_sent_to(district: Stage) -> None:
    """The count of sends must not outgrow its column (PostgreSQL refuses, and with it all that is due)."""
    broadcast = district.broadcast(minutes=60 * 24 * 400)
    outbox.claim("w1", NOW)
    outbox.sent(broadcast, NOW)
    Delivery.objects.update(sends=32_767)
    later = NOW + timedelta(days=120)
    assert len(outbox.repeats(later)) == 3
    assert outbox.repeats(later) == []


def test_a_device_cannot_write_itself_into_what_went_out_elsewhere(district: Stage, inbox: Inbox) -> None:
    """Before the rows are written and after; and one that is added later is believed."""
    broadcast, (mine, other, _) = district.broadcast(district.hamlets[0]), district.devices
    batch = [receipt(mine, broadcast), receipt(other, broadcast)]
    assert take(inbox, batch, SOON) == {mine.pk.hex: [1], other.pk.hex: [1]}  # answered, or it would come for ever
    outbox.claim("w1", NOW)
    outbox.sent(broadcast, NOW)
    assert take(inbox, batch, SOON) == {mine.pk.hex: [1]}  # in doubt, and looked at a moment ago: it may come again
    assert other.pk.hex in take(inbox, batch, SOON + timedelta(seconds=1))
    assert not Delivery.objects.filter(device=other).exists()
    inbox.flush(SOON)
    assert Refusal.objects.get().reason == "not-a-target"
    Delivery.objects.create(broadcast=broadcast, device=other, changed_at=NOW)
    take(inbox, [receipt(other, broadcast, 2)], SOON + timedelta(seconds=2))
    assert Delivery.objects.get(device=other).progress == "received"


def test_many_broadcasts_are_answered_though_few_are_remembered(
    district: Stage, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nguon.delivery.inbox.KEPT", 3)
    device = district.devices[0]
    casts = [district.broadcast() for _ in range(5)]
    batch = [receipt(device, cast, seq) for seq, cast in enumerate(casts, 1)]
    for one in (batch[:4], batch[4:], batch[:1]):
        take(inbox, one, SOON)
    assert Delivery.objects.filter(device=device, progress="received").count() == 5


def test_refusals_are_forgotten_after_a_season(district: Stage) -> None:
    for days in (1, 200):
        Refusal.objects.create(at=NOW - timedelta(days=days), reason="malformed")
    clock.sweep(NOW)
    assert Refusal.objects.get().at == NOW - timedelta(days=1)


@pytest.mark.django_db(transaction=True)
def test_the_same_settings_are_told_once_in_a_while_and_others_at_once(district: Stage) -> None:
    ear, device = Ear(), district.devices[0]
    recorder.record_states({device.pk.hex: recorder.Now(online=True)}, kit_clock.now())
    one = sender.Sender(ear, "w1")
    for version in (2, 2, 3):
        Device.objects.filter(pk=device.pk).update(settings_version=version)
        turn(one.send_again)
    told = [message for _, message in ear.heard if isinstance(message, messages.Settings)]
    assert [message.version for message in told] == [2, 3]
