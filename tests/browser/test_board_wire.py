"""A board's page understands and believes exactly what every other device does: real Chromium beside the core."""

import json
import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace
from playwright.sync_api import Page

from nguon.channels.board import schemas
from nguon.wire import codec, seal, trust
from nguon.wire.codec import Malformed
from nguon.wire.docs import HERE
from nguon.wire.messages import Keys, Play
from nguon.wire.trust import Ring, Untrusted
from tests.authority import (
    ABOVE,
    ANNA,
    BINH,
    CHI,
    EVER,
    KEYS,
    OWN,
    PLACE,
    RING,
    STRANGER,
    TOP,
    by_people,
    by_place,
    delegate,
)
from tests.browser.board import b64, run, served
from tests.browser.board_core import whole
from tests.browser.screen import chromium

pytestmark = [pytest.mark.browser]
NOW = 1_795_424_400_000
DOWN = ("play", "stop", "settings", "new-plan", "keys", "ack")
GOLDEN = [(HERE / "golden" / f"{name}.{size}.json").read_bytes() for name in DOWN for size in ("full", "least")]
PLANS = [(HERE / "golden" / f"plan.{size}.json").read_bytes() for size in ("full", "least")]


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with chromium() as browser, served() as url:
        found = browser.new_page()
        found.goto(f"{url}/wire/bytes.js")
        yield found


def understood(decode: Any, data: bytes) -> Any:
    try:
        return whole(decode(data))
    except Malformed:
        return None


def test_the_schemas_are_current() -> None:
    assert schemas.render() == schemas.FILE.read_text(), "python -m nguon.channels.board.schemas"


ODD: list[Any] = [
    *(None, True, False, 0, 1, -1, 1.5, 101, 1 << 53, 1 << 70, "", "a", "d" * 32, "D" * 32, "d" * 33, "d" * 32 + "\n"),
    *("ô" * 500, "ô" * 501, "𝔸" * 500, [], [None], {}, {"a": 1}, ["d" * 32], "play", "stop", "__proto__"),
]


def bent(chance: random.Random, value: Any) -> Any:
    """The same with one thing changed somewhere."""
    if isinstance(value, dict) and value and chance.random() < 0.9:
        made, name = dict(value), chance.choice(sorted(value))
        how = chance.random()
        if how < 0.15:
            del made[name]
        elif how < 0.25:
            made[chance.choice(["neu", "constructor", "__proto__", name])] = chance.choice(ODD)
        else:
            made[name] = bent(chance, value[name])
        return made
    if isinstance(value, list) and value and chance.random() < 0.8:
        index = chance.randrange(len(value))
        return [*value[:index], bent(chance, value[index]), *value[index + 1 :]]
    return chance.choice(ODD)


def broken(chance: random.Random, data: bytes) -> bytes:
    """The same with one byte changed, added or lost."""
    at = chance.randrange(len(data))
    return (
        data[:at]
        + chance.choice([b"", bytes([chance.randrange(256)]), b'"', b"\xff", data[at : at + 1] * 2])
        + data[at + 1 :]
    )


def variants(originals: list[bytes], count: int) -> list[bytes]:
    chance = random.Random(20261126)
    made = list(originals)
    while len(made) < count:
        data = chance.choice(originals)
        for _ in range(chance.choice((1, 1, 2))):
            if chance.random() < 0.2:
                data = broken(chance, data)
            else:
                try:
                    data = json.dumps(bent(chance, json.loads(data)), ensure_ascii=chance.random() < 0.3).encode()
                except ValueError:
                    break
        if data:
            made.append(data)
    return made


LONG = re.compile(r"(?<![0-9a-f\"])[0-9]{16,}(?![0-9a-f])")  # no part of an id or a hash


