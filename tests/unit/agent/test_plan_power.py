"""A device with a plan, its power and its clock."""

from nguon.agent import events
from nguon.wire.messages import Reason, Span, Stage
from tests.unit.agent.planned import HOUR, MINUTE, ends, living, planned, run_to, stages
from tests.unit.agent.world import T0, after_power_loss, play, stop


def test_after_power_up_it_begins_where_the_clock_is() -> None:
    world = living(planned("1", duration=20 * MINUTE), planned("2", T0 + 2 * MINUTE, level=60))
    again = after_power_loss(world.saved[-1], T0 + 10 * MINUTE)
    again.tell(events.Here(frozenset({"1" * 64, "2" * 64})))
    run_to(again, T0 + 10 * MINUTE + 100)
    assert again.asked is not None
    assert (again.asked.order.id[0], again.asked.offset) == ("1", 9 * MINUTE)
    assert ends(again) == [("2", Stage.EXPIRED, Reason.OFF)]


def test_power_lost_in_mid_item() -> None:
    world = living(planned("1", duration=20 * MINUTE))
    run_to(world, T0 + MINUTE)
    world.now += 2_000
    world.start()
    run_to(world, T0 + 5 * MINUTE)
    again = after_power_loss(world.saved[-1], T0 + 6 * MINUTE)
    again.tell(events.Here(frozenset({"1" * 64})))
    assert again.asked is not None
    assert again.asked.offset == 5 * MINUTE - 2_000
    again.start()
    again.finish()
    assert stages(again, "1")[-1] is Stage.FINISHED
    off = after_power_loss(world.saved[-1], T0 + 30 * MINUTE)
    off.tell(events.Here(frozenset({"1" * 64})))
    run_to(off, off.now + 1)
    assert off.sounding() is None
    assert ends(off) == [("1", Stage.EXPIRED, Reason.OFF)]
    assert off.sent[-1].position >= 4 * MINUTE - 12_000


def test_what_was_pre_empted_when_the_power_went() -> None:
    world = living(planned("1", duration=20 * MINUTE), planned("2", T0 + 3 * MINUTE, level=60, duration=10 * MINUTE))
    run_to(world, T0 + MINUTE)
    world.start()
    run_to(world, T0 + 3 * MINUTE)
    world.start()
    run_to(world, T0 + 4 * MINUTE)
    again = after_power_loss(world.saved[-1], T0 + 14 * MINUTE)
    again.tell(events.Here(frozenset({"1" * 64, "2" * 64})))
    run_to(again, again.now + 1)
    assert again.asked is not None
    assert (again.asked.order.id[0], again.asked.offset) == ("1", 13 * MINUTE)
    assert ends(again) == [("2", Stage.EXPIRED, Reason.OFF)]


# the clock


def test_a_clock_that_fell_back_plays_nothing_planned_and_says_so() -> None:
    plays = [planned(mark, T0 + int(mark) * HOUR) for mark in "1234"]
    world = living(*plays)
    run_to(world, T0 + 30 * MINUTE)
    again = after_power_loss(world.saved[-1], T0 - 20 * HOUR)
    again.tell(events.Here(frozenset(mark * 64 for mark in "1234")))
    assert (again.state.doubt,) == (True,)
    run_to(again, again.now + 2 * HOUR)
    assert again.sounding() is None
    order = play("5", at=again.now, expires=again.now + HOUR)
    again.hear(order)  # orders are not planned
    again.fetch_all()
    again.start()
    again.finish()
    true = T0 + 3 * HOUR + 2_000 + 2 * HOUR
    again.move_clock(true - again.now)
    assert not again.state.doubt
    run_to(again, true + 1)
    told = [each for each in ends(again) if each[0] in "1234"]
    assert told == [
        ("1", Stage.EXPIRED, Reason.OFF),
        ("2", Stage.EXPIRED, Reason.OFF),
        ("3", Stage.REFUSED, Reason.CLOCK),
        ("4", Stage.REFUSED, Reason.CLOCK),
    ]


