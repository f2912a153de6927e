"""The territory as a small graph in memory. Dates are whole days; a span holds on both of its ends."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """From a day to a day, both included; None is open."""

    first: date | None = None
    last: date | None = None

    def holds(self, on: date) -> bool:
        """Whether the day lies in the span."""
        return (self.first is None or self.first <= on) and (self.last is None or on <= self.last)

    def over(self, on: date) -> bool:
        """Whether the span ended before the day."""
        return self.last is not None and self.last < on

    def meets(self, other: "Span") -> bool:
        """Whether the two share a day."""
        return not (_before(self, other) or _before(other, self))


@dataclass(frozen=True)
class Edge:
    """`child` lies in `parent` during `span`."""

    child: UUID
    parent: UUID
    span: Span


@dataclass(frozen=True)
class Step:
    """`old` went into `new` on a day."""

    old: UUID
    new: UUID
    on: date


class Tree:
    """All places with their spans, links and successions. Answers for any day; knows no names."""

    def __init__(self, spans: Mapping[UUID, Span], edges: Iterable[Edge], steps: Iterable[Step]) -> None:
        self.spans = spans
        self._up: dict[UUID, list[Edge]] = defaultdict(list)
        self._down: dict[UUID, list[Edge]] = defaultdict(list)
        self._from: dict[UUID, list[Step]] = defaultdict(list)
        self._into: dict[UUID, list[Step]] = defaultdict(list)
        for edge in edges:
            self._up[edge.child].append(edge)
            self._down[edge.parent].append(edge)
        for step in steps:
            self._into[step.new].append(step)
            self._from[step.old].append(step)

    def in_force(self, place: UUID, on: date) -> bool:
        """Whether the place exists on that day."""
        return place in self.spans and self.spans[place].holds(on)

    def parent(self, place: UUID, on: date) -> UUID | None:
        """What the place lies in on that day."""
        return next((edge.parent for edge in self._up.get(place, ()) if edge.span.holds(on)), None)

    def children(self, place: UUID, on: date) -> frozenset[UUID]:
        """What lies directly in the place on that day."""
        return frozenset(edge.child for edge in self._down.get(place, ()) if edge.span.holds(on))

    def roots(self, on: date) -> frozenset[UUID]:
        """The places in force on that day that lie in nothing."""
        return frozenset(p for p, span in self.spans.items() if span.holds(on) and self.parent(p, on) is None)

    def ever_root(self, place: UUID) -> bool:
        """Whether the place lay in nothing on any day of its own."""
        span, edges = self.spans.get(place, Span()), [edge.span for edge in self._up.get(place, ())]
        days = {span.first or date.min, span.last or date.max}
        days |= {edge.first - ONE_DAY for edge in edges if edge.first} | {
            edge.last + ONE_DAY for edge in edges if edge.last
        }
        return any(span.holds(day) and self.parent(place, day) is None for day in days)

    def below(self, places: Iterable[UUID], on: date) -> frozenset[UUID]:
        """The places themselves and all that lies in them, at any depth, on that day."""
        return self._closure(places, lambda place: self.children(place, on))

    def above(self, place: UUID, on: date) -> tuple[UUID, ...]:
        """The chain from the root down to the place itself, on that day."""
        chain = [place]
        while (up := self.parent(chain[-1], on)) is not None and up not in chain:
            chain.append(up)
        return tuple(reversed(chain))

    def predecessors(self, places: Iterable[UUID], on: date) -> frozenset[UUID]:
        """The places and all that went into them up to that day, at any remove."""
        return self._closure(places, lambda place: {s.old for s in self._into.get(place, ()) if s.on <= on})

    def successors(self, place: UUID, on: date) -> frozenset[UUID]:
        """What a place has become by that day, of what exists then; itself while it exists, or with no successor."""
        if self.in_force(place, on):
            return frozenset({place})
        reached = self._closure([place], lambda one: {s.new for s in self._from.get(one, ()) if s.on <= on})
        return frozenset(one for one in reached if self.in_force(one, on)) or frozenset({place})

    def answered_for(self, places: Iterable[UUID], on: date) -> frozenset[UUID]:
        """All that whoever has these places answers for on that day.

        That is: what lies below, what went into any of it, and what ended without a successor while it lay in any of it
        (an abolished district belongs to the memory of the province it was in).
        """
        return self._closure(places, lambda place: self._answers(place, on))

    def changed_since(self, place: UUID, on: date) -> bool:
        """Whether anything that touches the place already begins on that day or after it, or ends after it."""
        edges = [*self._up.get(place, ()), *self._down.get(place, ())]
        later = any(edge.span.first is not None and edge.span.first >= on for edge in edges)
        return later or any(edge.span.last is not None and edge.span.last >= on for edge in edges)

    def _answers(self, place: UUID, on: date) -> set[UUID]:
        found = {step.old for step in self._into.get(place, ()) if step.on <= on}
        for edge in self._down.get(place, ()):
            if edge.span.holds(on) or self._ended_here(edge, on):
                found.add(edge.child)
        return found

    def _ended_here(self, edge: Edge, on: date) -> bool:
        """Whether the child ended for good, without a successor, while it lay in this parent."""
        span = self.spans.get(edge.child, Span())
        return (
            span.over(on)
            and edge.span.last == span.last
            and not any(s.on <= on for s in self._from.get(edge.child, ()))
        )

    @staticmethod
    def _closure(places: Iterable[UUID], next_of: Callable[[UUID], Iterable[UUID]]) -> frozenset[UUID]:
        found = set(places)
        waiting = list(found)
        while waiting:
            fresh = set(next_of(waiting.pop())) - found
            found |= fresh
            waiting += fresh
        return frozenset(found)


def day_before(on: date) -> date:
    """The last day of what ends when something new begins."""
    return on - ONE_DAY


def _before(one: Span, other: Span) -> bool:
    return one.last is not None and other.first is not None and one.last < other.first
