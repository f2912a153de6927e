"""Everything at once: new plans, orders, stops, power, clocks. Whatever happens, these hold after every step."""

from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from nguon.agent import core
from nguon.agent import events as ev
from nguon.agent.agenda import lay_out
from nguon.cli.bench.daybox import Box
from nguon.cli.bench.dayplan import AREA, DAY, HOUR, MINUTE, SECOND, make_plan
from nguon.cli.bench.planday import MIDNIGHT
from nguon.wire.ladder import Level
from nguon.wire.messages import Ack, Content, Plan, Play, Settings, Stop, Stream

DEVICE = "d" * 32


class Watched(Box):
    """A box that looks at itself after every step."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.finished: set[str] = set()
        self.told: set[str] = set()

    def _happen(self, event: ev.Event) -> None:
        if isinstance(event, ev.PlayerStarted):
            assert self._sounding is not None
            assert self._sounding.broadcast not in self.finished, "played again"
        super()._happen(event)

    def _step(self, event: ev.Event) -> None:
        before = self.state
        super()._step(event)
        state, sounding = self.state, self.state.sounding
        self.told |= {receipt.broadcast for receipt in state.pending}
        assert not state.held.keys() & state.over.keys()
        assert all(key in state.over for key in before.held.keys() - state.held.keys() if before.held[key].since)
        if isinstance(event, ev.Tick):
            assert core.due_at(state, self.now) > self.now
        self.finished |= {key for key in state.over.keys() - before.over.keys() if key in before.held}
        assert (sounding.go if sounding else -1) == (self._go if self._sounding else -1)
        if sounding is None:
            return
        assert sounding.broadcast in state.held
        quiet = state.agenda.quiet_at(max(self.now, sounding.at)) if state.agenda else None
        assert sounding.level >= Level.EMERGENCY or quiet is None
        held = state.held[sounding.broadcast]
        assert not (held.planned and state.doubt and not held.since), "planned, by a clock in doubt"


HAPPENINGS = st.one_of(
    st.tuples(st.just("wait"), st.sampled_from((1, SECOND, 20 * SECOND, MINUTE, 7 * MINUTE, HOUR, 5 * HOUR))),
    st.tuples(st.just("plan"), st.integers(0, 9)),
    st.tuples(st.just("order"), st.sampled_from((10, 30, 40, 60, 80, 90))),
    st.tuples(st.just("stop"), st.integers(-1, 40)),
    st.tuples(st.just("power"), st.sampled_from((SECOND, 3 * MINUTE, HOUR))),
    st.tuples(st.just("set"), st.sampled_from((-HOUR, -30 * SECOND, 700, 5 * MINUTE, HOUR, 26 * HOUR))),
    st.tuples(st.just("check"), st.none()),
    st.tuples(st.just("network"), st.booleans()),
    st.tuples(st.just("settings"), st.integers(0, 3)),
    st.tuples(st.just("ack"), st.none()),
    st.tuples(st.just("gone"), st.integers(0, 40)),
)


@given(st.integers(0, 400), st.booleans(), st.lists(HAPPENINGS, max_size=30))
@settings(max_examples=800, deadline=None)
def test_whatever_happens(seed: int, battery: bool, happenings: list[tuple[str, Any]]) -> None:
    rng = Random(seed)
    box = Watched(DEVICE, rng, battery, now=MIDNIGHT - 14 * HOUR)
    plan = make_plan(rng, MIDNIGHT, 3)
    box.give(lay_out(plan, f"{1:064x}"))
    box.live(MIDNIGHT + 4 * HOUR + 30 * MINUTE)
    for number, (kind, value) in enumerate(happenings, 2):
        plan = happen(box, rng, plan, number, kind, value)
    box.live(box.now + box.behind + 2 * DAY)
    assert box.state.sounding is None
    assert {sound.broadcast for sound in box.sounds} <= box.told


def happen(box: Watched, rng: Random, plan: Plan, number: int, kind: str, value: Any) -> Plan:
    """One thing that may happen. Returns the plan that is in force on the server."""
    match kind:
        case "wait":
            box.live(box.now + box.behind + value)
        case "plan":
            plan = changed(rng, plan, box.now)
            box.give(lay_out(plan, f"{number:064x}"), number)
        case "order":
            box.hear(an_order(rng, number, value, box.now))
        case "stop":
            chosen = plan.plays[value].id if 0 <= value < len(plan.plays) else None
            box.hear(Stop(id=f"{number:032x}", at=box.now, expires=box.now + HOUR, broadcast=chosen, areas=(AREA,)))
        case _:
            around(box, plan, number, kind, value)
    return plan


def around(box: Watched, plan: Plan, number: int, kind: str, value: Any) -> None:
    """What happens to the box rather than to its plan."""
    match kind:
        case "power":
            box.lose_power(box.now + box.behind + value)
        case "set":
            box.behind -= value
            box.now += value
            box._queue = [(at + value, count, event, go) for at, count, event, go in box._queue]
            box._step(ev.ClockMoved(value, False))
        case "check":
            box.check_clock()
        case "network":
            box.network = value
            box._step(ev.Connected() if value else ev.Disconnected())
        case "settings":
            box.hear(
                Settings(
                    id="5" * 32,
                    at=0,
                    version=number,
                    areas=(AREA,),
                    warm_up=value * 700,
                    stagger=value * 1_000,
                    data_budget=None if value else 100_000,
                )
            )
        case "ack" if box.state.pending:
            box.hear(Ack(id="c" * 32, at=box.now, seqs=tuple(receipt.seq for receipt in box.state.pending[:50])))
        case "gone" if value < len(plan.plays) and plan.plays[value].sha256 in box.disk:
            box.disk.discard(plan.plays[value].sha256 or "")
            box._step(ev.Gone(plan.plays[value].sha256 or ""))


def changed(rng: Random, plan: Plan, now: int) -> Plan:
    """Some plays gone, some moved, some new, and other quiet hours."""
    plays = [play for play in plan.plays if rng.random() < 0.7]
    plays = [replace(play, start=play.start + rng.choice((0, 0, 0, 3 * MINUTE))) for play in plays]
    plays += [play for play in make_plan(rng, MIDNIGHT, 1).plays if play.id not in {each.id for each in plays}]
    quiet = [span for span in plan.quiet if rng.random() < 0.8] + list(make_plan(rng, MIDNIGHT, 1).quiet[2:])
    return replace(plan, made=now, plays=tuple(plays), quiet=tuple(quiet))


def an_order(rng: Random, number: int, level: int, now: int) -> Play:
    length = rng.choice((3 * SECOND, 2 * MINUTE, 30 * MINUTE))
    file = Content(url="/x", sha256=f"{number:064x}", size=9, duration=length)
    stream = level in (30, 80) and rng.random() < 0.5
    return Play(
        id=f"{number:032x}",
        at=now,
        expires=now + rng.choice((MINUTE, 5 * HOUR)),
        level=level,
        content=None if stream else file,
        stream=Stream(urls=("http://x/",), duration=length) if stream else None,
        start=rng.choice((0, now + 40 * SECOND)),
        cut=rng.random() < 0.2,
        areas=(AREA,),
    )
