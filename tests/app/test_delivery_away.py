"""The services of delivery while a broker or a database is away, and when far too much is said at once."""

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from nguon.delivery import listener, outbox, recorder, rules, sender, service
from nguon.delivery.inbox import Inbox
from nguon.delivery.models import Delivery
from nguon.devices.models import DeviceState
from nguon.kit import clock as kit_clock
from nguon.kit import ids
from nguon.wire import codec, messages, topics
from tests.app import stage
from tests.app.stage import Stage, take
from tests.app.test_delivery_faults import SOON, Ear, locked_out, receipt, said, send, turn

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> Stage:
    return stage.build()


@pytest.fixture
def inbox(district: Stage) -> Inbox:
    one = Inbox()
    one.load()
    return one


@pytest.mark.django_db(transaction=True)
def test_rows_that_cannot_be_written_are_told_and_come_by_the_next_claim(
    district: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ear, now = Ear(), kit_clock.now()
    broadcast, one = district.broadcast(now=now), sender.Sender(ear, "w1")
    with monkeypatch.context() as locked:
        locked.setattr("nguon.delivery.bulk.insert", locked_out)
        turn(one.send_queued)
    assert [record.levelname for record in caplog.records if broadcast.pk.hex in record.getMessage()] == ["WARNING"]
    assert not [record for record in caplog.records if record.name == "asyncio"]  # an exception nobody fetched
    assert outbox.claim("w2", now + outbox.CLAIM + timedelta(seconds=2)) == [broadcast]


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_is_no_error_to_the_listener_and_costs_no_acknowledgement(district: Stage) -> None:
    broadcast, device, ear = send(district), district.devices[0], Ear()
    one = listener.Listener()
    one.bus = ear
    one.collect(*receipt(device, broadcast))
    turn(one.store)
    ear.connected, one._stored = False, 0.0
    turn(one.settle)
    turn(one.say_how_it_is)
    assert Delivery.objects.get(device=device).progress == "received"  # the database does not wait for the broker
    ear.connected = True
    turn(one.settle)
    assert [message.seqs for _, message in ear.heard if isinstance(message, messages.Ack)] == [(1,)]


@pytest.mark.django_db(transaction=True)
def test_a_device_with_very_much_to_tell_hears_that_all_of_it_is_kept(district: Stage) -> None:
    broadcast, device, ear = send(district), district.devices[0], Ear()
    one = listener.Listener()
    one.bus = ear
    for seq in range(1, listener.MOST + 3):
        one.collect(*receipt(device, broadcast, seq))
    turn(one.store)
    one._stored = 0.0
    turn(one.settle)
    told = [message.seqs for _, message in ear.heard if isinstance(message, messages.Ack)]
    assert [len(seqs) for seqs in told] == [listener.MOST, 2]


@pytest.mark.django_db(transaction=True)
def test_who_comes_back_is_woken_though_the_answers_of_others_pour_in_without_end(district: Stage) -> None:
    """Answers go first for a moment; in a storm of links there is no end of them, and each who is back waits for it."""
    now, (busy, back, _) = kit_clock.now(), district.devices
    broadcast = district.broadcast(now=now)
    outbox.claim("w1", now)
    outbox.sent(broadcast, now)
    one = listener.Listener()
    one.collect(*receipt(busy, broadcast))
    turn(one.store)
    assert one._pouring
    words = messages.Presence(id=ids.short(ids.new()), at=kit_clock.ms(kit_clock.now()), online=True)
    one.collect(topics.up(back.pk.hex, "presence"), codec.encode(words))
    turn(one.store)
    turn(one.write_states)
    assert one._pouring
    assert {pk for _, pk, _ in outbox.repeats(kit_clock.now())} == {back.pk}


@pytest.mark.django_db(transaction=True)
def test_states_wait_for_answers_for_a_while_and_then_no_longer(district: Stage) -> None:
    broadcast, device = send(district), district.devices[0]
    one = listener.Listener()
    turn(one.write_states)
    one.collect(*receipt(device, broadcast))
    words = messages.Vitals(id=ids.short(ids.new()), at=kit_clock.ms(kit_clock.now()), volume=40)
    one.collect(topics.up(device.pk.hex, "vitals"), codec.encode(words))
    turn(one.store)
    turn(one.write_states)
    assert not DeviceState.objects.filter(device=device).exists()
    one._written -= listener.LONGEST
    assert one._pouring  # as if a new answer came as soon as those before were settled, for ever
    turn(one.write_states)
    assert DeviceState.objects.get(device=device).volume == 40


def test_who_connects_around_the_moment_of_an_order_is_sent_it_again_at_once(district: Stage) -> None:
    """It was not yet listening when the order went out, and there was no row yet to be woken when it came."""
    now = kit_clock.now()
    broadcast, (came, there, away) = district.broadcast(now=now), district.devices
    since = {came: now + timedelta(seconds=0.4), there: now - timedelta(hours=1)}
    for device, at in since.items():
        recorder.record_states({device.pk.hex: recorder.Now(online=True, online_since=at)}, now)
    outbox.claim("w1", now)
    assert outbox.sent(broadcast, now) == 3
    assert outbox.repeats(now) == [(broadcast, came.pk, "speaker")]
    later = {pk for _, pk, _ in outbox.repeats(now + rules.FIRST_REPEAT)}
    assert later == {there.pk, away.pk}


def test_whoever_is_there_is_sent_to_before_all_who_are_away(district: Stage) -> None:
    now = kit_clock.now()
    broadcast, (first, here, last) = district.broadcast(now=now), district.devices
    recorder.record_states({first.pk.hex: recorder.Now(online=False), here.pk.hex: recorder.Now(online=True)}, now)
    outbox.claim("w1", now)
    outbox.sent(broadcast, now)
    due = now + rules.FIRST_REPEAT
    Delivery.objects.filter(device=here).update(next_send_at=due)
    Delivery.objects.exclude(device=here).update(next_send_at=due - timedelta(seconds=1))
    assert outbox.repeats(due, limit=1) == [(broadcast, here.pk, "speaker")]
    assert {pk for _, pk, _ in outbox.repeats(due)} == {first.pk, last.pk}


def test_a_turn_that_failed_says_when_the_next_one_comes(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 2:
            raise asyncio.CancelledError

    async def fails() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(asyncio, "sleep", sleep)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(service.forever(fails, 60.0))
    told = [float(record.getMessage().split()[-2]) for record in caplog.records]
    assert told == slept == [5.0, 5.0]


def test_more_unknown_broadcasts_than_a_database_takes_in_one_question_stop_nobody(
    district: Stage, inbox: Inbox
) -> None:
    """A device gone wrong, or hostile, invents them; SQLite takes 32,766 parameters in many builds."""
    bad, good, broadcast = *district.devices[:2], send(district)
    with CaptureQueriesContext(connection) as asked:
        of = [ids.short(ids.new()) for _ in range(2000)]
        invented = [said(bad, "receipt", broadcast=pk, seq=seq, stage="received") for seq, pk in enumerate(of, 1)]
        done = take(inbox, [*invented, receipt(good, broadcast)], SOON)
    assert done[good.pk.hex] == [1]
    assert max(len(one["sql"]) for one in asked) < 40_000


class Line:
    """A bus that only knows whether it is read."""

    connected = True

    def __init__(self) -> None:
        self.paused = False

    def pause(self) -> None:
        self.paused = True

    def resume(self) -> None:
        self.paused = False


def test_while_the_database_is_away_nothing_more_is_taken_off_the_bus(monkeypatch: pytest.MonkeyPatch) -> None:
    made = listener.Listener()
    line = Line()
    made.bus = line  # type: ignore[assignment]
    answers: list[Exception | None] = [OperationalError("away"), OperationalError("still"), None, ZeroDivisionError()]
    paused: list[bool] = []

    def take(batch: list[tuple[str, bytes]], now: object) -> None:
        paused.append(line.paused)
        if error := answers.pop(0):
            raise error

    monkeypatch.setattr(made._inbox, "take", take)

    async def turn() -> None:
        with suppress(OperationalError, ZeroDivisionError):
            await made.store()

    made.collect("t", b"x")
    for left, reads in ((1, False), (1, False), (0, True)):
        asyncio.run(turn())
        assert (len(made._raw), not line.paused) == (left, reads)
    made.collect("t", b"y")
    asyncio.run(turn())
    assert not line.paused  # an error that is no absence must not leave it deaf
    assert paused == [True] * 4
