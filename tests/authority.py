"""Authorities and people who sign, for tests: a province over a commune, and two of the commune's officers."""

from msgspec.structs import replace

from nguon.wire import codec, seal, trust
from nguon.wire.ladder import Level
from nguon.wire.messages import Ack, Authority, Delegate, Down, Keys, NewPlan, Play, Settings, Stop
from nguon.wire.seal import SigningKey

PLACE, ABOVE = "a" * 32, "b" * 32
OWN, TOP, STRANGER = (SigningKey(bytes([number]) * 32) for number in (1, 2, 3))
ANNA, BINH, CHI = (SigningKey(bytes([number]) * 32) for number in (11, 12, 13))
NAMES = {ANNA.kid: "1" * 32, BINH.kid: "2" * 32, CHI.kid: "3" * 32}
EVER = 253_402_300_799_999
CHAIN = (
    Authority(place=ABOVE, rank=0, key=TOP.public, until=EVER, alone=True),
    Authority(place=PLACE, rank=1, key=OWN.public, until=EVER),
)
KEYS = Keys(id="9" * 32, at=0, version=1, authorities=CHAIN)
RING = trust.anchored(KEYS)


def by_place(payload: bytes, *keys: SigningKey) -> bytes:
    """Signed by these authorities' keys; by default by both, so that it is good for anything but an emergency."""
    return seal.sign(payload, *(keys or (OWN, TOP)))


def delegate(person: SigningKey, by: SigningKey = OWN, *, place: str = PLACE, at: int = 0, until: int = EVER) -> bytes:
    """The sealed word of an authority for the key of a person."""
    statement = Delegate(place=place, person=NAMES[person.kid], key=person.public, at=at, until=until)
    return seal.sign(codec.encode(statement), by)


def by_people(payload: bytes, *people: SigningKey) -> bytes:
    """Signed by people for whom the commune vouches."""
    return seal.wrap(payload, tuple(person.sign(payload, delegate(person)) for person in people))


_NUMBERS: dict[str, int] = {}  # of orders, as they were first sealed


def sealed(message: Down, device: str = "d" * 32) -> bytes:
    """As the server seals it: orders in the name of the device's own authority, an emergency by two people."""
    if isinstance(message, Ack):
        return seal.wrap(codec.encode(message))
    if isinstance(message, Play | Stop) and message.issuer is None:
        seq = _NUMBERS.setdefault(message.id, len(_NUMBERS) + 1)
        message = replace(message, issuer=PLACE, seq=seq)
    if isinstance(message, Settings | NewPlan | Keys) and message.device is None:
        message = replace(message, device=device)
    payload = codec.encode(message)
    if isinstance(message, Play) and message.level >= Level.EMERGENCY and not message.drill:
        return by_people(payload, ANNA, BINH)
    return by_place(payload)
