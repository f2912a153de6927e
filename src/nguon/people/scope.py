"""The one place of scoping: who may do what, where. Every list, page and stream asks here."""

from datetime import date
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Manager, Model, QuerySet
from django.utils.translation import gettext as _

from nguon.kit.clock import today
from nguon.people.rules import Right, kinds_with
from nguon.places import queries as places

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from nguon.people.models import Person

M = TypeVar("M", bound=Model)


class Forbidden(PermissionDenied):
    """The person has no such right there."""


def role_places(person: "Person | AnonymousUser", right: Right | str, on: date) -> frozenset[UUID]:
    """The places that the person's roles with this right name on that day, without what lies below."""
    if not person.is_authenticated or not person.is_active:
        return frozenset()
    held = person.roles.filter(places.holding(on), kind__in=kinds_with(right))
    return frozenset(held.values_list("place_id", flat=True))


def place_ids(
    person: "Person | AnonymousUser", right: Right | str, on: date | None = None, *, within: UUID | None = None
) -> frozenset[UUID]:
    """Where the person has this right: the places of their roles, all below, and whatever went into any of those.

    `within` keeps only what that place answers for.
    """
    day = on or today()
    held = role_places(person, right, day)
    if not held:
        return frozenset()
    tree = places.tree()
    found = tree.answered_for(held, day)
    return found if within is None else found & tree.answered_for([within], day)


def everywhere(person: "Person | AnonymousUser", right: Right | str, on: date | None = None) -> bool:
    """Whether the person has the right for every root of the territory on that day."""
    day = on or today()
    roots = places.tree().roots(day)
    return bool(roots) and roots <= role_places(person, right, day)


def visible(
    queryset: QuerySet[M] | Manager[M],
    person: "Person | AnonymousUser",
    right: Right | str = Right.VIEW,
    *,
    on: date | None = None,
    field: str = "place",
) -> QuerySet[M]:
    """The rows of the places where the person has the right. `field` is the path to the place (`pk` for places)."""
    return queryset.filter(**{f"{field}__in": place_ids(person, right, on)})


def may(person: "Person | AnonymousUser", right: Right | str, place_id: UUID, *, on: date | None = None) -> bool:
    """Whether the person has the right for this place."""
    return place_id in place_ids(person, right, on)


def require(person: "Person | AnonymousUser", right: Right | str, place_id: UUID, *, on: date | None = None) -> None:
    """Nothing, if the person has the right for this place. Raises Forbidden otherwise."""
    if not may(person, right, place_id, on=on):
        raise forbidden()


def forbidden() -> Forbidden:
    """The refusal in words for the officer."""
    return Forbidden(_("Bạn không có quyền làm việc này ở địa bàn này."))
