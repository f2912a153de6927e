"""Questions about the readings of a place: its own, and those of the places above it; the nearest wins."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from nguon.kit import clock
from nguon.kit.text import fold
from nguon.media.models import Reading
from nguon.media.readings import rules
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import may, place_ids, role_places, visible
from nguon.places import queries as places
from nguon.places.models import Place
from nguon.speech import Readings


@dataclass(frozen=True)
class Held:
    """A reading as it stands at a place. `beaten`: a nearer place reads the same words otherwise."""

    reading: Reading
    own: bool
    beaten: bool


def in_force(place_id: UUID, on: date) -> list[Reading]:
    """The readings that apply at a place, nearest place first, newest first at each; of one form all are given.

    What a place that was merged into this one had goes on to apply, after this one's own.
    """
    rank = {pk: n for n, pk in enumerate(_chain(place_id, on))}
    found = Reading.objects.filter(place__in=rank, ended_at=None).select_related("place", "created_by")
    return sorted(found.order_by("-created_at"), key=lambda reading: rank[reading.place_id])


def _chain(place_id: UUID, on: date) -> Iterator[UUID]:
    """A place, what went into it, what it lies in, what went into that, up to the root."""
    tree = places.tree()
    for up in reversed(tree.above(place_id, on)):
        yield up
        yield from sorted(tree.predecessors([up], on) - {up})


def for_text(place_id: UUID, text: str, on: date) -> Readings:
    """Those readings of a place that the text calls for: what it is to be read with."""
    return rules.called_for(text, ((one.written, one.spoken) for one in in_force(place_id, on)))


def held(place_id: UUID, on: date, text: str = "") -> list[Held]:
    """What applies at a place, told with where it comes from. `text` is looked for in both forms, marks ignored."""
    seen: set[str] = set()
    found = []
    for reading in in_force(place_id, on):
        name = rules.key(reading.written)
        found.append(Held(reading, reading.place_id == place_id, name in seen))
        seen.add(name)
    words = fold(text).split()
    kept = [one for one in found if all(word in fold(f"{one.reading.written} {one.reading.spoken}") for word in words)]
    return sorted(kept, key=lambda one: (not one.own, fold(one.reading.written)))


def ended(place_id: UUID, text: str = "") -> list[Reading]:
    """The readings of the place itself that are over, the last ended first."""
    words = fold(text).split()
    found = Reading.objects.filter(place=place_id, ended_at__isnull=False).select_related("place", "created_by")
    return [
        one for one in found.order_by("-ended_at") if all(word in fold(f"{one.written} {one.spoken}") for word in words)
    ]


def correctable(person: Person) -> QuerySet[Reading]:
    """The readings that the person may end or take back."""
    return visible(Reading.objects.select_related("place"), person, Right.WRITE)


def places_of(person: Person) -> QuerySet[Place]:
    """The places whose readings the person may look at: those in force where they may look at anything."""
    today = clock.today()
    return places.in_force(today).filter(pk__in=place_ids(person, Right.VIEW, today))


def start(person: Person) -> Place | None:
    """The place a person begins with: one where they write, else one where they look."""
    today = clock.today()
    held_places = role_places(person, Right.WRITE, today) or role_places(person, Right.VIEW, today)
    return places.in_force(today).filter(pk__in=held_places).first()


def writes_at(person: Person, place_id: UUID | None) -> bool:
    """Whether the person may say how things are read at this place."""
    return place_id is not None and may(person, Right.WRITE, place_id)


def may_write(person: Person) -> bool:
    """Whether there is a place where the person may say how things are read."""
    return bool(role_places(person, Right.WRITE, clock.today()))
