"""What a device does with a plan, one behaviour a test."""

from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from nguon.agent import core, effects, events
from nguon.agent.agenda import Agenda, joined, lay_out
from nguon.wire.messages import (
    Document,
    Limit,
    NewPlan,
    Plan,
    Play,
    Reason,
    Receipt,
    Settings,
    Span,
    Stage,
    Stream,
    Vitals,
)
from tests.unit.agent.world import AREA, T0, World, after_power_loss, connected, play, stop

MINUTE, HOUR = 60_000, 3_600_000
EVER = T0 + 100 * HOUR


def planned(
    mark: str, start: int = T0 + MINUTE, *, grace: int = 5 * MINUTE, level: int = 40, duration: int = 10_000
) -> Play:
    order = play(mark, start=start, level=level, duration=duration, expires=start + duration + grace)
    return replace(order, begin_by=start + grace)


def agenda(*plays: Play, mark: str = "b", quiet: tuple[Span, ...] = (), limits: tuple[Limit, ...] = ()) -> Agenda:
    plan = Plan(made=T0 - HOUR, until=T0 + 168 * HOUR, plays=plays, quiet=quiet, limits=limits)
    return lay_out(plan, mark * 64)


def announce(version: int, mark: str = "b") -> NewPlan:
    document = Document(url="/api/1/plan/x", sha256=mark * 64, size=9)
    return NewPlan(id="e" * 32, at=T0, version=version, document=document)


def give(world: World, plan: Agenda, version: int = 1) -> None:
    """The plan is announced, comes, and what of it is on disk is seen: all of it."""
    world.hear(announce(version, plan.sha256[0]))
    world.tell(events.PlanCame(plan))
    world.tell(events.Here(frozenset(need.content.sha256 for need in plan.needs)))


def living(*plays: Play, quiet: tuple[Span, ...] = (), limits: tuple[Limit, ...] = ()) -> World:
    world = connected()
    give(world, agenda(*plays, quiet=quiet, limits=limits))
    return world


def once(world: World) -> list[Receipt]:
    """What was told, without what was told again."""
    return list({receipt.seq: receipt for receipt in world.sent}.values())


def ends(world: World) -> list[tuple[str, Stage, Reason]]:
    return [(r.broadcast[0], r.stage, r.reason) for r in once(world) if r.stage not in (Stage.STARTED, Stage.PREEMPTED)]


def stages(world: World, mark: str) -> list[Stage]:
    return [receipt.stage for receipt in once(world) if receipt.broadcast == mark * 32]


def run_to(world: World, at: int) -> None:
    """Tick whenever the core wants to, up to this moment."""
    for _ in range(10_000):
        due = core.due_at(world.state, world.now)
        if due > at:
            break
        world.wait(max(due - world.now, 1))
    world.wait(max(at - world.now, 0))


def test_it_plays_on_its_minute_and_says_nothing_before() -> None:
    world = living(planned("1"))
    assert world.sent == []
    run_to(world, T0 + MINUTE - 1)
    assert world.sounding() is None
    run_to(world, T0 + MINUTE)
    assert world.sounding() == "1"
    world.start()
    world.finish()
    assert stages(world, "1") == [Stage.STARTED, Stage.FINISHED]


def test_stagger_and_warm_up() -> None:
    world = connected()
    world.hear(Settings(id="9" * 32, at=T0, version=2, areas=(AREA,), warm_up=1_500, stagger=400))
    give(world, agenda(planned("1"), planned("2", T0 + MINUTE + 10_400)))
    run_to(world, T0 + MINUTE + 400 - 1_501)
    assert world.asked is None
    run_to(world, T0 + MINUTE + 400 - 1_500)
    assert world.asked is not None
    assert world.asked.at == T0 + MINUTE + 400
    world.now = T0 + MINUTE + 400
    world.start()
    run_to(world, T0 + MINUTE + 10_350)
    assert world.sounding() == "1"  # nothing is broken off to warm up what is warm
    world.finish()
    run_to(world, T0 + MINUTE + 30_000)
    assert world.sounding() == "2"


def test_a_repeat_of_the_announcement_or_an_older_one() -> None:
    world = living(planned("1"))
    world.effects.clear()
    world.hear(announce(1), announce(1, "c"))
    assert not [e for e in world.effects if isinstance(e, effects.FetchPlan)]
    world.hear(announce(2))  # the same document under a higher number
    assert not [e for e in world.effects if isinstance(e, effects.FetchPlan)]
    assert world.state.plan == 2
    world.hear(announce(3, "c"), announce(3, "c"))
    assert len([e for e in world.effects if isinstance(e, effects.FetchPlan)]) == 2  # the second ends a pause
    world.hear(announce(4, "d"))
    world.tell(events.PlanCame(agenda(planned("2"), mark="c")))  # overtaken
    assert world.state.plan == 2
    world.tell(events.PlanCame(agenda(planned("2"), mark="d")))
    assert world.state.plan == 4


