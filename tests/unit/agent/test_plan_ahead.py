"""Fetching ahead: what, when, in which order, and for how much."""

from hypothesis import given as given_by
from hypothesis import strategies as st
from msgspec.structs import replace

from nguon.agent import core, effects, events
from nguon.agent.agenda import lay_out
from nguon.agent.state import wanted
from nguon.wire.messages import Content, Plan, Play, Reason, Settings, Span, Vitals
from tests.unit.agent.planned import EVER, HOUR, MINUTE, announce, planned, run_to
from tests.unit.agent.world import AREA, T0, World, after_power_loss, connected, play

DAY = 24 * HOUR


def sized(mark: str, start: int, size: int = 1_000) -> Play:
    order = planned(mark, start)
    return replace(order, content=Content(url="/x", sha256=mark * 64, size=size, duration=10_000))


def given(
    *plays: Play,
    fetch: tuple[Span, ...] = (),
    budget: int | None = None,
    here: str = "",
    keep: tuple[Content, ...] = (),
) -> World:
    world = connected()
    if budget:
        world.hear(Settings(id="9" * 32, at=T0, version=2, areas=(AREA,), data_budget=budget))
    world.hear(announce(1))
    world.tell(events.PlanCame(lay_out(Plan(made=T0, until=EVER, plays=plays, fetch=fetch, keep=keep), "b" * 64)))
    world.tell(events.Here(frozenset(mark * 64 for mark in here)))
    return world


def asked(world: World) -> list[str]:
    """The files asked for, in order."""
    return [effect.content.sha256[0] for effect in world.effects if isinstance(effect, effects.Fetch)]


def come(world: World, mark: str, size: int = 1_000) -> None:
    world.tell(events.Metered(size))
    world.tell(events.Fetched(mark * 64))


IDLE = (Span(start=T0 + 14 * HOUR, end=T0 + 20 * HOUR),)


def test_what_is_due_soon_at_once_three_at_a_time_the_first_due_first() -> None:
    plays = [sized(mark, T0 + int(mark) * HOUR) for mark in "54321"]
    world = given(*plays, sized("9", T0 + 13 * HOUR), fetch=IDLE)
    assert asked(world) == ["1", "2", "3"]
    come(world, "2")
    assert asked(world) == ["1", "2", "3", "4"]
    for mark in "134":
        come(world, mark)
    assert asked(world) == ["1", "2", "3", "4", "5"]
    come(world, "5")
    run_to(world, T0 + 50 * MINUTE - 1)
    assert asked(world) == ["1", "2", "3", "4", "5"]  # nothing twice
    run_to(world, T0 + HOUR)
    assert "9" in asked(world)  # within twelve hours now


def test_the_rest_in_idle_hours_at_a_moment_of_its_own() -> None:
    world = given(sized("1", T0 + 5 * DAY), fetch=IDLE)
    assert asked(world) == []
    run_to(world, IDLE[0].start - 1)
    assert asked(world) == []
    run_to(world, IDLE[0].end)
    assert asked(world) == ["1"]
    moments = set()
    for number in range(8):
        other = given(sized("1", T0 + 5 * DAY), fetch=IDLE)
        other.state = replace(other.state, device=f"{number * 0x1FFFFFFF:032x}")
        other.tell(events.Connected())
        while not asked(other):
            other.wait(max(core.due_at(other.state, other.now) - other.now, 1))
        moments.add(other.now)
    assert len(moments) == 8
    assert all(IDLE[0].start <= at < IDLE[0].end for at in moments)


def test_a_good_signal_does_not_wait_for_idle_hours() -> None:
    world = given(sized("1", T0 + 5 * DAY), fetch=IDLE)
    world.tell(events.Measured(-86))
    run_to(world, T0 + 2 * HOUR)
    assert asked(world) == []
    world.tell(events.Measured(-85))
    since = world.now
    run_to(world, since + HOUR)
    assert asked(world) == ["1"]
    come(world, "1")
    run_to(world, IDLE[0].end)
    assert asked(world) == ["1"]  # and not again in idle hours


