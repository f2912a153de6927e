"""After a reorganisation: offices get successors, people go on in them, and roles go on in the new places."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from nguon.journal import actions as journal
from nguon.people.actions import Actor, told
from nguon.people.models import Office, Person, Role
from nguon.people.rules import succeeding_name
from nguon.places.models import Place
from nguon.places.reorganise import Reform
from nguon.places.rules import day_before


@dataclass(frozen=True)
class Followed:
    """How many went along."""

    people: int
    roles: int
    offices: int


@transaction.atomic
def follow(*, reform: Reform, office_names: Mapping[str, str], actor: Actor, now: datetime) -> Followed:
    """Offices, people and roles of the closed places go on in their heirs from the day of the reform.

    Roles of a place that was split go on in each of its parts; its offices in the first. `office_names` says what an
    office is called afterwards where putting in the new place's name is not enough. Part of a reorganisation, which
    has checked the actor's rights.
    """
    places = Place.objects.in_bulk([*reform.heirs, *(pk for news in reform.heirs.values() for pk in news)])
    offices = _offices(reform, office_names, places)
    roles: dict[UUID, list[str]] = {}
    count = 0
    for role in _roles_to_move(reform):
        before = told(role)
        made = _pass_on(role, [places[pk] for pk in reform.heirs[role.place_id]], reform.on)
        count += len(made)
        roles.setdefault(role.person_id, []).append(f"{before['role']}: {before['where']}")
    people = set(Person.objects.filter(office__in=[old.pk for old in offices]).values_list("pk", flat=True))
    for old, new in offices.items():
        Person.objects.filter(office=old).update(office=new)
    for person in Person.objects.filter(pk__in=people | roles.keys()).select_related("office"):
        _write_down(person, roles.get(person.pk, []), reform, actor, now)
    return Followed(len(people | roles.keys()), count, len(set(offices.values())))


def _offices(reform: Reform, names: Mapping[str, str], places: Mapping[UUID, Place]) -> dict[Office, Office]:
    """Close the offices of the closed places; each maps to its successor. Offices that become one are one."""
    last = day_before(reform.on)
    made: dict[tuple[UUID, str], Office] = {}
    found: dict[Office, Office] = {}
    open_ones = Office.objects.filter(Q(valid_to=None) | Q(valid_to__gt=last), place__in=reform.heirs.keys())
    for office in open_ones.order_by("name"):
        old, new = places[office.place_id], places[reform.heirs[office.place_id][0]]
        name = names.get(office.name) or succeeding_name(office.name, str(old), str(new))
        if (new.pk, name) not in made:
            made[new.pk, name] = Office.objects.create(name=name, place=new, valid_from=reform.on)
        office.succeeded_by, office.valid_to = made[new.pk, name], last
        office.save(update_fields=["succeeded_by", "valid_to"])
        found[office] = made[new.pk, name]
    return found


def _roles_to_move(reform: Reform) -> list[Role]:
    """The roles on closed places that go on after the day before."""
    found = Role.objects.filter(Q(valid_to=None) | Q(valid_to__gte=reform.on), place__in=reform.heirs.keys())
    return list(found.select_related("place").order_by("pk"))


def _pass_on(role: Role, heirs: list[Place], on: date) -> list[Role]:
    """End the role on the day before and give it on in the heirs, unless the person has it there already.

    A role that would only begin later is given on from its own day, and never begins on the old place.
    """
    first, last = max(on, role.valid_from or on), role.valid_to
    role.valid_to = day_before(on)
    role.save(update_fields=["valid_to"])
    made = []
    for place in heirs:
        same = Role.objects.filter(person=role.person_id, kind=role.kind, place=place)
        if not same.filter(Q(valid_to=None) if last is None else Q(valid_to=None) | Q(valid_to__gte=last)).exists():
            made.append(
                Role.objects.create(
                    person_id=role.person_id, kind=role.kind, place=place, valid_from=first, valid_to=last
                )
            )
    return made


def _write_down(person: Person, before: list[str], reform: Reform, actor: Actor, now: datetime) -> None:
    current = person.roles.filter(valid_from__gte=reform.on, place__in=reform.opened.values()).select_related("place")
    after = [f"{said['role']}: {said['where']}" for said in map(told, current)]
    office = person.office
    journal.record(
        actor=actor,
        verb="people.follow",
        subject=f"people.person:{person.pk.hex}",
        now=now,
        place=office.place_id if office else None,
        before={"name": person.full_name, "roles": sorted(before)},
        after={"name": person.full_name, "roles": sorted(after), "office": str(office or ""), "basis": reform.decision},
    )
