"""Where something can be told: a locality with what lies in it. No tier is known by name."""

from datetime import date
from uuid import UUID

from nguon.kit.text import fold
from nguon.places import queries as places
from nguon.places.models import Place


def all_of(on: date) -> list[Place]:
    """The places that people know as theirs: those that hold hamlets, by name. Without any below: the roots."""
    tree = places.tree()
    known = {place.pk: place for place in places.in_force(on)}
    leaves = [pk for pk in known if not tree.children(pk, on)]
    holding = {parent for pk in leaves if (parent := tree.parent(pk, on)) in known}
    chosen = holding or set(tree.roots(on))
    return sorted((known[pk] for pk in chosen if pk in known), key=lambda one: fold(one.name))


def named(on: date, said: str) -> Place | None:
    """The place in force of this id; None for anything else."""
    try:
        return places.in_force(on).filter(pk=UUID(said)).first()
    except ValueError:
        return None


def inside(locality: Place, on: date) -> list[Place]:
    """What lies in a locality, by name."""
    below = places.below([locality.pk], on) - {locality.pk}
    return sorted(places.in_force(on).filter(pk__in=below), key=lambda one: fold(one.name))


def holding(place: Place, on: date) -> Place:
    """The locality that a place belongs to: itself, or the nearest above that holds hamlets."""
    known = {one.pk: one for one in all_of(on)}
    chain = [one for one in reversed(places.above(place.pk, on)) if one.pk in known]
    return chain[0] if chain else place
