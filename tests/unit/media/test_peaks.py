"""Envelopes, waveforms and silences, from numbers alone."""

import math
from array import array
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from nguon.media import peaks
from nguon.media.peaks import FULL, PARTS, STEP, Envelope

tops = st.lists(st.integers(0, FULL), max_size=3000)


@given(tops, st.floats(-40, 12))
def test_a_waveform_is_short_and_follows_the_loudness(found: list[int], gain: float) -> None:
    drawn = peaks.waveform(Envelope(found), gain=gain)
    assert len(drawn) == min(PARTS, len(found))
    louder = peaks.waveform(Envelope(found), gain=gain + 3)
    assert all(more >= less for more, less in zip(louder, drawn, strict=True))


@given(st.integers(1, 3000))
def test_every_moment_is_in_one_part_of_the_waveform(length: int) -> None:
    """One loud moment shows in exactly one part, at its place."""
    for at in {0, length // 3, length - 1}:
        found = [0] * length
        found[at] = FULL
        drawn = peaks.waveform(Envelope(found))
        (seen,) = [number for number, height in enumerate(drawn) if height]
        assert abs(seen / len(drawn) - at / length) <= 1.5 / len(drawn)


def test_the_scale_of_a_waveform() -> None:
    levels = [0.0, -12.0, -24.0, -47.0, -48.0, -90.0]
    found = [round(FULL * peaks.amplitude(level)) for level in levels]
    assert list(peaks.waveform(Envelope(found))) == [255, 191, 127, 5, 0, 0]
    assert peaks.waveform(Envelope([])) == b""
    assert peaks.waveform(Envelope([0])) == b"\x00"


@given(tops, st.floats(-60, 0))
def test_silences_are_apart_in_order_and_quiet(found: list[int], under: float) -> None:
    limit = peaks.amplitude(under) * FULL
    silences = peaks.quiet(Envelope(found), under)
    ends = [end for span in silences for end in span]
    assert ends == sorted(ends)
    inside = {at for first, last in silences for at in range(round(first / STEP), round(last / STEP))}
    quiet = {at for at, top in enumerate(found) if top <= limit}
    assert quiet <= inside  # every quiet moment is in one
    for first, last in silences:  # and of what is loud only crackles of two moments
        loud = [at for at in range(round(first / STEP), round(last / STEP)) if at not in quiet]
        assert all(not {at, at + 1, at + 2} <= set(loud) for at in loud)


def test_a_crackle_does_not_end_a_silence_and_a_word_does() -> None:
    assert peaks.quiet(Envelope([0] * 50 + [FULL] * 2 + [0] * 50), -40) == [(0.0, 102 * STEP)]
    assert len(peaks.quiet(Envelope([0] * 50 + [FULL] * 3 + [0] * 50), -40)) == 2


@given(st.lists(st.integers(-32768, 32767), min_size=1, max_size=2000), st.integers(1, 400))
def test_the_highest_of_every_window(samples: list[int], window: int) -> None:
    found = list(peaks.highest(array("h", samples), window))
    expected = [
        min(FULL, max(abs(one) for one in samples[start : start + window])) for start in range(0, len(samples), window)
    ]
    assert found == expected


def test_pcm_is_read_in_pieces(tmp_path: Path) -> None:
    rate, seconds = 8000, 200
    path = tmp_path / "x.pcm"
    one = array("h", (round(16000 * math.sin(2 * math.pi * 50 * at / rate)) for at in range(rate)))
    path.write_bytes(one.tobytes() * seconds + b"\x01")  # and half a sample
    found = peaks.read(path, rate)
    assert found.seconds == seconds
    assert set(found.tops) == {16000}
    assert abs(peaks.mean_level(path) - (20 * math.log10(16000 / FULL) - 3.01)) < 0.05
