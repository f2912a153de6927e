"""Loudness rules and keys."""

import math
import string

from hypothesis import assume, given
from hypothesis import strategies as st

from nguon.media import rules
from nguon.media.rules import Levels, Loudness, Material, Mix, Second

numbers = st.floats(-60, 0)
texts = st.text(string.ascii_letters + "/|\"' ", max_size=8)


mixes = st.builds(Mix, texts, texts, texts)
sounding = st.tuples(texts, texts, texts, texts, st.integers(0, 400), mixes)


@given(sounding, sounding)
def test_keys_are_equal_exactly_when_all_that_sounds_is(one: tuple[object, ...], two: tuple[object, ...]) -> None:
    names = ("source", "spoken", "original", "voice", "rate", "mix")
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


def test_voice_names_are_split() -> None:
    assert rules.split_voice("espeak/vi-vn-x-south") == ("espeak", "vi-vn-x-south")
    assert rules.split_voice("espeak") == ("espeak", "")
    assert rules.split_voice("") == ("", "")


@given(mixes)
def test_a_mix_comes_back_from_what_is_kept(mix: Mix) -> None:
    assert Mix.of(mix.as_json()) == mix
    assert bool(mix) == bool(mix.as_json())
    assert Mix.of({**mix.as_json(), "unknown": "x"}) == mix
    assert Mix.of(None) == Mix()


def test_no_music_keeps_the_key_of_before() -> None:
    assert rules.rendition_key(source="speech", spoken="a", mix=Mix()) == rules.rendition_key(
        source="speech", spoken="a"
    )


spans = st.floats(0, 20)


@given(spans, st.floats(0.5, 100), spans, st.sampled_from(Material))
def test_long_silence_at_the_ends_is_cut_and_nothing_else(
    head: float, said: float, tail: float, material: Material
) -> None:
    """What is left of the silence at each end, with what is added, is never too long, and no sound is lost."""
    around, seconds = rules.AROUND[material], head + said + tail
    silences = [span for span in ((0.0, head), (head + said, seconds)) if span[1] > span[0]]
    start, end = rules.kept_span(silences, seconds, around)
    assert 0 <= start <= head + 1e-9
    assert head + said - 1e-9 <= end <= seconds
    assert head - start + around.head <= max(around.longest, around.head) + 1e-9
    assert end - (head + said) + around.tail <= max(around.longest, around.tail) + 1e-9
    if head + around.head <= around.longest:
        assert start == 0


def test_silence_alone_or_inside_is_not_cut() -> None:
    around = rules.AROUND[Material.TALK]
    assert rules.kept_span([(0.0, 9.0)], 9.0, around) == (0.0, 9.0)
    assert rules.kept_span([(3.0, 8.0)], 9.0, around) == (0.0, 9.0)
    assert rules.kept_span([], 9.0, around) == (0.0, 9.0)


lengths = st.floats(0.3, 60)
maybe = st.one_of(st.just(0.0), lengths)


@given(st.floats(0.5, 3600), maybe, maybe, maybe)
def test_no_jingle_lies_over_the_voice_and_all_of_it_is_heard(
    voice: float, opening: float, closing: float, bed: float
) -> None:
    plan = rules.plan(voice, opening=opening, closing=closing, bed=bed)
    last = plan.voice + voice
    if opening:
        assert plan.opening[1] - plan.opening[0] <= opening + 1e-6
        assert plan.opening[1] < plan.voice
    if closing:
        assert plan.closing[0] > last
    if bed:
        assert plan.bed[0] < plan.voice
        assert plan.bed[1] > last
        assert plan.bed[0] >= (plan.opening[1] - rules.CROSS - 1e-9 if opening else 0.0)
    ends = [last, *(end for there, (_, end) in ((closing, plan.closing), (bed, plan.bed)) if there)]
    assert plan.seconds >= max(ends) + rules.AROUND[Material.TALK].tail - 1e-6
    assert all(comes + goes <= plan.bed[1] - plan.bed[0] + 1e-6 for comes, goes in [plan.fades["bed"]] if bed)


def second(peak: float = -6, mean: float = -20, flat: float = 0, count: int = 2) -> Second:
    return Second(peak, mean, flat, count, 0.0)


def test_what_is_clipped() -> None:
    assert not rules.is_clipped(second())
    assert not rules.is_clipped(second(peak=0.0))
    assert rules.is_clipped(second(peak=0, flat=20, count=300))
    assert rules.is_clipped(second(peak=-14, flat=20, count=300))  # turned down afterwards
    assert not rules.is_clipped(second(peak=-40, flat=20, count=300))  # the steps of a faint sound
    assert rules.is_clipped(second(peak=0, mean=-8, count=400))
    assert rules.is_clipped(second(peak=1.5, mean=-8))
    assert not rules.is_clipped(second(peak=1.5, mean=-18))


def test_an_offset_is_what_never_goes_away() -> None:
    assert rules.steady_offset([0.1, 0.12, 0.11]) == 0.1
    assert rules.steady_offset([-0.1, -0.12]) == -0.1
    assert rules.steady_offset([0.2, -0.01]) == 0
    assert rules.steady_offset([]) == 0


def test_one_channel_is_taken_where_all_together_are_far_fainter() -> None:
    assert rules.louder_alone([-20.0, -20.0], -60.0) == 0
    assert rules.louder_alone([-40.0, -20.0], -60.0) == 1
    assert rules.louder_alone([-20.0, -90.0], -26.0) is None  # one side silent: half of it is loud enough
    assert rules.louder_alone([-20.0], -60.0) is None
    assert rules.louder_alone([], -60.0) is None


@given(st.integers(4, 5000), st.sampled_from([120, 160, 210, 300]))
def test_a_text_fits_its_length_unless_half_of_it_is_missing(said: int, rate: int) -> None:
    usual = said / (rate / 60) * 0.85  # pauses aside
    assert rules.fits_text(said, usual, rate)
    assert not rules.fits_text(said, usual * 0.35, rate)
    assert not rules.fits_text(said, usual * 4, rate)


def test_syllables_are_counted_in_spoken_text() -> None:
    assert rules.syllables("Kính mời bà con, họp lúc bảy giờ.") == 8
    assert rules.syllables("cô-vít") == 2
    assert rules.syllables("  ... — ") == 0


@given(st.lists(st.floats(-90, 0), min_size=1, max_size=20))
def test_a_mean_level_lies_between_the_levels(levels: list[float]) -> None:
    assert min(levels) - 1e-6 <= rules.mean_level(levels) <= max(levels) + 1e-6


def test_the_mean_of_nothing_is_nothing() -> None:
    assert rules.mean_level([]) == -math.inf
    assert rules.mean_level([-math.inf, -math.inf]) == -math.inf
