"""Findings: kept as JSON, told in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon.media import checks
from nguon.media.checks import Finding, Kind, of_json, told
from nguon.media.peaks import FULL, STEP, Envelope

moments = st.floats(0, 3600).map(lambda one: round(one, 1))
findings = st.builds(
    Finding,
    st.sampled_from(Kind),
    st.floats(-90, 1000).map(lambda one: round(one, 2)),
    st.lists(st.tuples(moments, moments), max_size=6).map(tuple),
)


@given(st.lists(findings, max_size=5))
def test_what_is_kept_comes_back(found: list[Finding]) -> None:
    assert of_json([one.as_json() for one in found]) == found


@given(findings)
def test_everything_has_words_with_a_full_stop(found: Finding) -> None:
    words = told(found)
    assert words.endswith(".")
    assert "%" not in words
    assert all(mark not in words for mark in ("dB", "LUFS", "Hz", "DC"))


def test_a_kind_of_tomorrow_is_left_out() -> None:
    assert of_json([{"kind": "tomorrow", "value": 1, "at": []}]) == []


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (((12.2, 13.2),), "0:12"),
        (((12.2, 13.2), (45.0, 47.4)), "0:12, 0:45–0:47"),
        (((1, 2), (3, 4), (65, 66), (70, 71), (80, 81)), "0:01, 0:03, 1:05 và 2 chỗ khác"),
    ],
)
def test_places_are_told_as_a_player_shows_them(at: tuple[tuple[float, float], ...], words: str) -> None:
    assert f"ở {words}. " in told(Finding(Kind.CLIPPED, 1, at))


def envelope(*parts: tuple[float, int]) -> Envelope:
    """Seconds at a height, one after the other."""
    return Envelope([top for seconds, top in parts for _ in range(round(seconds / STEP))])


def test_only_a_long_silence_inside_is_told() -> None:
    loud = FULL // 4
    assert checks.gaps(envelope((3, loud), (2.4, 0), (3, loud))) == []
    assert checks.gaps(envelope((3, 0), (3, loud), (9, 0))) == []  # at the ends it is no gap
    (found,) = checks.gaps(envelope((3, loud), (2.6, 0), (3, loud), (4, 0), (1, loud)), begins=10)
    assert found.at == ((13.0, 15.6), (18.6, 22.6))
    assert found.value == pytest.approx(4.0)


def test_pauses_do_not_count_as_speech() -> None:
    loud = FULL // 4
    assert checks.voiced_seconds(envelope((2, loud), (1, 0), (2, loud)), -50) == pytest.approx(4)
    assert checks.voiced_seconds(envelope((2, loud), (0.1, 0), (2, loud)), -50) == pytest.approx(4.1)
