"""A small map of an area for screens read from afar: the area, and what the base map knows around it. Pure."""

import math
from collections.abc import Iterable, Sequence

from nguon.devices.basemap import Feature
from nguon.devices.drawing import Box, Frame, bounds
from nguon.devices.outlines import Line, Point, cut_line, cut_ring, fewer, smooth
from nguon.ports.channel import Sketch

WIDTH, HEIGHT = 1000, 750  # units of the picture
SHARES = (0.5, 0.7, 0.88)  # of the picture that the area takes: the first for which the base map goes as far
LEAST = 0.03  # degrees of latitude from top to bottom: about 3 km, so that something known is in it
BEYOND = 40  # units cut off outside the picture: no edge of a cut is seen
CLOSE = 1.0  # units a line may be off
MOST_POINTS = 1_200
MOST_NAMES = 7
LETTER = 44  # units of an em of a name
NARROW = 0.56  # em across of a letter, about
BORDER, WATER = "border", "water"
LINES = ("river", "rail", "road")


def sketch(areas: Sequence[Line], base: Box, features: Iterable[Feature]) -> Sketch | None:
    """The map of these areas, rings of points in degrees; None where the base map does not know what is around them."""
    frame = _frame([point for area in areas for point in area], base)
    if frame is None:
        return None
    around = list(features)
    shown = _few([_laid(area, frame) for area in areas], MOST_POINTS // 2, closed=True)
    if len(shown) < len(areas):  # one too small to be seen, or too many: part of it would be missing
        return None
    left = MOST_POINTS - _size(shown)
    borders = _few(_rings(around, BORDER, frame), left // 2, closed=True)
    waters = _few(_rings(around, WATER, frame), (left - _size(borders)) // 2, closed=True)
    lines = [piece for kind in LINES for piece in _lines(around, kind, frame)]
    lines = _few(lines, left - _size(borders) - _size(waters), closed=False)
    if not (borders or waters or lines):
        return None
    return Sketch(
        WIDTH,
        HEIGHT,
        areas=tuple(shown),
        borders=tuple(borders),
        waters=tuple(waters),
        lines=tuple(lines),
        names=_names(around, frame),
    )


def _frame(points: Sequence[Point], base: Box) -> Frame | None:
    """The part of the base map that is the picture; None if it does not hold all of the area and some room around."""
    found = bounds(points)
    if found is None or not all(map(base.holds, points)):
        return None
    stretch = Frame(found).stretch
    for share in SHARES:
        high = max(
            (found.north - found.south) / share, (found.east - found.west) * stretch * HEIGHT / WIDTH / share, LEAST
        )
        wide = high * WIDTH / HEIGHT / stretch
        if wide <= base.east - base.west and high <= base.north - base.south:
            west = _moved((found.west + found.east - wide) / 2, base.west, base.east - wide)
            south = _moved((found.south + found.north - high) / 2, base.south, base.north - high)
            return Frame(Box(west, south, west + wide, south + high))
    return None


def _moved(wanted: float, least: float, most: float) -> float:
    return min(max(wanted, least), most)


def _laid(points: Iterable[Point], frame: Frame) -> Line:
    """The points in the picture's units."""
    scale = WIDTH / frame.width
    return tuple((x * scale, y * scale) for x, y in map(frame.at, points))


def _rings(features: Iterable[Feature], kind: str, frame: Frame) -> list[Line]:
    found = (each.points for each in features if each.kind == kind)
    bent = (points if kind == BORDER else smooth(points, closed=True) for points in found)
    low, high = (-BEYOND, -BEYOND), (WIDTH + BEYOND, HEIGHT + BEYOND)
    return [ring for points in bent if (ring := cut_ring(_laid(points, frame), low, high))]


def _lines(features: Iterable[Feature], kind: str, frame: Frame) -> list[Line]:
    found = (smooth(each.points, closed=False) for each in features if each.kind == kind and len(each.points) > 1)
    low, high = (-BEYOND, -BEYOND), (WIDTH + BEYOND, HEIGHT + BEYOND)
    return [piece for line in found for piece in cut_line(_laid(line, frame), low, high)]


def _few(lines: Sequence[Line], most: int, *, closed: bool) -> list[Line]:
    """The same in whole units, with `most` points: coarser, and in the end without those for which there is no room."""
    off = CLOSE
    while _size(made := list(_thin(lines, off, closed=closed))) > most and off < WIDTH / 20:
        off *= 1.5
    while _size(made) > most:
        made.pop()
    return made


def _size(lines: Iterable[Line]) -> int:
    return sum(map(len, lines))


def _thin(lines: Iterable[Line], off: float, *, closed: bool) -> Iterable[Line]:
    """Without those that are no more than a dot."""
    for line in lines:
        whole = fewer((*line, line[0]), off)[:-1] if closed else fewer(line, off)
        found = tuple((round(x), round(y)) for x, y in whole)
        if len(set(found)) > (2 if closed else 1):
            yield found


def _names(features: Iterable[Feature], frame: Frame) -> tuple[tuple[str, float, float], ...]:
    """Names of places in the picture, nearest its middle first, none over another: (name, middle, foot of letters)."""
    placed = [(each.name, *_laid(each.points, frame)[0]) for each in features if each.kind == "place" and each.name]
    placed.sort(key=lambda one: math.hypot(one[1] - WIDTH / 2, one[2] - HEIGHT / 2))
    found: list[tuple[str, float, float]] = []
    for name, x, y in placed:
        half = len(name) * LETTER * NARROW / 2
        inside = half <= x <= WIDTH - half and LETTER <= y <= HEIGHT - LETTER / 2
        free = all(
            abs(x - other_x) > half + len(other) * LETTER * NARROW / 2 or abs(y - other_y) > LETTER * 1.2
            for other, other_x, other_y in found
        )
        if inside and free and len(found) < MOST_NAMES:
            found.append((name, round(x), round(y)))
    return tuple(found)
