"""A core is told which channel it is: the same rules, for the orders and plays of that channel alone."""

import msgspec
from msgspec.structs import replace

from nguon.agent import effects
from nguon.agent.agenda import lay_out
from nguon.agent.state import State, fresh
from nguon.wire.messages import Plan, Settings, Stage
from tests import authority
from tests.unit.agent.world import AREA, DEVICE, T0, World, play, stop


def a_board() -> World:
    settings = Settings(id="5" * 32, at=0, version=1, areas=(AREA,))
    return World(fresh(settings, DEVICE, authority.RING, channel="board", checked=True))


def test_a_board_obeys_the_orders_of_boards_to_their_end() -> None:
    world = a_board()
    world.hear(replace(play("1"), channel="board"))
    world.fetch_all()
    world.start()
    world.hear(replace(stop("1"), channel="board"))
    assert world.asked is None
    assert world.state.over["1" * 32].stage is Stage.STOPPED


def test_a_board_leaves_the_orders_of_loudspeakers_alone() -> None:
    world = a_board()
    world.hear(play("1"), stop("1"), stop(None))
    assert not world.state.held
    assert not world.state.hushed_at
    assert {type(one) for one in world.effects} == {effects.Log}


def test_a_plan_is_laid_out_for_one_channel() -> None:
    plays = (play("1", start=T0 + 1), replace(play("2", start=T0 + 2), channel="board"))
    plan = Plan(made=T0, until=T0 + 10_000, plays=plays)
    assert [one.id[0] for one in lay_out(plan, "b" * 64).plays] == ["1"]
    assert [one.id[0] for one in lay_out(plan, "b" * 64, "board").plays] == ["2"]


def test_a_state_kept_before_there_were_channels_is_a_loudspeakers() -> None:
    kept = msgspec.to_builtins(a_board().state)
    assert msgspec.convert(kept, State).channel == "board"
    del kept["channel"]
    assert msgspec.convert(kept, State).channel == "speaker"
