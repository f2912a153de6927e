"""The changes to keys that ask for a second person. How: `people.consent`.

At the server `nguon keys` does the same at once: whoever has the host needs nobody's leave, and the journal names them.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from nguon.keys import actions
from nguon.keys.models import AuthorityKey, PersonKey
from nguon.kit.clock import local_day
from nguon.people import consent, scope
from nguon.people.consent import Applied, Outcome, Verb
from nguon.people.models import Person
from nguon.people.rules import Right


def renew(*, key: AuthorityKey, actor: Person, now: datetime) -> Outcome:
    """Propose a fresh key beside this one. Raises Forbidden, ChangeWaits."""
    return _on_key("keys.make", key, actor, now)


def revoke(*, key: AuthorityKey, actor: Person, now: datetime) -> Outcome:
    """Propose that a key counts no more. Raises Forbidden, ChangeWaits."""
    return _on_key("keys.revoke", key, actor, now)


def revoke_person(*, key: PersonKey, place_id: UUID, actor: Person, now: datetime) -> Outcome:
    """Propose that an officer's key counts no more; `place_id` is where the officer works. Raises as above."""
    return consent.propose(
        verb="keys.revoke-person",
        subject=f"people.person:{key.person_id.hex}",
        title=str(key.person),
        place_id=place_id,
        said={"person": key.person_id.hex, "place": place_id.hex},
        actor=actor,
        now=now,
        about=key.person,
    )


def _on_key(verb: str, key: AuthorityKey, actor: Person, now: datetime) -> Outcome:
    return consent.propose(
        verb=verb,
        subject=f"keys.authoritykey:{key.pk.hex}",
        title=f"{key.place}, {key.kid[:8]}",
        place_id=key.place_id,
        said={"key": key.pk.hex},
        actor=actor,
        now=now,
    )


def _renew(said: Mapping[str, Any], actor: Person, now: datetime) -> Applied:
    key = _key(said, actor, now)
    return Applied(actions.renew(place=key.place, actor=actor, now=now).pk.hex)


def _revoke(said: Mapping[str, Any], actor: Person, now: datetime) -> Applied:
    made = actions.revoke(key=_key(said, actor, now), actor=actor, now=now)
    return Applied(made.pk.hex if made else "")


def _revoke_person(said: Mapping[str, Any], actor: Person, now: datetime) -> Applied:
    scope.require(actor, Right.PEOPLE, UUID(said["place"]), on=local_day(now))
    person = Person.objects.get(pk=UUID(said["person"]))
    actions.revoke_person(person=person, actor=actor, now=now)
    return Applied(person.pk.hex)


def _key(said: Mapping[str, Any], actor: Person, now: datetime) -> AuthorityKey:
    found = AuthorityKey.objects.select_related("place").get(pk=UUID(said["key"]))
    scope.require(actor, Right.PEOPLE, found.place_id, on=local_day(now))
    return found


RENEW = Verb(Right.PEOPLE, _renew)
REVOKE = Verb(Right.PEOPLE, _revoke)
REVOKE_PERSON = Verb(Right.PEOPLE, _revoke_person)
