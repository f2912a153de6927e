"""Words of pages for the public can be read in the sun, in every colour that a site may have: 4.5 : 1 or more."""

import re

import pytest

from nguon.portal.models import Colour
from tests.unit.ui.test_contrast import STATIC, luminance

CSS = (STATIC / "public.css").read_text()
COMMON = dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6});", CSS[: CSS.index("}")]))
LOOKS = {
    "blue": COMMON,
    **{
        name: {**COMMON, "look": look, "look-wash": wash}
        for name, look, wash in re.findall(
            r"\.look-(\w+) \{ --look: (#[0-9a-f]{6}); --look-wash: (#[0-9a-f]{6}); \}", CSS
        )
    },
}
PAIRS = [
    *((ink, ground) for ink in ("ink", "look") for ground in ("ground", "wash", "look-wash")),
    ("soft", "ground"),
    ("soft", "wash"),
    ("soft", "look-wash"),
    ("bad", "ground"),
    ("ground", "look"),  # white letters on the colour
]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_every_colour_of_a_site_has_its_look() -> None:
    assert set(LOOKS) == set(Colour.values)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_words_can_be_read_in_every_colour(look: str, text: str, ground: str) -> None:
    assert contrast(LOOKS[look][text], LOOKS[look][ground]) >= 4.5


@pytest.mark.parametrize("look", LOOKS)
def test_edges_of_fields_can_be_seen(look: str) -> None:
    assert contrast(LOOKS[look]["field-line"], LOOKS[look]["ground"]) >= 3


@pytest.mark.parametrize(("ink", "ground"), re.findall(r"background: (#[0-9a-f]{6}); color: (#[0-9a-f]{6})", CSS))
def test_the_levels_of_warnings_can_be_read(ink: str, ground: str) -> None:
    assert contrast(ink, ground) >= 4.5
