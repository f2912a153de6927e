"""Questions about slots for those who look at them."""

from uuid import UUID

from django.db.models import QuerySet

from nguon.kit.clock import today
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.places import queries as places
from nguon.programme.items import Kind
from nguon.programme.models import Slot


def slots_of(person: Person, right: Right = Right.VIEW) -> QuerySet[Slot]:
    """The slots not ended of the places where the person has the right."""
    rows = Slot.objects.filter(ended_at=None).select_related("place", "programme__place", "created_by")
    return scope.visible(rows.prefetch_related("places", "groups", "devices", "suspensions"), person, right)


def own_ids(place_id: UUID) -> frozenset[str]:
    """The slots that a place, or one below it, made: hexadecimal ids."""
    inside = places.answered_for([place_id], today())
    return frozenset(pk.hex for pk in Slot.objects.filter(place__in=inside, ended_at=None).values_list("pk", flat=True))


def movable(place_id: UUID) -> dict[str, str]:
    """The slots of a place, by hexadecimal id, with the id of their programme if that can be made longer, or nothing.

    A slot of a place above or below is changed there.
    """
    rows = Slot.objects.filter(place=place_id, ended_at=None).select_related("programme")
    return {row.pk.hex: str(row.programme_id) if _stretches(row, place_id) else "" for row in rows}


def _stretches(row: Slot, place_id: UUID) -> bool:
    """Whether its programme is the place's own and has a relay, the one part that can be of any length."""
    return row.programme.place_id == place_id and any(item.get("kind") == Kind.RELAY for item in row.programme.items)