def test_devices_with_a_good_signal_do_not_all_begin_at_once() -> None:
    moments = set()
    for number in range(8):
        other = given(sized("1", T0 + 5 * DAY), fetch=IDLE)
        other.state = replace(other.state, device=f"{number * 0x1FFFFFFF:032x}")
        other.tell(events.Measured(-60))
        while not asked(other):
            other.wait(max(core.due_at(other.state, other.now) - other.now, 1))
        moments.add(other.now)
    assert len(moments) == 8
    assert all(T0 <= at < T0 + HOUR for at in moments)


def test_a_signal_that_fades_a_little_goes_on_and_one_that_is_gone_waits() -> None:
    world = given(sized("1", T0 + 5 * DAY), fetch=IDLE)
    world.tell(events.Measured(-80))
    since = world.state.good_since
    world.wait(MINUTE)
    world.tell(events.Measured(-91))
    assert world.state.good_since == since == T0
    for gone in (-92, None):
        world.tell(events.Measured(-80))
        world.tell(events.Measured(gone))
        assert world.state.good_since == 0
        run_to(world, world.now + 2 * HOUR)
        assert asked(world) == []
    run_to(world, IDLE[0].end)
    assert asked(world) == ["1"]


def test_a_good_signal_does_not_lift_the_budget_and_is_forgotten_at_power_up() -> None:
    world = given(sized("1", T0 + 5 * DAY, 2_000), sized("2", T0 + 6 * DAY, 900), fetch=IDLE, budget=1_000)
    world.tell(events.Measured(-60))
    run_to(world, T0 + HOUR)
    assert asked(world) == ["2"]
    world.tell(events.ProofSent("1" * 32))  # saves
    back = after_power_loss(world.saved[-1], T0 + 2 * HOUR)
    assert back.state.good_since == 0


@given_by(st.lists(st.one_of(st.none(), st.integers(-120, -40)), max_size=60))
def test_goodness_never_flickers(levels: list[int | None]) -> None:
    """Between two changes to good the signal was bad or unknown; and what is good was at least good once since."""
    world = connected()
    good = False
    for level in levels:
        before = good
        world.tell(events.Measured(level))
        good = bool(world.state.good_since)
        if good and not before:
            assert level is not None
            assert level >= -85
        if before and not good:
            assert level is None or level < -91
        if good and before:
            assert level is not None
            assert level >= -91


def test_a_plan_without_idle_hours_is_fetched_soon() -> None:
    world = given(sized("1", T0 + 5 * DAY))
    run_to(world, T0 + 10 * MINUTE)
    assert asked(world) == ["1"]


def test_what_is_on_disk_is_not_fetched_again_whatever_happens() -> None:
    plays = (sized("1", T0 + 3 * HOUR), sized("2", T0 + 5 * DAY))
    world = given(*plays, here="12", fetch=IDLE)
    assert asked(world) == []
    world.hear(announce(2, "c"))
    world.effects.clear()
    world.tell(events.PlanCame(lay_out(Plan(made=T0, until=EVER, plays=plays), "c" * 64)))
    assert not [effect for effect in world.effects if isinstance(effect, effects.Look)]  # it is known
    again = after_power_loss(world.saved[-1], T0 + HOUR)
    looks = [effect for effect in again.effects if isinstance(effect, effects.Look)]
    assert [content.sha256[0] for content in looks[0].contents] == ["1", "2"]


def test_a_file_is_read_again_before_it_sounds_and_a_damaged_one_fetched() -> None:
    world = given(sized("1", T0 + 3 * HOUR), here="1")
    run_to(world, T0 + 3 * HOUR - 10 * MINUTE)
    assert asked(world) == ["1"]
    world.tell(events.Gone("1" * 64))
    assert "1" * 64 not in world.state.here
    come(world, "1")
    run_to(world, T0 + 3 * HOUR)
    assert world.sounding() == "1"
    assert asked(world) == ["1"]


