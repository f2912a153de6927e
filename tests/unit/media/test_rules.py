"""Loudness rules and keys."""

import string

from hypothesis import assume, given
from hypothesis import strategies as st

from nguon.media import rules
from nguon.media.rules import Levels, Loudness

numbers = st.floats(-60, 0)
texts = st.text(string.ascii_letters + "/|\"' ", max_size=8)


@given(
    st.tuples(texts, texts, texts, texts, st.integers(0, 400)),
    st.tuples(texts, texts, texts, texts, st.integers(0, 400)),
)
def test_keys_are_equal_exactly_when_all_that_sounds_is(
    one: tuple[str, str, str, str, int], two: tuple[str, str, str, str, int]
) -> None:
    names = ("source", "spoken", "original", "voice", "rate")
    keys = [rules.rendition_key(**dict(zip(names, each, strict=True))) for each in (one, two)]  # type: ignore[arg-type]
    assert (keys[0] == keys[1]) == (one == two)
    assert len(keys[0]) == 64


def test_what_loudspeakers_accept() -> None:
    assert rules.acceptable(Loudness(-16, -1.5))
    assert rules.acceptable(Loudness(-15, -9))
    assert not rules.acceptable(Loudness(-14.9, -3))
    assert not rules.acceptable(Loudness(-17.1, -3))
    assert not rules.acceptable(Loudness(-16, -1.4))


@given(numbers, numbers)
def test_a_correction_moves_towards_the_target_and_never_raises_the_ceiling(loudness: float, peak: float) -> None:
    before = Levels(3.0, -2.5)
    after = rules.corrected(before, Loudness(loudness, peak))
    assert (after.gain - before.gain) * (rules.TARGET - loudness) >= 0
    assert after.limit <= before.limit
    if peak > rules.CEILING:
        assert after.limit < before.limit


@given(st.floats(-40, 0), st.floats(-3, 0))
def test_a_sound_without_surprises_is_right_after_one_correction(shaped: float, lost: float) -> None:
    """A limiter that swallows `lost` dB: the second try makes up for it."""
    first = rules.first_levels(Loudness(shaped, shaped + 8))
    second = rules.corrected(first, Loudness(shaped + first.gain + lost, -3))
    assert abs(shaped + second.gain + lost - rules.TARGET) <= rules.TOLERANCE


@given(st.floats(0, 10_000), st.floats(0, 1))
def test_a_file_cut_in_half_is_noticed_and_a_whole_one_is_not(seconds: float, part: float) -> None:
    assume(seconds > 4)
    assert not rules.is_cut_short(seconds, seconds - min(0.9, seconds * 0.04))
    assert rules.is_cut_short(seconds, seconds * part * 0.5)


def test_speech_cut_by_its_voice_is_noticed() -> None:
    said = "một hai ba bốn năm sáu bảy tám chín mười " * 12
    assert rules.is_plausible(said, 200, 30)
    assert not rules.is_plausible(said, 200, 5)


def test_voice_names_are_split() -> None:
    assert rules.split_voice("espeak/vi-vn-x-south") == ("espeak", "vi-vn-x-south")
    assert rules.split_voice("espeak") == ("espeak", "")
    assert rules.split_voice("") == ("", "")
