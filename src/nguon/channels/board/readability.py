"""Whether a page can be read where it is shown. Pure: figures only; `findings` has the words."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from nguon.channels.board.colours import LEAST_CONTRAST, contrast
from nguon.channels.board.document import SYLLABLES_A_SECOND, Document, pictures, reading_ms, syllables
from nguon.kit.text import quoted, shouted

Screen = tuple[int, int]  # width and height in pixels
MOST_MINUTES = 2  # nobody stands longer before a board, and the next page waits
MOST_TITLE = 60  # letters: more do not stand in two lines over a yard
MOST_PASSING = 60  # seconds for a text to run over a banner once; nobody waits for the beginning to come back
_MARGIN = 0.07  # of the smaller side, at each edge
_LETTER = 0.065  # the height of letters, of the smaller side
_BANNER_LETTER = 0.6  # the same on a banner, of its height
_WIDE = 0.55  # the width of a letter, of its height
_LOW, _LONG = 200, 4  # pixels, and width to height: what is lower, or longer, is a banner (`show/fit.js`)


class Kind(StrEnum):
    """What may keep people from reading a page."""

    EMPTY = "empty"
    NO_ISSUER = "no-issuer"
    TOO_MUCH = "too-much"
    LONG_TITLE = "long-title"
    LONG_WORD = "long-word"
    CAPITALS = "capitals"
    CONTRAST = "contrast"
    PASSES_SLOWLY = "passes-slowly"


@dataclass(frozen=True)
class Finding:
    """One of them, with its figures (and the words meant) by name."""

    kind: Kind
    facts: dict[str, str | int | float] = field(default_factory=dict)


def judge(shown: Document, screen: Screen) -> list[Finding]:
    """What keeps a page from being read on a screen, the gravest first; empty if nothing does."""
    width, height = screen
    found = [*_words(shown), *_length(shown), *_colours(shown)]
    most = letters_a_line(screen)
    words = (word for part in (shown.title, *shown.text) for word in part.split())
    if (longest := max(words, key=len, default="")) and len(longest) > most and not is_banner(screen):
        said = quoted(longest)
        found.append(Finding(Kind.LONG_WORD, {"word": said, "letters": len(longest), "width": width, "height": height}))
    if is_banner(screen) and (seconds := passing(shown, screen)) > MOST_PASSING:
        found.append(Finding(Kind.PASSES_SLOWLY, {"seconds": seconds, "letters": most, "most": MOST_PASSING}))
    return found


def is_banner(screen: Screen) -> bool:
    """Whether a screen is a strip of lamps on which a text runs by."""
    width, height = screen
    return 0 < height < _LOW or width > _LONG * height > 0


def letters_a_line(screen: Screen) -> int:
    """About how many letters stand beside each other on a screen; on a banner, all that are seen at once."""
    width, height = screen
    if is_banner(screen):
        return int(width / (_BANNER_LETTER * height * _WIDE))
    smaller = min(width, height)
    return int((width - 2 * _MARGIN * smaller) / (_LETTER * smaller * _WIDE)) if smaller > 0 else 0


def passing(shown: Document, screen: Screen) -> int:
    """About how many seconds until the whole text has run over a banner once, at the pace of reading."""
    parts = (shown.title, *shown.text)
    said, letters = sum(map(syllables, parts)), sum(map(len, parts))
    pace = letters / said * SYLLABLES_A_SECOND if said else 1.0  # letters a second
    return math.ceil((letters + letters_a_line(screen)) / pace)


def _words(shown: Document) -> list[Finding]:
    if not shown.title and not shown.text:
        return [] if pictures(shown) else [Finding(Kind.EMPTY)]
    found = [] if shown.issuer else [Finding(Kind.NO_ISSUER)]
    if len(shown.title) > MOST_TITLE:
        found.append(Finding(Kind.LONG_TITLE, {"letters": len(shown.title), "most": MOST_TITLE}))
    if loud := [part for part in (shown.title, *shown.text) if shouted(part)]:
        found.append(Finding(Kind.CAPITALS, {"words": quoted(loud[0]), "parts": len(loud)}))
    return found


def _length(shown: Document) -> list[Finding]:
    minutes = reading_ms(shown.title, shown.text) / 60_000
    if minutes <= MOST_MINUTES:
        return []
    most = math.floor(MOST_MINUTES * 60 * SYLLABLES_A_SECOND)
    has = sum(map(syllables, (shown.title, *shown.text)))
    return [Finding(Kind.TOO_MUCH, {"minutes": math.ceil(minutes), "words": has, "most": most})]


def _colours(shown: Document) -> list[Finding]:
    if shown.alert is None:
        return []
    ratio = contrast(shown.alert.colour, shown.alert.ink)
    return (
        [Finding(Kind.CONTRAST, {"ratio": round(ratio, 1), "least": LEAST_CONTRAST})] if ratio < LEAST_CONTRAST else []
    )


def judged(shown: Document, screens: Sequence[Screen]) -> list[Finding]:
    """What is found on any of some screens, each kind once."""
    found: dict[Kind, Finding] = {}
    for screen in screens:
        for finding in judge(shown, screen):
            found.setdefault(finding.kind, finding)
    return list(found.values())
