"""Several numbers after one label, typed without blanks: `thôn 1,2,3`, `ngày 12,13/4`; they are no decimals."""

import re

from nguon.speech import lexicon, numbers
from nguon.speech.draft import Found, Rule, figure
from nguon.speech.rules.common import labelled

_SYMBOLS = lexicon.alternation(lexicon.words("units", "symbols"))
_MEASURED = re.compile(rf"\d+\s?(?:{_SYMBOLS}|triệu|tỷ|tỉ|nghìn|lần|độ)(?!\w)")


def _item(found: Found) -> str | None:
    """One number and its comma. Two numbers before a unit are a decimal: `trong số 1,5 triệu`."""
    before, after = found.before(8), found.after(24)
    alone = not re.search(r"\d,\s?$", before) and not re.match(r"\d{1,3},\d", after)
    if alone and _MEASURED.match(after):
        return None
    many = re.search(r"(?<![\d.])\d{1,2},$", before) or re.match(r"\d{1,2},\d{1,2}(?!\d)", after)
    if not labelled(found) and not many:
        return None
    return f"{numbers.code_number(found['n'], found.profile)},"


RULES: tuple[Rule, ...] = (
    figure("list", r"(?<![\w.])(?<![.]\d)(?P<n>\d{1,2}),(?=(?:[1-9]\d?|0[1-9])(?!\d))", _item, confidence=0.85),
)
