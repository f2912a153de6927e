"""The bytes of an entry, its digest and the reading of a chain."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon.journal.rules import GENESIS, Chain, Fault, Row, canonical, digest, plain

NOW = datetime(2026, 11, 23, 1, 2, 3, 456789, UTC)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | WORDS | st.floats(-1e14, 1e14),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)


def row(**changes: Any) -> Row:
    said = {"actor": "1", "actor_name": "Lan", "verb": "a.b", "subject": "a.c:1", "place": None}
    return Row(**{"at": NOW, "before": {}, "after": {}, **said, **changes})


@given(st.dictionaries(WORDS, VALUES, max_size=4))
def test_what_the_database_gives_back_has_the_same_bytes(after: dict[str, Any]) -> None:
    kept = plain(after)
    back = json.loads(json.dumps(kept))
    assert canonical(row(after=kept)) == canonical(row(after=back))
    assert plain(kept) == kept


def test_order_of_keys_and_zone_of_the_clock_do_not_matter() -> None:
    there = NOW.astimezone(timezone(timedelta(hours=7)))
    assert canonical(row(after={"a": 1, "b": 2})) == canonical(row(at=there, after={"b": 2, "a": 1}))


@pytest.mark.parametrize(
    "change",
    [
        {"at": NOW + timedelta(microseconds=1)},
        {"actor": "2"},
        {"actor_name": "Lân"},
        {"verb": "a.c"},
        {"subject": "a.c:2"},
        {"place": UUID(int=1)},
        {"before": {"x": None}},
        {"after": {"x": 0}},
    ],
)
def test_every_field_is_in_the_digest(change: dict[str, Any]) -> None:
    assert digest(GENESIS, row(**change)) != digest(GENESIS, row())
    assert digest("f" * 64, row()) != digest(GENESIS, row())


def test_things_are_kept_as_words() -> None:
    kept = plain(
        {"id": UUID(int=7), "day": date(2025, 7, 1), "at": NOW, "kind": Fault.CUT, "set": {"b", "a"}, "zero": -0.0}
    )
    assert kept["id"] == str(UUID(int=7))
    assert (kept["day"], kept["at"], kept["kind"]) == ("2025-07-01", "2026-11-23T01:02:03.456+00:00", "cut")
    assert kept["set"] == ["a", "b"]
    assert str(kept["zero"]) == "0.0"


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 1e300])
def test_numbers_that_would_come_back_differently_are_refused(number: float) -> None:
    with pytest.raises(ValueError, match="cannot keep"):
        plain({"x": number})


def test_a_chain_stops_at_the_first_broken_row() -> None:
    rows = [row(verb=f"a.{number}") for number in range(3)]
    sealed = [GENESIS]
    for one in rows:
        sealed.append(digest(sealed[-1], one))
    chain = Chain()
    assert chain.read(1, sealed[0], sealed[1], rows[0]) is None
    assert chain.read(3, sealed[2], sealed[3], rows[2]) is Fault.MISSING
    assert chain.read(2, sealed[1], sealed[2], rows[0]) is Fault.ALTERED
    assert (chain.last_row, chain.checked) == (1, 1)
    assert chain.broken(Fault.MISSING, 3, elsewhere=True).fault is Fault.MISPLACED
    assert chain.broken(Fault.MISSING, 3, elsewhere=False).fault is Fault.MISSING
