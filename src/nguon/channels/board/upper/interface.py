"""What two systems say to each other about boards, version 1: the playlist of a class, and what was shown of it.

Our own and plain, told in docs/boards-upper.md: the official interface between source systems has not been read by us.
Another is an adapter of `ports.Upper`. Times are milliseconds since 1970-01-01 UTC; minutes are of the day in Vietnam.
"""

from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct, field

from nguon.wire import seal
from nguon.wire.codec import Malformed
from nguon.wire.seal import Sealed, SigningKey

PLAYLIST_LIMIT, REPORT_LIMIT = 512 * 1024, 512 * 1024  # bytes
PAGE_LIMIT = 2 * 1024 * 1024  # bytes of one page
MOST_ITEMS, MOST_BOARDS, MOST_ROWS = 200, 500, 2_000
MOST_TIMES = 100_000  # that a board is told to have shown an item on one day
KEYS = 8

Id = Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
Hash = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
Ms = Annotated[int, Meta(ge=0, le=8_000_000_000_000)]
Weekday = Annotated[int, Meta(ge=1, le=7)]  # 1: Monday
Minute = Annotated[int, Meta(ge=0, le=1440)]
Line = Annotated[str, Meta(max_length=300)]
Key = Annotated[str, Meta(min_length=43, max_length=43)]
T = TypeVar("T")


class Item(Struct, frozen=True):
    """One page of a playlist, and when it counts. No `days`: every day; no `minutes`: the whole day."""

    id: Id
    title: Line
    hash: Hash
    url: Annotated[str, Meta(max_length=500)]  # of the page, read against the address of the playlist
    size: Annotated[int, Meta(ge=1, le=PAGE_LIMIT)]
    mime: Annotated[str, Meta(max_length=60)]
    seconds: Annotated[int, Meta(ge=1, le=3600)]
    begins: Ms | None = field(default=None, name="from")
    ends: Ms | None = field(default=None, name="until")
    days: Annotated[tuple[Weekday, ...], Meta(max_length=7)] = ()
    minutes: Annotated[tuple[tuple[Minute, Minute], ...], Meta(max_length=24)] = ()  # [first, the first no more)


class Playlist(Struct, frozen=True):
    """What boards of a class show, in this order. It goes on until `until` if nothing newer can be had.

    `version` rises when the items change; `made` never falls. `keys`: those that count above from now on.
    """

    v: Literal[1]
    id: Id
    name: Line
    issuer: Line
    version: Annotated[int, Meta(ge=1)]
    made: Ms
    until: Ms
    keys: Annotated[tuple[Key, ...], Meta(min_length=1, max_length=KEYS)]
    items: Annotated[tuple[Item, ...], Meta(max_length=MOST_ITEMS)] = ()


class BoardState(Struct, frozen=True):
    """One large board as it stands below. `since`: from when on it has been so; None if that is not known."""

    id: Id
    name: Line
    online: bool
    since: Ms | None = None


class Shown(Struct, frozen=True):
    """How often a board began to show an item on one day of Vietnam (`2026-11-26`), in all; and when last."""

    board: Id
    item: Id
    day: Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    times: Annotated[int, Meta(ge=0, le=MOST_TIMES)]
    last: Ms


class Report(Struct, frozen=True):
    """What a lower system tells about one class. The same `id` again is the same report; days are told whole."""

    v: Literal[1]
    id: Id
    playlist: Id
    made: Ms
    version: Annotated[int, Meta(ge=0)]  # of the playlist that is held; 0: none
    boards: Annotated[tuple[BoardState, ...], Meta(max_length=MOST_BOARDS)] = ()
    shown: Annotated[tuple[Shown, ...], Meta(max_length=MOST_ROWS)] = ()


class Unbelieved(Exception):
    """No key that is trusted signed it. `keys`: those that it names itself and that did sign it."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        super().__init__(", ".join(map(seal.thumbprint, keys)))
        self.keys = keys


def sign(playlist: Playlist, *keys: SigningKey) -> bytes:
    """The playlist as it goes over the network."""
    return seal.sign(encode(playlist), *keys)


def encode(message: Playlist | Report) -> bytes:
    """The same message gives the same bytes."""
    return msgspec.json.encode(message)


def opened(data: bytes, trusted: tuple[str, ...]) -> Playlist:
    """The playlist in these bytes, if one of these public keys signed it. Raises Malformed, Unbelieved."""
    envelope = seal.unwrap(data, PLAYLIST_LIMIT)
    if any(_signed(envelope.sealed, key) for key in trusted):
        found = decode(envelope.payload, Playlist, PLAYLIST_LIMIT)
        if not any(_signed(envelope.sealed, key) for key in found.keys):
            raise Malformed("it names no key that signed it")
        return found
    try:
        named = decode(envelope.payload, Playlist, PLAYLIST_LIMIT).keys
    except Malformed:
        named = ()
    raise Unbelieved(tuple(key for key in named if _signed(envelope.sealed, key)))


def is_key(key: str) -> bool:
    """Whether a text is a public key."""
    try:
        return bool(seal.thumbprint(key))
    except ValueError:
        return False


def _signed(sealed: Sealed, key: str) -> bool:
    if not is_key(key):
        return False
    kid = seal.thumbprint(key)
    return any(seal.kid_of(one) == kid and seal.fits(sealed.payload, one, key) for one in sealed.signatures)


def decode(data: bytes, kind: type[T], limit: int) -> T:
    """The message in these bytes. Raises Malformed."""
    if len(data) > limit:
        raise Malformed(f"{len(data)} bytes, the limit is {limit}")
    try:
        return msgspec.json.decode(data, type=kind)
    except (ValueError, UnicodeError, RecursionError) as error:
        raise Malformed(str(error)[:300]) from error
