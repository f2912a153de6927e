"""How a spoken text is delivered outdoors: sentences, the pause after each, their pace, and whether it is too long."""

import re
from dataclasses import dataclass

from nguon.kit.words import gettext_noop
from nguon.speech.facts import ITEM, carries_figures, facts, figures
from nguon.speech.sentences import pieces
from nguon.speech.spoken import Spoken

_HEADING_WORDS = 12  # a short line that others follow is a heading
_OPENING_WORDS = 45  # the first sentence is said again whole if there is no title
AGAIN = "Xin nhắc lại"


@dataclass(frozen=True)
class Style:
    """Pauses in ms and paces (1 is the rate that was asked) of one way to be heard."""

    comma: int
    sentence: int
    paragraph: int
    heading: int
    figures_pace: float
    heading_pace: float


OUTDOORS = Style(comma=250, sentence=600, paragraph=1000, heading=1400, figures_pace=0.85, heading_pace=0.9)
INDOORS = Style(comma=150, sentence=300, paragraph=500, heading=700, figures_pace=1.0, heading_pace=1.0)


@dataclass(frozen=True)
class Line:
    """One call to a voice: its words, the pause after it in ms, and its pace as a factor of the rate."""

    text: str
    pause: int
    pace: float


@dataclass(frozen=True)
class Listening:
    """How long a text is heard, in seconds, and why that is too much for one listening (empty if it is not)."""

    seconds: float
    too_long: bool
    reason: str


LONGEST = 300  # seconds a listener outdoors follows one notice
MOST_FIGURES = 30  # dates, hours, sums and telephones in one notice
LONGEST_BREATH = 60  # syllables without any pause
TOO_LONG = gettext_noop("Bài nghe hơn 5 phút, người nghe khó theo hết. Nên rút gọn hoặc chia thành nhiều bài.")
TOO_MANY_FIGURES = gettext_noop(
    "Bài có quá nhiều con số, ngày giờ để nghe một lượt. Nên chia bài hoặc chỉ đọc số chính."
)
TOO_LONG_SENTENCE = gettext_noop("Có câu quá dài mà không có chỗ ngắt. Nên tách câu hoặc thêm dấu phẩy.")


def script(
    spoken: Spoken | str, *, repeat_facts: bool = False, style: Style = OUTDOORS, longest: int = 300
) -> tuple[Line, ...]:
    """The sentences of a spoken text as they are to be said, none longer than `longest` characters.

    Pauses are longer after headings and paragraphs; sentences that carry figures are slower. `repeat_facts` says at the
    end again what, when, where and whom to call, in the words of the text; a text without such facts stays as it is.
    """
    text = spoken if isinstance(spoken, str) else spoken.text
    said = _lines([line.strip() for line in text.split("\n") if line.strip()], style, longest)
    again = _again(text) if repeat_facts else []
    return (*said, *_lines(again, style, longest, headings=False))


def _lines(lines: list[str], style: Style, longest: int, *, headings: bool = True) -> list[Line]:
    found: list[Line] = []
    for number, line in enumerate(lines):
        heading = headings and _is_heading(line, last=number == len(lines) - 1)
        parts = pieces(line, longest)
        for at, part in enumerate(parts):
            if at == len(parts) - 1:
                pause = style.heading if heading else style.paragraph
            else:
                pause = style.sentence if part[-1] in ".?!" and not ITEM.fullmatch(part + " ") else style.comma
            pace = style.figures_pace if carries_figures(part) else style.heading_pace if heading else 1.0
            found.append(Line(part, pause, pace))
    return found


def _is_heading(line: str, *, last: bool) -> bool:
    """A short line with others after it and no pause inside, but for its number: `một. Mục tiêu`."""
    body = ITEM.sub("", line)
    return not last and len(body.split()) <= _HEADING_WORDS and not re.search(r"[,.?!;:]\s|[,;:]$", body)


def _again(text: str) -> list[str]:
    """The key facts as lines: the title, or if there is none the first sentence; then what it leaves out."""
    found = facts(text)
    if not found:
        return []
    opening = found.what or _opening(text)
    said = [f"{AGAIN}: {opening}." if opening else f"{AGAIN}."]
    for name, words in (("Thời gian", found.when), ("Địa điểm", found.where), ("Điện thoại", found.phone)):
        if words and words not in opening:
            said.append(f"{name}: {words}.")
    return said


def _opening(text: str) -> str:
    """The first sentence that carries figures, if it is short enough to be said twice."""
    for line in text.split("\n"):
        for sentence in re.split(r"(?<=[.?!])\s", line.strip()):
            if carries_figures(sentence):
                return sentence.rstrip(".?!;:, ") if len(sentence.split()) <= _OPENING_WORDS else ""
    return ""


def listening(spoken: Spoken | str, rate: int, *, repeat_facts: bool = False, style: Style = OUTDOORS) -> Listening:
    """How long it is heard at `rate` syllables a minute, pauses and slower sentences counted.

    Raises ValueError if the rate is not above 0.
    """
    if rate <= 0:
        raise ValueError(f"a rate of {rate} syllables a minute")
    text = spoken if isinstance(spoken, str) else spoken.text
    lines = script(text, repeat_facts=repeat_facts, style=style)
    pauses = sum(line.pause for line in lines[:-1]) / 1000
    commas = sum(len(re.findall(r"[,;:]\s", line.text)) for line in lines) * style.comma / 1000
    seconds = sum(len(line.text.split()) / (rate * line.pace) * 60 for line in lines) + pauses + commas
    reason = _reason(text, seconds)
    return Listening(round(seconds, 1), bool(reason), reason)


def _reason(text: str, seconds: float) -> str:
    if seconds > LONGEST:
        return TOO_LONG
    if figures(text) > MOST_FIGURES:
        return TOO_MANY_FIGURES
    if any(len(breath.split()) > LONGEST_BREATH for breath in re.split(r"[.,;:?!\n]", text)):
        return TOO_LONG_SENTENCE
    return ""