def test_a_doubted_clock_that_runs_on_is_doubted_still() -> None:
    """After an hour it has passed what was remembered; it is behind all the same."""
    world = living(planned("1", T0 + 2 * HOUR), planned("2", T0 + 50 * HOUR))
    again = after_power_loss(world.saved[-1], T0 - HOUR)
    again.tell(events.Here(frozenset({"1" * 64, "2" * 64})))
    run_to(again, T0 + 3 * HOUR)
    assert again.sounding() is None
    assert ends(again) == [("1", Stage.REFUSED, Reason.CLOCK)]
    again.move_clock(1_200, checked=False)
    assert again.state.doubt
    again.move_clock(0)
    run_to(again, T0 + 50 * HOUR)
    assert again.sounding() == "2"


def test_a_clock_an_hour_fast_that_is_set_right() -> None:
    """Nothing twice, and nothing in quiet hours."""
    quiet = (Span(start=T0 - 9 * HOUR, end=T0 + HOUR),)
    world = living(planned("1", T0 + HOUR, duration=20 * MINUTE), planned("2", T0 + 90 * MINUTE), quiet=quiet)
    fast = after_power_loss(world.saved[-1], T0 + HOUR - MINUTE)  # it is an hour earlier
    fast.tell(events.Here(frozenset({"1" * 64, "2" * 64})))
    run_to(fast, T0 + HOUR)
    fast.start()
    run_to(fast, T0 + HOUR + 4 * MINUTE)
    assert fast.sounding() == "1"
    fast.move_clock(-HOUR)
    assert fast.sounding() is None
    assert fast.sent[-1].stage is Stage.PREEMPTED
    run_to(fast, T0 + HOUR)
    assert fast.asked is not None
    assert (fast.asked.order.id[0], fast.asked.offset) == ("1", 4 * MINUTE)
    fast.start()
    fast.finish()
    run_to(fast, T0 + 90 * MINUTE)
    assert fast.sounding() == "2"
    assert stages(fast, "1") == [Stage.STARTED, Stage.PREEMPTED, Stage.STARTED, Stage.FINISHED]


def test_a_clock_an_hour_slow_that_is_set_right() -> None:
    world = living(planned("1", T0 + 10 * MINUTE), planned("2", T0 + 61 * MINUTE, duration=10 * MINUTE))
    world.wait(5 * MINUTE)
    world.move_clock(HOUR)
    run_to(world, world.now + 1)
    assert ends(world) == [("1", Stage.REFUSED, Reason.CLOCK)]
    assert world.asked is not None
    assert (world.asked.order.id[0], world.asked.offset) == ("2", 4 * MINUTE)


def test_a_small_correction_cuts_nothing_off() -> None:
    world = living(planned("1", duration=MINUTE))
    run_to(world, T0 + MINUTE - 300)
    world.move_clock(700)
    assert world.asked is not None
    assert world.asked.offset == 0


def test_a_clock_years_fast_that_is_set_right_has_not_used_up_the_plan() -> None:
    """What was given up by it and not heard is still to come; what was heard or stopped is not."""
    world = living(planned("1"), planned("2", T0 + 2 * HOUR), planned("3", T0 + 3 * HOUR), planned("4", T0 + 50 * HOUR))
    run_to(world, T0 + MINUTE)
    world.start()
    world.finish()
    world.hear(stop("3"))
    fast = after_power_loss(world.saved[-1], T0 + 20_000 * HOUR)
    fast.tell(events.Here(frozenset(mark * 64 for mark in "1234")))
    fast.wait(60_000)
    assert not fast.state.held
    fast.move_clock(T0 + HOUR - fast.now)
    run_to(fast, T0 + 2 * HOUR)
    assert fast.sounding() == "2"
    fast.start()
    fast.finish()
    run_to(fast, T0 + 50 * HOUR)
    assert fast.sounding() == "4"
    assert stages(fast, "3") == [Stage.STOPPED]  # told again on connecting, never played
