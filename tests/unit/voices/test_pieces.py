"""Cutting: nothing lost, nothing over the limit, at ends of sentences wherever that is possible."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon.plugs.voices.pieces import PARAGRAPH, SENTENCE, Piece, cut, octets

WORDS = st.sampled_from(
    ["kính", "mời", "bà", "con", "đường", "dây", "nghiêng", "ở", "thứ", "a", "không", "một", "Ủy", "X" * 40]
)
MARKS = st.sampled_from(["", "", "", ".", ",", ";", ":", "?", "!", "…", " –", "./.", "\n", ".\n\n", '"'])
TEXTS = st.lists(st.tuples(WORDS, MARKS), max_size=60).map(lambda parts: " ".join(a + b for a, b in parts))


def letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


@given(TEXTS, st.integers(5, 120), st.booleans())
def test_nothing_is_lost_and_nothing_is_over_the_limit(text: str, limit: int, in_bytes: bool) -> None:
    size = octets if in_bytes else len
    found = cut(text, limit, size)
    assert all(size(piece.text) <= limit for piece in found)
    assert all(letters(piece.text) for piece in found)
    assert "".join(letters(piece.text) for piece in found) == letters(text)
    assert all(piece.text == piece.text.strip() and 0 <= piece.pause <= PARAGRAPH for piece in found)


@given(TEXTS, st.integers(60, 400))
def test_two_neighbours_would_not_fit_together(text: str, limit: int) -> None:
    found = cut(text, limit)
    for first, second in pairwise(found):
        assert len(first.text) + 1 + len(second.text) > limit


@given(st.text(max_size=200), st.integers(5, 60))
def test_any_text_at_all_is_cut(text: str, limit: int) -> None:
    assert all(len(piece.text) <= limit for piece in cut(text, limit))


def test_a_cut_is_at_the_end_of_a_sentence() -> None:
    text = "một hai ba. bốn năm sáu bảy, tám chín mười. mười một"
    assert cut(text, 35) == (
        Piece("một hai ba.", SENTENCE),
        Piece("bốn năm sáu bảy, tám chín mười.", SENTENCE),
        Piece("mười một.", PARAGRAPH),
    )


def test_a_sentence_that_is_too_long_is_cut_at_a_comma_then_at_a_blank() -> None:
    assert [piece.text for piece in cut("một hai ba bốn, năm sáu bảy tám chín mười", 20)] == [
        "một hai ba bốn,",
        "năm sáu bảy tám",
        "chín mười.",
    ]
    assert [piece.pause for piece in cut("một hai ba bốn, năm sáu bảy tám chín mười", 20)] == [0.15, 0.0, PARAGRAPH]


def test_paragraphs_stay_apart_in_one_piece() -> None:
    assert cut("thông báo\nvề việc họp thôn\n\nkính mời bà con.", 200) == (
        Piece("thông báo.\nvề việc họp thôn.\nkính mời bà con.", PARAGRAPH),
    )


@pytest.mark.parametrize("text", ["", " \n ", "./.", "… – !", '"'])
def test_marks_alone_are_nothing_to_say(text: str) -> None:
    assert cut(text, 100) == ()
