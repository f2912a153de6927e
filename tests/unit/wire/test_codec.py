"""The codec: round trip, lenient when receiving, nothing but Malformed for anything else."""

import json
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon.wire import codec, examples
from nguon.wire.messages import (
    Ack,
    Authority,
    Content,
    Document,
    Down,
    Keys,
    Limit,
    NewPlan,
    Plan,
    Play,
    Presence,
    Reason,
    Receipt,
    Refusal,
    Settings,
    Span,
    Stage,
    Stop,
    Stream,
    Up,
    Vitals,
)

DOWN = (Play, Stop, Settings, NewPlan, Keys, Ack)
ids = st.text("0123456789abcdef", min_size=32, max_size=32)
hashes = st.text("0123456789abcdef", min_size=64, max_size=64)
times = st.integers(0, 253_402_300_799_999)
percents = st.integers(0, 100)
letters = st.characters(exclude_categories=["Cs"])
names = st.text(letters, max_size=40)
words = st.text(letters, max_size=500)
many = st.lists(ids, max_size=5).map(tuple)
contents = st.builds(
    Content,
    url=words,
    sha256=hashes,
    size=st.integers(1, 2**40),
    duration=st.integers(1, 2**40),
    mime=names,
)
streams = st.builds(
    Stream,
    urls=st.lists(words, min_size=1, max_size=10).map(tuple),
    duration=st.integers(1, 2**40),
    silence=st.integers(0, 3_600_000),
)
sounds = contents.map(lambda one: {"content": one}) | streams.map(lambda one: {"stream": one})
common: dict[str, Any] = {"id": ids, "at": times}
ordered: dict[str, Any] = {"issuer": st.none() | ids, "seq": st.integers(0, 2**53 - 1), "not_before": times}
keys = st.text("ABCxyz019-_", min_size=43, max_size=43)
plays = st.builds(
    lambda sound, **rest: Play(**sound, **rest),
    sounds,
    **common,
    expires=times,
    level=percents,
    channel=names,
    start=times,
    begin_by=times,
    cut=st.booleans(),
    volume=st.none() | percents,
    areas=many,
    devices=many,
    title=words,
    drill=st.booleans(),
    **ordered,
)
spans = st.lists(st.builds(Span, start=times, end=times), max_size=3).map(tuple)
plans = st.builds(
    Plan,
    made=times,
    until=times,
    plays=st.lists(plays, max_size=3).map(tuple),
    quiet=spans,
    limits=st.lists(st.builds(Limit, start=times, end=times, most=percents), max_size=3).map(tuple),
    fetch=spans,
)
downs: st.SearchStrategy[Down] = st.one_of(
    plays,
    st.builds(
        Stop, **common, expires=times, broadcast=st.none() | ids, channel=names, areas=many, devices=many, **ordered
    ),
    st.builds(
        Keys,
        **common,
        device=st.none() | ids,
        version=st.integers(1, 2**31 - 1),
        authorities=st.lists(
            st.builds(Authority, place=ids, rank=st.integers(0, 100), key=keys, until=times, alone=st.booleans()),
            min_size=1,
            max_size=3,
        ).map(tuple),
        revoked=st.lists(keys, max_size=3).map(tuple),
    ),
    st.builds(
        Settings,
        **common,
        device=st.none() | ids,
        version=st.integers(1, 2**31 - 1),
        areas=many,
        volume=percents,
        vitals_every=st.integers(1, 86_400),
        proof=st.booleans(),
        warm_up=st.integers(0, 60_000),
        stagger=st.integers(0, 60_000),
        data_budget=st.none() | st.integers(1, 2**50),
    ),
    st.builds(
        NewPlan,
        **common,
        device=st.none() | ids,
        version=st.integers(1, 2**31 - 1),
        document=st.builds(Document, url=words, sha256=hashes, size=st.integers(1, 2**40)),
    ),
    st.builds(Ack, **common, seqs=st.lists(st.integers(1, 2**53 - 1), max_size=9).map(tuple)),
)
ups: st.SearchStrategy[Up] = st.one_of(
    st.builds(
        Receipt,
        **common,
        broadcast=ids,
        stage=st.sampled_from(Stage),
        seq=st.integers(1, 2**53 - 1),
        reason=st.sampled_from(Reason),
        detail=words,
        position=st.integers(0, 2**31 - 1),
        sha256=st.none() | hashes,
    ),
    st.builds(
        Vitals,
        **common,
        volume=st.none() | percents,
        playing=st.none() | ids,
        power=st.none() | names,
        temperature=st.none() | st.floats(allow_nan=False, allow_infinity=False),
        signal=st.none() | st.integers(-150, 0),
        disk_free=st.none() | st.integers(0, 2**50),
        clock_offset=st.none() | st.integers(-(2**50), 2**50),
        software=st.none() | names,
        held=st.none() | st.integers(0, 10_000),
        settings=st.integers(0, 2**31 - 1),
        plan=st.integers(0, 2**31 - 1),
        keys=st.integers(0, 2**31 - 1),
        planned_until=st.none() | times,
        planned_ready=st.none() | percents,
        data_used=st.none() | st.integers(0, 2**50),
    ),
    st.builds(
        Refusal,
        **common,
        reason=st.sampled_from(Reason),
        sha256=hashes,
        count=st.integers(1, 2**53 - 1),
        key=st.none() | keys,
        order=st.none() | ids,
    ),
    st.builds(Presence, **common, online=st.booleans(), software=st.none() | names),
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(letters),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(letters), inner, max_size=3),
    max_leaves=8,
)


def decode(message: Down | Up, data: bytes) -> Down | Up:
    return codec.decode_down(data) if isinstance(message, DOWN) else codec.decode_up(data)


