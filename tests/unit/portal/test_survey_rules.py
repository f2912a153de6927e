"""Questions as they are written, answers as they fit, and the count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon.portal.surveys.rules import (
    Bar,
    Kind,
    Question,
    Unclear,
    counted,
    fitting,
    of_json,
    questions,
    to_json,
    written,
)

WRITTEN = """Bạn có nghe rõ loa không? (*)
- Nghe rõ
- Không nghe được

Muốn nghe thêm gì?
+ Nông nghiệp
+ Y tế

Hài lòng đến đâu?
*


Góp ý thêm"""


def test_paragraphs_become_questions() -> None:
    assert questions(WRITTEN) == (
        Question("Bạn có nghe rõ loa không?", Kind.ONE, ("Nghe rõ", "Không nghe được"), must=True),
        Question("Muốn nghe thêm gì?", Kind.MANY, ("Nông nghiệp", "Y tế")),
        Question("Hài lòng đến đâu?", Kind.SCALE),
        Question("Góp ý thêm", Kind.WORDS),
    )


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "Chưa có câu hỏi"),
        ("- một\n- hai", "chưa có câu hỏi"),
        ("Hỏi gì?\n- chỉ một", "cần từ 2"),
        ("Hỏi gì?\n- một\n+ hai", "phải bắt đầu bằng"),
        ("Hỏi gì?\n- một\n- một", "trùng"),
        ("Hỏi gì?\nkhông có dấu", "không rõ là gì"),
        ("Hỏi gì?\n\nHỏi gì?", "hai lần"),
        ("(*)", "trống"),
        ("\n\n".join(f"Câu {n}" for n in range(31)), "Nhiều nhất"),
    ],
)
def test_what_is_no_question_is_named(text: str, part: str) -> None:
    with pytest.raises(Unclear, match=part):
        questions(text)


LINE = st.text(st.characters(categories=["L", "N"], include_characters=" ?"), min_size=1, max_size=40).map(str.strip)
HEAD = LINE.filter(lambda line: bool(line))
CHOICES = st.lists(HEAD, min_size=2, max_size=6, unique=True).map(tuple)
QUESTION = st.one_of(
    st.builds(Question, HEAD, st.sampled_from([Kind.ONE, Kind.MANY]), CHOICES, st.booleans()),
    st.builds(Question, HEAD, st.sampled_from([Kind.SCALE, Kind.WORDS]), st.just(()), st.booleans()),
)
ASKED = st.lists(QUESTION, min_size=1, max_size=8, unique_by=lambda one: one.text).map(tuple)


@given(ASKED)
def test_what_was_written_reads_as_the_same(asked: tuple[Question, ...]) -> None:
    assert questions(written(asked)) == asked
    assert of_json(to_json(asked)) == asked


@given(ASKED, st.dictionaries(st.text(max_size=4), st.lists(st.text(max_size=8), max_size=3), max_size=6))
def test_only_what_is_offered_is_taken(asked: tuple[Question, ...], sent: dict[str, list[str]]) -> None:
    kept, missing = fitting(asked, sent)
    for number, values in kept.items():
        one = asked[int(number)]
        assert one.kind is Kind.WORDS or set(values) <= set(one.choices or "12345")
        assert one.kind is Kind.MANY or len(values) == 1
    assert all(asked[number].must for number in missing)


def test_the_count_is_of_those_who_answered_the_question() -> None:
    asked = questions(WRITTEN)
    sheets = [
        {"0": ["Nghe rõ"], "1": ["Y tế", "Nông nghiệp"], "2": ["4"]},
        {"0": ["Nghe rõ"], "2": ["1"], "3": ["hay"]},
    ]
    clear, more, scale, words = counted(asked, sheets)
    assert clear.bars == (Bar("Nghe rõ", 2, 100), Bar("Không nghe được", 0, 0))
    assert (more.answered, more.bars[0]) == (1, Bar("Nông nghiệp", 1, 100))
    assert scale.mean == 2.5
    assert (words.answered, words.bars) == (1, ())
