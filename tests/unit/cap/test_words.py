"""What a message and its faults say in Vietnamese: nothing without words, no word left over."""

import re
from enum import StrEnum
from importlib.resources import files

import pytest

from nguon.cap import codes, words
from nguon.cap.faults import Problem
from tests.unit.cap import messages

SOURCES = [path.read_text() for path in files("nguon.cap").iterdir() if path.name.endswith(".py")]
TOLD = {
    code for source in SOURCES for code in re.findall(r'(?:Problem|_refused)\([^)]*?"([a-z]+(?:-[a-z0-9]+)*)"', source)
}
KINDS = [codes.Status, codes.MessageType, codes.Scope, codes.Category, codes.Response, codes.Urgency, codes.Severity]


@pytest.mark.parametrize("kind", [*KINDS, codes.Certainty], ids=lambda kind: kind.__name__)
def test_every_value_has_words_and_no_word_is_left_over(kind: type[StrEnum]) -> None:
    said = [words.said(value) for value in kind]  # type: ignore[arg-type]
    assert all(said)
    assert set(words._table()[words._SECTIONS[kind]]) == set(kind)


def test_every_fault_has_a_sentence_and_no_sentence_is_left_over() -> None:
    sentences = words._table()["problems"]
    assert set(sentences) == TOLD
    assert all(sentence.endswith(".") for sentence in sentences.values())
    assert words.problem(Problem("/", "polygon-open", "")) == "Vùng vẽ chưa khép kín."


def test_a_summary_tells_what_is_there_in_vietnamese_time() -> None:
    told = dict(words.summary(messages.alert()))
    assert told["Phát lúc"] == "19:30 18/10/2026"
    assert told["Mức độ"] == "phải làm ngay, nghiêm trọng, đã xảy ra"
    assert told["Ở đâu"] == "xã Tuy Phước Đông (có 1 vùng vẽ)"
    assert "Diễn biến" not in told
    bare = dict(words.summary(messages.alert(infos=(), references=(messages.alert().reference,))))
    assert bare["Nơi phát"] == "tuyphuocdong@example.vn"
    assert bare["Về tin"] == "VN-21970-2026-0042"
