"""What holds of the reader for every text."""

import re
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from nguon.kit.text import nfc
from nguon.speech import CENTRAL, DOUBTFUL, SOUTH, read, sentences, speakable, syllables
from tests.unit.speech.notices import ALL

_FRAGMENTS = [
    "UBND", "TP.", "12/5", "7h30", "1.250.000", "đồng", "/người", "QĐ-UBND", "96/", "XIII", "Chương", "COVID-19",
    "0905123456", "km2", "%", "-", "–", "(", ")", ".", ",", "\n", " ", "ngày", "tháng", "số", "<b>", "&nbsp;",
    "**", "./.", "đ/c", "Nơi nhận:", "xã", "Đ", "A", "https://a.vn/x", "b@c.vn", "½", "１２", "²", "@", "…", "'",
    "’", "I", "V", "hẻm", "quý", "Facebook", "mưa,", "\u200b", "I.", "a)", "e", "ge",
]  # fmt: skip
wild = st.text(max_size=200)
latin = st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyfjwzAĐHUBND0123456789 .,-/()%:;'\n", max_size=120)
likely = st.lists(st.sampled_from(_FRAGMENTS), max_size=30).map("".join)
texts = wild | latin | likely
_MARKS = frozenset(".,;:!?")


@settings(max_examples=250, deadline=None)
@given(texts)
def test_only_vietnamese_is_left(text: str) -> None:
    spoken = read(text)
    for word in spoken.text.split():
        plain = word.strip(".,;:!?")
        assert syllables.is_syllable(plain.lower()), (word, spoken.text)
    assert not any(c.isnumeric() for c in spoken.text)
    assert all(c.isalpha() or c in _MARKS or c in " \n" for c in spoken.text)


@settings(max_examples=250, deadline=None)
@given(texts)
def test_reading_again_changes_nothing(text: str) -> None:
    once = read(text).text
    assert read(once).text == once


@settings(max_examples=200, deadline=None)
@given(texts)
def test_nfc_comes_out_whatever_goes_in(text: str) -> None:
    said = read(text).text
    assert said == nfc(said)
    assert read(unicodedata.normalize("NFD", nfc(text))).text == read(nfc(text)).text


@settings(max_examples=250, deadline=None)
@given(texts)
def test_spans_lie_within_both_texts_in_order(text: str) -> None:
    spoken = read(text)
    at, said = 0, 0
    for span in spoken.spans:
        assert at <= span.start <= span.end <= len(spoken.source)
        assert said <= span.spoken_start <= span.spoken_end <= len(spoken.text)
        assert 0 <= span.confidence <= 1
        assert span.doubtful == (span.confidence < DOUBTFUL)
        assert span.rule
        at, said = span.end, span.spoken_end
    assert spoken.doubtful == tuple(span for span in spoken.spans if span.doubtful)


@settings(max_examples=300, deadline=None)
@given(texts)
def test_every_character_is_in_a_span_or_said_as_written(text: str) -> None:
    spoken = read(text)
    parts = list(spoken.parts())
    assert "".join(part.written for part in parts) == spoken.source
    assert "".join(part.spoken for part in parts) == spoken.text
    for part in parts:
        if part.span is None:
            assert _letters(part.written) == _letters(part.spoken), (text, part)
            assert not any(c.isnumeric() for c in part.written), (text, part)


def _letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


@settings(max_examples=300, deadline=None)
@given(texts)
def test_no_figure_is_dropped(text: str) -> None:
    """A figure is said, unless it is only ink: in a tag, a link's address, a question to a server, a footnote."""
    spoken = read(text)
    for span in spoken.spans:
        written = spoken.source[span.start : span.end]
        if any("0" <= c <= "9" for c in written) and not re.search(r"[<\[\]?#&]|(?i:nơi\W+nhận)", spoken.source):
            assert span.spoken_start < span.spoken_end, (text, written)


@settings(max_examples=200, deadline=None)
@given(texts)
def test_sentences_keep_every_word(text: str) -> None:
    spoken = read(text)
    pieces = sentences(spoken, longest=60)
    assert " ".join(pieces).split() == spoken.text.split()
    assert all(len(piece) <= 60 for piece in pieces)


@settings(max_examples=150, deadline=None)
@given(texts)
def test_a_text_is_speakable_exactly_when_it_has_words(text: str) -> None:
    assert speakable(text) == bool(read(text).text)


@given(st.integers(0, 10**15 - 1))
def test_numbers_in_the_three_styles_differ_only_in_words(value: int) -> None:
    formal = read(f"{value} hộ").text
    central = formal.replace("nghìn", "ngàn").replace("linh", "lẻ")
    assert read(f"{value} hộ", profile=CENTRAL).text == central
    assert read(f"{value} hộ", profile=SOUTH).text == central.replace("mươi tư", "mươi bốn")


def test_samples_hold_the_same_promises() -> None:
    for notice in ALL:
        once = read(notice).text
        assert read(once).text == once
        assert all(syllables.is_syllable(w.strip(".,;:!?").lower()) for w in once.split())
