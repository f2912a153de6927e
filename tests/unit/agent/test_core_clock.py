"""The clock: moved under a sound, never checked, wrong by an hour or a year."""

import pytest

from nguon.agent import core, effects, events
from nguon.wire.messages import Reason, Stage
from tests.unit.agent.world import T0, World, after_power_loss, connected, play

HOUR = 3_600_000
YEAR = 365 * 24 * HOUR


def unchecked(now: int) -> World:
    world = World(now=now)
    world.tell(events.Restored())
    world.tell(events.Connected())
    return world


@pytest.mark.parametrize("by", [HOUR, -HOUR, YEAR, -YEAR])
def test_a_sound_goes_on_though_the_clock_is_set(by: int) -> None:
    world = connected()
    world.hear(play("1", expires=T0 + 2 * YEAR))
    world.fetch_all()
    world.start()
    world.wait(4_000)
    world.move_clock(by)
    world.wait(1_000)
    assert world.sounding() == "1"
    sounding = world.state.sounding
    assert sounding is not None
    assert sounding.position(world.now) == 5_000
    world.wait(11_000)  # and one that does not end is cut off when it should be
    assert world.stages("1")[-1] == Stage.FAILED


@pytest.mark.parametrize("by", [-HOUR, -YEAR])
def test_vitals_and_receipts_keep_their_pace_though_the_clock_is_set(by: int) -> None:
    world = connected()
    world.wait(10_000)
    world.hear(play("1", start=T0 + 500_000))
    world.move_clock(by)
    world.effects.clear()
    assert core.due_at(world.state, world.now) <= world.now + 60_000
    world.sent.clear()
    for _ in range(61):
        world.wait(1_000)
    assert world.stages("1") == [Stage.RECEIVED]
    assert any(getattr(effect, "what", "") == "vitals" for effect in world.effects)


@pytest.mark.parametrize("wrong", [HOUR, -HOUR, YEAR, -YEAR])
def test_a_clock_that_an_order_gives_the_lie_and_nobody_checked(wrong: int) -> None:
    """The server sends nothing expired and nothing from the future: then it is our clock."""
    world = unchecked(T0 + wrong)
    world.hear(play("1"))
    assert [(r.stage, r.reason) for r in world.sent] == [(Stage.REFUSED, Reason.CLOCK)]
    world.move_clock(-wrong)
    world.hear(play("1"))
    world.fetch_all()
    assert world.sounding() == "1"


def test_a_clock_nobody_checked_but_likely() -> None:
    world = unchecked(T0 - 30_000)
    world.hear(play("1"))
    world.fetch_all()
    assert world.sounding() == "1"


def test_with_a_checked_clock_what_is_late_is_late() -> None:
    world = unchecked(T0 - HOUR)
    world.move_clock(2 * HOUR)
    world.hear(play("1"))
    assert [(r.stage, r.reason) for r in world.sent] == [(Stage.EXPIRED, Reason.LATE)]


def test_a_clock_that_was_right_is_asked_for_again_before_something_is_given_up_as_late() -> None:
    """The server's own clock was an hour ahead, we followed it, and it was set back."""
    world = connected()
    world.move_clock(2 * HOUR)
    world.wait(2 * 60_000)
    world.effects.clear()
    world.hear(play("1"))
    assert [(r.stage, r.reason) for r in world.sent] == [(Stage.REFUSED, Reason.LATE)]
    assert effects.AskTime() in world.effects
    world.move_clock(-2 * HOUR)
    world.hear(play("1"))
    world.fetch_all()
    assert world.sounding() == "1"


def test_what_is_late_when_the_time_was_asked_is_given_up() -> None:
    world = connected()
    world.wait(HOUR)
    for _ in range(3):
        world.hear(play("1"))
        world.move_clock(0)
    assert world.stages("1") == [Stage.REFUSED, Stage.EXPIRED, Stage.EXPIRED]
    assert not world.fetches


def test_power_up_with_a_clock_from_before_the_order() -> None:
    """Nothing is begun by a clock that is surely wrong; once it is right, what is over its time stays silent."""
    world = connected()
    world.hear(play("1"), play("2", expires=T0 + 5 * HOUR))
    again = after_power_loss(world.saved[-1], T0 - YEAR)
    again.fetch_all()
    again.wait(1_000)
    assert again.sounding() is None
    again.move_clock(YEAR + HOUR)
    assert again.stages("1")[-1] == Stage.EXPIRED
    assert again.sounding() == "2"
