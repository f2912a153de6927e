"""Whom a device believes: the authorities over it and their keys, told at enrolment and followed offline.

Everything is signed by an authority. A `Keys` message, signed by the topmost one, names all authorities of the device's
chain; a newer one replaces it whole, and that is how a key is changed or taken back. People sign with keys of their
own, for which an authority vouches for some hours in a `Delegate` that travels beside the signature: so a device need
not know who works where. Pure: no clock, no network.
"""

from functools import lru_cache

from msgspec import Struct

from nguon.wire import codec, seal
from nguon.wire.codec import LIMIT, Malformed
from nguon.wire.ladder import Level
from nguon.wire.messages import Authority, Delegate, Keys, Play, Reason, Stop

SKEW = 120_000  # ms that two clocks may differ
PEOPLE = 2  # signatures by distinct people that an emergency needs


class Untrusted(Exception):
    """Not believed. `reason` says why; `kid` is the key that was claimed, if one was."""

    def __init__(self, reason: Reason, kid: str = "") -> None:
        super().__init__(reason.value, kid)
        self.reason, self.kid = reason, kid


class Ring(Struct, frozen=True):
    """The keys a device holds: version 0 and no authority believes nothing."""

    version: int = 0
    authorities: tuple[Authority, ...] = ()
    revoked: tuple[str, ...] = ()

    @property
    def top(self) -> int:
        """Rank of the topmost authority."""
        return min((each.rank for each in self.authorities), default=0)

    @property
    def own(self) -> int:
        """Rank of the nearest authority."""
        return max((each.rank for each in self.authorities), default=0)


class Opened(Struct, frozen=True):
    """What was signed, and by whom: authorities, and people (id → the place that vouches for them)."""

    payload: bytes
    authorities: tuple[Authority, ...]
    people: dict[str, str]

    def speaks_for(self, place: str) -> bool:
        """Whether one of the signers is, or works for, this place."""
        return place in self.people.values() or any(each.place == place for each in self.authorities)


# Of messages, not of documents: many devices in one process hear the same bytes.
_unwrap = lru_cache(maxsize=256)(seal.unwrap)
_fits = lru_cache(maxsize=1_024)(seal.fits)


@lru_cache(maxsize=64)  # one object for all devices of a process that were told the same
def anchored(keys: Keys) -> Ring:
    """The ring of a device that was told these keys where it trusts the teller: at enrolment."""
    return Ring(keys.version, keys.authorities, keys.revoked)


def opened(ring: Ring, data: bytes, now: int, limit: int = LIMIT) -> Opened:
    """What these bytes say, by at least one key that counts at `now` (ms). Raises Malformed, Untrusted."""
    if limit != LIMIT:
        return _judged(ring, seal.unwrap(data, limit), now)
    known = _known(ring, data)
    if known.found is None or not known.since <= now < known.until:
        envelope = _unwrap(data)
        known.found = _judged(ring, envelope, now)
        known.since, known.until = _unchanging(ring, envelope, now)
    return known.found


class _Known(Struct):
    """What was found of the same bytes by the same ring, for a time (ms) in [since, until)."""

    found: Opened | None = None
    since: int = 0
    until: int = 0


@lru_cache(maxsize=64)
def _known(_ring: Ring, _data: bytes) -> _Known:
    """Empty at first. Many devices of one process hear the same; a device alone hears it again when it is repeated."""
    return _Known()


def _unchanging(ring: Ring, envelope: seal.Envelope, now: int) -> tuple[int, int]:
    """From when until when the answer is that of `now`: between the beginnings and ends of all that vouches."""
    turns = [each.until for each in ring.authorities]
    for _signature, _kid, statement in _claims(envelope.sealed.signatures):
        if statement and (word := _word(statement)) is not None:
            turns += (word.at - SKEW, word.until)
    since = max((turn for turn in turns if turn <= now), default=0)
    return since, min((turn for turn in turns if turn > now), default=now + 1)


def _word(statement: bytes) -> Delegate | None:
    """What stands in the statement beside a signature, whoever says it; None if it cannot be read."""
    try:
        return codec.decode_delegate(_unwrap(statement).payload)
    except Malformed:
        return None


def _judged(ring: Ring, envelope: seal.Envelope, now: int) -> Opened:
    if not envelope.signatures:
        raise Untrusted(Reason.UNSIGNED)
    authorities: list[Authority] = []
    people: dict[str, str] = {}
    doubts: list[Untrusted] = []
    for claim in _claims(envelope.sealed.signatures):
        try:
            signer = _signer(ring, envelope, claim, now)
        except Untrusted as doubt:
            doubts.append(doubt)
            continue
        if isinstance(signer, Delegate):
            people[signer.person] = signer.place
        else:
            authorities.append(signer)
    if not authorities and not people:
        raise doubts[0]
    return Opened(envelope.payload, tuple(authorities), people)


