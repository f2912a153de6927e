"""Plans for tests: small ones, given to a device in the world of `world`."""

from msgspec.structs import replace

from nguon.agent import core, events
from nguon.agent.agenda import Agenda, lay_out
from nguon.wire.messages import Document, Limit, NewPlan, Plan, Play, Reason, Receipt, Span, Stage
from tests.unit.agent.world import T0, World, connected, play

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
