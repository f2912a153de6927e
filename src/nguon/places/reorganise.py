"""The act of a reorganisation: the territory only. Who and what follows is composed above (`config.reform`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from nguon.journal import actions as journal
from nguon.places import queries
from nguon.places.actions import Actor, insert, open_code, relink, require, shut, today
from nguon.places.errors import FAULTS, AlreadyDone, Impossible, TooEarly
from nguon.places.models import Place, Succession
from nguon.places.plan import Fault, Opening, Plan, Problem, problems
from nguon.places.rules import Tree, day_before


@dataclass(frozen=True)
class Reform:
    """What a reorganisation did. `heirs` says, for each closed place, where what was in hand there goes to."""

    decision: str
    on: date
    opened: Mapping[str, UUID]
    heirs: Mapping[UUID, tuple[UUID, ...]]
    moved: Mapping[UUID, UUID]


@transaction.atomic
def reorganise(*, decision: str, on: date, plan: Plan, actor: Actor, now: datetime) -> Reform:
    """Close the old places on the day before, open the new ones, move what lay in the old ones, pass the codes on.

    `decision` is the legal basis, in words. Raises NotHere, TooEarly, AlreadyDone, Impossible, CodeTaken.
    """
    tree = queries.tree()
    permit(plan, tree, on, actor)
    check(plan, tree, on, now)
    heirs, moved = plan.heirs(), plan.moved(tree, on)
    old = Place.objects.in_bulk(plan.closing())
    for place in old.values():
        shut(place, day_before(on))
    opened = {opening.key: _open(opening, plan, old, on) for opening in plan.openings}
    for opening in plan.openings:
        parent = opened[opening.parent].pk if isinstance(opening.parent, str) else opening.parent
        if parent:
            relink(opened[opening.key].pk, parent, on)
        for source in opening.sources:
            Succession.objects.create(
                old_id=source.place, new=opened[opening.key], on=on, basis=decision, verified=source.verified
            )
    for child, key in moved.items():
        relink(child, opened[key].pk, on)
    _write_down(decision, on, plan, opened, old, moved, actor, now)
    return Reform(
        decision,
        on,
        {key: place.pk for key, place in opened.items()},
        {place: tuple(opened[key].pk for key in keys) for place, keys in heirs.items()},
        {child: opened[key].pk for child, key in moved.items()},
    )


def permit(plan: Plan, tree: Tree, on: date, actor: Actor) -> None:
    """Nothing, if the actor administers all that the plan touches. Raises NotHere."""
    for touched in sorted(_touched(plan)):
        require(actor, touched)
    roots = tree.roots(day_before(on))
    if any(opening.parent is None and roots.isdisjoint(s.place for s in opening.sources) for opening in plan.openings):
        require(actor, None)


def check(plan: Plan, tree: Tree, on: date, now: datetime) -> None:
    """Nothing, if the plan can be carried out. Raises TooEarly, AlreadyDone, Impossible."""
    found = problems(plan, tree, on)
    if found and {problem.place for problem in found if problem.fault is Fault.CLOSED} == plan.closing():
        raise AlreadyDone(on)
    if found:
        raise Impossible(sentences(found, plan))
    if on > today(now):
        raise TooEarly(on)


def sentences(found: list[Problem], plan: Plan) -> list[str]:
    """The problems in words for the officer."""
    names = Place.objects.in_bulk([problem.place for problem in found if problem.place])
    openings = {opening.key: f"{opening.kind} {opening.name}" for opening in plan.openings}
    return [
        str(FAULTS[problem.fault]).format(
            name=names[problem.place] if problem.place in names else openings.get(problem.key, problem.key)
        )
        for problem in found
    ]


def _touched(plan: Plan) -> set[UUID]:
    return set(plan.closing()) | {opening.parent for opening in plan.openings if isinstance(opening.parent, UUID)}


def _open(opening: Opening, plan: Plan, old: Mapping[UUID, Place], on: date) -> Place:
    whole = plan.successors()
    sources = [old[source.place] for source in opening.sources]
    population = opening.population
    if population is None and all(len(whole[place.pk]) == 1 for place in sources):
        known = [place.population for place in sources if place.population is not None]
        population = sum(known) if len(known) == len(sources) else None
    made = insert(
        name=opening.name,
        kind=opening.kind,
        valid_from=on,
        population=population,
        latitude=_middle([place.latitude for place in sources]),
        longitude=_middle([place.longitude for place in sources]),
    )
    for system, code in opening.codes:
        open_code(made, system, code, on)
    return made


def _middle(degrees: list[float | None]) -> float | None:
    known = [value for value in degrees if value is not None]
    return sum(known) / len(known) if known else None


def _write_down(
    decision: str,
    on: date,
    plan: Plan,
    opened: Mapping[str, Place],
    old: Mapping[UUID, Place],
    moved: Mapping[UUID, str],
    actor: Actor,
    now: datetime,
) -> None:
    """One entry per new place, and one per place that ended without a successor."""
    children = Place.objects.in_bulk(moved)
    for opening in plan.openings:
        place = opened[opening.key]
        inside = sorted(str(children[child]) for child, key in moved.items() if key == opening.key)
        journal.record(
            actor=actor,
            verb="places.reorganise",
            subject=f"places.place:{place.pk.hex}",
            now=now,
            place=place.pk,
            before={"from": [str(old[source.place]) for source in opening.sources]},
            after={
                "name": str(place),
                "valid_from": on,
                "basis": decision,
                "codes": dict(opening.codes),
                "inside": inside,
            },
        )
    for ending in plan.endings:
        journal.record(
            actor=actor,
            verb="places.end",
            subject=f"places.place:{ending.place.hex}",
            now=now,
            place=ending.place,
            before={"name": str(old[ending.place])},
            after={"valid_to": day_before(on), "basis": decision, "heir": str(opened[ending.heir])},
        )
