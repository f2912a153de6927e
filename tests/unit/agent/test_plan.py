"""What a device does with a plan, one behaviour a test."""

import pytest
from msgspec.structs import replace

from nguon.agent import effects, events
from nguon.wire.messages import (
    Limit,
    Play,
    Reason,
    Settings,
    Span,
    Stage,
    Stream,
    Vitals,
)
from tests.unit.agent.planned import (
    EVER,
    HOUR,
    MINUTE,
    agenda,
    announce,
    ends,
    give,
    living,
    once,
    planned,
    run_to,
    stages,
)
from tests.unit.agent.world import AREA, T0, connected, play, stop


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
    assert (world.asked,) == (None,)
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


@pytest.mark.parametrize(("heard", "position"), [(None, 60_000), (20_000, 20_000), (90_000, 60_000), (0, 0)])
def test_a_relay_counts_as_heard_until_it_fell_silent(heard: int | None, position: int) -> None:
    world = connected()
    world.hear(replace(stream("1", 0), start=0, begin_by=0, expires=EVER))
    asked = world.asked
    assert asked is not None
    world.start()
    world.wait(60_000)
    world.asked = None
    world.tell(events.PlayerFailed(asked.go, "silence at both", heard))
    assert (world.sent[-1].stage, world.sent[-1].position) == (Stage.FAILED, position)


def test_what_was_over_before_the_first_plan_came_is_not_told() -> None:
    """A new box is not asked about this morning; one that has a plan is."""
    morning, noon = planned("1", T0 - HOUR), planned("2", T0 + HOUR)
    world = living(morning, noon)
    assert world.sent == []
    run_to(world, T0 + HOUR)
    assert world.sounding() == "2"
    give(world, agenda(planned("3", T0 + HOUR - 30 * MINUTE), mark="c"), 2)
    assert ends(world) == [("3", Stage.EXPIRED, Reason.LATE)]
