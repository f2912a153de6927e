"""Pasted HTML becomes plain words; ordinary text stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon.newsroom.pasted import is_markup, plain


@pytest.mark.parametrize(
    ("pasted", "words"),
    [
        ("<p>Kính gửi:</p><p>Bà con <b>thôn</b> Quảng Vân</p>", "Kính gửi:\nBà con thôn Quảng Vân"),
        ("Một<br>Hai<BR/>Ba", "Một\nHai\nBa"),
        ("<style>p {color: red}</style><p>Chữ</p><script>alert('x')</script>", "Chữ"),
        ("<p class=MsoNormal><span style='x'>UBND&nbsp;xã<o:p></o:p></span></p>", "UBND xã"),
        ("<!--[if gte mso 9]><xml>rác</xml><![endif]--><p>Nội dung</p>", "Nội dung"),
        ("<table><tr><td>Thôn</td><td>Giờ</td></tr><tr><td>Lộc Hạ</td><td>7</td></tr></table>", "Thôn Giờ\nLộc Hạ 7"),
        ("B&agrave; con &amp; c&aacute;n bộ", "Bà con & cán bộ"),
        ("<script>alert(1)</script>", ""),
        ("<p>Một câu\nngắt dòng</p>\n<p>Hai</p>", "Một câu ngắt dòng\nHai"),
        ("Ông A &amp; bà B\nDòng hai", "Ông A & bà B\nDòng hai"),
    ],
)
def test_markup_becomes_words(pasted: str, words: str) -> None:
    assert plain(pasted) == words


@pytest.mark.parametrize("text", ["Nhiệt độ < 10 độ C và > 5 độ", "a<b", "Ông A & bà B", "5 <7> 9", ""])
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert not is_markup(text)
    assert plain(text) == text


@given(st.text(alphabet=st.characters(categories=["Lu", "Ll", "Nd", "Zs"])))
def test_no_word_of_a_page_is_lost(text: str) -> None:
    assert plain(f"<div><p>{text}</p></div>").split() == text.split()


@given(st.text(alphabet="<>!-/&;pbr =x\"'[]"))
def test_broken_markup_is_read_too(text: str) -> None:
    assert plain(text) == plain(text).strip() or not is_markup(text)
