"""How a spoken text is delivered outdoors: pauses, pace, key facts again, and how long it is."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nguon.speech import INDOORS, OUTDOORS, Facts, again, facts, read, script, seconds, too_many_figures
from tests.unit.speech.notices import ALL, POLICY, POWER_CUT, STORM, VACCINE

MEETING = """GIẤY MỜI HỌP DÂN
Thời gian: 19h00 ngày 05/6/2026.
Địa điểm: Nhà văn hóa thôn Kỳ Sơn.
Mời bà con dự đông đủ. Liên hệ ông Ba, ĐT 0905.123.456.
"""


def test_headings_and_paragraphs_are_followed_by_longer_pauses() -> None:
    lines = script(read("LỊCH HỌP\nMời bà con. Xin cảm ơn.\nHết."))
    assert [(line.text, line.pause) for line in lines] == [
        ("lịch họp.", OUTDOORS.heading),
        ("Mời bà con.", OUTDOORS.sentence),
        ("Xin cảm ơn.", OUTDOORS.paragraph),
        ("Hết.", OUTDOORS.paragraph),
    ]
    assert OUTDOORS.heading > OUTDOORS.paragraph > OUTDOORS.sentence > OUTDOORS.comma > 0


@pytest.mark.parametrize(
    "written",
    ["Họp lúc 7h30", "ngày 12/5", "gọi 0905 123 456", "nộp 500.000 đồng", "tiêm 2 mũi", "Báo cháy 114", "cách 3,5 km"],
)
def test_a_sentence_with_figures_is_slower(written: str) -> None:
    (line,) = script(read(written))
    assert line.pace == OUTDOORS.figures_pace < 1


@pytest.mark.parametrize("written", ["Bà con giữ vệ sinh chung.", "Một lòng vì dân.", "Ông Năm và bà Ba cùng tham dự."])
def test_a_plain_sentence_is_not(written: str) -> None:
    assert script(read(written))[0].pace == 1


def test_indoors_is_quicker() -> None:
    spoken = read(MEETING)
    assert sum(line.pause for line in script(spoken, style=INDOORS)) < sum(line.pause for line in script(spoken))
    assert all(line.pace == 1 for line in script(spoken, style=INDOORS))


def test_a_number_at_the_head_of_a_line_is_not_cut_off_by_a_long_pause() -> None:
    number, name, _rest = script(read("1. Mục tiêu\nGiữ gìn vệ sinh."))
    assert (number.text, number.pause) == ("một.", OUTDOORS.comma)
    assert name.pause == OUTDOORS.heading


def test_the_facts_of_a_meeting() -> None:
    assert facts(read(MEETING)) == Facts(
        what="giấy mời họp dân",
        when="mười chín giờ ngày năm tháng sáu năm hai nghìn không trăm hai mươi sáu",
        where="Nhà văn hóa thôn Kỳ Sơn",
        phone="không chín không năm một hai ba bốn năm sáu",
    )


def test_the_time_of_a_thing_is_not_the_day_of_the_document_it_cites() -> None:
    found = facts(read(VACCINE))
    assert found.what == "kế hoạch tiêm vắc xin sởi cho trẻ từ một đến năm tuổi"
    assert found.when.startswith("tám giờ đến mười giờ ba mươi, ngày hai mươi đến hai mươi hai tháng năm")
    cited = facts(read("Theo Quyết định số 12/QĐ-UBND ngày 4/2/2026, sáng 9/3 họp dân tại đình làng Luật Lễ."))
    assert (cited.when, cited.where) == ("sáng chín tháng ba họp dân tại đình làng Luật Lễ", "tại đình làng Luật Lễ")


def test_the_facts_of_a_power_cut() -> None:
    found = facts(read(POWER_CUT))
    assert found.what.startswith("thông báo về việc tạm ngừng cung cấp điện")
    assert found.when.startswith("từ bảy giờ ba mươi đến mười một giờ ba mươi ngày mười hai tháng năm")
    assert "Thôn Phụng Sơn, thôn Kỳ Sơn, xã Phước Sơn" in found.where
    assert found.phone == "một chín không không một chín không chín hoặc không hai năm sáu ba một hai ba bốn năm sáu"


@pytest.mark.parametrize("text", ["", "Bà con giữ vệ sinh chung.", "Năm nay được mùa. Một lòng vì dân."])
def test_a_text_without_facts_has_none_and_nothing_is_repeated(text: str) -> None:
    spoken = read(text)
    assert not facts(spoken)
    assert again(spoken) == ""


def test_key_facts_are_said_again_at_the_end_in_the_words_of_the_text() -> None:
    assert again(read(MEETING)).splitlines() == [
        "Xin nhắc lại: giấy mời họp dân.",
        "Thời gian: mười chín giờ ngày năm tháng sáu năm hai nghìn không trăm hai mươi sáu.",
        "Địa điểm: Nhà văn hóa thôn Kỳ Sơn.",
        "Điện thoại: không chín không năm một hai ba bốn năm sáu.",
    ]


def test_without_a_title_the_first_sentence_is_said_again() -> None:
    spoken = read("UBND xã mời bà con họp lúc 7h30 ngày 12/4 tại nhà văn hóa thôn Luật Lễ.")
    assert again(spoken) == f"Xin nhắc lại: {spoken.text}"


def test_a_place_is_named_without_the_word_that_led_to_it() -> None:
    said = again(read("THÔNG BÁO TIÊM VẮC XIN\nTừ 7h30 ngày 27/11/2026 tại Trạm Y tế xã, mức thu 150.000đ/liều."))
    assert said.splitlines()[-1] == "Địa điểm: Trạm Y tế xã."


PIECES = st.text("aăeê hai ba giờ tháng tại.,\n:;0123456789/h", max_size=150)
FRAME = {"xin", "nhắc", "lại", "thời", "gian", "địa", "điểm", "điện", "thoại", "hoặc"}


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([*ALL, MEETING]) | PIECES, st.integers(40, 300))
def test_a_script_says_every_word_once_and_no_piece_is_too_long(text: str, longest: int) -> None:
    spoken = read(text)
    lines = script(spoken, longest=longest)
    assert " ".join(line.text for line in lines).split() == spoken.text.split()
    assert all(len(line.text) <= longest and line.pause > 0 and 0.5 < line.pace <= 1 for line in lines)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([*ALL, MEETING]) | PIECES)
def test_what_is_said_again_is_made_of_the_text_s_own_words(text: str) -> None:
    spoken = read(text)
    assert _words(again(spoken)) <= _words(spoken.text) | FRAME


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


@pytest.mark.parametrize("text", [POWER_CUT, STORM, POLICY, MEETING])
def test_the_time_it_takes_is_near_what_a_voice_needs(text: str) -> None:
    spoken = read(text)
    bare = len(spoken.text.split()) / 210 * 60
    assert bare < seconds(spoken, 210) < bare * 2
    assert seconds(spoken, 150) > seconds(spoken, 210)
    assert seconds(spoken, 210, INDOORS) < seconds(spoken, 210)


def test_too_many_figures_are_told() -> None:
    assert too_many_figures(read("Từ 7h ngày 1/2 nộp 3.000 đồng. " * 12))
    assert not too_many_figures(read("Từ 7h ngày 1/2 nộp 3.000 đồng."))
    assert seconds("", 210) == 0