def stricter(data: bytes) -> bool:
    """Whether a browser may refuse what the core takes: letters that are none, and numbers larger than it can keep."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return True
    return any(int(number) >= 1 << 53 for number in LONG.findall(text))


@pytest.mark.parametrize("kind", ["down", "plan", "delegate"])
def test_what_is_understood(page: Page, kind: str) -> None:
    """Thousands of messages, whole and broken: accepted or refused by both, with the same meaning."""
    delegates = [seal.unwrap(delegate(ANNA)).payload]
    originals = {"down": GOLDEN, "plan": PLANS, "delegate": delegates}[kind]
    decode, name = {
        "down": (codec.decode_down, "decodeDown"),
        "plan": (codec.decode_plan, "decodePlan"),
        "delegate": (codec.decode_delegate, "decodeDelegate"),
    }[kind]
    cases = variants(originals, 3_000)
    ours = [understood(decode, data) for data in cases]
    theirs = run(
        page,
        """const { Malformed } = await wire("bytes");
        const decode = (await wire("shapes"))[argument.name];
        return argument.cases.map((one) => {
          try { return decode(bytes(one)); }
          catch (error) { if (error instanceof Malformed) return null; throw error; }
        });""",
        {"name": name, "cases": [b64(data) for data in cases]},
    )
    three = zip(cases, ours, theirs, strict=True)
    assert [each for each in three if each[1] != each[2] and not (each[2] is None and stricter(each[0]))] == []
    assert sum(each is not None for each in ours) > 200
    assert sum(each is None for each in ours) > 200


def an_order(**changes: Any) -> Play:
    order = codec.decode_down(GOLDEN[0])
    assert isinstance(order, Play)
    return replace(order, issuer=PLACE, **changes)


def claims() -> dict[str, tuple[Ring, bytes, int]]:
    """Who may have signed what, and when it is heard."""
    payload = codec.encode(an_order())
    revoked = trust.anchored(replace(KEYS, revoked=(OWN.kid,)))
    no_more = trust.anchored(replace(KEYS, revoked=(ANNA.kid,)))
    ended = trust.anchored(
        Keys(id=KEYS.id, at=0, version=1, authorities=tuple(replace(one, until=NOW) for one in KEYS.authorities))
    )
    soon, past = delegate(ANNA, at=NOW + trust.SKEW + 1), delegate(ANNA, until=NOW)
    foreign, elsewhere = delegate(ANNA, STRANGER), delegate(ANNA, OWN, place=ABOVE)
    good = seal.unwrap(by_place(payload))
    other = codec.encode(an_order(title="Một lệnh khác"))
    found = {
        "both authorities": (RING, by_place(payload), NOW),
        "one": (RING, by_place(payload, OWN), NOW),
        "two people": (RING, by_people(payload, ANNA, BINH), NOW),
        "three": (RING, by_people(payload, ANNA, BINH, CHI), NOW),
        "the same person twice": (RING, by_people(payload, ANNA, ANNA), NOW),
        "nobody": (RING, seal.wrap(payload), NOW),
        "a stranger": (RING, by_place(payload, STRANGER), NOW),
        "a stranger and one of ours": (RING, by_place(payload, STRANGER, TOP), NOW),
        "a key taken back": (revoked, by_place(payload, OWN), NOW),
        "a person's key taken back": (no_more, by_people(payload, ANNA), NOW),
        "keys that ended": (ended, by_place(payload), NOW),
        "the last moment": (ended, by_place(payload), NOW - 1),
        "nobody is believed": (Ring(), by_place(payload), NOW),
        "other words": (RING, seal.wrap(other, good.signatures), NOW),
        "a word from the future": (RING, seal.wrap(payload, (ANNA.sign(payload, soon),)), NOW),
        "nearly": (RING, seal.wrap(payload, (ANNA.sign(payload, delegate(ANNA, at=NOW + trust.SKEW)),)), NOW),
        "a word that ended": (RING, seal.wrap(payload, (ANNA.sign(payload, past),)), NOW),
        "a stranger's word": (RING, seal.wrap(payload, (ANNA.sign(payload, foreign),)), NOW),
        "a word for another place": (RING, seal.wrap(payload, (ANNA.sign(payload, elsewhere),)), NOW),
        "a word for another key": (RING, seal.wrap(payload, (BINH.sign(payload, delegate(ANNA)),)), NOW),
        "a person without a word": (RING, seal.wrap(payload, (ANNA.sign(payload),)), NOW),
        "a word that is none": (RING, seal.wrap(payload, (ANNA.sign(payload, b"{}"),)), NOW),
        "a word about nothing": (RING, seal.wrap(payload, (ANNA.sign(payload, by_place(b"{}", OWN)),)), NOW),
        "no message": (RING, b"\x00\x01", NOW),
        "no seal": (RING, payload, NOW),
    }
    chance = random.Random(7)
    for name in ("both authorities", "two people"):
        ring, data, at = found[name]
        found |= {f"{name}, broken {number}": (ring, broken(chance, data), at) for number in range(150)}
    return found


def believed(ring: Ring, data: bytes, now: int) -> Any:
    try:
        by = trust.opened(ring, data, now)
    except Malformed:
        return "malformed"
    except Untrusted as doubt:
        return doubt.reason.value
    return [sorted(one.place for one in by.authorities), sorted(by.people.items()), b64(by.payload)]


OPENED = """const { Malformed, toBase64Url } = await wire("bytes");
const { Untrusted, opened } = await wire("trust");
const found = {};
for (const [name, one] of Object.entries(argument)) {
  try {
    const by = await opened(one.ring, bytes(one.data), one.now);
    const payload = btoa(String.fromCharCode(...by.payload));
    found[name] = [by.authorities.map((each) => each.place).sort(), [...by.people].sort(), payload];
  } catch (error) {
    if (error instanceof Malformed) found[name] = "malformed";
    else if (error instanceof Untrusted) found[name] = error.reason;
    else throw error;
  }
}
return found;"""


def test_who_is_believed(page: Page) -> None:
    """The same signers counted, the same claims refused for the same reason."""
    cases = claims()
    ours = {name: believed(*case) for name, case in cases.items()}
    given = {name: {"ring": whole(ring), "data": b64(data), "now": now} for name, (ring, data, now) in cases.items()}
    theirs = run(page, OPENED, given)
    for name, mine in ours.items():
        other = theirs[name]
        if isinstance(other, list):
            other = [other[0], [tuple(each) for each in other[1]], other[2]]
        same = other == mine or (other == "malformed" and (isinstance(mine, str) or stricter(cases[name][1])))
        assert same, (name, mine, other, cases[name][1])
    assert isinstance(ours["two people"], list)
    assert sum(isinstance(each, str) for each in ours.values()) > 100


@pytest.mark.parametrize("level", [40, 90])
@pytest.mark.parametrize("drill", [False, True])
@pytest.mark.parametrize("issuer", [PLACE, ABOVE, "f" * 32, None])
def test_who_may_order_what(page: Page, level: int, drill: bool, issuer: str | None) -> None:
    order = replace(an_order(level=level, drill=drill), issuer=issuer)
    payload = codec.encode(order)
    sealed = {
        "own": by_place(payload, OWN),
        "top": by_place(payload, TOP),
        "both": by_place(payload),
        "one": by_people(payload, ANNA),
        "two": by_people(payload, ANNA, BINH),
    }
    ours = {}
    for name, data in sealed.items():
        by = trust.opened(RING, data, NOW)
        rank = trust.rank_of(RING, by)
        ours[name] = [trust.doubt(RING, order, by).value, rank, trust.outranked(RING, order, rank)]
    theirs = run(
        page,
        """const { doubtOf, opened, outranked, rankOf } = await wire("trust");
        const { decodeDown } = await wire("shapes");
        const found = {};
        for (const [name, data] of Object.entries(argument.sealed)) {
          const by = await opened(argument.ring, bytes(data), argument.now);
          const order = decodeDown(by.payload);
          const rank = rankOf(argument.ring, by);
          found[name] = [doubtOf(argument.ring, order, by), rank, outranked(argument.ring, order, rank)];
        }
        return found;""",
        {"ring": whole(RING), "now": NOW, "sealed": {name: b64(data) for name, data in sealed.items()}},
    )
    assert theirs == ours


def test_keys_are_followed(page: Page) -> None:
    newer = replace(KEYS, version=2, authorities=(replace(KEYS.authorities[0], until=EVER - 1), *KEYS.authorities[1:]))
    payload = codec.encode(newer)
    cases = {"top": by_place(payload, TOP), "own": by_place(payload, OWN), "again": by_place(codec.encode(KEYS), TOP)}
    theirs = run(
        page,
        """const { Untrusted, learn, opened } = await wire("trust");
        const { decodeDown } = await wire("shapes");
        const found = {};
        for (const [name, data] of Object.entries(argument.cases)) {
          const by = await opened(argument.ring, bytes(data), argument.now);
          try { found[name] = learn(argument.ring, decodeDown(by.payload), by); }
          catch (error) { if (error instanceof Untrusted) found[name] = error.reason; else throw error; }
        }
        return found;""",
        {"ring": whole(RING), "now": NOW, "cases": {name: b64(data) for name, data in cases.items()}},
    )
    assert theirs == {"top": whole(trust.anchored(newer)), "own": "rank", "again": "replayed"}
