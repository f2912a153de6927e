"""Words must be readable in the sun: every pair of text and ground that the style sheets use has 4.5 : 1 or more."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[3] / "src/nguon/ui/static/ui"
TOKENS = dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6});", (STATIC / "tokens.css").read_text()))
GROUNDS = ("surface", "ground", "sunken", "hover")
STATES = ("ok", "busy", "wait", "warn", "bad", "off", "info")

TEXT = [
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in GROUNDS),
    *(("link", ground) for ground in (*GROUNDS, *(f"{state}-soft" for state in STATES))),
    *(("ink", f"{state}-soft") for state in STATES),
    *((state, f"{state}-soft") for state in STATES),
    *((state, ground) for state in ("bad", "ok", "busy") for ground in ("surface", "ground")),
    *(("on-brand", ground) for ground in ("brand", "brand-deep")),
    *(("on-strong", ground) for ground in ("bad", "bad-deep")),
    *(("brand-deep", ground) for ground in ("brand-soft", "surface", "ground", "sunken")),
    ("surface", "ink"),
    *(("ink", ground) for ground in ("level-1", "level-2", "level-3")),
    *(("on-strong", ground) for ground in ("level-4", "level-5")),
]
# What is not words needs 3 : 1 (edges of controls, the focus ring).
EDGES = [(edge, ground) for edge in ("line-strong", "focus", "brand") for ground in GROUNDS]


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, 0 to 1, as WCAG 2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The WCAG contrast of two tokens, 1 to 21."""
    low, high = sorted((luminance(TOKENS[one]), luminance(TOKENS[other])))
    return (high + 0.05) / (low + 0.05)


def test_the_measure_is_right() -> None:
    assert luminance("#ffffff") == pytest.approx(1)
    assert luminance("#000000") == 0
    assert luminance("#777777") == pytest.approx(0.1845, abs=0.001)


@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_words_can_be_read(text: str, ground: str) -> None:
    assert contrast(text, ground) >= 4.5


@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_can_be_seen(edge: str, ground: str) -> None:
    assert contrast(edge, ground) >= 3


def test_every_state_has_its_pair() -> None:
    assert {f"{state}-soft" for state in STATES} | set(STATES) <= TOKENS.keys()
