"""A reorganisation as data: which places open out of which, which end, and what follows from that."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from nguon.places.rules import Tree, day_before


@dataclass(frozen=True)
class Source:
    """A place that goes into a new one, whole or in part. `verified`: read in the decision itself, not inferred."""

    place: UUID
    verified: bool = True


@dataclass(frozen=True)
class Opening:
    """A new place. `key` names it inside the plan; `parent` is such a key, an existing place, or None for a root."""

    key: str
    name: str
    kind: str
    parent: str | UUID | None
    sources: tuple[Source, ...]
    codes: tuple[tuple[str, str], ...] = ()  # (system, code)
    population: int | None = None  # empty: the sum of the sources that come whole


@dataclass(frozen=True)
class Ending:
    """A place that ends without a successor. What was in hand there (people, devices) goes to the opening `heir`."""

    place: UUID
    heir: str


@dataclass(frozen=True)
class Plan:
    """A whole reorganisation. `moves` says where a child of a split place goes; the others go with their parent."""

    openings: tuple[Opening, ...]
    endings: tuple[Ending, ...] = ()
    moves: Mapping[UUID, str] = field(default_factory=dict)

    def closing(self) -> frozenset[UUID]:
        """The places that end on the day before."""
        ended = {ending.place for ending in self.endings}
        return frozenset(ended | {source.place for opening in self.openings for source in opening.sources})

    def successors(self) -> dict[UUID, tuple[str, ...]]:
        """For each place with successors, their keys in the order of the plan."""
        found: dict[UUID, tuple[str, ...]] = {}
        for opening in self.openings:
            for source in opening.sources:
                found[source.place] = (*found.get(source.place, ()), opening.key)
        return found

    def heirs(self) -> dict[UUID, tuple[str, ...]]:
        """For each closing place, the keys of the places that what was in hand there goes to."""
        return {ending.place: (ending.heir,) for ending in self.endings} | self.successors()

    def moved(self, tree: Tree, on: date) -> dict[UUID, str]:
        """For each place that goes on but whose parent closes, the key of its new parent.

        A child whose parent was split and that no move names is left out: `problems` says so.
        """
        heirs, found = self.heirs(), {}
        for old, keys in heirs.items():
            for child in tree.children(old, day_before(on)) - heirs.keys():
                if child in self.moves:
                    found[child] = self.moves[child]
                elif len(keys) == 1:
                    found[child] = keys[0]
        return found


class Fault(StrEnum):
    """What makes a plan impossible."""

    EMPTY = "empty"
    TWICE = "twice"  # a key is used twice
    NO_SOURCE = "no-source"  # a new place comes from nowhere
    CLOSED = "closed"  # a place to close had already ended on that day
    NOT_YET = "not-yet"  # a place to close did not exist on the day before
    BOTH = "both"  # a place has successors and is said to end without
    PARENT = "parent"  # the parent of a new place will not be in force, or is the place itself
    HEIR = "heir"  # an ending or a move names no new place
    HOMELESS = "homeless"  # a child of a split place that goes nowhere
    STRAY = "stray"  # a move for a place that has no closing parent
    LATER = "later"  # something about the place already changed on or after that day


@dataclass(frozen=True)
class Problem:
    """One fault, and the place or the key it is about."""

    fault: Fault
    place: UUID | None = None
    key: str = ""


def problems(plan: Plan, tree: Tree, on: date) -> list[Problem]:
    """All that makes the plan impossible on that day; empty if it can be carried out."""
    if not plan.openings:
        return [Problem(Fault.EMPTY)]
    return [*_opening_problems(plan, tree, on), *_closing_problems(plan, tree, on), *_move_problems(plan, tree, on)]


def _opening_problems(plan: Plan, tree: Tree, on: date) -> list[Problem]:
    keys = [opening.key for opening in plan.openings]
    found = [Problem(Fault.TWICE, key=key) for key in sorted(set(keys)) if keys.count(key) > 1]
    closing, up = plan.closing(), _parents_after(plan, tree, on)
    for opening in plan.openings:
        if not opening.sources:
            found.append(Problem(Fault.NO_SOURCE, key=opening.key))
        parent = opening.parent
        gone = isinstance(parent, UUID) and (parent in closing or not tree.in_force(parent, on))
        if gone or (isinstance(parent, str) and parent not in keys) or _circular(opening.key, up):
            found.append(Problem(Fault.PARENT, key=opening.key))
    return found


def _parents_after(plan: Plan, tree: Tree, on: date) -> Callable[[str | UUID], str | UUID | None]:
    """Who lies in whom once the plan is carried out."""
    parents, moved = {opening.key: opening.parent for opening in plan.openings}, plan.moved(tree, on)

    def up(place: str | UUID) -> str | UUID | None:
        if isinstance(place, str):
            return parents.get(place)
        return moved[place] if place in moved else tree.parent(place, on)

    return up


def _circular(start: str, up: Callable[[str | UUID], str | UUID | None]) -> bool:
    """Whether going up from a place leads back to one already passed."""
    seen: set[str | UUID] = set()
    at: str | UUID | None = start
    while at is not None and at not in seen:
        seen.add(at)
        at = up(at)
    return at is not None


def _closing_problems(plan: Plan, tree: Tree, on: date) -> list[Problem]:
    found: list[Problem] = []
    successors, keys = plan.successors(), {opening.key for opening in plan.openings}
    for ending in plan.endings:
        if ending.place in successors:
            found.append(Problem(Fault.BOTH, ending.place))
        if ending.heir not in keys:
            found.append(Problem(Fault.HEIR, ending.place, ending.heir))
    for place in sorted(plan.closing()):
        span = tree.spans.get(place)
        if span is None or not span.holds(day_before(on)):
            over = span is not None and span.over(on)
            found.append(Problem(Fault.CLOSED if over else Fault.NOT_YET, place))
        elif span.last is not None:
            found.append(Problem(Fault.CLOSED, place))
        elif tree.changed_since(place, on):
            found.append(Problem(Fault.LATER, place))
    return found


def _move_problems(plan: Plan, tree: Tree, on: date) -> list[Problem]:
    closing, keys = plan.closing(), {opening.key for opening in plan.openings}
    children = {child for old in closing for child in tree.children(old, day_before(on))} - closing
    moved = plan.moved(tree, on)
    found = [Problem(Fault.HOMELESS, child) for child in sorted(children - moved.keys())]
    found += [Problem(Fault.STRAY, child) for child in sorted(plan.moves.keys() - children)]
    found += [Problem(Fault.HEIR, child, key) for child, key in sorted(plan.moves.items()) if key not in keys]
    found += [Problem(Fault.LATER, child) for child in sorted(children) if tree.changed_since(child, on)]
    return found
