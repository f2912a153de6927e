"""A place's own readings."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nguon.speech import DOUBTFUL, read, syllables
from tests.unit.speech.notices import ALL


@pytest.mark.parametrize(
    ("readings", "written", "said"),
    [
        ((("Gò Bồi", "gò bồi cũ"),), "Chợ GÒ   BỒI họp", "Chợ gò bồi cũ họp"),
        ((("TT.VH", "trung tâm văn hóa"),), "tại TT.VH xã", "tại trung tâm văn hóa xã"),
        ((("Tp.", "thành phố"),), "Tp. Huế", "thành phố Huế"),
        ((("Kỳ Sơn 1", "kỳ một"), ("Kỳ Sơn", "kỳ chung")), "Kỳ Sơn 1, Kỳ Sơn", "kỳ một, kỳ chung"),
        ((("UBND", "ủy ban"),), "của UBND xã; UBNDX", "của ủy ban xã; u bê en đê ích"),
        ((("kt", "kế toán"),), "liên hệ kt.", "liên hệ kế toán."),
        ((("12", "một tá"),), "số 12, ngày 12/5, 12.000", "số một tá, ngày mười hai tháng năm, mười hai nghìn"),
        ((("(mật)", ""),), "văn bản (mật) này", "văn bản này"),
        ((("A*B", "a và bê"),), "khu A*B", "khu a và bê"),
        ((("Phước", "xã Phước"),), "xã Phước và Phước", "xã Phước và xã Phước"),
        ((("vn", "việt nam"),), "https://a.gov.vn của vn", "a chấm gốp chấm vê en của việt nam"),
        ((("đường Z5", "đường Z 5"),), "trên đường Z5", "trên đường dét năm"),
        ((("lối", "3 giờ 15' UBND"),), "qua lối", "qua ba giờ mười lăm phút ủy ban nhân dân"),
    ],
)  # fmt: skip
def test_a_place_is_read_its_own_way(readings: tuple[tuple[str, str], ...], written: str, said: str) -> None:
    assert read(written, readings=readings).text == said


def test_the_first_of_two_wins_and_nothing_is_doubted() -> None:
    spoken = read("khu XYZQ", readings=(("XYZQ", "ích y"), ("xyzq", "khác")))
    assert spoken.text == "khu ích y"
    assert spoken.spans[0].rule == "own"
    assert spoken.spans[0].confidence >= DOUBTFUL


@pytest.mark.parametrize("spoken", ["★", "‽", "漢字", "...", "\u200b"])
def test_what_cannot_be_said_is_no_reading(spoken: str) -> None:
    assert read("tại UBND xã", readings=(("UBND", spoken),)).text == "tại ủy ban nhân dân xã"


_WORDS = st.text("aăâbcdđeêghiAĐHUBN0123456789 .,-/()*&'", min_size=1, max_size=14)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(_WORDS, _WORDS), max_size=5), st.sampled_from(ALL) | _WORDS)
def test_no_reading_breaks_what_holds_of_every_text(readings: list[tuple[str, str]], text: str) -> None:
    spoken = read(text, readings=tuple(readings))
    assert all(
        syllables.is_syllable(word.strip(".,;:!?").lower()) for word in spoken.text.split() if word.strip(".,;:!?")
    )
    assert read(spoken.text).text == spoken.text
    assert "".join(part.written for part in spoken.parts()) == spoken.source
    assert "".join(part.spoken for part in spoken.parts()) == spoken.text


def test_a_reading_is_not_said_twice_when_its_own_words_are_read() -> None:
    readings = (("Gò Bồi", "chợ Gò Bồi"), ("TBA", "trạm TBA số"))
    once = read("họp ở Gò Bồi, TBA 5", readings=readings).text
    assert read(once, readings=readings).text == once


def test_five_hundred_readings_cost_little() -> None:
    many = tuple((f"Tên riêng {number}", f"tên đọc {number}") for number in range(500))
    text = (ALL[0] + ALL[2])[:1000]

    def quickest(readings: tuple[tuple[str, str], ...]) -> float:
        times = []
        for _ in range(9):
            start = time.perf_counter()
            read(text, readings=readings)
            times.append(time.perf_counter() - start)
        return min(times)

    assert quickest(many) < 2 * quickest(()) + 0.002
