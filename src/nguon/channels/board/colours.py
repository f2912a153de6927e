"""Colours of a warning by its level of risk (Quyết định 18/2021/QĐ-TTg, Article 4), and how well words stand out."""

from datetime import datetime

from nguon.cap import hazards
from nguon.channels.board.document import Alert, Map
from nguon.kit.clock import LOCAL
from nguon.kit.text import line
from nguon.kit.words import gettext_noop

LEAST_CONTRAST = 4.5  # to one: WCAG 2, level AA
DARK, LIGHT = "#14222b", "#ffffff"
OF_LEVEL = {  # 0: ranked by none. The same tones as in the office (`ui/tokens.css`), so that a level is known again
    0: "#b3131b",
    1: "#bfe0f5",
    2: "#fbeea4",
    3: "#f6a13a",
    4: "#c81e28",
    5: "#6c2a8c",
}
UNRANKED = gettext_noop("Cảnh báo khẩn cấp")
ISSUED = gettext_noop("{hour} ngày {day}")


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, 0 to 1, as WCAG 2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The WCAG contrast of two colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def ink_on(colour: str) -> str:
    """Dark or light letters: whichever can be read better on a ground."""
    return max(DARK, LIGHT, key=lambda ink: contrast(ink, colour))


def alert(level: int, hazard: str, issued: datetime, shown: Map | None = None) -> Alert:
    """A warning of a level (0–5) as a board tells it. Its words are those of the board: always in Vietnamese.

    Raises KeyError if there is no such level.
    """
    colour = OF_LEVEL[level]
    local = issued.astimezone(LOCAL)
    moment = ISSUED.format(hour=f"{local:%H:%M}", day=f"{local:%d/%m/%Y}")
    return Alert(level, colour, ink_on(colour), _word(level), line(hazard), moment, shown)


def _word(level: int) -> str:
    meaning = {each.level: each.meaning for each in hazards.levels()}.get(level)
    said = hazards.said_level(level)
    return f"{said[:1].upper()}{said[1:]}: {meaning}" if meaning else UNRANKED
