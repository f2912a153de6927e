"""Small helpers for drawing the map: numbers as SVG wants them, in every language."""

from collections.abc import Iterable

from django import template

register = template.Library()


@register.filter
def unlocalized(value: float) -> str:
    """A number with a point and without groups, whatever the reader's language."""
    return f"{value:.5f}".rstrip("0").rstrip(".")


@register.filter
def spaced(values: Iterable[float]) -> str:
    """Numbers with blanks between them, as in a viewBox."""
    return " ".join(unlocalized(value) for value in values)


@register.filter
def points(line: Iterable[tuple[float, float]]) -> str:
    """The points of a line or ring as SVG's `points` wants them."""
    return " ".join(f"{unlocalized(x)},{unlocalized(y)}" for x, y in line)


@register.filter
def kinds(names: str) -> list[str]:
    """The words of a text."""
    return names.split()


@register.filter
def shape(kind: str) -> str:
    """The icon that is the shape of a kind of badge."""
    return f"shape-{kind}"
