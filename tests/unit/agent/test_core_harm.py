"""What would do harm: an order lost, repeated, played for another, or silenced for ever."""

from msgspec.structs import replace

from nguon.agent import effects, events
from nguon.wire.messages import Reason, Stage
from tests.unit.agent.world import DEVICE, T0, after_power_loss, connected, play, stop


def test_received_is_told_once_the_order_is_on_disk() -> None:
    """The server does not repeat what was received: told before it is kept, it is lost with the power."""
    world = connected()
    world.effects.clear()
    world.hear(play("1"))
    kinds = [type(effect) for effect in world.effects]
    assert kinds == [effects.Fetch, effects.Save, effects.Send]


def test_another_channel_is_no_business_of_a_loudspeaker() -> None:
    world = connected()
    world.hear(replace(play("1"), channel="board"), replace(play("1"), channel="board", areas=(), devices=(DEVICE,)))
    world.hear(replace(stop("1"), channel="board"), replace(stop(None), channel="board"))
    assert world.sent == []
    assert not world.fetches
    world.hear(play("1"))
    assert world.stages("1") == [Stage.RECEIVED]


def test_numbers_told_after_the_last_save_are_not_used_twice_though_the_clock_stands() -> None:
    world = connected()
    world.hear(play("1"))
    saved = world.saved[0]
    world.fetch_all()
    world.start()
    told = {receipt.seq for receipt in world.sent}
    again = after_power_loss(saved, T0 - 86_400_000)  # a box without a battery clock
    again.hear(play("2"))
    assert all(receipt.seq not in told for receipt in again.sent if receipt.broadcast == "2" * 32)


def test_what_could_not_be_fetched_in_time_says_so() -> None:
    world = connected()
    world.hear(play("1", expires=T0 + 20_000))
    world.wait(20_000)
    assert [(r.stage, r.reason) for r in world.sent[-1:]] == [(Stage.EXPIRED, Reason.FETCH)]


def test_a_link_that_is_back_hurries_the_fetches() -> None:
    world = connected()
    world.hear(play("1"), play("2", start=T0 + 50_000))
    world.tell(events.Fetched("2" * 64))
    world.fetches.clear()
    world.tell(events.Disconnected())
    world.tell(events.Connected())
    assert set(world.fetches) == {"1" * 64}


def test_a_stop_from_the_far_future_does_not_silence_for_ever() -> None:
    world = connected()
    world.hear(stop(None, at=T0 + 365 * 86_400_000))
    world.wait(600_000)
    world.hear(play("1", at=world.now, expires=world.now + 60_000))
    assert world.stages("1") == [Stage.RECEIVED]
