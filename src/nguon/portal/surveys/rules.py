"""Questions as an officer writes them, answers as they fit, and the count. Nothing asks the database or the clock."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from nguon.kit.text import clean
from nguon.kit.words import gettext_noop

MOST_QUESTIONS = 30
MOST_CHOICES = 20
LONGEST_QUESTION = 300  # letters
LONGEST_CHOICE = 200
LONGEST_ANSWER = 2000  # letters in words, of one question
STEPS = ("1", "2", "3", "4", "5")  # of a scale, the best last
ONE, MANY, SCALE = "-", "+", "*"  # how a line of a question begins


class Kind(StrEnum):
    """How a question is answered."""

    ONE = "one"  # one of the choices
    MANY = "many"  # any of them
    SCALE = "scale"  # 1–5
    WORDS = "words"  # in one's own


@dataclass(frozen=True)
class Question:
    """One question. `choices` are empty for a scale and for words; `must`: it is not to be left out."""

    text: str
    kind: Kind
    choices: tuple[str, ...] = ()
    must: bool = False


class Unclear(ValueError):
    """What was written is no list of questions: `said` in words for the officer, with the line it is about."""

    def __init__(self, said: str, **values: object) -> None:
        super().__init__(said)
        self.said, self.values = said, values


def questions(written: str) -> tuple[Question, ...]:
    """The questions of a text: paragraphs, the first line of each is the question, the others begin with a mark.

    `- ` one of these, `+ ` any of these, a single `*` a scale of 1–5; without such lines it is answered in words. A
    question that ends with `(*)` must be answered. Raises Unclear.
    """
    found = [_question(lines) for lines in _paragraphs(written)]
    if not found:
        raise Unclear(gettext_noop("Chưa có câu hỏi nào. Mỗi câu hỏi viết trên một dòng."))
    if len(found) > MOST_QUESTIONS:
        raise Unclear(gettext_noop("Nhiều nhất %(most)d câu hỏi. Người dân ít khi trả lời hết một bảng dài."), most=30)
    texts = [one.text for one in found]
    twice = next((text for text in texts if texts.count(text) > 1), None)
    if twice is not None:
        raise Unclear(gettext_noop("Câu hỏi “%(text)s” có hai lần."), text=twice)
    return tuple(found)


def written(asked: Iterable[Question]) -> str:
    """The same questions as a text that reads as them."""
    marks = {Kind.ONE: ONE, Kind.MANY: MANY}
    parts = []
    for one in asked:
        lines = [one.text + (" (*)" if one.must else "")]
        lines += [f"{marks[one.kind]} {choice}" for choice in one.choices] if one.kind in marks else []
        lines += [SCALE] if one.kind is Kind.SCALE else []
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _paragraphs(text: str) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for line in (raw.strip() for raw in text.splitlines()):
        if line:
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [lines for lines in found if lines]


def _question(lines: Sequence[str]) -> Question:
    head, rest = lines[0], lines[1:]
    if head[0] in (ONE, MANY, SCALE):
        raise Unclear(gettext_noop("Trước “%(line)s” chưa có câu hỏi."), line=head)
    must = head.endswith("(*)")
    text = head.removesuffix("(*)").strip()
    if not text or len(text) > LONGEST_QUESTION:
        raise Unclear(gettext_noop("Câu hỏi “%(line)s” trống hoặc quá dài."), line=head[:60])
    if not rest:
        return Question(text, Kind.WORDS, (), must)
    if list(rest) == [SCALE]:
        return Question(text, Kind.SCALE, (), must)
    return Question(text, *_choices(text, rest), must)


def _choices(text: str, lines: Sequence[str]) -> tuple[Kind, tuple[str, ...]]:
    mark = lines[0][0]
    kind = {ONE: Kind.ONE, MANY: Kind.MANY}.get(mark)
    if kind is None:
        raise Unclear(
            gettext_noop("Dòng “%(line)s” không rõ là gì: lựa chọn bắt đầu bằng dấu - hoặc dấu +."), line=lines[0][:60]
        )
    wrong = next((line for line in lines if line[0] != mark), None)
    if wrong is not None:
        raise Unclear(
            gettext_noop("Trong câu “%(text)s”, dòng “%(line)s” phải bắt đầu bằng dấu %(mark)s như các dòng trên."),
            text=text,
            line=wrong[:60],
            mark=mark,
        )
    choices = tuple(line[1:].strip() for line in lines)
    if len(choices) < 2 or len(choices) > MOST_CHOICES:
        raise Unclear(gettext_noop("Câu “%(text)s” cần từ 2 đến %(most)d lựa chọn."), text=text, most=MOST_CHOICES)
    if "" in choices or len(set(choices)) < len(choices) or max(map(len, choices)) > LONGEST_CHOICE:
        raise Unclear(gettext_noop("Câu “%(text)s” có lựa chọn trống, trùng hoặc quá dài."), text=text)
    return kind, choices


def of_json(rows: Iterable[Mapping[str, Any]]) -> tuple[Question, ...]:
    """Questions as they are kept."""
    return tuple(Question(row["text"], Kind(row["kind"]), tuple(row["choices"]), bool(row["must"])) for row in rows)


def to_json(asked: Iterable[Question]) -> list[dict[str, Any]]:
    """The same, to be kept."""
    return [{**asdict(one), "kind": one.kind.value, "choices": list(one.choices)} for one in asked]


def digest(*parts: object) -> str:
    """The hash of all that is agreed to (hexadecimal SHA-256)."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()


