"""What several rules share: the shape of written numbers, and cue words to the left."""

import re
from functools import cache

from nguon.speech import lexicon, numbers
from nguon.speech.draft import Found
from nguon.speech.spoken import Profile

# A quantity as Vietnamese writes it: 1.250.000 · 1 250 000 · 1,250,000 · 219,9 · 3.5 · 12
NUMBER = (
    r"(?:\d{1,3}(?:\.\d{3})+(?!\d)(?:,\d+)?|\d{1,3}(?:,\d{3})+\.\d{1,2}(?!\d)|\d{1,3}(?:,\d{3}){2,}(?!\d)"
    r"|\d{1,3}(?:[ ]\d{3}){2,}(?!\d)"
    r"|\d{1,3}[ ]000(?!\d)|\d+,\d+|\d+\.\d+|\d+)"
)
START = r"(?<![\w.,/])"  # a number does not begin inside a word or another number
_SMALL = "a-zàáâãèéêìíòóôõùúýăđĩũơưạ" + "".join(chr(code) for code in range(0x1EA1, 0x1EFA, 2))
_CAPITAL = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯ" + "".join(chr(code) for code in range(0x1EA0, 0x1EFA, 2))
NAME = rf"[{_CAPITAL}][{_SMALL}]+"  # ranges such as à-ỹ would take capitals too
LABELLED = r"(?:\d{1,3}\s?[,;]\s?|\d{1,3}\s+(?:và|hoặc)\s+)*"  # earlier numbers of a list after its label
DASH = r"\s*[-–—]\s*"
_GROUPED = re.compile(
    r"(?P<whole>[1-9]\d{0,2}(?:\.\d{3})+)(?:,(?P<part>\d+))?"
    r"|(?P<english>[1-9]\d{0,2}(?:,\d{3})+)\.(?P<cents>\d+)|(?P<commas>[1-9]\d{0,2}(?:,\d{3}){2,})"
    r"|(?P<blanks>[1-9]\d{0,2}(?:[ ]\d{3})+)"
)


def number(text: str, profile: Profile) -> str:
    """A written quantity in words; a leading zero is not said (`02 ngày` is hai ngày)."""
    grouped = _GROUPED.fullmatch(text)
    if grouped:
        whole = grouped["whole"] or grouped["english"] or grouped["commas"] or grouped["blanks"]
        said, part = numbers.cardinal(int(re.sub(r"\D", "", whole)), profile), grouped["part"] or grouped["cents"]
        return f"{said} phẩy {numbers.fraction_part(part, profile)}" if part else said
    parts = re.split(r"[.,]", text)
    if len(parts) == 2 and all(parts):
        return numbers.decimal(parts[0], parts[1], profile)
    if len(parts) > 2:  # 000.123 or 0.001.2: no number that anyone writes
        return numbers.digits(text)
    return numbers.cardinal(int(re.sub(r"\D", "", text)), profile)


def value(text: str) -> float:
    """The size of a written quantity, to compare the ends of a range."""
    grouped = _GROUPED.fullmatch(text)
    if grouped:
        whole = grouped["whole"] or grouped["english"] or grouped["commas"] or grouped["blanks"]
        return float(re.sub(r"\D", "", whole) + "." + (grouped["part"] or grouped["cents"] or "0"))
    return float(re.sub(r"[^\d.]", "", text.replace(",", ".", 1)).rstrip(".") or 0) if text.count(".") < 2 else 0.0


@cache
def _left(section: str, between: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{lexicon.cues(section)}){between}$", re.IGNORECASE)


def after_cue(found: Found, section: str, between: str = r"[\s:.,(]*", size: int = 60) -> bool:
    """Whether a cue word of the section stands before the match with only `between` in the gap."""
    return _left(section, between).search(found.before(size)) is not None


def cue(found: Found) -> str:
    """The cue word of a match as it is said: a heading in capitals is not spelled."""
    return found["cue"].lower() if found["cue"].isupper() else found["cue"]


def labelled(found: Found) -> bool:
    """Whether the number is one of a list of labels: the 3 of `thôn 1,2,3`."""
    return after_cue(found, "label", r"\s+" + LABELLED)


_STREET = re.compile(rf"\s+(?:đường|phố|{NAME}\s+{NAME})")


def is_house(found: Found) -> bool:
    """Whether `15/3` is the number of a house: after số, hẻm, kiệt…, or before the name of a street."""
    if before_cue(found, "ratio_noun") or before_cue(found, "portion_noun"):
        return False
    return after_cue(found, "house", r"\s*") or (
        _STREET.match(found.after()) is not None and not after_cue(found, "date", r"\s*")
    )


@cache
def _right(section: str) -> re.Pattern[str]:
    return re.compile(rf"\s*(?:{lexicon.cues(section)})(?!\w)", re.IGNORECASE)


def before_cue(found: Found, section: str) -> bool:
    """Whether a cue word of the section follows the match."""
    return _right(section).match(found.after()) is not None
