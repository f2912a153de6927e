"""Every reason, fault and refusal has words; blocks of a day lie side by side and never over each other."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon.programme import slots, words
from nguon.programme.advice import _times
from nguon.programme.items import Fault, Kind
from nguon.programme.slots import Slot, Why
from nguon.programme.weeks import Block, laid

MIDNIGHT = datetime(2026, 11, 23)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("why", list(Why))
def test_every_reason(why: Why) -> None:
    assert words.why(why)
    assert "QĐ 12" in words.why(why, "QĐ 12")


@pytest.mark.parametrize("fault", list(Fault))
def test_every_fault(fault: Fault) -> None:
    assert len(words.fault(fault)) > 10


def test_every_kind_has_a_name_and_a_drawing() -> None:
    assert set(words.KINDS) == set(words.ICONS) == set(Kind)


def test_every_refusal_of_a_slot() -> None:
    raised = re.findall(r'Unfit\("(\w+)", "(\w+)"\)', Path(slots.__file__).read_text())
    assert raised
    assert set(raised) <= set(words.UNFIT)


def test_that_it_is_in_the_timetable_is_said_only_where_nothing_else_is() -> None:
    assert words.whys([Why.RULE]) == "Theo lịch"
    assert words.whys([Why.RULE, Why.WAITED, Why.CUT, Why.QUIET], "QĐ 12") == (
        "Bắt đầu muộn vì chờ chương trình khác; Bị ngắt trước khi hết; Rơi vào giờ yên tĩnh (QĐ 12)"
    )


spans = st.lists(st.tuples(st.integers(0, 1430), st.integers(1, 240)), max_size=14)


@given(spans)
def test_blocks_of_a_day_never_lie_over_each_other(given_: list[tuple[int, int]]) -> None:
    made = [
        Block(Slot(str(at), "x", 40, MIDNIGHT, MINUTE * length), MIDNIGHT + MINUTE * start, ())
        for at, (start, length) in enumerate(given_)
    ]
    found = laid(made)
    assert sorted(block.slot.id for block in found) == sorted(block.slot.id for block in made)
    for one in found:
        assert 0 <= one.lane < one.lanes
        for other in found:
            if one is not other and one.start < other.end and other.start < one.end:
                assert one.lane != other.lane
                assert one.lanes == other.lanes


@given(st.integers(0, 1439))
def test_times_that_are_tried_are_quarters_of_the_same_day_nearest_first(minute: int) -> None:
    wanted = MIDNIGHT + MINUTE * minute
    found = _times(wanted)
    assert all(at.minute % 15 == 0 and at.date() == wanted.date() and at != wanted for at in found)
    assert [abs(at - wanted) for at in found] == sorted(abs(at - wanted) for at in found)
