"""The figures drawn: bars by month, and what comes from where on the base map. Only numbers for an SVG of ours."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from nguon.devices.basemap import Sheet, sheet
from nguon.devices.drawing import usable
from nguon.places.models import Place

HIGH, STEP, WIDE = 120, 56, 18  # units: of the plot, from month to month, of one bar
LEFT, TOP = 30, 12
LEAST, MOST = 7, 26  # pixels: the smallest and the largest spot


@dataclass(frozen=True)
class Bar:
    """One month: where its two bars stand, and what they say."""

    month: date
    received: int
    answered: int
    x: float
    received_y: float
    received_high: float
    answered_x: float
    answered_y: float
    answered_high: float

    @property
    def middle(self) -> float:
        return self.x + WIDE


@dataclass(frozen=True)
class Plot:
    """Bars by month with lines of the scale: (y, number)."""

    bars: list[Bar]
    scale: list[tuple[float, int]]
    width: float
    high: float = TOP + HIGH + 24
    foot: float = TOP + HIGH
    words: float = TOP + HIGH + 17
    left: float = LEFT


def plot(months: Sequence[tuple[date, int, int]]) -> Plot:
    """The plot of (month, received, answered)."""
    top = _round_up(max((received for _month, received, _answered in months), default=0))
    bars = []
    for number, (month, received, answered) in enumerate(months):
        x = LEFT + 10 + number * STEP
        high, low = HIGH * received / top, HIGH * answered / top
        bars.append(
            Bar(
                month,
                received,
                answered,
                x,
                round(TOP + HIGH - high, 1),
                round(high, 1),
                x + WIDE,
                round(TOP + HIGH - low, 1),
                round(low, 1),
            )
        )
    scale = [(round(TOP + HIGH - HIGH * part / 2, 1), top * part // 2) for part in range(3)]
    return Plot(bars, scale, LEFT + 10 + len(months) * STEP)


@dataclass(frozen=True)
class Spot:
    """A place with its cases: where, how large in pixels, which of four shades."""

    name: str
    count: int
    x: float
    y: float
    radius: float
    shade: int


@dataclass(frozen=True)
class Heat:
    """The base map with the spots on it."""

    map: Sheet
    spots: list[Spot]


def heat(counts: Sequence[tuple[Place, int]]) -> Heat | None:
    """What comes from where; None if it is known of no place where it lies."""
    found = [(place, count, point) for place, count in counts if (point := usable(place.latitude, place.longitude))]
    if not found:
        return None
    paper = sheet([point for _place, _count, point in found])
    most = max(count for _place, count, _point in found)
    spots = []
    for place, count, point in found:
        x, y = paper.frame.at(point)
        share = count / most
        radius = LEAST + (MOST - LEAST) * math.sqrt(share)
        spots.append(Spot(str(place), count, x, y, round(radius * paper.step, 1), min(4, 1 + int(share * 3.999))))
    return Heat(paper, spots)


def _round_up(number: int) -> int:
    """The next even number that makes a readable scale: 2, 4, 6, 10, 20, 30, 40, 60, 100…"""
    ten = 1
    while True:
        for step in (2, 4, 6, 10):
            if number <= step * ten:
                return step * ten
        ten *= 10
