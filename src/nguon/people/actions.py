"""The verbs on people, roles and offices.

An actor is a person, who needs the right PEOPLE for every place touched, or the name of a command on the server.
"""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from nguon.journal import actions as journal
from nguon.kit.clock import LOCAL
from nguon.kit.text import clean
from nguon.people import queries, scope
from nguon.people.errors import LastAdministrator, NameTaken, NoOneSelf, OwnRole, PlaceOver, RoleHeld, RoleOver
from nguon.people.models import Kind, Office, Person, Role
from nguon.people.rules import Right
from nguon.places.models import Place
from nguon.places.queries import in_force
from nguon.places.rules import day_before

Actor = Person | str
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else on paper


@dataclass(frozen=True)
class Invited:
    """A person and the password to hand over. It is kept nowhere else."""

    person: Person
    password: str


def new_password() -> str:
    """Twelve letters and digits in threes, easy to read out: about 59 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(3)) for _ in range(4))


@transaction.atomic
def create_person(
    *,
    username: str,
    full_name: str,
    office: Office,
    actor: Actor,
    now: datetime,
    title: str = "",
    phone: str = "",
    password: str | None = None,
    demonstration: bool = False,
) -> Invited:
    """A new person with an initial password, to be changed at the first sign-in. Raises Forbidden, NameTaken.

    A command on the server may give the password itself; then it stays. `demonstration`: one that is told to everybody.
    """
    _require(actor, office.place_id, now)
    username = clean(username).lower()
    if Person.objects.filter(username__iexact=username).exists():
        raise NameTaken
    given = password or new_password()
    person = Person(
        username=username, full_name=clean(full_name), title=clean(title), phone=clean(phone), office=office
    )
    person.password_is_initial, person.is_demonstration = password is None, demonstration
    person.set_password(given)
    person.save(force_insert=True)
    after = {"name": person.full_name, "username": username, "position": person.title, "office": office.name}
    _record(actor, "people.create", person, now, after=after)
    return Invited(person, given)


@transaction.atomic
def change_person(*, person: Person, actor: Actor, now: datetime, **fields: Any) -> None:
    """Change full_name, title, phone or office. Raises Forbidden, TypeError for other fields."""
    if unknown := fields.keys() - {"full_name", "title", "phone", "office"}:
        raise TypeError(f"not to be changed here: {', '.join(sorted(unknown))}")
    require_manage(actor, person, now)
    if office := fields.get("office"):
        _require(actor, office.place_id, now)
    before = {name: getattr(person, name) for name, value in fields.items() if getattr(person, name) != value}
    if not before:
        return
    for name in before:
        setattr(person, name, fields[name])
    person.save(update_fields=list(before))
    after = {name: fields[name] for name in before}
    _record(actor, "people.change", person, now, before=_called(before), after=_called(after))


@transaction.atomic
def reset_password(*, person: Person, actor: Actor, now: datetime) -> str:
    """A new initial password for a person who forgot theirs; all their sessions end. Raises Forbidden."""
    require_manage(actor, person, now)
    given = new_password()
    person.set_password(given)
    person.password_is_initial, person.is_demonstration = True, False
    person.save(update_fields=["password", "password_is_initial", "is_demonstration"])
    _record(actor, "people.reset-password", person, now)
    return given


@transaction.atomic
def change_own_password(*, actor: Person, password: str, now: datetime) -> None:
    """The person's own choice; the form has checked the old one and the strength of the new one."""
    actor.set_password(password)
    actor.password_is_initial = actor.is_demonstration = False
    actor.save(update_fields=["password", "password_is_initial", "is_demonstration"])
    _record(actor, "people.change-password", actor, now)


@transaction.atomic
def set_active(*, person: Person, active: bool, actor: Actor, now: datetime) -> None:
    """Lock or unlock an account. Raises Forbidden, NoOneSelf, LastAdministrator."""
    require_manage(actor, person, now)
    if person.is_active == active:
        return
    if not active:
        if isinstance(actor, Person) and actor.pk == person.pk:
            raise NoOneSelf
        _keep_an_administrator([role.pk for role in person.roles.all()], now)
    person.is_active = active
    person.save(update_fields=["is_active"])
    _record(actor, "people.active", person, now, before={"active": not active}, after={"active": active})


