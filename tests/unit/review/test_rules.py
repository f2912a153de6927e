"""What counts as a reason."""

from hypothesis import given
from hypothesis import strategies as st

from nguon.review.rules import REASON_LIMIT, fits


def test_a_reason_says_something_and_ends() -> None:
    assert fits("Sai giờ")
    assert fits("x" * REASON_LIMIT)
    assert not fits("x" * (REASON_LIMIT + 1))


@given(st.text(alphabet=" .,;:!?…-\n\t"))
def test_marks_alone_are_no_reason(marks: str) -> None:
    assert not fits(marks)
