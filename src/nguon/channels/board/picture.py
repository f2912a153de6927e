"""The picture of a layout: boxes with their names, those that are wrong marked, and what is wrong in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from nguon.channels.board import layouts, telling
from nguon.channels.board.queries import Part, box_of
from nguon.channels.board.scene import Kind


@dataclass(frozen=True)
class Drawn:
    """A box in units of the picture, with its name and number; `grave`, `empty`: how it is marked."""

    name: str
    kind: str
    x: float
    y: float
    width: float
    height: float
    grave: bool
    empty: bool

    @property
    def middle(self) -> tuple[float, float]:
        """Where its name stands."""
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True)
class Picture:
    """A layout, drawn. `faults`: (words, whether it is refused for it)."""

    width: int
    height: int
    boxes: tuple[Drawn, ...]
    faults: tuple[tuple[str, bool], ...]


UNITS = 160  # of the longer side


def drawn(boxes: Sequence[layouts.Box], shape: str) -> Picture:
    """The picture of some regions on a screen of this shape."""
    across, down = layouts.SHAPES.get(shape, layouts.SHAPES["wide"])
    scale = UNITS / max(across, down)
    width, height = round(across * scale), round(down * scale)
    found = layouts.faults(boxes)
    grave = {index for one in found if one.grave for index in one.regions}
    empty = {index for one in found if not one.grave for index in one.regions}
    names = telling.names([str(box.kind) for box in boxes])
    shown = tuple(
        Drawn(
            names[index],
            str(box.kind),
            box.left * width / 100,
            box.top * height / 100,
            box.width * width / 100,
            box.height * height / 100,
            index in grave,
            index in empty,
        )
        for index, box in enumerate(boxes)
    )
    return Picture(width, height, shown, tuple((telling.fault(one, boxes), one.grave) for one in found))


def of(parts: Sequence[Part], shape: str) -> Picture:
    """Of a layout as it is kept."""
    return drawn([box_of(part.row, filled=part.filled) for part in parts], shape)


def typed(regions: Any, shape: str, full: frozenset[UUID]) -> Picture:
    """Of the rows of a form, as far as they are numbers."""
    if not regions.is_bound:
        rows = [each for each in regions.initial if each["kind"]]
        kept = [layouts.Box(**_sizes(row), filled=_filled(row, full)) for row in rows]
        return drawn(kept, shape)
    regions.is_valid()
    good = [each for each in regions if not each.errors]
    wanted = [one for each in good if (one := each.wanted(full))]
    return drawn([one.box for one in wanted], shape)


def _sizes(row: dict[str, Any]) -> dict[str, Any]:
    sizes = {name: row[name] for name in ("left", "top", "width", "height")}
    return sizes | {"kind": Kind(row["kind"])}


def _filled(row: dict[str, Any], full: frozenset[UUID]) -> bool:
    return bool(row["lines"].strip()) if row["kind"] == Kind.LOGO else row["pk"] in full
