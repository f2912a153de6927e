"""What must hold of the core whatever happens, in whatever order."""

import base64
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from nguon.agent import core, events
from nguon.agent.state import State
from nguon.wire.messages import Ack, Down, Play, Reason, Stage
from tests.authority import sealed
from tests.unit.agent.world import T0, World, after_power_loss, connected, play, stop

MARKS = "12345"
LEVELS = (10, 40, 60, 90)


@st.composite
def plays(draw: st.DrawFn, mark: str) -> Play:
    return play(
        mark,
        at=T0 + draw(st.integers(-5, 5)),
        level=draw(st.sampled_from(LEVELS)),
        start=draw(st.sampled_from((0, T0 + 5_000, T0 + 40_000))),
        expires=T0 + draw(st.sampled_from((20_000, 400_000, 3_600_000))),
        duration=draw(st.sampled_from((1_000, 8_000, 30_000))),
    )


@st.composite
def batches(draw: st.DrawFn) -> list[Down]:
    """Up to five broadcasts, and orders to stop some of them or all."""
    marks = draw(st.lists(st.sampled_from(MARKS), unique=True, min_size=1))
    found: list[Down] = [draw(plays(mark)) for mark in marks]
    found += [stop(mark) for mark in draw(st.lists(st.sampled_from(MARKS), unique=True, max_size=2))]
    if draw(st.booleans()):
        found.append(stop(None, at=T0 + draw(st.integers(-5, 5))))
    return found


HAPPENINGS = st.one_of(
    st.tuples(st.just("hear"), st.sampled_from(MARKS)),
    st.tuples(st.just("stop"), st.sampled_from((*MARKS, None))),
    st.tuples(st.just("fetched"), st.sampled_from(MARKS)),
    st.tuples(st.just("unfetched"), st.sampled_from(MARKS)),
    st.tuples(st.just("started"), st.none()),
    st.tuples(st.just("finished"), st.none()),
    st.tuples(st.just("failed"), st.none()),
    st.tuples(st.just("wait"), st.sampled_from((1, 500, 3_000, 16_000, 50_000))),
    st.tuples(st.just("link"), st.booleans()),
    st.tuples(st.just("ack"), st.integers(0, 3)),
)


def happen(world: World, orders: dict[str, Play], kind: str, value: Any) -> None:
    """One thing that may happen to a device."""
    match kind:
        case "hear":
            world.hear(orders[value])
        case "stop":
            world.hear(stop(value, at=world.now))
        case "fetched" if value * 64 in world.fetches:
            world.tell(events.Fetched(value * 64))
        case "unfetched" if value * 64 in world.fetches:
            world.tell(events.FetchFailed(value * 64, Reason.FETCH))
        case "started" if world.asked is not None:
            world.start()
        case "finished" if world.asked is not None and world.state.sounding and world.state.sounding.started:
            world.finish()
        case "failed" if world.asked is not None:
            asked, world.asked = world.asked, None
            world.tell(events.PlayerFailed(asked.go, "?"))
        case "wait":
            world.wait(value)
        case "link":
            world.tell(events.Connected() if value else events.Disconnected())
        case "ack":
            seqs = tuple(receipt.seq for receipt in world.state.pending[:value])
            if seqs:
                world.hear(Ack(id="c" * 32, at=world.now, seqs=seqs))


stories = st.tuples(st.fixed_dictionaries({mark: plays(mark) for mark in MARKS}), st.lists(HAPPENINGS, max_size=40))
Story = tuple[dict[str, Play], list[tuple[str, Any]]]


@given(stories)
@settings(max_examples=150, deadline=None)
def test_one_sound_at_most_and_no_receipt_lost(story: Story) -> None:
    """World itself fails when a second sound is asked for, or when what does not sound is stopped."""
    orders, happenings = story
    world = connected()
    acknowledged: set[int] = set()
    known = {receipt.seq for receipt in world.state.pending}
    for kind, value in happenings:
        before = {receipt.seq for receipt in world.state.pending}
        happen(world, orders, kind, value)
        after = {receipt.seq for receipt in world.state.pending}
        acknowledged |= before - after if kind == "ack" else set()
        known |= after
        assert known == after | acknowledged
        if after - before:
            saved = msgspec.json.decode(world.saved[-1], type=State)
            assert after <= {receipt.seq for receipt in saved.pending}
        sounding = world.state.sounding
        assert (world.asked.go if world.asked else None) == (sounding.go if sounding else None)
    seqs = [receipt.seq for receipt in world.state.pending]
    assert seqs == sorted(set(seqs))


