"""One range of a file, as asked for over HTTP."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon.media.ranged import Span, Unsatisfiable, parse_range

sizes = st.integers(1, 10**12)
numbers = st.integers(0, 10**13)


@given(sizes, numbers, numbers)
def test_a_range_lies_in_the_file_and_begins_where_it_was_asked_to(size: int, first: int, more: int) -> None:
    header = f"bytes={first}-{first + more}"
    if first >= size:
        with pytest.raises(Unsatisfiable):
            parse_range(header, size)
    else:
        assert parse_range(header, size) == Span(first, min(first + more, size - 1))


@given(sizes, st.integers(1, 10**13))
def test_the_last_bytes_are_never_more_than_the_file(size: int, last: int) -> None:
    span = parse_range(f"bytes=-{last}", size)
    assert span is not None
    assert (span.size, span.last) == (min(last, size), size - 1)


@given(st.text(max_size=30), st.integers(0, 1000))
def test_no_header_breaks_it(header: str, size: int) -> None:
    try:
        span = parse_range(header, size)
    except Unsatisfiable:
        return
    assert span is None or 0 <= span.first <= span.last < size


@pytest.mark.parametrize("header", ["", "bytes=", "bytes=-", "bytes=5-2", "bytes=0-1,4-5", "items=0-1", "bytes=a-b"])
def test_an_odd_header_means_all(header: str) -> None:
    assert parse_range(header, 100) is None