def test_what_cannot_be_read_is_no_plan() -> None:
    world = living(planned("1"))
    world.hear(announce(2, "c"))
    world.tell(events.PlanFailed("c" * 64, "not JSON", unreadable=True))
    assert world.state.plan == 1
    world.effects.clear()
    world.hear(announce(3, "c"))  # the same again: it would be as unreadable
    assert not [e for e in world.effects if isinstance(e, effects.FetchPlan)]
    run_to(world, T0 + MINUTE)
    assert world.sounding() == "1"


def test_a_new_plan_replaces_the_old_one_whole_but_for_what_has_begun() -> None:
    world = living(planned("1"), planned("2"), planned("3", T0 + HOUR))
    run_to(world, T0 + MINUTE)
    world.start()
    assert world.sounding() == "1"
    give(world, agenda(planned("4", T0 + 2 * HOUR), mark="c"), 2)
    assert world.sounding() == "1"
    world.finish()
    run_to(world, T0 + 2 * HOUR)
    assert world.sounding() == "4"
    assert {r.broadcast[0] for r in world.sent} == {"1"}  # of 2 and 3 not a word


def test_a_new_plan_is_told_soon() -> None:
    world = living(planned("1"))
    world.effects.clear()
    run_to(world, T0 + 5_001)
    vitals = [e.message for e in world.effects if isinstance(e, effects.Send) and isinstance(e.message, Vitals)]
    assert (vitals[0].plan, vitals[0].planned_until, vitals[0].planned_ready) == (1, T0 + 168 * HOUR, 100)


def test_what_could_not_begin_says_why() -> None:
    world = living(
        planned("1", T0 + MINUTE, level=60, duration=20 * MINUTE),
        planned("2", T0 + 2 * MINUTE),
        planned("3", T0 + 30 * MINUTE),
        quiet=(Span(start=T0 + 29 * MINUTE, end=T0 + HOUR),),
    )
    run_to(world, T0 + MINUTE)
    world.start()
    run_to(world, T0 + 2 * MINUTE + 5 * MINUTE)
    assert ends(world) == []
    run_to(world, T0 + 8 * MINUTE)
    assert ends(world) == [("2", Stage.EXPIRED, Reason.BUSY)]
    assert "1" * 32 in once(world)[-1].detail
    world.finish()
    run_to(world, T0 + HOUR)
    assert ends(world)[-1] == ("3", Stage.EXPIRED, Reason.QUIET)
    assert "quiet hours 2023-11-15 05:42" in once(world)[-1].detail  # as people there read clocks


def test_no_file_in_time() -> None:
    world = connected()
    world.hear(announce(1))
    world.tell(events.PlanCame(agenda(planned("1"), planned("2"), planned("3"))))
    world.tell(events.Here(frozenset()))
    world.tell(events.FetchFailed("1" * 64, Reason.DISK, "no room"))
    world.tell(events.FetchFailed("2" * 64, Reason.HASH, "other bytes"))
    assert ends(world) == []  # it may still come
    run_to(world, T0 + HOUR)
    assert ends(world) == [
        ("1", Stage.FAILED, Reason.DISK),
        ("2", Stage.FAILED, Reason.HASH),
        ("3", Stage.EXPIRED, Reason.FETCH),
    ]


def test_an_order_that_would_run_into_quiet_hours_waits_unless_it_may_be_cut() -> None:
    hours = Span(start=T0 + 30 * MINUTE, end=T0 + HOUR)
    order = replace(play("1", duration=HOUR), expires=EVER)
    world = living(quiet=(hours,))
    world.hear(order)
    world.fetch_all()
    assert world.sounding() is None
    run_to(world, hours.end - 1)
    assert world.sounding() is None
    run_to(world, hours.end)
    assert world.sounding() == "1"
    cut = living(quiet=(hours,))
    cut.hear(replace(order, cut=True))
    cut.fetch_all()
    cut.start()
    run_to(cut, hours.start - 1)
    assert cut.sounding() == "1"
    run_to(cut, hours.start)
    assert cut.sounding() is None
    assert (cut.sent[-1].stage, cut.sent[-1].reason, cut.sent[-1].position) == (
        Stage.EXPIRED,
        Reason.QUIET,
        30 * MINUTE,
    )


