"""Questions about the territory on a given day. The day is always asked for: yesterday's tree is as true as today's."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from nguon.kit.text import clean, fold
from nguon.places.models import Code, Link, Place, Succession
from nguon.places.rules import Edge, Span, Step, Tree, day_before


def tree() -> Tree:
    """The whole territory in memory, by three queries."""
    spans = {pk: Span(first, last) for pk, first, last in Place.objects.values_list("pk", "valid_from", "valid_to")}
    links = Link.objects.values_list("child_id", "parent_id", "valid_from", "valid_to")
    edges = [Edge(child, parent, Span(first, last)) for child, parent, first, last in links]
    steps = [Step(*row) for row in Succession.objects.values_list("old_id", "new_id", "on")]
    return Tree(spans, edges, steps)


def holding(on: date, prefix: str = "") -> Q:
    """The condition that a row with `valid_from` and `valid_to` holds on a day; `prefix` as in `"up_links__"`."""
    first, last = f"{prefix}valid_from", f"{prefix}valid_to"
    return (Q(**{first: None}) | Q(**{f"{first}__lte": on})) & (Q(**{last: None}) | Q(**{f"{last}__gte": on}))


def in_force(on: date) -> QuerySet[Place]:
    """The places that exist on a day."""
    return Place.objects.filter(holding(on))


def below(place_ids: Iterable[UUID], on: date) -> frozenset[UUID]:
    """The places themselves and all that lies in them on that day."""
    return tree().below(place_ids, on)


def answered_for(place_ids: Iterable[UUID], on: date) -> frozenset[UUID]:
    """What lies below on that day, all that went into it, and what ended in it without a successor."""
    return tree().answered_for(place_ids, on)


def counted_under(place_id: UUID, on: date) -> frozenset[UUID]:
    """The places whose figures are counted under this one on that day: below it, and what went into any of it."""
    return answered_for([place_id], on)


def above(place_id: UUID, on: date) -> list[Place]:
    """The chain from the root to the place itself on that day."""
    chain = tree().above(place_id, on)
    found = Place.objects.in_bulk(chain)
    return [found[pk] for pk in chain if pk in found]


def children(place_id: UUID, on: date) -> list[Place]:
    """What lies directly in a place on that day, by name."""
    inside = Link.objects.filter(holding(on), parent=place_id)
    return list(Place.objects.filter(pk__in=inside.values("child")))


def roots(on: date) -> list[Place]:
    """The places that lie in nothing on that day, by name."""
    inside = Link.objects.filter(holding(on))
    return list(in_force(on).exclude(pk__in=inside.values("child")))


@dataclass(frozen=True)
class Branch:
    """A place with what lies in it, as a page shows it. `own`: asked for, and not only on the way there."""

    place: Place
    own: bool
    depth: int
    branches: tuple["Branch", ...]


def branches(on: date, within: Collection[UUID] | None = None) -> tuple[Branch, ...]:
    """The tree of a day from its roots, by name; with `within`, only those places and what they lie in."""
    graph, found = tree(), {place.pk: place for place in in_force(on)}
    kept = found.keys() if within is None else {up for pk in within if pk in found for up in graph.above(pk, on)}

    def grow(place_ids: Iterable[UUID], depth: int) -> tuple[Branch, ...]:
        here = sorted((found[pk] for pk in place_ids if pk in kept and pk in found), key=lambda one: fold(one.name))
        return tuple(
            Branch(one, within is None or one.pk in within, depth, grow(graph.children(one.pk, on), depth + 1))
            for one in here
        )

    return grow(graph.roots(on), 0)


def outline(on: date, within: Collection[UUID] | None = None) -> list[Branch]:
    """The same, one below the other as in a book's list of contents."""

    def flat(level: Iterable[Branch]) -> Iterator[Branch]:
        for branch in level:
            yield branch
            yield from flat(branch.branches)

    return list(flat(branches(on, within)))


def reform_days(place_ids: Iterable[UUID]) -> list[tuple[date, str, date]]:
    """The days on which any of the places had a successor, newest first: (day, legal basis, the day before)."""
    found = Succession.objects.filter(old__in=list(place_ids)).values_list("on", "basis")
    return [(on, basis, day_before(on)) for on, basis in found.distinct().order_by("-on", "basis")]


def by_code(system: str, code: str, on: date) -> Place | None:
    """The place that a code means on that day."""
    found = Code.objects.filter(holding(on), system=system, code=code).select_related("place").first()
    return found.place if found else None


def search(text: str, on: date) -> QuerySet[Place]:
    """Places in force on that day whose name or kind contains the words, marks and case ignored."""
    found = in_force(on)
    for word in fold(clean(text)).split():
        found = found.filter(folded__contains=word)
    return found
