"""Comparing prints: copies that were cut, shifted, drifted or damaged are alike; others are not."""

import random
import struct

from hypothesis import given
from hypothesis import strategies as st

from nguon.archive import prints
from nguon.archive.prints import Alike, anchors, compare, marks

STEP = prints.STEP_MS


def made(seed: int, count: int) -> list[int]:
    source = random.Random(seed)
    return [source.getrandbits(32) for _ in range(count)]


def packed(values: list[int]) -> bytes:
    return struct.pack(f"<{len(values)}I", *values)


def damaged(values: list[int], share: float, seed: int = 9) -> list[int]:
    """The values with about so many of their bits the other way."""
    source = random.Random(seed)
    return [value ^ sum(1 << bit for bit in range(32) if source.random() < share) for value in values]


def met(one: list[int], other: list[int]) -> Alike | None:
    """What the search would say of two prints."""
    where: dict[int, list[int]] = {}
    for value, at in marks(packed(one)):
        where.setdefault(value, []).append(at)
    hits = [(at, there) for value, there in marks(packed(other)) for at in where.get(value, ())]
    return compare(packed(one), packed(other), anchors(hits))


def test_a_copy_is_the_same_and_begins_where_it_begins() -> None:
    whole = made(1, 2000)
    alike = met(whole, whole)
    assert alike is not None
    assert (alike.share, alike.offset_ms, alike.same, alike.part) == (1, 0, True, False)


def test_a_copy_that_was_cut_is_the_same_and_says_where_it_begins() -> None:
    whole = made(2, 2000)
    alike = met(whole, whole[100:1900])
    assert alike is not None
    assert alike.same
    assert alike.offset_ms == round(100 * STEP)
    back = met(whole[100:1900], whole)
    assert back is not None
    assert back.offset_ms == -round(100 * STEP)


def test_a_copy_with_damaged_bits_is_the_same() -> None:
    whole = made(3, 2000)
    alike = met(whole, damaged(whole, 0.08))
    assert alike is not None
    assert alike.same


def test_a_tape_that_ran_faster_is_followed() -> None:
    whole = made(4, 4000)
    fast = [value for n, value in enumerate(whole) if n % 200]  # a value lost every 25 seconds
    alike = met(whole, fast)
    assert alike is not None
    assert alike.same


def test_a_part_is_a_part_and_a_jingle_is_nothing() -> None:
    whole = made(5, 4000)
    part = met(whole, whole[1000:1600])
    assert part is not None
    assert (part.same, part.part) == (False, True)
    jingle = met(whole, whole[:100])
    assert jingle is not None
    assert (jingle.same, jingle.part) == (False, False)


def test_two_bulletins_with_one_jingle_are_two() -> None:
    jingle = made(6, 200)
    alike = met(jingle + made(7, 1500), jingle + made(8, 1500))
    assert alike is not None
    assert (alike.same, alike.part) == (False, False)


def test_different_recordings_have_nothing_in_common() -> None:
    assert met(made(10, 3000), made(11, 3000)) is None
    assert compare(packed(made(10, 3000)), packed(made(11, 3000)), [(n * 31, n * 17) for n in range(8)]) is None


def test_silence_and_held_tones_are_no_marks() -> None:
    assert marks(packed([627964279] * 500)) == []
    assert len(marks(packed(made(12, 480)))) > 100


def test_copies_pick_the_same_marks_wherever_they_begin() -> None:
    whole = made(13, 3000)
    later = {(value, at + 700) for value, at in marks(packed(whole[700:]))}
    assert len({one for one in marks(packed(whole)) if one[1] >= 700} - later) == 0


@given(st.binary(max_size=600), st.binary(max_size=600), st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200))))
def test_it_never_fails(one: bytes, other: bytes, starts: list[tuple[int, int]]) -> None:
    alike = compare(one, other, starts)
    assert alike is None or 0 <= alike.share <= 1
    assert all(0 <= at < prints.length(one) for _value, at in marks(one))


@given(st.integers(prints.LEAST, 140), st.integers(0, 139), st.integers(0, 2**32))
def test_a_short_copy_is_whole_from_whatever_anchor(count: int, at: int, seed: int) -> None:
    """Rests at both ends once counted for nothing: a copy of eleven seconds was taken for half a one."""
    whole = made(seed, count)
    alike = compare(packed(whole), packed(damaged(whole, 0.05)), [(min(at, count - 1),) * 2])
    assert alike is not None
    assert (alike.share, alike.of_longer) == (1, 1)