@given(batches(), st.data())
@settings(max_examples=120, deadline=None)
def test_any_order_of_repeated_messages_ends_the_same(batch: list[Down], data: st.DataObject) -> None:
    plain, mixed = connected(), connected()
    plain.hear(*batch)
    mixed.hear(*data.draw(st.permutations(batch + data.draw(st.lists(st.sampled_from(batch), max_size=6)))))
    for world in (plain, mixed):
        world.play_out()
    ends = [{key: over.stage for key, over in world.state.over.items()} for world in (plain, mixed)]
    assert ends[0] == ends[1]


@given(stories, st.sampled_from(MARKS))
@settings(max_examples=120, deadline=None)
def test_stop_always_silences(story: Story, mark: str) -> None:
    orders, happenings = story
    world = connected()
    for kind, value in happenings:
        happen(world, orders, kind, value)
    world.hear(stop(mark))
    assert world.sounding() != mark
    assert mark * 32 not in world.state.held
    world.hear(orders[mark])
    world.fetch_all()
    assert world.sounding() != mark
    world.now += 10
    world.hear(stop(None, at=world.now))
    assert world.sounding() is None


@given(stories, st.data())
@settings(max_examples=120, deadline=None)
def test_power_may_go_at_any_moment(story: Story, data: st.DataObject) -> None:
    """What was over in the saved state is never played again; what was held is played out unless it expires first."""
    orders, happenings = story
    world = connected()
    for kind, value in happenings:
        happen(world, orders, kind, value)
    if not world.saved:
        return
    saved = data.draw(st.sampled_from(world.saved))
    before = msgspec.json.decode(saved, type=State)
    world = after_power_loss(saved, world.now + data.draw(st.sampled_from((0, 60_000))))
    world.hear(*orders.values())
    world.play_out()
    played = {
        receipt.broadcast for receipt in world.sent if receipt.stage is Stage.STARTED and receipt.seq > before.last_seq
    }
    assert not played & set(before.over)
    for key in before.held:
        assert world.state.over[key].stage in (Stage.FINISHED, Stage.EXPIRED)
    new = [receipt.seq for receipt in world.state.pending if receipt not in before.pending]
    assert all(seq > before.last_seq for seq in new)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def _wrapped(payload: bytes) -> bytes:
    return msgspec.json.encode({"payload": base64.urlsafe_b64encode(payload).decode().rstrip("="), "signatures": []})


@st.composite
def hostile(draw: st.DrawFn) -> bytes:
    """Noise, well-formed nonsense, and real messages with one thing wrong."""
    kind = draw(st.integers(0, 4))
    if kind == 0:
        return draw(st.binary(max_size=300))
    if kind == 1:
        return _wrapped(draw(st.binary(max_size=300)))
    if kind == 2:
        return _wrapped(msgspec.json.encode(draw(JSON)))
    real = msgspec.to_builtins(draw(st.sampled_from((play("1"), stop("1"), stop(None)))))
    if kind == 3:
        return _wrapped(msgspec.json.encode({**real, draw(st.sampled_from(sorted(real))): draw(JSON)}))
    data = bytearray(sealed(play("1")))
    data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
    return bytes(data)


@given(st.lists(hostile(), max_size=5))
@settings(max_examples=200, deadline=None)
def test_no_bytes_make_it_fall(heard: list[bytes]) -> None:
    world = connected()
    for data in [*heard, b"[" * 100_000, _wrapped(b'{"x":' + b"[" * 30_000)]:
        world.tell(events.Heard(data))
    world.now += 600_000  # among the noise may be an order to be silent
    world.hear(play("e", at=world.now, expires=world.now + 60_000, level=90))
    world.tell(events.Fetched("e" * 64))
    assert world.sounding() == "e"


@given(stories)
@settings(max_examples=150, deadline=None)
def test_ticks_are_asked_for_in_the_future(story: Story) -> None:
    """A shell that ticks when `due_at` says does not spin: after the tick, the next is later."""
    orders, happenings = story
    world = connected()
    for kind, value in happenings:
        happen(world, orders, kind, value)
        world.tell(events.Tick())
        assert core.due_at(world.state, world.now) > world.now
