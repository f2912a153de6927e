"""The rules of a line in requests, against any network: bytes arrive once, in order, whatever is lost or repeated."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon.config.poll_line import Downward, OutOfStep, Upward

WORDS = st.binary(min_size=1, max_size=400)


@given(WORDS, st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), max_size=60))
def test_what_is_said_is_taken_once_and_in_order(words: bytes, requests: list[tuple[int, int]]) -> None:
    """Requests with any part of the words, in any order and as often as the network likes."""
    upward, taken = Upward(), b""
    for start, end in requests:
        if start > len(taken):
            with pytest.raises(OutOfStep) as told:
                upward.take(start, words[start:end])
            assert told.value.at == len(taken)
        else:
            taken += upward.take(start, words[start:end])
        assert taken == words[: len(taken)]
        assert upward.taken == len(taken)
    assert taken + upward.take(len(taken), words[len(taken) :]) == words  # who goes on from there says the rest


@given(st.lists(st.one_of(WORDS, st.booleans(), st.integers(-50, 800)), max_size=60))
def test_what_is_told_comes_once_and_in_order(happenings: list[bytes | bool | int]) -> None:
    """The broker says words; the player asks, and the answer comes or not; somebody asks with any number."""
    downward, said, heard = Downward(), b"", b""
    for one in happenings:
        if isinstance(one, bytes):
            downward.add(one)
            said += one
        elif isinstance(one, bool):
            downward.acknowledge(len(heard))
            heard += downward.piece() if one else b""
        elif len(said) - downward.held <= one <= len(heard):
            downward.acknowledge(one)  # a late request: what it says had come is here no more, all else is
        elif not len(said) - downward.held <= one <= len(said):
            with pytest.raises(OutOfStep) as told:
                downward.acknowledge(one)
            assert told.value.at == len(said) - downward.held
        assert heard == said[: len(heard)]
    downward.acknowledge(len(heard))
    assert heard + downward.piece() == said


def test_no_answer_is_larger_than_a_piece() -> None:
    downward = Downward()
    downward.add(bytes(70_000))
    assert len(downward.piece()) == 65_536
    downward.acknowledge(65_536)
    assert len(downward.piece()) == downward.held == 70_000 - 65_536
