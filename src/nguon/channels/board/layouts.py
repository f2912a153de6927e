"""What a layout may be: no region over another, none outside, none too small. Pure; in percent of the screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from nguon.channels.board.scene import MOST_REGIONS, PLAYING, Kind
from nguon.kit.words import gettext_noop

LEAST_WIDTH, LEAST_HEIGHT = 10, 8  # what is smaller nobody reads from where people stand
SHAPES = {"wide": (1920, 1080), "tall": (1080, 1920), "strip": (320, 96)}  # pixels of a usual screen


@dataclass(frozen=True)
class Box:
    """A region as it is checked. `filled`: it has an item, or its words."""

    kind: Kind
    left: int
    top: int
    width: int
    height: int
    filled: bool = True


class Fault(StrEnum):
    """What can be wrong with a layout."""

    NO_MAIN = "no-main"
    TWO_MAINS = "two-mains"
    TOO_MANY = "too-many"
    OUTSIDE = "outside"
    OVERLAP = "overlap"
    SMALL = "small"
    EMPTY = "empty"


MILD = frozenset({Fault.EMPTY})  # it may be so, but shows nothing


@dataclass(frozen=True)
class Found:
    """A fault, and the regions (by number, from 0) that have it."""

    fault: Fault
    regions: tuple[int, ...] = ()

    @property
    def grave(self) -> bool:
        """Whether a layout with it is refused."""
        return self.fault not in MILD


def faults(boxes: Sequence[Box]) -> list[Found]:
    """All that is wrong, the gravest first."""
    mains = tuple(index for index, box in enumerate(boxes) if box.kind is Kind.MAIN)
    found = [Found(Fault.NO_MAIN)] if not mains else []
    found += [Found(Fault.TWO_MAINS, mains)] if len(mains) > 1 else []
    found += [Found(Fault.TOO_MANY)] if len(boxes) > MOST_REGIONS else []
    found += [Found(Fault.OUTSIDE, (index,)) for index, box in enumerate(boxes) if _outside(box)]
    found += [
        Found(Fault.OVERLAP, (one, other))
        for (one, first), (other, second) in combinations(enumerate(boxes), 2)
        if _overlap(first, second)
    ]
    found += [
        Found(Fault.SMALL, (index,))
        for index, box in enumerate(boxes)
        if box.width < LEAST_WIDTH or box.height < LEAST_HEIGHT
    ]
    empty = (index for index, box in enumerate(boxes) if not box.filled and _wants_items(box))
    return found + [Found(Fault.EMPTY, (index,)) for index in empty]


def _wants_items(box: Box) -> bool:
    """In the main region the hour stands when there is nothing else."""
    return box.kind is Kind.LOGO or (box.kind in PLAYING and box.kind is not Kind.MAIN)


def _outside(box: Box) -> bool:
    return box.left < 0 or box.top < 0 or box.left + box.width > 100 or box.top + box.height > 100


def _overlap(one: Box, other: Box) -> bool:
    across = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
    down = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
    return across > 0 and down > 0


@dataclass(frozen=True)
class Template:
    """A layout to begin with."""

    label: str
    shape: str
    boxes: tuple[Box, ...]


TEMPLATES = {
    "mot-vung": Template(gettext_noop("Một vùng: cả màn hình là tin chính"), "wide", (Box(Kind.MAIN, 0, 0, 100, 100),)),
    "dong-ho": Template(
        gettext_noop("Tin chính, phía trên có tên đơn vị và đồng hồ"),
        "wide",
        (Box(Kind.LOGO, 0, 0, 75, 14), Box(Kind.CLOCK, 75, 0, 25, 14), Box(Kind.MAIN, 0, 14, 100, 86)),
    ),
    "day-du": Template(
        gettext_noop("Tin chính, đồng hồ và danh sách tin bên phải, dòng chạy phía dưới"),
        "wide",
        (
            Box(Kind.MAIN, 0, 0, 70, 88),
            Box(Kind.CLOCK, 70, 0, 30, 24),
            Box(Kind.LIST, 70, 24, 30, 64),
            Box(Kind.CRAWL, 0, 88, 100, 12),
        ),
    ),
    "doc": Template(
        gettext_noop("Màn dọc: đồng hồ, tin chính, danh sách tin, dòng chạy"),
        "tall",
        (
            Box(Kind.CLOCK, 0, 0, 100, 14),
            Box(Kind.MAIN, 0, 14, 100, 48),
            Box(Kind.LIST, 0, 62, 100, 30),
            Box(Kind.CRAWL, 0, 92, 100, 8),
        ),
    ),
}
