"""Whom a device believes: every way to be somebody else, tried."""

import json
from base64 import b64encode, urlsafe_b64encode
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from nguon.wire import codec, examples, seal, trust
from nguon.wire.messages import Content, Keys, Play, Reason, Stop
from tests import authority as by

NOW = 1_700_000_000_000
PLAY = Play(
    id="1" * 32,
    at=NOW,
    expires=NOW + 60_000,
    level=40,
    content=Content(url="/x", sha256="a" * 64, size=1, duration=1_000),
    areas=(by.PLACE,),
    issuer=by.PLACE,
)
EMERGENCY = replace(PLAY, level=90)
DATA = codec.encode(PLAY)


def refused(data: bytes, ring: trust.Ring = by.RING, now: int = NOW) -> Reason:
    with pytest.raises(trust.Untrusted) as caught:
        trust.opened(ring, data, now)
    return caught.value.reason


def doubted(order: Play | Stop, data: bytes, ring: trust.Ring = by.RING) -> Reason:
    return trust.doubt(ring, order, trust.opened(ring, data, NOW))


def test_what_an_authority_signed_is_what_was_sent() -> None:
    opened = trust.opened(by.RING, by.by_place(DATA, by.OWN), NOW)
    assert opened.payload == DATA
    assert [each.place for each in opened.authorities] == [by.PLACE]
    assert trust.doubt(by.RING, PLAY, opened) is Reason.NONE


def test_the_golden_files_are_believed_by_those_they_are_for() -> None:
    golden = examples.golden()
    keys = codec.decode_down(golden["keys.full.json"])
    assert isinstance(keys, Keys)
    ring = trust.anchored(replace(keys, revoked=()))
    at = keys.at
    for name in ("sealed.play.json", "sealed.emergency.json", "sealed.keys.json"):
        opened = trust.opened(ring, golden[name], at)
        message = codec.decode_down(opened.payload)
        if isinstance(message, Play):
            assert trust.doubt(ring, message, opened) is Reason.NONE
    assert len(trust.opened(trust.anchored(keys), golden["sealed.emergency.json"], at).people) == 1  # one was revoked


@given(st.integers(0, len(DATA) - 1), st.integers(1, 255))
def test_a_changed_bit_of_the_payload(at: int, mask: int) -> None:
    other = DATA[:at] + bytes([DATA[at] ^ mask]) + DATA[at + 1 :]
    assert refused(seal.wrap(other, (by.OWN.sign(DATA),))) is Reason.FORGED


