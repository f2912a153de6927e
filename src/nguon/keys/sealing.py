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
from nguon.places import queries as places
from nguon.wire import codec, seal
from nguon.wire.messages import Delegate, Keys
from nguon.wire.seal import SigningKey

Seal = Callable[[bytes], bytes]
VOUCHED = timedelta(hours=1)  # after the end of what a person signed


class NoAuthority(Exception):
    """There is no place that could give orders there: the territory is empty."""


class Desk:
    """Whoever signs for many places at one moment: the territory, which may be large, is read once.

    Its methods raise NoAuthority and vault.VaultError, and make keys at first need.
    """

    def __init__(self, now: datetime) -> None:
        self._now, self._on = now, local_day(now)
        self._tree = places.tree()
        self._able = queries.able(now)
        self._seals: dict[tuple[UUID, ...], Seal] = {}

    def issuer(self, place: UUID) -> UUID:
        """The authority in whose name a place gives orders."""
        return self._sure(lambda: queries.nearest(place, self._on, self._tree, self._able), place)

    def by_place(self, place: UUID) -> Seal:
        """The seal of the authority over a place."""
        return self._seal((self.issuer(place),))

    def by_top(self, place: UUID) -> Seal:
        """The seal of the topmost authority over a place, and of those before it."""
        self._sure(lambda: queries.root_over(place, self._on, self._tree, self._able), place)
        return self._seal(queries.heads_over(place, self._on, self._tree, self._able))

    def ring(self, place: UUID) -> Keys:
        """What a device at this place is told of the authorities over it."""
        self._sure(lambda: queries.root_over(place, self._on, self._tree, self._able), place)
        found = queries.ring(place, self._on, self._now, self._tree)
        assert found is not None
        return found

    def _seal(self, authorities: tuple[UUID, ...]) -> Seal:
        if authorities not in self._seals:
            self._seals[authorities] = _seal_of(authorities, self._now)
        return self._seals[authorities]

    def _sure(self, question: Callable[[], UUID | None], place: UUID) -> UUID:
        found = question()
        if found is None:
            actions.ensure(now=self._now)  # or another process has, in the same moment
            self._able = queries.able(self._now)
            found = question()
        if found is None:
            raise NoAuthority(place.hex)
        return found


def issuer(place: UUID, now: datetime) -> UUID:
    """As `Desk.issuer`, for one place; one that gives orders in its own name is not looked for in the territory."""
    if place in queries.able(now) and places.in_force(local_day(now)).filter(pk=place).exists():
        return place
    return Desk(now).issuer(place)


def by_place(place: UUID, now: datetime) -> Seal:
    """The seal of the authority over a place. Raises NoAuthority, vault.VaultError."""
    return _seal_of([issuer(place, now)], now)


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
