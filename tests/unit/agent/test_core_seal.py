"""What a device does not believe: each way in which somebody who has the broker could try to speak."""

import json
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from nguon.agent import doubts, effects, events
from nguon.wire import codec, seal
from nguon.wire.messages import Document, Keys, NewPlan, Play, Reason, Receipt, Refusal, Settings, Span, Stage
from tests import authority
from tests.authority import sealed
from tests.unit.agent.planned import living
from tests.unit.agent.world import AREA, DEVICE, T0, World, connected, play, stop

HOUR = 3_600_000
EMERGENCY = play("e", level=90)
DOCUMENT = Document(url="/", sha256="a" * 64, size=1)


@dataclass
class Attack:
    """`expected` is what the device must say; `data` is what somebody put on the wire."""

    expected: Reason
    data: bytes
    before: list[bytes] = field(default_factory=list)


def signed(order: Play, *keys: seal.SigningKey) -> bytes:
    return authority.by_place(codec.encode(replace(order, issuer=order.issuer or AREA, seq=7)), *keys)


def tampered(data: bytes, **changes: object) -> bytes:
    """The same signatures over other words."""
    message = json.loads(data)
    payload = json.loads(seal.unwrap(data).payload) | changes
    message["payload"] = json.loads(seal.wrap(json.dumps(payload).encode()))["payload"]
    return json.dumps(message).encode()


ATTACKS = {
    "unsigned": Attack(Reason.UNSIGNED, seal.wrap(codec.encode(play("1")))),
    "unsigned stop": Attack(Reason.UNSIGNED, seal.wrap(codec.encode(stop("1")))),
    "no seal at all": Attack(Reason.MALFORMED, codec.encode(play("1"))),
    "a stranger's key": Attack(Reason.UNKNOWN_KEY, signed(play("1"), authority.STRANGER)),
    "another target": Attack(Reason.FORGED, tampered(sealed(play("1")), areas=["c" * 32])),
    "another sound": Attack(Reason.FORGED, tampered(sealed(play("1")), title="x")),
    "a drill made an alert": Attack(Reason.FORGED, tampered(sealed(replace(EMERGENCY, drill=True)), drill=False)),
    "an alert by one": Attack(Reason.SIGNERS, signed(EMERGENCY, authority.OWN)),
    "in another's name": Attack(Reason.ISSUER, signed(play("1"), authority.TOP)),
    "for others": Attack(Reason.NOT_FOR_ME, signed(replace(play("1"), areas=("c" * 32,)), authority.OWN)),
    "from the future": Attack(Reason.FUTURE, sealed(play("1", at=T0 + HOUR, expires=T0 + 2 * HOUR))),
    "not yet in force": Attack(Reason.FUTURE, sealed(replace(play("1"), not_before=T0 + HOUR))),
    "settings of another": Attack(
        Reason.NOT_FOR_ME, sealed(Settings(id="9" * 32, at=T0, version=9, areas=(), device="c" * 32))
    ),
    "settings by the commune": Attack(
        Reason.RANK,
        authority.by_place(
            codec.encode(Settings(id="9" * 32, at=T0, version=9, areas=(), device=DEVICE)), authority.OWN
        ),
    ),
    "keys by the commune": Attack(
        Reason.RANK,
        authority.by_place(
            codec.encode(replace(authority.KEYS, version=9, device=DEVICE, authorities=authority.CHAIN[1:])),
            authority.OWN,
        ),
    ),
    "a plan by people": Attack(
        Reason.RANK,
        authority.by_people(
            codec.encode(
                NewPlan(
                    id="9" * 32, at=T0, version=9, document=Document(url="/", sha256="a" * 64, size=1), device=DEVICE
                )
            ),
            authority.ANNA,
            authority.BINH,
        ),
    ),
}


def told(world: World) -> list[Reason]:
    said = [one.message for one in world.effects if isinstance(one, effects.Send)]
    return [one.reason for one in said if isinstance(one, Refusal)]


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_it_is_refused_told_and_changes_nothing(attack: Attack) -> None:
    world = connected()
    world.hear(play("a"))
    before = world.state
    world.effects.clear()
    world.tell(events.Heard(attack.data))
    assert told(world) == [attack.expected]
    assert world.asked is None
    assert (world.state.held, world.state.over) == (before.held, before.over)
    assert (world.state.settings, world.state.ring, world.state.plan) == (before.settings, before.ring, 0)


def test_what_was_over_and_forgotten_is_not_played_again() -> None:
    world = connected()
    order = play("1", expires=T0 + 60_000)
    data = sealed(order)
    world.tell(events.Heard(data))
    world.wait(3 * 24 * HOUR)
    world.hear(play("2", at=world.now, expires=world.now + 60_000))
    world.state = replace(world.state, over={})  # as after days
    world.effects.clear()
    world.sent.clear()
    world.tell(events.Heard(data))
    assert told(world) == [Reason.REPLAYED]
    assert not world.sent


def test_other_bytes_than_were_signed_are_an_event() -> None:
    world = connected()
    world.hear(play("1"))
    world.effects.clear()
    world.tell(events.FetchFailed("1" * 64, Reason.HASH, "other bytes"))
    assert told(world) == [Reason.HASH]
    assert world.sent[-1].reason is Reason.HASH


def test_what_was_kept_back_until_it_was_over_is_an_event() -> None:
    world = connected()
    order = play("1", expires=T0 + 60_000)
    world.now = T0 + HOUR
    world.effects.clear()
    world.hear(order)
    assert told(world) == [Reason.LATE]
    assert (world.sent[-1].stage, world.sent[-1].reason) == (Stage.REFUSED, Reason.LATE)


