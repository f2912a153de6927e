"""Questions about officers and what they may do."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from nguon.kit.clock import today
from nguon.people import scope
from nguon.people.models import Office, Person, Role
from nguon.people.rules import RIGHTS, Right, kinds_with
from nguon.places import queries as places
from nguon.places.models import Place
from nguon.places.queries import holding

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


def rights(person: "Person | AnonymousUser", on: date | None = None) -> frozenset[Right]:
    """All rights the person has anywhere on that day (today if not said): what shows in the menu."""
    if not person.is_authenticated or not person.is_active:
        return frozenset()
    kinds = person.roles.filter(holding(on or today())).values_list("kind", flat=True)
    return frozenset(right for kind in kinds for right in RIGHTS[kind])


def listed(
    asker: Person, *, text: str = "", kind: str = "", place: UUID | None = None, on: date | None = None
) -> QuerySet[Person]:
    """The people of the asker's places, by office or by role: the active first, then by name."""
    day = on or today()
    reach = scope.place_ids(asker, Right.PEOPLE, day, within=place)
    held = Role.objects.filter(holding(day), place__in=reach)
    if kind:
        held = held.filter(kind=kind)
    there = Q(pk__in=held.values("person"))
    if not kind:
        there |= Q(office__place__in=reach)
    found = Person.objects.filter(there).select_related("office")
    if text:
        found = found.filter(Q(full_name__icontains=text) | Q(username__icontains=text) | Q(title__icontains=text))
    current = Role.objects.filter(holding(day), place__in=reach).select_related("place")
    return found.prefetch_related(Prefetch("roles", current, to_attr="current_roles")).order_by(
        "-is_active", "full_name"
    )


def manages(asker: Person, person: Person, on: date | None = None) -> bool:
    """Whether the asker has the right PEOPLE for the person's office and all places of their roles, now or later."""
    day = on or today()
    roles = person.roles.filter(Q(valid_to=None) | Q(valid_to__gte=day)).values_list("place_id", flat=True)
    where = set(roles) | ({person.office.place_id} if person.office else set())
    return bool(where) and where <= scope.place_ids(asker, Right.PEOPLE, day)


@dataclass(frozen=True)
class Held:
    """A role as a page shows it: whether it holds today, begins later, or never began, and whether it can be ended."""

    role: Role
    state: str  # now, later, over, never
    may_end: bool


def roles_of(asker: Person, person: Person, on: date) -> list[Held]:
    """The roles of a person in the asker's places: those in force first, then the newest."""
    reach = scope.place_ids(asker, Right.PEOPLE, on)
    found = person.roles.filter(place__in=reach).select_related("place")
    held = [Held(role, state := _state(role, on), state in ("now", "later")) for role in found]
    held.sort(key=lambda one: one.role.valid_from or date.min, reverse=True)
    return sorted(held, key=lambda one: not one.may_end)


def _state(role: Role, on: date) -> str:
    if role.valid_from and role.valid_to and role.valid_to < role.valid_from:
        return "never"
    if role.valid_to and role.valid_to < on:
        return "over"
    return "later" if role.valid_from and role.valid_from > on else "now"


def would_orphan(ending: Collection[int], on: date) -> bool:
    """Whether a root of the territory that has an administrator now would have none without these roles."""
    roots = [place.pk for place in places.roots(on)]
    held = Role.objects.filter(
        holding(on), person__is_active=True, kind__in=kinds_with(Right.PEOPLE), place__in=roots
    ).values_list("pk", "place_id")
    now = {place for _, place in held}
    left = {place for pk, place in held if pk not in ending}
    return now != left


def places_with(asker: Person, right: Right, on: date | None = None) -> QuerySet[Place]:
    """The places in force where the asker has a right, by name."""
    day = on or today()
    return scope.visible(places.in_force(day), asker, right, on=day, field="pk")


def offices_of(asker: Person, right: Right = Right.PEOPLE, on: date | None = None) -> QuerySet[Office]:
    """The offices in force in the asker's places, by name."""
    day = on or today()
    found = Office.objects.filter(holding(day)).select_related("place")
    return scope.visible(found, asker, right, on=day)