@lru_cache(maxsize=256)
def _claims(signatures: tuple[seal.Signature, ...]) -> tuple[tuple[seal.Signature, str, bytes], ...]:
    """Each signature with the key it names and the statement beside it."""
    return tuple((one, seal.kid_of(one), seal.delegate_of(one)) for one in signatures)


def _signer(
    ring: Ring, envelope: seal.Envelope, claim: tuple[seal.Signature, str, bytes], now: int
) -> Authority | Delegate:
    """Whose signature it is. Raises Untrusted."""
    signature, kid, statement = claim
    signer = _delegate(ring, statement, now) if statement else _authority(ring, kid, now)
    if kid != _kid(signer.key) or kid in ring.revoked:
        raise Untrusted(Reason.KEY_OVER if kid in ring.revoked else Reason.UNKNOWN_KEY, kid)
    fits = _fits if len(envelope.payload) <= LIMIT else seal.fits
    if not fits(envelope.sealed.payload, signature, signer.key):
        raise Untrusted(Reason.FORGED, kid)
    return signer


def _authority(ring: Ring, kid: str, now: int) -> Authority:
    found = next((each for each in ring.authorities if _kid(each.key) == kid), None)
    if found is None:
        raise Untrusted(Reason.UNKNOWN_KEY, kid)
    if found.until <= now:
        raise Untrusted(Reason.KEY_OVER, kid)
    return found


def _delegate(ring: Ring, statement: bytes, now: int) -> Delegate:
    """The person for whom an authority vouches: one of its own place, for this time."""
    delegate = _word(statement)
    if delegate is None:
        raise Untrusted(Reason.UNKNOWN_KEY)
    envelope, kid = _unwrap(statement), _kid(delegate.key)
    for signature in envelope.signatures:
        authority = _authority(ring, seal.kid_of(signature), now)
        if not _fits(envelope.sealed.payload, signature, authority.key):
            raise Untrusted(Reason.FORGED, kid)
        if authority.place == delegate.place:
            if not delegate.at - SKEW <= now < delegate.until:
                raise Untrusted(Reason.KEY_OVER, kid)
            return delegate
    raise Untrusted(Reason.UNKNOWN_KEY, kid)


@lru_cache(maxsize=1_024)
def _kid(public: str) -> str:
    try:
        return seal.thumbprint(public)
    except ValueError:
        return ""


def learn(ring: Ring, keys: Keys, by: Opened) -> Ring:
    """The ring after this message of `by`. Raises Untrusted unless it is the topmost authority's, and newer."""
    if not any(each.rank == ring.top for each in by.authorities):
        raise Untrusted(Reason.RANK)
    if keys.version <= ring.version:
        raise Untrusted(Reason.REPLAYED)
    return anchored(keys)


def doubt(ring: Ring, order: Play | Stop, by: Opened) -> Reason:
    """Why these signers are not enough for this order; NONE if they are.

    An emergency takes two people, or an authority above the device's own that has its own two (`alone`). A drill takes
    one, and gives no right to sound in quiet hours. Silence takes anybody who signs for an authority over the device.
    """
    if order.issuer is None or not by.speaks_for(order.issuer):
        return Reason.ISSUER
    if isinstance(order, Stop):
        return Reason.NONE
    if order.level < Level.EMERGENCY:
        return Reason.NONE if by.authorities else Reason.RANK
    enough = order.drill or len(by.people) >= PEOPLE or any(one.alone and one.rank < ring.own for one in by.authorities)
    return Reason.NONE if enough else Reason.SIGNERS


def rank_of(ring: Ring, by: Opened) -> int:
    """How high the highest of the signers stands; 0 is the top."""
    vouching = set(by.people.values())
    ranks = [each.rank for each in (*by.authorities, *(one for one in ring.authorities if one.place in vouching))]
    return min(ranks)


def outranked(ring: Ring, play: Play, rank: int) -> bool:
    """Whether who has this rank may not silence that play: nobody below blocks an emergency from above."""
    if play.level < Level.EMERGENCY or play.drill:
        return False
    issuer = min((each.rank for each in ring.authorities if each.place == play.issuer), default=rank)
    return issuer < rank


def top_only(ring: Ring, by: Opened) -> Reason:
    """Whether the topmost authority signed: it alone says which areas a device belongs to."""
    return Reason.NONE if any(each.rank == ring.top for each in by.authorities) else Reason.RANK


def plan_of(ring: Ring, data: bytes, now: int) -> bytes:
    """The document of a plan, signed by an authority over the device. Raises Malformed, Untrusted."""
    found = opened(ring, data, now, codec.PLAN_LIMIT)
    if not found.authorities:
        raise Untrusted(Reason.RANK)
    return found.payload