@given(downs | ups)
def test_what_is_sent_is_what_is_heard(message: Down | Up) -> None:
    assert decode(message, codec.encode(message)) == message


@given(plans)
def test_a_plan_is_what_was_written(plan: Plan) -> None:
    data = codec.encode(plan)
    assert codec.decode_plan(data) == plan
    assert codec.encode(plan) == data


@pytest.mark.parametrize(
    "more",
    [
        {"stream": {"urls": ["x"], "duration": 1}},
        {"content": None},
        {"content": None, "stream": {"urls": [], "duration": 1}},
    ],
)
def test_an_order_has_one_sound(more: dict[str, Any]) -> None:
    plain = json.loads(codec.encode(examples.LEAST[0]))
    with pytest.raises(codec.Malformed):
        codec.decode_down(json.dumps(plain | more).encode())


def test_a_plan_over_the_limit_is_refused() -> None:
    with pytest.raises(codec.Malformed, match="limit"):
        codec.decode_plan(b" " * (codec.PLAN_LIMIT + 1))


@given(downs | ups)
def test_a_message_is_plain_json_with_its_type(message: Down | Up) -> None:
    plain = json.loads(codec.encode(message))
    assert plain["type"] == message.__struct_config__.tag
    assert plain["id"] == message.id


@given(downs | ups, st.dictionaries(st.text("_xyz", min_size=1), anything, max_size=4))
def test_unknown_fields_are_ignored(message: Down | Up, future: dict[str, Any]) -> None:
    plain = {**future, **json.loads(codec.encode(message)), **future}
    assert decode(message, json.dumps(plain).encode()) == message


@pytest.mark.parametrize("full", examples.FULL, ids=lambda message: message.__struct_config__.tag)
def test_only_what_has_no_default_is_required(full: Down | Up) -> None:
    plain = json.loads(codec.encode(full))
    for field in msgspec.structs.fields(type(full)):
        shorter = json.dumps({name: value for name, value in plain.items() if name != field.name}).encode()
        if field.required or field.name == "content":  # an order without either sound is none
            with pytest.raises(codec.Malformed, match=field.name):
                decode(full, shorter)
        else:
            assert getattr(decode(full, shorter), field.name) == field.default


@given(st.binary(max_size=300))
def test_arbitrary_bytes_raise_malformed_only(data: bytes) -> None:
    for decoder in (codec.decode_down, codec.decode_up):
        with pytest.raises(codec.Malformed):
            decoder(data)


@given(downs | ups, st.data())
def test_broken_messages_raise_malformed_only(message: Down | Up, data: st.DataObject) -> None:
    whole = codec.encode(message)
    at = data.draw(st.integers(0, len(whole) - 1))
    broken = whole[:at] + data.draw(st.binary(max_size=4)) + whole[at + data.draw(st.integers(0, 4)) :]
    with suppress(codec.Malformed):
        assert decode(message, broken).id


@given(anything)
def test_any_json_is_a_message_or_malformed(value: Any) -> None:
    for decoder in (codec.decode_down, codec.decode_up):
        with pytest.raises(codec.Malformed):
            decoder(json.dumps(value).encode())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"{}",
        b'{"type":"dance","id":"' + b"0" * 32 + b'","at":0}',
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b'{"type":"ack","id":"' + b"0" * 32 + b'","at":1e999,"seqs":[]}',
        b'{"type":"ack","id":"' + b"0" * 32 + b'","at":' + b"9" * 5000 + b',"seqs":[]}',
        b'{"type":"ack","id":"\\ud800","at":1,"seqs":[]}',
        b"\xff\xfe\x00",
        b" " * codec.LIMIT,
    ],
    ids=range(11),
)
def test_hostile_bytes(data: bytes) -> None:
    for decoder in (codec.decode_down, codec.decode_up):
        with pytest.raises(codec.Malformed):
            decoder(data)


@pytest.mark.parametrize("message", examples.LEAST, ids=lambda message: message.__struct_config__.tag)
def test_the_limit_is_exact(message: Down | Up) -> None:
    data = codec.encode(message)
    assert decode(message, data + b" " * (codec.LIMIT - len(data))) == message
    with pytest.raises(codec.Malformed, match="limit"):
        decode(message, data + b" " * (codec.LIMIT - len(data) + 1))


def test_up_is_not_down() -> None:
    with pytest.raises(codec.Malformed):
        codec.decode_up(codec.encode(examples.LEAST[0]))
    with pytest.raises(codec.Malformed):
        codec.decode_down(codec.encode(examples.LEAST[-1]))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "ABCDEF0123456789ABCDEF0123456789"),
        ("id", "0" * 31),
        ("id", "0" * 32 + "\n"),
        ("at", -1),
        ("at", 253_402_300_800_000),
        ("at", 1.5),
        ("at", "1"),
        ("at", True),
        ("level", 101),
        ("volume", -1),
        ("title", "x" * 501),
        ("areas", ["x"]),
        ("content", None),
    ],
)
def test_bounds_are_kept(field: str, value: Any) -> None:
    plain = {**json.loads(codec.encode(examples.FULL[0])), field: value}
    with pytest.raises(codec.Malformed):
        codec.decode_down(json.dumps(plain).encode())


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("receipt", "seq", 2**53),
        ("receipt", "position", 2**31),
        ("vitals", "disk_free", 2**63),
        ("vitals", "clock_offset", -(2**63)),
        ("vitals", "held", 2**31),
        ("vitals", "settings", 2**31),
    ],
)
def test_numbers_that_fit_no_column_are_malformed(kind: str, field: str, value: int) -> None:
    message = json.loads(examples.golden()[f"{kind}.full.json"])
    with pytest.raises(codec.Malformed):
        codec.decode_up(json.dumps({**message, field: value}).encode())
