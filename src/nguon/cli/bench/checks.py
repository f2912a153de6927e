"""What the core of one device checks in a second, alone on one processor and with nothing remembered.

Each order is another, signed by two people for whom the authority vouches anew: four signatures that were never seen.
"""

import time
from typing import Any

from nguon.agent import core
from nguon.agent import events as ev
from nguon.agent.state import State, fresh
from nguon.kit import clock, ids
from nguon.wire import codec, seal, trust
from nguon.wire.ladder import Level
from nguon.wire.messages import Authority, Content, Delegate, Keys, Play, Settings
from nguon.wire.seal import SigningKey

ORDERS = 500
PEOPLE = 2
HOUR = 3_600_000  # ms
EVER = 253_402_300_799_999  # ms: the last moment there is
SHA256 = "0" * 64


def run() -> dict[str, Any]:
    """Whole steps of the core, from the bytes as they come to the receipt; every order is believed and held."""
    place, area, own = ids.short(ids.new()), ids.short(ids.new()), SigningKey.new()
    people = [(SigningKey.new(), ids.short(ids.new())) for _ in range(PEOPLE)]
    now = clock.ms(clock.now())
    device = _device(place, area, own, now)
    orders = [_order(number, place, area, own, people, now) for number in range(ORDERS)]
    start, held = time.perf_counter(), 0
    for data in orders:
        state, _effects = core.step(device, ev.Heard(data), now)
        held += len(state.held)
    took = time.perf_counter() - start
    if held != ORDERS:
        raise RuntimeError(f"{ORDERS - held} of {ORDERS} orders were not believed")
    return {"orders_checked_per_s": round(ORDERS / took), "checks_per_s": round(ORDERS * PEOPLE * 2 / took)}


def _device(place: str, area: str, own: SigningKey, now: int) -> State:
    authority = Authority(place=place, rank=0, key=own.public, until=EVER)
    keys = Keys(id=ids.short(ids.new()), at=now, version=1, authorities=(authority,))
    settings = Settings(id=ids.short(ids.new()), at=now, version=1, areas=(area,))
    state = fresh(settings, ids.short(ids.new()), trust.anchored(keys), checked=True)
    return core.step(state, ev.Connected(), now)[0]


def _order(
    number: int, place: str, area: str, own: SigningKey, people: list[tuple[SigningKey, str]], now: int
) -> bytes:
    content = Content(url=f"/api/1/content/{SHA256}", sha256=SHA256, size=1, duration=6_000)
    play = Play(
        id=ids.short(ids.new()),
        at=now,
        expires=now + HOUR,
        level=Level.EMERGENCY,
        content=content,
        areas=(area,),
        title="Lũ trên sông lên nhanh",
        issuer=place,
        seq=number + 1,
    )
    payload, hands = codec.encode(play), []
    for key, person in people:
        word = Delegate(place=place, person=person, key=key.public, at=now - number, until=now + 2 * HOUR)
        hands.append(key.sign(payload, seal.sign(codec.encode(word), own)))
    return seal.wrap(payload, tuple(hands))
