"""What a reading may be, and which readings a text calls for."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon import speech
from nguon.media.readings.rules import Problem, called_for, key, line, lost_figures, problem


@pytest.mark.parametrize(
    ("written", "spoken", "expected"),
    [
        ("NVH", "nhà văn hóa thôn", None),
        ("ĐT640", "đường tỉnh sáu bốn không", None),
        ("ĐT640", "đường tỉnh sáu trăm bốn mươi mốt", None),
        ("Kpă H'Loan", "cờ pa hờ loan", None),
        ("", "nhà văn hóa", Problem.NO_WRITTEN),
        ("NVH", "", Problem.NO_SPOKEN),
        ("5", "năm", Problem.NO_LETTER),
        ("1900 1909", "tổng đài", Problem.NO_LETTER),
        ("15/8", "rằm tháng tám", Problem.NO_LETTER),
        ("NVH", "…!", Problem.UNSPEAKABLE),
        ("COVID-19", "cô vít", Problem.NUMBER_LOST),
        ("quốc lộ 19", "quốc lộ chín", Problem.NUMBER_LOST),
        ("H5N1", "cúm gia cầm năm", Problem.NUMBER_LOST),
        ("không cấm", "được", Problem.NEGATION_LOST),
        ("xã", "xã", Problem.SAME),
        ("UBND", "Ủy ban nhân dân", Problem.SAME),
        ("<b>", "in đậm", Problem.NO_EFFECT),
        ("a" * 121, "dài", Problem.LONG_WRITTEN),
        ("NVH", "nhà " * 101, Problem.LONG_SPOKEN),
    ],
)
def test_what_a_reading_may_be(written: str, spoken: str, expected: Problem | None) -> None:
    assert problem(line(written), line(spoken)) is expected


def test_a_line_is_one_line() -> None:
    assert line("  nha\u0300 \t văn\nhóa\u200b ") == "nhà văn hóa"


@pytest.mark.parametrize(
    ("text", "written", "called"),
    [
        ("Họp tại NVH thôn.", "NVH", True),
        ("Họp tại nvh thôn.", "NVH", True),
        ("Họp tại nhà\nvăn  hóa.", "nhà văn hóa", True),
        ("Họp tại NVHX thôn.", "NVH", False),
        ("Theo khoản 2 Điều 15.", "khoản 2", True),
        ("Theo khoản 2, khoản 3.", "khoản 2", True),
        ("Chi khoản 2.500.000 đồng.", "khoản 2", False),
        ("Theo khoản 2. Chi khoản 2.500.000 đồng.", "khoản 2", False),
        ("Số 1,5 triệu", "số 1", False),
        ("Gọi số 1 900 199", "số 1", False),
        ("Rộng 1,2 ha", "2 ha", False),
        ("Rộng 12 ha", "2 ha", False),
        ("Đường ĐT640 ngập", "ĐT640", True),
        ("Đường ĐT640/2 ngập", "ĐT640", False),
    ],
)
def test_a_text_calls_for_what_stands_in_it_outside_numbers(text: str, written: str, called: bool) -> None:
    assert bool(called_for(text, [(written, "đọc")])) is called


def test_the_first_of_the_same_words_wins() -> None:
    given_ones = [("nvh", "nhà văn hóa thôn"), ("NVH", "nhà văn hóa xã"), ("TT", "thị trấn")]
    assert called_for("NVH ở TT Tuy Phước", given_ones) == (("nvh", "nhà văn hóa thôn"), ("TT", "thị trấn"))


PART = st.sampled_from(
    ["NVH", "TT", "TT Tuy Phước", "khoản 2", "số 1", "2 ha", "ĐT640", "H5N1", "2.500.000 đồng", "1,5", "7h30", "25/11",
     "không", "(NVH)", "nvh.", "\n", "1900 1909", "khoản 2.5", "TT.", "ha", "Kpă"]
)  # fmt: skip
TEXTS = st.lists(PART, min_size=1, max_size=20).map(" ".join)
READINGS = st.lists(
    st.tuples(
        st.sampled_from(["NVH", "TT", "TT Tuy Phước", "khoản 2", "số 1", "2 ha", "ĐT640", "H5N1", "tt tuy"]),
        st.sampled_from(["nhà văn hóa", "thị trấn", "khoản hai", "số một", "hai héc ta", "sáu bốn không"]),
    ),
    max_size=8,
)


@given(TEXTS, READINGS)
def test_it_is_enough_to_read_with_those(text: str, readings: list[tuple[str, str]]) -> None:
    some = called_for(text, readings)
    safe = tuple(
        one for one in readings if key(one[0]) not in {key(w) for w, _ in readings} - {key(w) for w, _ in some}
    )
    assert speech.read(text, readings=some).text == speech.read(text, readings=safe).text


@given(TEXTS, READINGS)
def test_no_number_is_cut_apart(text: str, readings: list[tuple[str, str]]) -> None:
    """What stands beside a reading in the text is never the other half of a number."""
    spoken = speech.read(text, readings=called_for(text, readings))
    for span in spoken.spans:
        if span.rule == "own":
            before, after = spoken.source[: span.start], spoken.source[span.end :]
            written = spoken.source[span.start : span.end]
            assert not (written[0].isdigit() and re.search(r"\d[.,/:]\Z", before))
            assert not (written[-1].isdigit() and re.match(r"[.,/:]?\d", after))


@given(st.integers(0, 10**6))
def test_a_number_that_is_read_out_is_not_lost(number: int) -> None:
    said = speech.read(f"số {number}").text
    assert lost_figures(str(number), Counter(said.split())) == ""
