"""How a wording is heard while it is being written: its length, and where it should be split."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon.newsroom.aloud import EDGES, aloud, of_spoken
from nguon.newsroom.rules import LONG_LISTENING
from nguon.speech import read

SENTENCE = "Đề nghị bà con chủ động sắp xếp công việc. "
PARAGRAPH = SENTENCE * 8 + "\n"


def test_a_wording_is_told_with_its_changes_doubts_and_own_readings() -> None:
    found = aloud("Họp tại NVH lúc 7h30. Đơn vị XQZT mời. NVH mở cửa.", (("NVH", "nhà văn hóa mới"),), 210)
    assert len(found.sentences) == 3
    assert [change.written for change in found.changes] == ["NVH", "7h30", "XQZT", "NVH"]
    assert found.doubts == 1
    assert found.own == (("NVH", "nhà văn hóa mới"),)
    assert found.parts == ()


def test_an_empty_wording_lasts_nothing() -> None:
    found = aloud("", (), 210)
    assert (found.seconds, found.sentences, found.doubts) == (0.0, (), 0)


def test_a_slower_pace_lasts_longer() -> None:
    assert aloud(SENTENCE, (), 120).seconds > 1.5 * aloud(SENTENCE, (), 240).seconds


def test_a_sentence_nobody_can_follow_is_told() -> None:
    long, short = aloud("Đề nghị bà con " * 40 + ".", (), 210), aloud(SENTENCE, (), 210)
    assert [sentence.breathless for sentence in long.sentences] == [True]
    assert [sentence.breathless for sentence in short.sentences] == [False]


def test_what_was_spoken_otherwise_than_it_is_read_now_is_not_set_beside() -> None:
    assert of_spoken("Lúc 7h30.", (), "Lúc bảy giờ ba mươi.", 210) is not None
    assert of_spoken("Lúc 7h30.", (), "Lúc bảy rưỡi.", 210) is None


def test_the_key_facts_said_again_belong_to_the_whole() -> None:
    body = "Mời họp lúc 7h30 ngày 12/4 tại nhà văn hóa thôn Luật Lễ. Xin cảm ơn."
    plain, twice = aloud(body, (), 210), aloud(body, (), 210, repeat=True)
    assert (plain.again, twice.sentences) == ("", plain.sentences)
    assert twice.again.startswith("Xin nhắc lại: Mời họp lúc bảy giờ ba mươi")
    assert twice.seconds > plain.seconds + 4
    spoken = f"{read(body).text}\n{twice.again}"
    assert of_spoken(body, (), spoken, 210, repeat=True) == twice
    assert of_spoken(body, (), spoken, 210) is None


def test_more_figures_than_anybody_keeps_are_told() -> None:
    assert aloud("Từ 7h ngày 1/2 nộp 3.000 đồng. " * 12, (), 210).many_figures
    assert not aloud(SENTENCE, (), 210).many_figures


def test_a_long_wording_is_split_between_paragraphs_into_like_parts() -> None:
    found = aloud(PARAGRAPH * 20, (), 210)
    assert len(found.parts) == 3 if found.seconds > 2 * LONG_LISTENING.total_seconds() else 2
    starts = [part.begins.row.start for part in found.parts]
    assert starts[0] == 0
    assert all(start % len(PARAGRAPH) == 0 for start in starts)
    lengths = [part.seconds for part in found.parts]
    assert max(lengths) - min(lengths) < 60
    assert sum(lengths) + EDGES == pytest.approx(found.seconds)


def test_the_place_of_a_part_is_told_by_counting_the_same_words() -> None:
    body = PARAGRAPH * 20
    sentence = SENTENCE.strip()
    for part in aloud(body, (), 210).parts:
        at = -1
        for _ in range(part.ordinal + 1):
            at = body.index(sentence, at + 1)
        assert at == part.begins.row.start


@given(st.lists(st.integers(1, 120), min_size=1, max_size=60), st.sampled_from([120, 210, 300]))
def test_parts_are_the_whole_in_order(words: list[int], rate: int) -> None:
    body = "\n".join("chữ " * count + "." for count in words)
    found = aloud(body, (), rate)
    assert bool(found.parts) <= (found.seconds > LONG_LISTENING.total_seconds())
    if found.parts:
        assert sum(part.seconds for part in found.parts) + EDGES == pytest.approx(found.seconds)
        starts = [part.begins.row.start for part in found.parts]
        assert starts == sorted(set(starts))
        assert starts[0] == 0