@transaction.atomic
def give_role(
    *,
    person: Person,
    kind: Kind | str,
    place: Place,
    actor: Actor,
    now: datetime,
    first: date | None = None,
    last: date | None = None,
) -> Role:
    """Give a role from `first` (today if not said) to `last` or for good.

    Raises Forbidden, OwnRole, PlaceOver, RoleHeld.
    """
    _require(actor, place.pk, now)
    if isinstance(actor, Person) and actor.pk == person.pk:
        raise OwnRole
    day = _day(now)
    if not in_force(day).filter(pk=place.pk).exists():
        raise PlaceOver
    begins = first or day
    overlapping = Q(valid_to=None) | Q(valid_to__gte=begins)
    if last is not None:
        overlapping &= Q(valid_from=None) | Q(valid_from__lte=last)
    if person.roles.filter(overlapping, kind=kind, place=place).exists():
        raise RoleHeld
    role = Role.objects.create(person=person, kind=Kind(kind), place=place, valid_from=begins, valid_to=last)
    _record(actor, "people.give-role", person, now, place=place, after=told(role))
    return role


@transaction.atomic
def end_role(*, role: Role, actor: Actor, now: datetime) -> None:
    """End a role: from now on it gives nothing. Raises Forbidden, RoleOver, LastAdministrator."""
    _require(actor, role.place_id, now)
    last = day_before(_day(now))
    if role.valid_to is not None and role.valid_to <= last:
        raise RoleOver
    _keep_an_administrator([role.pk], now)
    before = told(role)
    role.valid_to = last
    role.save(update_fields=["valid_to"])
    _record(actor, "people.end-role", role.person, now, place=role.place, before=before, after=told(role))


@transaction.atomic
def create_office(*, name: str, place: Place, actor: Actor, now: datetime, valid_from: date | None = None) -> Office:
    """A new office of a place. Raises Forbidden, PlaceOver."""
    _require(actor, place.pk, now)
    if not in_force(_day(now)).filter(pk=place.pk).exists():
        raise PlaceOver
    office = Office.objects.create(name=clean(name), place=place, valid_from=valid_from)
    journal.record(
        actor=actor,
        verb="people.create-office",
        subject=f"people.office:{office.pk.hex}",
        now=now,
        place=place.pk,
        after={"name": office.name},
    )
    return office


def told(role: Role) -> dict[str, Any]:
    """A role, for the journal."""
    return {"role": role.kind, "where": str(role.place), "valid_to": role.valid_to}


def require_manage(actor: Actor, person: Person, now: datetime) -> None:
    """Raise Forbidden unless the actor administers all the places where the person has a role, and their office.

    Otherwise an administrator below could take over the account of somebody above by a new password.
    """
    if isinstance(actor, Person) and not queries.manages(actor, person, _day(now)):
        raise scope.forbidden()


def _require(actor: Actor, place_id: Any, now: datetime) -> None:
    if isinstance(actor, Person):
        scope.require(actor, Right.PEOPLE, place_id, on=_day(now))


def _keep_an_administrator(ending: list[int], now: datetime) -> None:
    if queries.would_orphan(ending, _day(now)):
        raise LastAdministrator


def _called(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields as the journal names them: a title there is that of a bulletin."""
    return {"position" if name == "title" else name: value for name, value in fields.items()}


def _day(now: datetime) -> date:
    return now.astimezone(LOCAL).date()


def _record(
    actor: Actor,
    verb: str,
    person: Person,
    now: datetime,
    *,
    place: Place | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    subject = f"people.person:{person.pk.hex}"
    where = place.pk if place else person.office.place_id if person.office else None
    journal.record(actor=actor, verb=verb, subject=subject, now=now, place=where, before=before, after=after)
