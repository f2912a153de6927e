"""Pure rules of speaking live, and of measuring it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon.cli.bench import live as bench
from nguon.live import rules


@given(st.integers(-10_000, 10_000))
def test_minutes_are_within_what_is_allowed(wanted: int) -> None:
    found = rules.minutes(wanted)
    assert 1 <= found <= rules.MOST_MINUTES
    assert found == wanted or not 1 <= wanted <= rules.MOST_MINUTES


def test_a_silence_of_the_line_ends_before_the_server_is_taken_for_dead() -> None:
    assert rules.GRACE < rules.DEAD_AFTER
    assert rules.ALIVE_EVERY * 3 < rules.DEAD_AFTER


@given(st.floats(0.05, 4.0), st.integers(0, 4))
def test_a_delay_of_any_length_is_measured_as_it_is(delay: float, missed: int) -> None:
    """Also one longer than from tone to tone, and when the player came after the first tones."""
    edges = bench.score(30)
    moments = [edge + delay for edge in edges][missed:]
    assert bench.delays(edges, moments) == pytest.approx([delay] * len(moments))


def test_what_was_not_found_is_no_figure() -> None:
    with pytest.raises(ValueError):
        bench.delays(bench.score(30), [1.0, 2.0])