def test_old_settings_and_old_keys_do_not_come_back() -> None:
    world = connected()
    old = Settings(id="9" * 32, at=T0, version=2, areas=(AREA,), volume=100, device=DEVICE)
    world.hear(old)
    world.hear(replace(old, version=3, volume=40))
    world.effects.clear()
    world.hear(old)
    assert told(world) == [Reason.REPLAYED]
    assert world.state.settings.volume == 40
    fresh = replace(authority.KEYS, version=5, device=None)
    world.hear(fresh)
    assert world.state.ring.version == 5
    world.wait(doubts.EVERY)
    world.effects.clear()
    world.hear(replace(fresh, version=4))
    assert world.state.ring.version == 5
    world.wait(doubts.EVERY)
    assert Reason.REPLAYED in told(world)


def test_keys_that_come_are_kept_and_told_soon() -> None:
    world = connected()
    world.effects.clear()
    world.hear(replace(authority.KEYS, version=2, authorities=(authority.CHAIN[0],)))
    assert effects.SAVE in world.effects
    world.effects.clear()
    world.tell(events.Heard(signed(play("1"), authority.OWN)))  # the commune's key was taken back
    assert told(world) == [Reason.UNKNOWN_KEY]


def test_a_stop_that_comes_before_its_play() -> None:
    world = connected()
    world.hear(stop("1"))
    world.hear(play("1"))
    assert world.asked is None
    assert [one.stage for one in world.sent] == [Stage.STOPPED, Stage.STOPPED]


def stopped_by(key: seal.SigningKey, mark: str | None, issuer: str) -> bytes:
    return authority.by_place(codec.encode(replace(stop(mark), issuer=issuer)), key)


FROM_ABOVE = replace(EMERGENCY, issuer=authority.ABOVE)


@pytest.mark.parametrize("mark", ["e", None])
@pytest.mark.parametrize("first", [False, True])
def test_a_commune_cannot_block_an_emergency_from_above(mark: str | None, first: bool) -> None:
    world = connected()
    silence = stopped_by(authority.OWN, mark, authority.PLACE)
    if first:
        world.tell(events.Heard(silence))
    world.tell(events.Heard(authority.by_place(codec.encode(replace(FROM_ABOVE, seq=1)), authority.TOP)))
    world.tell(events.Fetched("e" * 64))
    world.start()
    if not first:
        world.tell(events.Heard(silence))
    assert world.sounding() == "e"
    world.tell(events.Heard(stopped_by(authority.TOP, "e", authority.ABOVE)))
    assert world.sounding() is None


@pytest.mark.parametrize("first", [False, True])
def test_silence_is_heeded_by_an_older_emergency_whichever_came_first(first: bool) -> None:
    """A network may turn them round. One from below that came later does not undo it."""
    world = connected()
    order = authority.by_place(codec.encode(replace(FROM_ABOVE, seq=1)), authority.TOP)
    silences = [stopped_by(authority.TOP, None, authority.ABOVE), stopped_by(authority.OWN, None, authority.PLACE)]
    for heard in (*silences, order) if first else (order, *silences):
        world.tell(events.Heard(heard))
    world.tell(events.Fetched("e" * 64))
    assert world.asked is None
    assert not world.state.held


def test_a_drill_and_what_is_no_emergency_are_silenced_by_the_commune() -> None:
    for order in (replace(FROM_ABOVE, drill=True), replace(FROM_ABOVE, level=80)):
        world = connected()
        world.tell(events.Heard(authority.by_place(codec.encode(replace(order, seq=1)), authority.TOP)))
        world.tell(events.Fetched("e" * 64))
        world.start()
        world.tell(events.Heard(stopped_by(authority.OWN, "e", authority.PLACE)))
        assert world.sounding() is None


def test_a_flood_is_counted_and_told_once_a_minute() -> None:
    world = connected()
    world.effects.clear()
    for number in range(10_000):
        world.tell(events.Heard(b"%d" % number))
    assert told(world) == [Reason.MALFORMED]
    assert effects.SAVE not in world.effects
    world.wait(doubts.EVERY)
    said = [one.message for one in world.effects if isinstance(one, effects.Send)]
    assert [one.count for one in said if isinstance(one, Refusal)] == [1, 9_999]


def test_what_was_not_believed_without_a_link_is_told_when_there_is_one() -> None:
    world = connected()
    world.tell(events.Disconnected())
    world.tell(events.Heard(b"?"))
    world.effects.clear()
    world.tell(events.Connected())
    world.wait(1_000)
    assert told(world) == [Reason.MALFORMED]


def test_a_drill_is_above_all_else_and_not_above_the_night() -> None:
    night = (Span(start=T0 - HOUR, end=T0 + HOUR),)
    for order, sounds in ((EMERGENCY, True), (replace(EMERGENCY, drill=True), False)):
        world = living(quiet=night)
        world.hear(order)
        world.tell(events.Fetched(order.sha256 or ""))
        assert (world.asked is not None) is sounds


@given(st.binary(max_size=200), st.booleans())
def test_whatever_comes_never_sounds_unless_it_was_signed(data: bytes, wrapped: bool) -> None:
    world = connected()
    world.tell(events.Heard(seal.wrap(data) if wrapped else data))
    assert world.asked is None
    assert not world.state.held
    assert not [one for one in world.sent if isinstance(one, Receipt)]


def test_only_an_acknowledgement_needs_no_signature() -> None:
    world = connected()
    world.hear(play("1"))
    assert world.state.pending
    world.ack()
    assert not world.state.pending
    bare = Keys(id="9" * 32, at=T0, version=99, authorities=authority.CHAIN, device=DEVICE)
    world.tell(events.Heard(seal.wrap(codec.encode(bare))))
    assert world.state.ring == authority.RING