def parts(data: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(data)
    return found


def header(**values: str) -> str:
    return urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize("alg", ["none", "HS256", "EdDSA", "ES256", ""])
def test_another_algorithm_is_no_signature(alg: str) -> None:
    message = parts(by.by_place(DATA, by.OWN))
    message["signatures"][0]["protected"] = header(alg=alg, kid=by.OWN.kid)
    assert refused(json.dumps(message).encode()) is Reason.UNKNOWN_KEY


def test_the_public_key_used_as_a_shared_secret() -> None:
    """The classic confusion: HMAC with what everybody knows."""
    import hmac

    protected, payload = header(alg="HS256", kid=by.OWN.kid), parts(seal.wrap(DATA))["payload"]
    mac = hmac.digest(by.OWN.public.encode(), f"{protected}.{payload}".encode(), "sha256")
    forged = seal.Signature(protected, urlsafe_b64encode(mac).decode().rstrip("="))
    assert refused(seal.wrap(DATA, (forged,))) is Reason.UNKNOWN_KEY


def test_unsigned_and_half_signed() -> None:
    assert refused(seal.wrap(DATA)) is Reason.UNSIGNED
    assert refused(b'{"payload":"e30"}') is Reason.UNSIGNED
    empty = seal.Signature(header(alg="Ed25519", kid=by.OWN.kid), "")
    assert refused(seal.wrap(DATA, (empty,))) is Reason.FORGED


@pytest.mark.parametrize("signature", ["", "A", "AAAA", "!" * 86, "A" * 10_000])
def test_signatures_that_are_none(signature: str) -> None:
    one = seal.Signature(header(alg="Ed25519", kid=by.OWN.kid), signature)
    assert refused(seal.wrap(DATA, (one,))) is Reason.FORGED


def test_a_stranger_and_a_stranger_who_takes_our_name() -> None:
    assert refused(by.by_place(DATA, by.STRANGER)) is Reason.UNKNOWN_KEY
    message = parts(by.by_place(DATA, by.STRANGER))
    message["signatures"][0]["protected"] = header(alg="Ed25519", kid=by.OWN.kid)
    assert refused(json.dumps(message).encode()) is Reason.FORGED


def test_a_signature_that_does_not_count_takes_nothing_from_one_that_does() -> None:
    signatures = (by.STRANGER.sign(DATA), by.OWN.sign(DATA))
    assert len(trust.opened(by.RING, seal.wrap(DATA, signatures), NOW).authorities) == 1


def test_more_signatures_than_any_message_of_ours_has() -> None:
    with pytest.raises(codec.Malformed):
        trust.opened(by.RING, seal.wrap(DATA, (by.OWN.sign(DATA),) * (seal.SIGNATURES + 1)), NOW)


def test_a_key_counts_until_its_end() -> None:
    chain = (by.CHAIN[0], replace(by.CHAIN[1], until=NOW))
    ring = trust.anchored(replace(by.KEYS, authorities=chain))
    assert refused(by.by_place(DATA, by.OWN), ring) is Reason.KEY_OVER
    assert trust.opened(ring, by.by_place(DATA, by.OWN), NOW - 1).authorities


def test_nobody_is_believed_without_keys() -> None:
    assert refused(by.by_place(DATA), trust.Ring()) is Reason.UNKNOWN_KEY


# people


def test_an_emergency_takes_two_people() -> None:
    data = codec.encode(EMERGENCY)
    assert doubted(EMERGENCY, by.by_people(data, by.ANNA, by.BINH)) is Reason.NONE
    assert doubted(EMERGENCY, by.by_people(data, by.ANNA)) is Reason.SIGNERS
    assert doubted(EMERGENCY, by.by_people(data, by.ANNA, by.ANNA)) is Reason.SIGNERS
    assert doubted(EMERGENCY, by.by_place(data, by.OWN)) is Reason.SIGNERS


def test_two_keys_of_one_person_are_one_signer() -> None:
    data = codec.encode(EMERGENCY)
    other = seal.SigningKey(bytes([14]) * 32)
    by.NAMES[other.kid] = by.NAMES[by.ANNA.kid]
    signed = tuple(key.sign(data, by.delegate(key)) for key in (by.ANNA, other))
    assert doubted(EMERGENCY, seal.wrap(data, signed)) is Reason.SIGNERS


def test_an_authority_above_that_has_its_own_two() -> None:
    order = replace(EMERGENCY, issuer=by.ABOVE)
    data = codec.encode(order)
    assert doubted(order, by.by_place(data, by.TOP)) is Reason.NONE
    without = trust.anchored(replace(by.KEYS, authorities=(replace(by.CHAIN[0], alone=False), by.CHAIN[1])))
    assert doubted(order, by.by_place(data, by.TOP), without) is Reason.SIGNERS
    itself = trust.anchored(replace(by.KEYS, authorities=(by.CHAIN[0],)))  # nobody above it watches it
    assert doubted(order, by.by_place(data, by.TOP), itself) is Reason.SIGNERS


def test_a_drill_takes_one() -> None:
    drill = replace(EMERGENCY, drill=True)
    assert doubted(drill, by.by_people(codec.encode(drill), by.ANNA)) is Reason.NONE


def test_people_have_no_say_below_emergencies_but_silence() -> None:
    assert doubted(PLAY, by.by_people(DATA, by.ANNA, by.BINH)) is Reason.RANK
    stop = Stop(id="2" * 32, at=NOW, expires=NOW + 1, issuer=by.PLACE)
    assert doubted(stop, by.by_people(codec.encode(stop), by.ANNA)) is Reason.NONE


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (by.delegate(by.BINH), Reason.UNKNOWN_KEY),  # another's
        (by.delegate(by.ANNA, by.STRANGER), Reason.UNKNOWN_KEY),
        (by.delegate(by.ANNA, by.TOP), Reason.UNKNOWN_KEY),  # an authority vouches for its own people only
        (by.delegate(by.ANNA, place=by.ABOVE), Reason.UNKNOWN_KEY),
        (by.delegate(by.ANNA, until=NOW), Reason.KEY_OVER),
        (by.delegate(by.ANNA, at=NOW + trust.SKEW + 1), Reason.KEY_OVER),
        (seal.wrap(b"{}", (by.OWN.sign(b"{}"),)), Reason.UNKNOWN_KEY),
        (b"{}", Reason.UNKNOWN_KEY),
    ],
    ids=range(8),
)
def test_people_nobody_vouches_for(statement: bytes, reason: Reason) -> None:
    assert refused(seal.wrap(DATA, (by.ANNA.sign(DATA, statement),))) is reason


def test_a_statement_whose_words_were_changed() -> None:
    good = parts(by.delegate(by.ANNA))
    good["payload"] = parts(by.delegate(by.BINH))["payload"]
    signature = by.BINH.sign(DATA, json.dumps(good).encode())
    assert refused(seal.wrap(DATA, (signature,))) is Reason.FORGED


