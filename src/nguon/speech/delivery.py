"""How a spoken text is delivered outdoors: sentences, the pause after each, their pace, and what is said again."""

import re
from dataclasses import dataclass

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


MOST_FIGURES = 30  # dates, hours, sums and telephones a listener can keep of one notice


def script(spoken: Spoken | str, *, style: Style = OUTDOORS, longest: int = 300) -> tuple[Line, ...]:
    """The sentences of a spoken text as they are to be said, none longer than `longest` characters.

    Pauses are longer after headings and paragraphs; sentences that carry figures are slower.
    """
    text = spoken if isinstance(spoken, str) else spoken.text
    return tuple(_lines([line.strip() for line in text.split("\n") if line.strip()], style, longest))


def _lines(lines: list[str], style: Style, longest: int) -> list[Line]:
    found: list[Line] = []
    for number, line in enumerate(lines):
        heading = _is_heading(line, last=number == len(lines) - 1)
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


def again(spoken: Spoken | str) -> str:
    """The key facts once more, in the words of the text; empty if it holds none.

    The title, or if there is none the first sentence; then what it leaves out: when, where, whom to call.
    """
    text = spoken if isinstance(spoken, str) else spoken.text
    found = facts(text)
    if not found:
        return ""
    opening = found.what or _opening(text)
    said = [f"{AGAIN}: {opening}." if opening else f"{AGAIN}."]
    for name, words in (("Thời gian", found.when), ("Địa điểm", found.where), ("Điện thoại", found.phone)):
        if words and words not in opening:
            said.append(f"{name}: {words.removeprefix('tại ')}.")
    return "\n".join(said)


def _opening(text: str) -> str:
    """The first sentence that carries figures, if it is short enough to be said twice."""
    for line in text.split("\n"):
        for sentence in re.split(r"(?<=[.?!])\s", line.strip()):
            if carries_figures(sentence):
                return sentence.rstrip(".?!;:, ") if len(sentence.split()) <= _OPENING_WORDS else ""
    return ""


def seconds(spoken: Spoken | str, rate: int, style: Style = OUTDOORS) -> float:
    """About how long it is heard at `rate` syllables a minute, its slower sentences and all pauses but the last."""
    lines = script(spoken, style=style)
    pauses = sum(line.pause for line in lines[:-1])
    commas = sum(len(re.findall(r"[,;:]\s", line.text)) for line in lines) * style.comma
    return sum(len(line.text.split()) / (rate * line.pace) * 60 for line in lines) + (pauses + commas) / 1000


def too_many_figures(spoken: Spoken | str) -> bool:
    """Whether there are more figures in it than anybody keeps in one listening."""
    return figures(spoken if isinstance(spoken, str) else spoken.text) > MOST_FIGURES