def test_an_emergency_knows_no_quiet_hours_and_no_volume_of_the_hour() -> None:
    world = living(quiet=(Span(start=T0, end=T0 + HOUR),), limits=(Limit(start=T0, end=T0 + HOUR, most=10),))
    world.hear(
        replace(play("1", level=90, duration=2 * HOUR), expires=EVER), replace(play("2", level=80), expires=EVER)
    )
    world.fetch_all()
    assert world.sounding() == "1"
    assert world.asked is not None
    assert world.asked.volume == 80
    world.start()
    run_to(world, T0 + HOUR)
    assert world.sounding() == "1"


def test_a_sound_under_quiet_hours_that_come_with_a_new_plan_is_pre_empted_and_resumes() -> None:
    world = connected()
    world.hear(replace(play("1", duration=HOUR), expires=EVER))
    world.fetch_all()
    world.start()
    world.wait(10_000)
    give(world, agenda(quiet=(Span(start=T0, end=T0 + HOUR),)))
    assert world.sounding() is None
    assert (world.sent[-1].stage, world.sent[-1].position) == (Stage.PREEMPTED, 10_000)
    run_to(world, T0 + HOUR)
    assert world.asked is not None
    assert world.asked.offset == 10_000


def test_a_sound_that_ends_with_the_day_is_finished_though_the_player_was_a_little_late() -> None:
    world = living(planned("1", duration=MINUTE), quiet=(Span(start=T0 + 2 * MINUTE, end=T0 + HOUR),))
    run_to(world, T0 + MINUTE)
    world.now += 400
    world.start()
    run_to(world, T0 + 2 * MINUTE)
    assert world.sounding() is None
    assert (world.sent[-1].stage, world.sent[-1].position) == (Stage.FINISHED, MINUTE - 400)


@pytest.mark.parametrize(("at", "volume"), [(T0 + MINUTE, 30), (T0 + 11 * MINUTE, 50), (T0 + 21 * MINUTE, 80)])
def test_the_strictest_volume_of_the_hour(at: int, volume: int) -> None:
    limits = (
        Limit(start=T0, end=T0 + 20 * MINUTE, most=50),
        Limit(start=T0, end=T0 + 10 * MINUTE, most=30),
    )
    world = living(planned("1", at), limits=limits)
    run_to(world, at)
    assert world.asked is not None
    assert world.asked.volume == volume


def test_stop_of_what_is_planned_days_ahead_is_remembered_until_then() -> None:
    start = T0 + 6 * 24 * HOUR
    world = living(planned("1", start), planned("2", start))
    world.hear(stop("1"))
    assert stages(world, "1") == [Stage.STOPPED]
    run_to(world, start - MINUTE)
    run_to(world, start + 10)
    assert world.sounding() == "2"


def test_stop_of_whatever_sounds_leaves_what_is_not_due() -> None:
    world = living(planned("1"), planned("2"), planned("3", T0 + HOUR))
    run_to(world, T0 + MINUTE)
    world.start()
    world.hear(stop(None, at=world.now))
    assert sorted(ends(world)) == [("1", Stage.STOPPED, Reason.STOPPED), ("2", Stage.STOPPED, Reason.STOPPED)]
    run_to(world, T0 + HOUR)
    assert world.sounding() == "3"


# streams


def stream(mark: str, start: int, *, duration: int = 30 * MINUTE, level: int = 30, cut: bool = True) -> Play:
    order = planned(mark, start, level=level, duration=duration)
    return replace(order, content=None, stream=Stream(urls=("http://x/",), duration=duration), cut=cut)


def test_a_stream_is_ready_at_once_and_ends_hard() -> None:
    world = living(stream("1", T0 + MINUTE))
    run_to(world, T0 + MINUTE)
    assert world.sounding() == "1"
    world.start()
    run_to(world, T0 + 31 * MINUTE - 1)
    assert world.sounding() == "1"
    run_to(world, T0 + 31 * MINUTE)
    assert world.sounding() is None
    assert ends(world) == [("1", Stage.FINISHED, Reason.NONE)]


def test_a_stream_goes_on_where_the_clock_is_and_ends_when_it_should() -> None:
    world = living(stream("1", T0 + MINUTE), planned("2", T0 + 11 * MINUTE, duration=5 * MINUTE))
    run_to(world, T0 + MINUTE)
    world.start()
    run_to(world, T0 + 11 * MINUTE)
    assert world.sounding() == "2"
    world.start()
    world.finish()
    assert world.asked is not None
    assert (world.asked.order.id[0], world.asked.offset) == ("1", 15 * MINUTE)
    world.start()
    run_to(world, T0 + 31 * MINUTE)
    assert ends(world)[-1] == ("1", Stage.FINISHED, Reason.NONE)


