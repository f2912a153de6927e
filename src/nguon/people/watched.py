"""The changes to people that ask for a second person. How: `consent`."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from nguon.kit.clock import local_day
from nguon.people import actions, consent, factors
from nguon.people.consent import Applied, Outcome, Verb
from nguon.people.errors import NoOneSelf, OwnRole
from nguon.people.models import Change, Kind, Office, Person, Role
from nguon.people.rules import Right
from nguon.places import queries as places
from nguon.places.models import Place


def create_person(*, office: Office, actor: Person, now: datetime, **who: str) -> Outcome:
    """Propose a new person. Raises what `actions.create_person` raises, and ChangeWaits."""
    return consent.propose(
        verb="people.create",
        subject=f"people.new:{who['username'][:80]}",
        title=f"{who['full_name']} ({office.name})",
        place_id=office.place_id,
        said={**who, "office": office.pk.hex},
        actor=actor,
        now=now,
    )


def give_role(
    *, person: Person, kind: str, place: Place, actor: Person, now: datetime, last: date | None = None
) -> Outcome:
    """Propose a role. Raises what `actions.give_role` raises, and ChangeWaits."""
    return consent.propose(
        verb="people.give-role",
        subject=f"people.person:{person.pk.hex}",
        title=f"{person}: {Kind(kind).label}, {place}",
        place_id=place.pk,
        said={"person": person.pk.hex, "kind": kind, "place": place.pk.hex, "last": last.isoformat() if last else ""},
        actor=actor,
        now=now,
        about=person,
    )


def end_role(*, role: Role, actor: Person, now: datetime) -> Outcome:
    """Propose the end of a role. Raises what `actions.end_role` raises, and ChangeWaits."""
    return consent.propose(
        verb="people.end-role",
        subject=f"people.role:{role.pk}",
        title=f"{role.person}: {Kind(role.kind).label}, {role.place}",
        place_id=role.place_id,
        said={"role": role.pk},
        actor=actor,
        now=now,
        about=role.person,
    )


def reset_password(*, person: Person, actor: Person, now: datetime) -> Outcome:
    """Propose a new password for somebody who forgot theirs. Raises Forbidden, ChangeWaits."""
    return _on_account("people.reset-password", person, actor, now)


def take_factors_away(*, person: Person, actor: Person, now: datetime) -> Outcome:
    """Propose that a lost second step is taken away. Raises Forbidden, NoOneSelf, ChangeWaits."""
    return _on_account("people.factors-reset", person, actor, now)


def _on_account(verb: str, person: Person, actor: Person, now: datetime) -> Outcome:
    actions.require_manage(actor, person, now)
    return consent.propose(
        verb=verb,
        subject=f"people.person:{person.pk.hex}",
        title=_("%(name)s (%(username)s)") % {"name": person, "username": person.username},
        place_id=_highest(person, now),
        said={"person": person.pk.hex},
        actor=actor,
        now=now,
        about=person,
    )


def _highest(person: Person, now: datetime) -> UUID:
    """The highest of the person's places: the second person looks after all that the account may do."""
    day = local_day(now)
    there = Q(valid_to=None) | Q(valid_to__gte=day)
    held = set(person.roles.filter(there).values_list("place_id", flat=True))
    held |= {person.office.place_id} if person.office else set()
    tree = places.tree()
    return min(held, key=lambda place: (len(tree.above(place, day)), place.hex))


def _create(said: Mapping[str, Any], actor: Person, now: datetime) -> Applied:
    who = {name: said[name] for name in ("username", "full_name", "title", "phone") if name in said}
    office = Office.objects.get(pk=UUID(said["office"]))
    made = actions.create_person(office=office, actor=actor, now=now, **who)
    return Applied(made.person.pk.hex, made.password)


def _give_role(said: Mapping[str, Any], actor: Person, now: datetime) -> Applied:
    last = date.fromisoformat(said["last"]) if said["last"] else None
    place = Place.objects.get(pk=UUID(said["place"]))
    made = actions.give_role(person=_of(said), kind=said["kind"], place=place, last=last, actor=actor, now=now)
    return Applied(str(made.pk))


def _end_role(said: Mapping[str, Any], actor: Person, now: datetime) -> Applied:
    role = Role.objects.select_related("person__office", "place").get(pk=said["role"])
    actions.end_role(role=role, actor=actor, now=now)
    return Applied(str(role.pk))


def _reset(said: Mapping[str, Any], actor: Person, now: datetime) -> Applied:
    person = _of(said)
    if person.pk == actor.pk:
        raise OwnRole
    return Applied(person.pk.hex, actions.reset_password(person=person, actor=actor, now=now))


def _take_away(said: Mapping[str, Any], actor: Person, now: datetime) -> Applied:
    person = _of(said)
    if person.pk == actor.pk:
        raise NoOneSelf
    actions.require_manage(actor, person, now)
    factors.take_away(person=person, actor=actor, now=now)
    return Applied(person.pk.hex)


def _password(change: Change, actor: Person, now: datetime) -> str:
    """Another initial password for the account; the one from the moment of consent was never shown to anybody."""
    person = Person.objects.get(pk=UUID(change.result))
    return actions.reset_password(person=person, actor=actor, now=now)


def _of(said: Mapping[str, Any]) -> Person:
    return Person.objects.select_related("office").get(pk=UUID(said["person"]))


CREATE = Verb(Right.PEOPLE, _create, collect=_password)
GIVE_ROLE = Verb(Right.PEOPLE, _give_role)
END_ROLE = Verb(Right.PEOPLE, _end_role)
RESET_PASSWORD = Verb(Right.PEOPLE, _reset, collect=_password)
TAKE_AWAY = Verb(Right.PEOPLE, _take_away)
