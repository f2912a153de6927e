"""The verbs of keys: make, renew, take back, number."""

import base64
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from nguon import vault
from nguon.journal import actions as journal
from nguon.keys import queries
from nguon.keys.models import AuthorityKey, Edition, Number, PersonKey
from nguon.kit.clock import local_day
from nguon.people.models import Office, Person
from nguon.places import queries as places
from nguon.places.models import Place
from nguon.wire.seal import SigningKey

LIFE = timedelta(days=730)  # of an authority's key
RENEW = timedelta(days=90)  # before its end another is made: a device may be away for weeks
SERVICE = "nguon"


@transaction.atomic
def ensure(*, now: datetime) -> int:
    """See that every root of the territory, and every place with an office, has a key with time left; the number made.

    A root has a spare besides, which devices know from the beginning: with it a stolen one is taken back.
    """
    on = local_day(now)
    roots = {place.pk for place in places.roots(on)}
    offices = Office.objects.filter(places.holding(on), place__in=places.in_force(on))
    wanted = roots | set(offices.values_list("place_id", flat=True))
    lasting = queries.current(now).filter(until__gt=now + RENEW)
    able = set(lasting.filter(spare=False).values_list("place_id", flat=True))
    spared = set(lasting.filter(spare=True).values_list("place_id", flat=True))
    for place in sorted(wanted - able):
        _make(place, SERVICE, now)
    for place in sorted(roots - spared):
        queries.current(now).filter(place=place, spare=True).update(spare=False)  # near its end: signs what is left
        _make(place, SERVICE, now, spare=True)
    return len(wanted - able) + len(roots - spared)


@transaction.atomic
def renew(*, place: Place, actor: Person | str, now: datetime) -> AuthorityKey:
    """A fresh key for a place. The old one counts on beside it until its end, for devices that are away."""
    return _make(place.pk, actor, now)


@transaction.atomic
def revoke(*, key: AuthorityKey, actor: Person | str, now: datetime) -> AuthorityKey | None:
    """Take back a key that was lost or seen: nothing signed with it counts where this is heard. Returns its successor.

    Another of the place's keys goes on; else its spare takes over, and a new spare is made. A repeat returns None.
    """
    if not AuthorityKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now, spare=False):
        return None
    _record("keys.revoke", key, actor, now)
    Edition.objects.create(at=now)
    beside = queries.current(now).filter(place=key.place_id).exclude(pk=key.pk).order_by("spare", "-made_at")
    spare = beside.first()
    if spare is not None and not spare.spare:
        return spare
    if spare is None:
        return _make(key.place_id, actor, now)
    AuthorityKey.objects.filter(pk=spare.pk).update(spare=False)
    _make(key.place_id, actor, now, spare=True)
    return spare


def _make(place: UUID, actor: Person | str, now: datetime, *, spare: bool = False) -> AuthorityKey:
    fresh = SigningKey.new()
    row = AuthorityKey(place_id=place, kid=fresh.kid, public=fresh.public, spare=spare, made_at=now, until=now + LIFE)
    row.secrets = _sealed(fresh, row.pk)
    row.save(force_insert=True)
    Edition.objects.create(at=now)
    _record("keys.make", row, actor, now)
    return row


def _sealed(key: SigningKey, row: UUID) -> bytes:
    return vault.seal({"seed": base64.b64encode(key.seed).decode()}, row)


def person_key(*, person: UUID, now: datetime) -> PersonKey:
    """The key of an officer, made at first need."""
    found = PersonKey.objects.filter(person=person, revoked_at=None).first()
    return found or _make_person_key(person, now)


@transaction.atomic
def _make_person_key(person: UUID, now: datetime) -> PersonKey:
    fresh = SigningKey.new()
    row = PersonKey(person_id=person, kid=fresh.kid, public=fresh.public, made_at=now)
    row.secrets = _sealed(fresh, row.pk)
    made, new = PersonKey.objects.get_or_create(
        person_id=person,
        revoked_at=None,
        defaults={"id": row.pk, "kid": row.kid, "public": row.public, "secrets": row.secrets, "made_at": now},
    )
    if new:
        subject = f"people.person:{person.hex}"
        journal.record(actor=SERVICE, verb="keys.make-person", subject=subject, now=now, after={"kid": made.kid})
    return made


@transaction.atomic
def revoke_person(*, person: Person, actor: Person | str, now: datetime) -> bool:
    """Take back an officer's key; they get another when they next sign. Whether there was one."""
    kids = list(PersonKey.objects.filter(person=person, revoked_at=None).values_list("kid", flat=True))
    if not PersonKey.objects.filter(person=person, revoked_at=None).update(revoked_at=now):
        return False
    subject = f"people.person:{person.pk.hex}"
    journal.record(actor=actor, verb="keys.revoke-person", subject=subject, now=now, before={"kid": kids[0]})
    Edition.objects.create(at=now)
    return True


def number(*, authority: UUID) -> int:
    """The next number of an order of this authority, in the caller's transaction."""
    row, _new = Number.objects.get_or_create(place_id=authority)
    Number.objects.filter(pk=row.pk).update(last=F("last") + 1)
    return Number.objects.values_list("last", flat=True).get(pk=row.pk)


def _record(verb: str, key: AuthorityKey, actor: Person | str, now: datetime) -> None:
    after = {"kid": key.kid, "until": key.until.isoformat(), "spare": key.spare}
    subject = f"keys.authoritykey:{key.pk.hex}"
    journal.record(actor=actor, verb=verb, subject=subject, now=now, place=key.place_id, after=after)