def test_no_address_gave_sound() -> None:
    world = connected()
    world.hear(replace(stream("1", 0), start=0, begin_by=0, expires=EVER))
    asked = world.asked
    assert asked is not None
    world.asked = None
    world.tell(events.PlayerFailed(asked.go, "silence at both"))
    assert (world.sent[-1].stage, world.sent[-1].reason) == (Stage.FAILED, Reason.RELAY)


# power


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
    assert again.state.doubt
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


# whatever the plan


SPANS = st.lists(st.tuples(st.integers(0, 50), st.integers(-3, 20)), max_size=8)


@given(SPANS)
def test_joined_spans_are_the_same_moments(raw: list[tuple[int, int]]) -> None:
    spans = [Span(start=start, end=max(start + length, 0)) for start, length in raw]
    made = joined(spans)
    for at in range(75):
        assert any(s.start <= at < s.end for s in spans) == any(s.start <= at < s.end for s in made)
    assert all(one.end < two.start for one, two in pairwise(made))


@st.composite
def agendas(draw: st.DrawFn, mark: str) -> Agenda:
    plays = []
    for number in draw(st.lists(st.sampled_from("123456789"), unique=True)):
        start = T0 + draw(st.integers(-3, 60)) * MINUTE
        duration = draw(st.sampled_from((5_000, MINUTE, 10 * MINUTE)))
        level = draw(st.sampled_from((30, 40, 60, 90)))
        grace = draw(st.sampled_from((0, MINUTE, 20 * MINUTE)))
        plays.append(planned(number, start, grace=grace, level=level, duration=duration))
    start = T0 + draw(st.integers(0, 60)) * MINUTE
    quiet = (Span(start=start, end=start + draw(st.integers(0, 30)) * MINUTE),)
    return lay_out(Plan(made=T0, until=EVER, plays=tuple(plays), quiet=quiet), mark * 64)


@given(agendas("b"), agendas("c"), st.integers(0, 40))
@settings(max_examples=150, deadline=None)
def test_an_old_plan_and_then_a_new_one_is_the_new_one(old: Agenda, new: Agenda, minutes: int) -> None:
    """For all that has not begun: a device that lived by another plan before does what a fresh one does."""
    before, only = connected(), connected()
    give(before, old)
    _play_to(before, T0 + minutes * MINUTE)
    only.now = before.now
    give(before, new, 2)
    give(only, new, 2)
    begun = {key for key, held in before.state.held.items() if held.since} | before.state.over.keys()
    for world in (before, only):
        assert world.state.agenda == new
        assert {key for key in world.state.held if key not in begun} <= {play.id for play in new.plays}
    if before.asked is not None or any(held.since for held in before.state.held.values()):
        return  # what goes on of the old one may be in the way of the new
    told = []
    for world in (before, only):
        since = world.now
        _play_to(world, T0 + 4 * HOUR)
        told.append([(r.broadcast, r.stage, r.reason, r.at) for r in once(world) if r.at >= since])
    if not begun:
        assert told[0] == told[1]


def _play_to(world: World, until: int) -> None:
    """Let everything sound as a good player does, up to then."""
    for _ in range(10_000):
        if world.asked is not None and world.state.sounding is not None and not world.state.sounding.started:
            world.start()
        sounding, asked = world.state.sounding, world.asked
        done = sounding.since + asked.order.duration - asked.offset if asked and sounding else EVER
        due = core.due_at(world.state, world.now)
        if min(done, due) > until:
            break
        if sounding is not None and done <= due:
            world.now = sounding.since
            world.finish()
        else:
            world.wait(due - world.now)
    world.wait(max(until - world.now, 0))


@given(agendas("b"), st.integers(0, 30))
@settings(max_examples=100, deadline=None)
def test_ticks_are_asked_for_in_the_future(plan: Agenda, minutes: int) -> None:
    world = connected()
    give(world, plan)
    world.wait(minutes * MINUTE)
    assert core.due_at(world.state, world.now) > world.now
    again = after_power_loss(world.saved[-1], world.now + 20 * MINUTE)
    again.tell(events.Tick())
    assert core.due_at(again.state, again.now) > again.now


def test_a_saved_state_of_before_plans_is_read() -> None:
    """An agent that is brought up to date keeps what it holds."""
    world = connected()
    world.hear(play("1"))
    old = msgspec.json.decode(world.saved[-1])
    for name in ("agenda", "plan", "announced", "taken", "here", "seen", "doubt", "up_at", "blind", "month"):
        del old[name]
    again = after_power_loss(msgspec.json.encode(old), T0 + 1_000)
    again.fetch_all()
    assert again.sounding() == "1"
