"""What is said beside what was written: nothing is lost on either side, and sentences stand beside each other."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon import speech
from nguon.media.readings.beside import Row, rows
from nguon.speech import Span, Spoken

NOTICE = """UBND XÃ PHƯỚC THUẬN
THÔNG BÁO
Về việc tiêm vắc-xin đợt 2

1. Trẻ từ 5-11 tuổi tiêm tại TT. Tuy Phước lúc 7h30 ngày 12/5. Mang theo sổ!
2. Mọi thắc mắc xin gọi 1900 1909./.
Nơi nhận:
- Như trên;
- Lưu: VT."""
WRITTEN = st.text(
    st.sampled_from("aăâđêôơuủ bcgkmnrt UBND .,;:?!\n\t-–()/“”\"'*_#0123456789 %&xXVI"), max_size=200
) | st.lists(
    st.sampled_from([*NOTICE.split(), "\n", "https://a.vn/b", "TP.HCM", "25-30%", "Nơi nhận:", "<b>", "&amp;", "…"]),
    max_size=60,
).map(" ".join)


def both(found: tuple[Row, ...]) -> list[tuple[str, str]]:
    return [(row.text, row.spoken) for row in found]


def squeezed(text: str) -> str:
    return " ".join(text.split())


def test_sentences_of_a_notice_stand_beside_each_other() -> None:
    found = both(rows(speech.read(NOTICE)))
    assert found[:3] == [
        ("UBND XÃ PHƯỚC THUẬN", "ủy ban nhân dân xã phước thuận."),
        ("THÔNG BÁO", "thông báo."),
        ("Về việc tiêm vắc-xin đợt 2", "Về việc tiêm vắc xin đợt hai."),
    ]
    assert found[3][0] == "1. Trẻ từ 5-11 tuổi tiêm tại TT. Tuy Phước lúc 7h30 ngày 12/5."
    assert found[3][1].endswith("thị trấn Tuy Phước lúc bảy giờ ba mươi ngày mười hai tháng năm.")
    assert found[4] == ("Mang theo sổ!", "Mang theo sổ!")


def test_what_is_not_said_is_told() -> None:
    last = rows(speech.read(NOTICE))[-1]
    assert last.text.startswith("Nơi nhận:")
    assert last.spoken == ""
    assert all(change.said == "" for change in last.changes)
    assert {"Nơi", "VT"} <= set("".join(change.written for change in last.changes).replace(".", " ").split())


def test_a_change_is_the_same_on_both_sides() -> None:
    for row in rows(speech.read(NOTICE)):
        for change in row.changes:
            assert "".join(p.text for p in row.written if p.change == change) == change.written
            assert "".join(p.text for p in row.said if p.change == change) == change.said


def test_another_case_or_mark_is_no_change() -> None:
    (row,) = rows(speech.read("THÔNG BÁO (MỚI) – HAY"))
    assert row.changes == ()


def test_the_same_words_again_are_counted() -> None:
    text = "Họp lúc 7h30. Nghỉ lúc 9h00. Họp lại lúc 7h30."
    changes = [change for row in rows(speech.read(text)) for change in row.changes if change.written == "7h30"]
    assert [change.ordinal for change in changes] == [0, 1]
    assert text[changes[1].start :].startswith("7h30")


@pytest.mark.parametrize(("confidence", "doubtful"), [(0.74, True), (0.75, False), (1.0, False)])
def test_a_change_the_reader_is_not_sure_of_is_doubtful(confidence: float, doubtful: bool) -> None:
    (row,) = rows(Spoken("tê tê", "TT", (Span(0, 2, 0, 5, "spelled", confidence),)))
    assert row.doubtful is doubtful


def test_own_readings_are_told_apart() -> None:
    (row,) = rows(speech.read("Họp tại NVH thôn.", readings=(("NVH", "nhà văn hóa"),)))
    assert [(change.written, change.said, change.own) for change in row.changes] == [("NVH", "nhà văn hóa", True)]


@given(WRITTEN)
def test_nothing_is_lost_on_either_side(text: str) -> None:
    spoken = speech.read(text)
    found = rows(spoken)
    if not found:
        assert not re.search(r"\w", spoken.text)
        return
    assert squeezed("".join(p.text for row in found for p in row.written)) == squeezed(spoken.source)
    assert squeezed("".join(p.text for row in found for p in row.said)) == squeezed(spoken.text)
    assert [row.start for row in found] == sorted({row.start for row in found})


@given(WRITTEN)
def test_unmarked_words_are_the_same_on_both_sides(text: str) -> None:
    for row in rows(speech.read(text)):
        halves = (row.written, row.said)
        ours, theirs = ("".join(" " if p.change else p.text for p in side) for side in halves)
        words = [re.findall(r"\w+(?:['’]\w+)*", side.casefold()) for side in (ours, theirs)]
        assert words[0] == words[1]


@given(
    st.text("ab .", max_size=12),
    st.text("ab .", max_size=12),
    st.lists(st.tuples(*[st.integers(0, 12)] * 4), max_size=4),
)
def test_spans_that_make_no_sense_harm_nothing(source: str, text: str, places: list[tuple[int, ...]]) -> None:
    spans = []
    for place in places:
        start, end = sorted(min(at, len(source)) for at in place[:2])
        said, said_end = sorted(min(at, len(text)) for at in place[2:])
        spans.append(Span(start, end, said, said_end, "x", 1))
    found = rows(Spoken(text, source, tuple(spans)))
    if not found:
        assert not text.strip(" .")
        return
    assert squeezed("".join(p.text for row in found for p in row.written)) == squeezed(source)
    assert squeezed("".join(p.text for row in found for p in row.said)) == squeezed(text)
