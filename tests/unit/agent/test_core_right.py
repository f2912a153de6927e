"""Somebody else's screen: outside the hours of the right nothing is accepted, nothing goes on, whoever signed it."""

from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from nguon.agent import core, effects
from nguon.wire.messages import Area, Reason, Right, Settings, Span, Stage
from tests.unit.agent import test_core_properties as orders
from tests.unit.agent.planned import ends, living, planned, run_to
from tests.unit.agent.world import AREA, DEVICE, T0, World, connected, play

MINUTE = 60_000
HOURS = Right(spans=(Span(start=T0, end=T0 + 2 * MINUTE),), area=Area(left=0, top=75, width=100, height=25))


def told(right: Right | None, version: int = 2) -> Settings:
    return Settings(id="5" * 32, at=T0, version=version, areas=(AREA,), device=DEVICE, right=right)


def lent(right: Right | None = HOURS) -> World:
    world = connected()
    world.hear(told(right))
    return world


def refused(world: World) -> list[Reason]:
    return [one.message.reason for one in world.effects if isinstance(one, effects.Send) and one.what == "refusal"]  # type: ignore[union-attr]


def test_within_its_hours_it_is_a_screen_like_any_other() -> None:
    world = lent()
    world.hear(play("1"))
    world.play_out()
    assert world.stages("1")[-1] is Stage.FINISHED


def test_outside_its_hours_nothing_is_accepted_not_even_an_emergency() -> None:
    for level in (40, 60, 80, 90):
        world = lent()
        world.now = T0 + 3 * MINUTE
        world.hear(play("1", level=level, at=world.now, expires=world.now + MINUTE))
        assert world.stages("1") == [Stage.REFUSED]
        assert world.sent[-1].reason is Reason.RIGHT
        assert refused(world) == [Reason.RIGHT]
        assert not world.state.held


def test_what_is_to_begin_outside_is_refused_before_it_is_fetched() -> None:
    world = lent()
    world.hear(play("1", start=T0 + 5 * MINUTE))
    assert world.sent[-1].reason is Reason.RIGHT
    assert not world.fetches


def test_at_the_end_of_its_hours_the_screen_is_its_owners_at_once() -> None:
    world = lent()
    world.hear(play("1", duration=10 * MINUTE), play("2"))
    world.fetch_all()
    world.start()
    assert core.due_at(world.state, world.now) <= T0 + 2 * MINUTE
    world.wait(2 * MINUTE)
    assert world.asked is None
    assert world.sent[-1].reason is Reason.RIGHT
    assert {mark: world.stages(mark)[-1] for mark in "12"} == dict.fromkeys("12", Stage.EXPIRED)
    assert not world.state.held


def test_a_right_that_is_taken_away_ends_what_shows() -> None:
    world = lent()
    world.hear(play("1", duration=MINUTE))
    world.fetch_all()
    world.start()
    world.hear(told(Right(spans=()), version=3))
    assert core.due_at(world.state, world.now) <= world.now
    world.wait(0)
    assert world.asked is None
    world.hear(play("2", at=world.now))
    assert world.stages("2") == [Stage.REFUSED]
    world.hear(told(None, version=4))
    world.hear(play("3", at=world.now))
    world.play_out()
    assert world.stages("3")[-1] is Stage.FINISHED


def test_a_plan_shows_only_what_lies_in_its_hours() -> None:
    inside, outside = planned("1"), planned("2", T0 + 5 * MINUTE)
    world = living(inside, outside)
    world.hear(told(HOURS))
    run_to(world, T0 + MINUTE + 1_000)
    assert world.sounding() == "1"
    world.start()
    world.finish()
    run_to(world, T0 + 10 * MINUTE)
    assert ends(world) == [("1", Stage.FINISHED, Reason.NONE), ("2", Stage.EXPIRED, Reason.RIGHT)]


@given(orders.stories, st.lists(st.tuples(st.integers(-120, 300), st.integers(0, 200)), max_size=3))
@examples(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_happens_nothing_shows_outside(story: orders.Story, hours: list[tuple[int, int]]) -> None:
    spans = tuple(Span(start=T0 + at * 1000, end=T0 + (at + long) * 1000) for at, long in hours)
    world = lent(Right(spans=spans))
    given_orders, happenings = story
    for kind, value in happenings:
        orders.happen(world, given_orders, kind, value)
        world.wait(0)
        shown = world.state.sounding
        assert shown is None or any(span.start <= max(world.now, shown.at) < span.end for span in spans)
