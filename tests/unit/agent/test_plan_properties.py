"""What must hold whatever the plan."""

from itertools import pairwise

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from nguon.agent import core, events
from nguon.agent.agenda import Agenda, joined, lay_out
from nguon.wire.messages import (
    Plan,
    Span,
)
from tests.unit.agent.planned import (
    EVER,
    HOUR,
    MINUTE,
    give,
    once,
    planned,
)
from tests.unit.agent.world import T0, World, after_power_loss, connected, play

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
    late = {play.id for play in new.plays if play.begin_by <= before.now}  # a first plan tells nothing of those
    told = []
    for world in (before, only):
        since = world.now
        _play_to(world, T0 + 4 * HOUR)
        told.append(
            [(r.broadcast, r.stage, r.reason, r.at) for r in once(world) if r.at >= since and r.broadcast not in late]
        )
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
            world.wait(max(due - world.now, 0))  # a world whose clock was put forward owes ticks: no way back
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