def test_a_person_whose_key_was_taken_back() -> None:
    ring = trust.anchored(replace(by.KEYS, revoked=(by.ANNA.kid,)))
    assert refused(by.by_people(DATA, by.ANNA), ring) is Reason.KEY_OVER


def test_a_header_that_is_no_statement() -> None:
    odd = seal.Signature(by.ANNA.sign(DATA).protected, by.ANNA.sign(DATA).signature, seal.Header("đường"))
    assert refused(seal.wrap(DATA, (odd,))) is Reason.UNKNOWN_KEY
    deep = seal.Header(b64encode(b"[" * 50_000).decode())
    assert refused(seal.wrap(DATA, (replace(odd, header=deep),))) is Reason.UNKNOWN_KEY


# who may say what


def test_the_issuer_is_who_signs() -> None:
    assert doubted(PLAY, by.by_place(DATA, by.TOP)) is Reason.ISSUER
    nobody = replace(PLAY, issuer=None)
    assert doubted(nobody, by.by_place(codec.encode(nobody))) is Reason.ISSUER


def learned(keys: Keys, *signers: seal.SigningKey, ring: trust.Ring = by.RING) -> trust.Ring:
    return trust.learn(ring, keys, trust.opened(ring, by.by_place(codec.encode(keys), *signers), NOW))


def test_keys_are_followed_from_one_to_the_next() -> None:
    fresh = seal.SigningKey(bytes([4]) * 32)
    chain = (replace(by.CHAIN[0], key=fresh.public), by.CHAIN[1])
    after = learned(replace(by.KEYS, version=2, authorities=chain), by.TOP)
    assert refused(by.by_place(DATA, by.TOP), after) is Reason.UNKNOWN_KEY
    back = replace(by.KEYS, version=3)
    with pytest.raises(trust.Untrusted):  # the key that was taken back does not come back by its own word
        learned(back, by.TOP, ring=after)
    assert learned(back, fresh, ring=after).version == 3


@pytest.mark.parametrize(
    ("version", "signer", "reason"),
    [(2, by.OWN, Reason.RANK), (1, by.TOP, Reason.REPLAYED), (2, by.STRANGER, Reason.UNKNOWN_KEY)],
)
def test_keys_are_the_topmost_authoritys_word_and_no_old_one(
    version: int, signer: seal.SigningKey, reason: Reason
) -> None:
    with pytest.raises(trust.Untrusted) as caught:
        learned(replace(by.KEYS, version=version), signer)
    assert caught.value.reason is reason


def test_a_plan_is_an_authoritys() -> None:
    plan = examples.golden()["plan.full.json"]
    assert trust.plan_of(by.RING, by.by_place(plan, by.OWN), NOW) == plan
    with pytest.raises(trust.Untrusted):
        trust.plan_of(by.RING, by.by_people(plan, by.ANNA, by.BINH), NOW)
    with pytest.raises(trust.Untrusted):
        trust.plan_of(by.RING, seal.wrap(plan), NOW)


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_refused_in_one_of_two_ways(data: bytes) -> None:
    with pytest.raises((codec.Malformed, trust.Untrusted)):
        trust.opened(by.RING, data, NOW)
    with pytest.raises(trust.Untrusted):
        trust.opened(by.RING, seal.wrap(data), NOW)


MOMENTS = st.integers(NOW - 400_000, NOW + 400_000)


@settings(deadline=None)
@given(
    moments=st.lists(MOMENTS, min_size=1, max_size=8),
    ends=st.lists(MOMENTS, min_size=2, max_size=2),
    words=st.lists(st.tuples(MOMENTS, MOMENTS), min_size=2, max_size=2),
)
def test_what_is_remembered_of_the_same_bytes_is_what_would_be_found_anew(
    moments: list[int], ends: list[int], words: list[tuple[int, int]]
) -> None:
    """Whatever begins and ends in between, and in whatever order a clock shows the moments."""
    chain = tuple(replace(each, until=until) for each, until in zip(by.CHAIN, ends, strict=True))
    ring = trust.Ring(version=1, authorities=chain)
    people = (by.ANNA, by.BINH)
    data = seal.wrap(
        DATA,
        tuple(
            one.sign(DATA, by.delegate(one, at=at, until=until)) for one, (at, until) in zip(people, words, strict=True)
        ),
    )
    for now in moments:
        assert judged(ring, data, now, codec.LIMIT) == judged(ring, data, now, codec.LIMIT + 1)  # this one forgets


def judged(ring: trust.Ring, data: bytes, now: int, limit: int) -> trust.Opened | Reason:
    try:
        return trust.opened(ring, data, now, limit)
    except trust.Untrusted as error:
        return error.reason