def fitting(asked: Sequence[Question], given: Mapping[str, Sequence[str]]) -> tuple[dict[str, list[str]], list[int]]:
    """Of what a form brought (`q0`, `q1`…: values) what fits the questions, and the numbers of those left out in error.

    A choice that is not offered is not taken; words are cut at LONGEST_ANSWER.
    """
    kept: dict[str, list[str]] = {}
    missing = []
    for number, one in enumerate(asked):
        values = [value for raw in given.get(f"q{number}", ()) if (value := clean(raw))]
        allowed = {Kind.ONE: one.choices, Kind.MANY: one.choices, Kind.SCALE: STEPS}.get(one.kind)
        if allowed is None:
            values = [value[:LONGEST_ANSWER] for value in values[:1]]
        else:
            values = [value for value in allowed if value in values]
            values = values if one.kind is Kind.MANY else values[:1]
        if values:
            kept[str(number)] = values
        elif one.must:
            missing.append(number)
    return kept, missing


@dataclass(frozen=True)
class Bar:
    """One choice: how often it was taken, of a hundred who answered the question."""

    label: str
    count: int
    percent: int


@dataclass(frozen=True)
class Count:
    """How a question was answered: by how many, and which choices; `mean` of a scale; words are counted only."""

    question: Question
    answered: int
    bars: tuple[Bar, ...] = ()
    mean: float | None = None


def counted(asked: Sequence[Question], sheets: Iterable[Mapping[str, Sequence[str]]]) -> tuple[Count, ...]:
    """The count of all answers, question by question."""
    kept = list(sheets)
    return tuple(_count(one, [sheet[str(n)] for sheet in kept if sheet.get(str(n))]) for n, one in enumerate(asked))


def _count(one: Question, given: Sequence[Sequence[str]]) -> Count:
    if one.kind is Kind.WORDS:
        return Count(one, len(given))
    labels = STEPS if one.kind is Kind.SCALE else one.choices
    taken = Counter(value for values in given for value in values)
    bars = tuple(Bar(label, taken[label], round(100 * taken[label] / len(given)) if given else 0) for label in labels)
    mean = sum(int(bar.label) * bar.count for bar in bars) / len(given) if given and one.kind is Kind.SCALE else None
    return Count(one, len(given), bars, mean)
