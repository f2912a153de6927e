"""Signing: in whose name, with which keys. What is signed is exact bytes; what they say is the caller's."""

import base64
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from nguon import vault
from nguon.keys import actions, queries
from nguon.keys.models import AuthorityKey, PersonKey
from nguon.kit import clock, ids
from nguon.kit.clock import local_day
from nguon.places.rules import Tree
from nguon.wire import codec, seal
from nguon.wire.messages import Delegate
from nguon.wire.seal import SigningKey

Seal = Callable[[bytes], bytes]
VOUCHED = timedelta(hours=1)  # after the end of what a person signed


class NoAuthority(Exception):
    """There is no place that could give orders there: the territory is empty."""


def issuer(place: UUID, now: datetime) -> UUID:
    """The authority in whose name a place gives orders. Makes keys at first need. Raises NoAuthority."""
    return _found(queries.authority_over, place, now)


def issuers(now: datetime, tree: Tree) -> Callable[[UUID], UUID]:
    """`issuer` for whoever asks of many places."""
    able, on = queries.able(now), local_day(now)
    return lambda place: queries.nearest(place, on, tree, able) or issuer(place, now)


def by_place(place: UUID, now: datetime) -> Seal:
    """The seal of the authority over a place. Raises NoAuthority, vault.VaultError."""
    return _seal_of([issuer(place, now)], now)


def by_top(place: UUID, now: datetime) -> Seal:
    """The seal of the topmost authority over a place, and of those before it. Raises as `by_place`."""
    _found(queries.top_over, place, now)
    return _seal_of(queries.heads_over(place, local_day(now), now), now)


def by_people(place: UUID, people: Iterable[UUID], issued: datetime, until: datetime, now: datetime) -> Seal:
    """The seal of these people, for whom the authority over the place vouches from `issued` to after `until`.

    The same people and times give the same bytes. Raises as `by_place`.
    """
    authority = issuer(place, now)
    vouch = _seal_of([authority], now)
    signers = []
    for person in sorted(people):
        key = _opened_person(actions.person_key(person=person, now=now))
        statement = Delegate(
            place=ids.short(authority),
            person=ids.short(person),
            key=key.public,
            at=clock.ms(issued),
            until=clock.ms(until + VOUCHED),
        )
        signers.append((key, vouch(codec.encode(statement))))
    return _kept(lambda payload: seal.wrap(payload, tuple(key.sign(payload, word) for key, word in signers)))


def _found(question: Callable[..., UUID | None], place: UUID, now: datetime) -> UUID:
    found = question(place, local_day(now), now)
    if found is None and actions.ensure(now=now):
        found = question(place, local_day(now), now)
    if found is None:
        raise NoAuthority(place.hex)
    return found


def _seal_of(authorities: Iterable[UUID], now: datetime) -> Seal:
    """All their keys sign: one that was renewed is not yet known to a device that was away."""
    keys = [
        opened(row)
        for row in queries.current(now).filter(place__in=authorities, spare=False).order_by("made_at", "kid")
    ]
    return _kept(lambda payload: seal.sign(payload, *keys))


def _kept(seal_: Seal) -> Seal:
    """Signs the same bytes once: an order is repeated to thousands."""
    return lru_cache(maxsize=4)(seal_)


def opened(row: AuthorityKey) -> SigningKey:
    """The secret key of an authority. Raises vault.VaultError."""
    return _signing(bytes(row.secrets), row.pk)


def _opened_person(row: PersonKey) -> SigningKey:
    return _signing(bytes(row.secrets), row.pk)


@lru_cache(maxsize=256)
def _signing(secrets: bytes, row: UUID) -> SigningKey:
    """The key in what the vault sealed. In memory of this process from then on."""
    return SigningKey(base64.b64decode(vault.unseal(secrets, row)["seed"]))
