"""The map as a drawing: from degrees to the units of an SVG, and the box that shows all devices. Pure."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

UNITS = 11_132  # units of the drawing to one degree of latitude: 10 m each
LEAST = 0.02  # degrees: a box is never smaller, or one device would fill the map with one street
MARGIN = 0.06  # of the width, left free around the outermost devices

Point = tuple[float, float]  # longitude, latitude in degrees


@dataclass(frozen=True)
class Box:
    """West, south, east and north in degrees."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, point: Point) -> bool:
        """Whether the point lies in the box or on its edge."""
        return self.west <= point[0] <= self.east and self.south <= point[1] <= self.north


@dataclass(frozen=True)
class Frame:
    """A box laid on paper: `x` grows to the east, `y` to the south, from its north-west corner."""

    box: Box

    @property
    def stretch(self) -> float:
        """How much shorter a degree of longitude is than one of latitude here."""
        return max(math.cos(math.radians((self.box.south + self.box.north) / 2)), 0.01)

    @property
    def width(self) -> float:
        """Units across."""
        return (self.box.east - self.box.west) * UNITS * self.stretch

    @property
    def height(self) -> float:
        """Units down."""
        return (self.box.north - self.box.south) * UNITS

    def at(self, point: Point) -> tuple[float, float]:
        """Where a point lies, in units with one decimal; points outside the box lie outside the paper."""
        x = (point[0] - self.box.west) * UNITS * self.stretch
        y = (self.box.north - point[1]) * UNITS
        return round(x, 1), round(y, 1)


def usable(latitude: float | None, longitude: float | None) -> Point | None:
    """The point of a device, if its coordinates are any; 0, 0 is what a box says that does not know."""
    if latitude is None or longitude is None or (latitude == 0 and longitude == 0):
        return None
    ok = math.isfinite(latitude) and math.isfinite(longitude) and abs(latitude) <= 85 and abs(longitude) <= 180
    return (longitude, latitude) if ok else None


def bounds(points: Iterable[Point]) -> Box | None:
    """The smallest box around the points; None without any."""
    found = list(points)
    if not found:
        return None
    across, down = [p[0] for p in found], [p[1] for p in found]
    return Box(min(across), min(down), max(across), max(down))


def fit(points: Iterable[Point], base: Box) -> Box:
    """What the map shows: the base map, grown until every device lies inside with a margin.

    Where not one device lies on the base map, the devices alone: the map of another district would be of no use.
    """
    found = list(points)
    around = bounds(found)
    if around is None:
        return base
    wide = _spread(around)
    if not any(base.holds(point) for point in found):
        return wide
    if all(base.holds(point) for point in found):
        return base
    return Box(
        min(base.west, wide.west), min(base.south, wide.south), max(base.east, wide.east), max(base.north, wide.north)
    )


def close_up(points: Iterable[Point], base: Box) -> Box:
    """The part of the map to show first: the devices with a margin, or the base map without any."""
    around = bounds(points)
    return _spread(around) if around else base


def _spread(box: Box) -> Box:
    across, down = max(box.east - box.west, LEAST), max(box.north - box.south, LEAST)
    middle = ((box.west + box.east) / 2, (box.south + box.north) / 2)
    half_x, half_y = across * (0.5 + MARGIN), down * (0.5 + MARGIN)
    return Box(middle[0] - half_x, middle[1] - half_y, middle[0] + half_x, middle[1] + half_y)


def path(points: Iterable[Point], frame: Frame, *, closed: bool = False) -> str:
    """The `d` of an SVG path through the points, drawn as a smooth line (quadratic, through the middles)."""
    laid = [frame.at(point) for point in points]
    if len(laid) < 3:
        return " ".join(f"{'L' if n else 'M'}{x} {y}" for n, (x, y) in enumerate(laid))
    if closed:
        start = _middle(laid[-1], laid[0])
        parts = [f"M{start[0]} {start[1]}"]
        pairs = zip(laid, [*laid[1:], laid[0]], strict=True)
        parts += [f"Q{x} {y} {_words(_middle((x, y), after))}" for (x, y), after in pairs]
        return "".join(parts) + "Z"
    parts = [f"M{_words(laid[0])}"]
    parts += [f"Q{x} {y} {_words(_middle((x, y), after))}" for (x, y), after in pairwise(laid[1:-1])]
    parts.append(f"Q{_words(laid[-2])} {_words(laid[-1])}")
    return "".join(parts)


def polygon(corners: Iterable[Point], frame: Frame) -> str:
    """The `d` of an SVG path around the corners, with straight sides; empty without any."""
    laid = [_words(frame.at(point)) for point in corners]
    return f"M{'L'.join(laid)}Z" if laid else ""


def _middle(one: Point, two: Point) -> Point:
    return round((one[0] + two[0]) / 2, 1), round((one[1] + two[1]) / 2, 1)


def _words(point: Point) -> str:
    return f"{point[0]} {point[1]}"