def test_what_did_not_come_lets_others_pass_and_is_tried_again() -> None:
    world = given(*(sized(mark, T0 + int(mark) * HOUR) for mark in "12345"))
    for mark in "123":
        world.tell(events.FetchFailed(mark * 64, Reason.FETCH, "the server answered 500"))
    assert asked(world) == ["1", "2", "3", "4", "5"]
    run_to(world, T0 + 7 * MINUTE)
    assert sorted(asked(world))[:2] == ["1", "1"]
    world.effects.clear()
    world.tell(events.FetchFailed("4" * 64, Reason.FETCH, "no network"))
    world.tell(events.Disconnected())
    world.tell(events.Connected())
    assert asked(world)[-3:] == ["1", "2", "3"]
    come(world, "1")
    assert asked(world)[-1] == "4"  # there is a link again: nobody waits for a pause to end


def test_the_budget_stops_all_but_what_is_due_in_two_hours() -> None:
    world = given(
        sized("1", T0 + HOUR, 600), sized("2", T0 + 4 * HOUR, 600), sized("3", T0 + 5 * HOUR, 300), budget=1_000
    )
    assert asked(world) == ["1", "3"]  # with the second it would be too much; the third still fits
    come(world, "1", 600)
    come(world, "3", 300)
    assert asked(world) == ["1", "3"]
    logs = [effect.words for effect in world.effects if isinstance(effect, effects.Log) and "used up" in effect.words]
    assert len(logs) == 1
    world.hear(play("7"))
    assert asked(world) == ["1", "3", "7"]  # an order is not asked
    run_to(world, T0 + 2 * HOUR)
    assert asked(world)[-1] == "2"
    world.effects.clear()
    run_to(world, T0 + 2 * HOUR + 61_000)
    vitals = [e.message for e in world.effects if isinstance(e, effects.Send) and isinstance(e.message, Vitals)]
    assert vitals[-1].data_used == 900


def test_the_meter_begins_anew_with_the_month_and_not_by_a_clock_in_doubt() -> None:
    world = connected()
    world.now = 1_796_057_999_000  # 30 November 2026, 23:59:59 in Hà Nội
    world.tell(events.Metered(500))
    world.tell(events.Metered(70))
    assert (world.state.month, world.state.data_used) == ("2026-11", 570)
    world.now += 1_000
    world.tell(events.Metered(30))
    assert (world.state.month, world.state.data_used) == ("2026-12", 30)
    world.tell(events.ProofSent("1" * 32))  # saves
    back = after_power_loss(world.saved[-1], 0)
    back.tell(events.Metered(5))
    assert (back.state.month, back.state.data_used) == ("2026-12", 35)


def test_what_is_needed_first_is_kept_longest() -> None:
    world = given(sized("1", T0 + HOUR), sized("2", T0 + 2 * HOUR), sized("3", T0 - 2 * DAY))
    world.hear(play("7"))
    assert wanted(world.state, world.now) == {"1" * 64: T0 + HOUR, "2" * 64: T0 + 2 * HOUR, "7" * 64: 0}


def test_what_is_always_kept_is_fetched_first_whatever_the_hour_and_the_budget() -> None:
    siren = Content(url="/x", sha256="5" * 64, size=90_000, duration=9_000)
    world = given(sized("1", T0 + HOUR), sized("2", T0 + 30 * HOUR), fetch=IDLE, budget=1_000, keep=(siren,))
    assert asked(world)[0] == "5"
    come(world, "5", 90_000)
    run_to(world, T0 + 2 * DAY)
    assert asked(world).count("5") == 1
    assert siren.sha256 in wanted(world.state, world.now), "it makes room for nothing"


def test_a_siren_that_is_also_played_is_one_file() -> None:
    order = sized("1", T0 + 30 * HOUR)
    assert order.content is not None
    world = given(order, fetch=IDLE, keep=(order.content,))
    assert asked(world) == ["1"]
