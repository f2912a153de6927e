"""Scoring a reader against cases: a reading counts if it is one of the accepted ones after a canonical folding.

A case file is TSV with a head line: id, category, input, expected, accepted_alternatives (parted by ` || `), note.
What is folded is spelling, not meaning: nghìn/ngàn, linh/lẻ, tỷ/tỉ, mươi tư/mươi bốn, the place of a tone, capitals,
marks; and in codes of documents and in sentences the words for a slash.
"""

import csv
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_OPEN_RIME = re.compile(rf"(?P<head>.*?)(?P<first>[ou])(?P<early>[{_TONES}]?)(?P<last>[aey])(?P<late>[{_TONES}]?)")
_ALIKE = (
    (r"\bngàn\b", "nghìn"),
    (r"\btỉ\b", "tỷ"),
    (r"\blẻ\b", "linh"),
    (r"\bmươi bốn\b", "mươi tư"),
    (r"\bmươi nhăm\b", "mươi lăm"),
    (r"\b(ngày|sáng|chiều|tối) (?:mùng|mồng) ", r"\1 "),
    (r"\bqui\b", "quy"),
    (r"\bkí lô\b", "ki lô"),
    (r"\bhecta\b", "héc ta"),
    (r"\bđộ c$", "độ xê"),
)
_SLASH = re.compile(r"\b(?:trên|xuyệt|xẹt|gạch chéo|gạch ngang|gạch nối)\b")
_SLASHES_DO_NOT_COUNT = frozenset({"doc_code", "sentence"})


@dataclass(frozen=True)
class Case:
    """One writing and the readings that are right for it; the first is the one expected."""

    id: str
    category: str
    written: str
    readings: tuple[str, ...]

    def accepts(self, said: str) -> bool:
        """Whether a reading is one of the right ones."""
        return canonical(said, self.category) in {canonical(reading, self.category) for reading in self.readings}


def cases(file: Path | Traversable) -> list[Case]:
    """The cases of a file. Raises ValueError with the line if it is no file of cases."""
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    try:
        return [_case(row) for row in rows]
    except (KeyError, AttributeError) as error:
        raise ValueError(
            f"{file}, line {rows.line_num}: not id, category, input, expected, accepted_alternatives"
        ) from error


def _case(row: dict[str, str]) -> Case:
    others = [other for other in row["accepted_alternatives"].split(" || ") if other.strip()]
    return Case(row["id"], row["category"], row["input"].replace("\\n", " "), (row["expected"], *others))


def canonical(said: str, category: str = "") -> str:
    """The folded form by which two readings are compared."""
    plain = re.sub(r"[^\w\s]|_", " ", unicodedata.normalize("NFC", said).lower())
    folded = " ".join(map(_tone_placed, plain.split()))
    for spelled, instead in _ALIKE:
        folded = re.sub(spelled, instead, folded)
    return " ".join(_SLASH.sub(" ", folded).split()) if category in _SLASHES_DO_NOT_COUNT else folded


def _tone_placed(word: str) -> str:
    """`hoà` and `hòa` alike: in oa, oe, uy the tone goes to the first vowel, but not after q."""
    match = _OPEN_RIME.fullmatch(unicodedata.normalize("NFD", word))
    if match is None or match["first"] + match["last"] not in ("oa", "oe", "uy") or match["head"].endswith("q"):
        return word
    tone = match["early"] or match["late"]
    return unicodedata.normalize("NFC", match["head"] + match["first"] + tone + match["last"])


def misses(read: Callable[[str], str], tried: Iterable[Case]) -> list[tuple[Case, str]]:
    """The cases that a reader gets wrong, each with what it said. A reader that raises said its error."""
    found = []
    for case in tried:
        try:
            said = read(case.written)
        except Exception as error:  # a foreign library may raise anything
            said = f"{type(error).__name__}: {error}"
        if not case.accepts(said):
            found.append((case, said))
    return found
