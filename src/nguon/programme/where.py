"""Which place a page of the programme is about: the one asked for, or the person's own; and those to choose from."""

from datetime import date
from uuid import UUID

from nguon.devices.queries import place_labels
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.places import queries as places
from nguon.places.models import Place


def chosen(person: Person, asked: str, on: date, right: Right = Right.VIEW) -> Place | None:
    """The place asked for, if it is the person's, or the first of their own. None: nothing to see."""
    seen = scope.visible(places.in_force(on), person, right, on=on, field="pk")
    if asked:
        try:
            return seen.filter(pk=UUID(asked)).first()
        except ValueError:
            return None
    own = scope.role_places(person, right, on) or scope.role_places(person, Right.VIEW, on)
    return seen.filter(pk__in=own).first() or seen.first()


def offered(person: Person, place: Place, on: date, right: Right = Right.VIEW) -> list[tuple[UUID, str]]:
    """(id, name) of the places to choose from: the person's own, what lies directly in those, the one that is shown."""
    seen = scope.visible(places.in_force(on), person, right, on=on, field="pk")
    tree, own = places.tree(), scope.role_places(person, right, on)
    near = {place.pk, *own, *(child for each in own for child in tree.children(each, on))}
    return place_labels(seen.filter(pk__in=near), on)
