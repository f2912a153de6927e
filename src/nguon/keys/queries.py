"""Whose key counts where."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Max, QuerySet

from nguon.keys.models import AuthorityKey, Edition, PersonKey
from nguon.kit import clock, ids
from nguon.people.models import Office, Person
from nguon.people.rules import Right
from nguon.people.scope import place_ids
from nguon.places import queries as places
from nguon.places.rules import Tree
from nguon.wire.messages import Authority, Keys

REMEMBERED = timedelta(days=5)  # so long devices are told of a person's key that was taken back: vouching ends earlier


def current(now: datetime) -> QuerySet[AuthorityKey]:
    """The keys of authorities that count, the newest first; spares among them."""
    return AuthorityKey.objects.filter(revoked_at=None, until__gt=now)


def administered(person: Person, now: datetime) -> QuerySet[AuthorityKey]:
    """The keys that count, of places whose people this person administers."""
    mine = place_ids(person, Right.PEOPLE)
    return current(now).filter(place__in=mine).select_related("place").order_by("place__folded", "spare", "-made_at")


def officers(person: Person) -> QuerySet[PersonKey]:
    """The keys of officers who work where this person administers people."""
    mine = place_ids(person, Right.PEOPLE)
    found = PersonKey.objects.filter(revoked_at=None, person__office__place__in=mine)
    return found.select_related("person").order_by("person__full_name")


def works_at(person: Person) -> UUID:
    """The place of an officer's office. Raises ObjectDoesNotExist for one without."""
    return Office.objects.get(people=person).place_id


def edition() -> int:
    """The version of the keys that devices are to hold; 0 before there are any."""
    found: int | None = Edition.objects.aggregate(found=Max("pk"))["found"]
    return found or 0


def able(now: datetime) -> frozenset[UUID]:
    """The places that give orders in their own name."""
    return frozenset(current(now).filter(spare=False).values_list("place_id", flat=True))


def nearest(place: UUID, on: date, tree: Tree, able: frozenset[UUID]) -> UUID | None:
    """The nearest place at or above this one that gives orders in its own name (`able`).

    A place that is no more is spoken for by the roots of the territory: the devices that stood there are others'.
    """
    chain = tree.above(place, on) if tree.in_force(place, on) else sorted(tree.roots(on))
    return next((one for one in reversed([*chain]) if one in able), None)


def root_over(place: UUID, on: date, tree: Tree, able: frozenset[UUID]) -> UUID | None:
    """The root above this place, if it has a key. Nothing below a root stands in for it."""
    first = tree.above(place, on)[0]
    return first if first in able else None


def heads_over(place: UUID, on: date, tree: Tree, able: frozenset[UUID]) -> tuple[UUID, ...]:
    """Whose word on keys and settings a device at this place takes, whenever it last heard any.

    The topmost authority of today; and those that were topmost before a reform, for a device that was away since then.
    """
    chain = tree.above(place, on)
    heads = {one for one in able if tree.ever_root(one) and (one in chain or not tree.in_force(one, on))}
    return tuple(sorted(heads))


def ring(place: UUID, on: date, now: datetime, tree: Tree | None = None) -> Keys | None:
    """What a device at this place is told of the authorities over it; None if there are none."""
    chain = (tree or places.tree()).above(place, on)
    rank = {pk: number for number, pk in enumerate(chain)}
    found = sorted(current(now).filter(place__in=chain), key=lambda key: (rank[key.place_id], key.made_at, key.kid))
    if not found:
        return None
    back = PersonKey.objects.filter(revoked_at__gt=now - REMEMBERED).order_by("kid").values_list("kid", flat=True)
    return Keys(
        id=ids.short(ids.new()),
        at=clock.ms(now),
        version=max(edition(), 1),
        authorities=tuple(_authority(key, rank[key.place_id]) for key in found),
        revoked=tuple(back),
    )


def _authority(key: AuthorityKey, rank: int) -> Authority:
    return Authority(place=ids.short(key.place_id), rank=rank, key=key.public, until=clock.ms(key.until))
