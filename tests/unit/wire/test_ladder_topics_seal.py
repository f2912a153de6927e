"""The ladder is a total order, topics go there and back, the seal keeps every byte."""

import json
from base64 import urlsafe_b64decode
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon.wire import codec, examples, ladder, seal, topics
from nguon.wire.ladder import Level, precedence

ids = st.text("0123456789abcdef", min_size=32, max_size=32)
moments = st.integers(0, 2**50)
claims = st.tuples(st.integers(0, 100), st.booleans(), moments, moments, ids)
payloads = st.binary(max_size=2000)


def test_the_rungs_are_those_of_the_house_from_high_to_low() -> None:
    assert [level.value for level in Level] == [100, 90, 80, 60, 40, 30, 10, 0]
    assert all(higher > lower for higher, lower in pairwise(Level))


@given(st.lists(claims, min_size=1, max_size=30, unique=True))
def test_precedence_is_a_total_order(some: list[tuple[int, bool, int, int, str]]) -> None:
    order = sorted(some, key=lambda claim: precedence(*claim))
    assert len({precedence(*claim) for claim in some}) == len(some)  # no two are equal
    for first, second in pairwise(order):
        assert first[0] >= second[0]
        if first[0] == second[0]:
            assert first[1] >= second[1]  # what has begun
            if first[1] == second[1]:
                assert first[2:] < second[2:]  # due first, issued first, smaller id


def test_a_stop_outranks_everything() -> None:
    assert min(ladder.Level, key=lambda level: precedence(level, False, 0, 0, "")) is Level.STOP


@given(ids, st.sampled_from(["receipt", "vitals", "presence"]))
def test_an_uplink_topic_names_its_sender(device: str, what: str) -> None:
    topic = topics.up(device, what)
    assert topics.sender(topic) == (device, what)
    assert matches(topics.UPLINK, topic)
    assert [matches(t, topic) for t in (topics.RECEIPTS, topics.VITALS, topics.PRESENCE)].count(True) == 1


@given(ids)
def test_other_topics_have_no_sender(one: str) -> None:
    for topic in (
        topics.down(one),
        topics.area(one, "speaker"),
        "",
        "/" * 5,
        "a/b/dev/c/down/d",
        topics.up(one, "receipt") + "/x",
    ):
        assert not matches(topics.UPLINK, topic)
        with pytest.raises(ValueError, match="uplink"):
            topics.sender(topic)


def matches(pattern: str, topic: str) -> bool:
    ours, theirs = pattern.split("/"), topic.split("/")
    return len(ours) == len(theirs) and all(a in ("+", b) for a, b in zip(ours, theirs, strict=True))


@given(payloads)
def test_the_seal_keeps_the_exact_bytes(payload: bytes) -> None:
    opened = seal.unwrap(seal.wrap(payload))
    assert opened.payload == payload
    assert opened.signatures == ()


@given(payloads)
def test_the_form_is_jws_json_with_base64url_without_padding(payload: bytes) -> None:
    plain = json.loads(seal.wrap(payload, (seal.Signature("e30", "AAAA"),)))
    assert plain["signatures"] == [{"protected": "e30", "signature": "AAAA"}]
    assert not set(plain["payload"]) & set("+/=")
    assert urlsafe_b64decode(plain["payload"] + "==") == payload


@given(st.binary(max_size=400))
def test_arbitrary_bytes_under_no_seal(data: bytes) -> None:
    with pytest.raises(codec.Malformed):
        seal.unwrap(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b'{"payload":1}',
        b'{"payload":"A"}',
        b'{"payload":"e3!0"}',
        b'{"payload":"e30==="}',
        '{"payload":"đường"}'.encode(),
        b'{"payload":"","signatures":{}}',
        b"[" * 100_000,
        b'{"payload":"' + b"A" * (2 * codec.LIMIT) + b'"}',
    ],
    ids=range(11),
)
def test_what_is_not_sealed_is_malformed(data: bytes) -> None:
    with pytest.raises(codec.Malformed):
        seal.unwrap(data)


def test_every_order_that_fits_the_codec_fits_the_seal() -> None:
    data = codec.encode(examples.FULL[0])
    largest = data + b" " * (codec.LIMIT - len(data))
    assert codec.decode_down(seal.unwrap(seal.wrap(largest)).payload) == examples.FULL[0]
