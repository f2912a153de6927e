"""Codes of documents: 96/KH-UBND, 49/2024/NĐ-CP, 05-NQ/TW, 29/2018/QH14."""

import re
from functools import cache

from nguon.speech import lexicon, numbers, syllables
from nguon.speech.draft import Found, Rule, figure, rule
from nguon.speech.rules import abbreviations
from nguon.speech.rules.common import LABELLED, after_cue, before_cue

_TAIL = r"[A-ZĐƯ][A-Za-zĐđƯư]*(?:&[A-ZĐƯ]+)*\d{0,2}(?:\s?[-/.,]\s?[A-ZĐƯ][A-Za-zĐđƯư]*(?:&[A-ZĐƯ]+)*\d{0,2}){0,5}(?!\w)"
_YEAR = r"(?:19|20)\d\d"
_PART = re.compile(r"([A-Za-zĐđƯư&]+)(\d*)")


@cache
def _part(letters: str, *, first: bool) -> str | None:
    """One part of a code in words: a type of document, an agency, or an agency composed of level and field."""
    types, agencies = lexicon.words("documents", "types"), lexicon.words("documents", "agencies")
    known = types.get(letters) if first else agencies.get(letters)
    known = known or agencies.get(letters) or types.get(letters)
    return known or _composed(letters) or lexicon.words("documents", "fields").get(letters)


def _composed(letters: str) -> str | None:
    fields = lexicon.words("documents", "fields")
    for prefix, level in lexicon.words("documents", "levels").items():
        if letters.startswith(prefix) and letters[len(prefix) :] in fields:
            return f"{level} {fields[letters[len(prefix) :]]}"
    return None


def _tail(found: Found) -> tuple[str, bool]:
    """The words of the letters of a code, and whether any part was known."""
    said: list[str] = []
    known = False
    for index, part in enumerate(_PART.finditer(found["tail"])):
        words = _part(part[1], first=index == 0)
        if part[1] == "BTC" and said[:1] in (["thông tư"], ["thông tư liên tịch"]):
            words = "bộ tài chính"  # elsewhere a committee's board of organisation
        if index == 0 and part[1] == "QĐ" and re.search(r"(?i)quy định\s+(?:số\s+)?$", found.before()):
            words = "quy định"
        known = known or words is not None
        said.append(words or _abbreviation(part[1]))
        if part[2]:
            said.append(numbers.cardinal(int(part[2]), found.profile))
    return " ".join(said), known


def _abbreviation(letters: str) -> str:
    known = lexicon.words("abbreviations", "words").get(letters) or abbreviations.glued(letters)
    return known or syllables.spell(letters)


def _standard(found: Found) -> str:
    """`TCVN 7382:2004`, `QCVN 01-1:2018/BYT`: number and year of a standard."""
    kind = {"TCVN": "tiêu chuẩn việt nam", "QCVN": "quy chuẩn việt nam", "ISO": "i sô"}[found["kind"]]
    before = found.before(24).lower().split()
    if (kind.split()[0] == "quy" and before[-2:] == ["quy", "chuẩn"]) or before[-2:] == ["tiêu", "chuẩn"]:
        kind = " ".join(kind.split()[2:]) or kind
    number = ", ".join(numbers.code_number(part, found.profile) for part in found["n"].split("-"))
    return f"{kind} {number} năm {numbers.cardinal(int(found['year']), found.profile)}"


def _code(found: Found) -> tuple[str, float] | None:
    said, known = _tail(found)
    if not known and not after_cue(found, "document") and not found["year"]:
        return None
    head = [numbers.code_number(found["number"], found.profile)]
    if found["letter"]:
        head.append(syllables.LETTERS[found["letter"].lower()])
    if found["year"]:
        head.append(f"năm {numbers.cardinal(int(found['year']), found.profile)}")
    return f"{' '.join(head)}, {said}", 0.95 if known else 0.5


def _blank_number(found: Found) -> tuple[str, float] | None:
    said, known = _tail(found)
    return (said, 0.8) if known and ("-" in found["tail"] or len(found["tail"]) > 3) else None


def _bare(found: Found) -> str | None:
    """`NĐ-CP`, `QĐ-UBND` without a number: both halves must be known, the first as a type of document."""
    first, second = _PART.findall(found["tail"])[:2]
    if first[0] not in lexicon.words("documents", "types") or _part(second[0], first=False) is None:
        return None
    if found["tail"] in lexicon.words("abbreviations", "words"):
        return None
    return _tail(found)[0]


def _year_number(found: Found) -> str | None:
    """`Luật 29/2018`, `Thông tư 39/2020`: number and year after the name of a document."""
    if not after_cue(found, "document", r"\s*(?:số)?[\s:]*"):
        return None
    said = numbers.code_number(found["number"], found.profile)
    return f"{said} năm {numbers.cardinal(int(found['year']), found.profile)}"


def _padded(found: Found) -> str | None:
    """`Chỉ thị 05`, `Đề án 06`: the zero belongs to the name."""
    gap = r"\s+(?:số\s+)?" + LABELLED
    if before_cue(found, "ratio_noun") or not after_cue(found, "document", gap, 40):
        return None
    return numbers.code_number(found["number"], found.profile)


RULES: tuple[Rule, ...] = (
    rule(
        "standard",
        rf"(?<!\w)(?P<kind>TCVN|QCVN|ISO)\s?(?P<n>\d{{1,5}}(?:-\d{{1,3}})*)\s?:\s?(?P<year>{_YEAR})(?!\d)",
        _standard,
    ),
    figure(
        "document-code",
        rf"(?<![\w/.,-])(?P<number>\d{{1,5}})(?P<letter>[a-zA-Z]?)\s?(?:/\s?(?P<year>{_YEAR}))?\s?[-/]\s?(?P<tail>{_TAIL})",
        _code,
    ),
    rule("document-code", rf"(?<![\w/])/\s?(?P<tail>{_TAIL})", _blank_number),
    rule(
        "document-code",
        r"(?<![\w/&-])(?P<tail>[A-ZĐ][A-Za-zĐ]{1,6}-[A-ZĐƯ][A-Za-zĐƯ&]{1,10})(?![\w&-])",
        _bare,
        confidence=0.9,
    ),
    figure("document-number", r"(?<![\w/.,-])(?P<number>0\d{1,2})(?![\w/]|[.,-]\d|\s\d)", _padded),
    figure("document-number", rf"(?<![\w/.,-])(?P<number>\d{{1,4}})/(?P<year>{_YEAR})(?![\w/])", _year_number),
)
