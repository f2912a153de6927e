"""Lines and rings of points made smooth, cut to a box and made of fewer points. Pure; units are the caller's."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

Point = tuple[float, float]
Line = tuple[Point, ...]
STEPS = 4  # points of a bend


def smooth(points: Sequence[Point], *, closed: bool) -> Line:
    """Points along the line that `drawing.path` draws: bends through the middles."""
    if len(points) < 3:
        return tuple(points)
    if closed:
        before, after = [points[-1], *points[:-1]], [*points[1:], points[0]]
        bends = [(_middle(a, b), b, _middle(b, c)) for a, b, c in zip(before, points, after, strict=True)]
        return tuple(point for bend in bends for point in _bend(*bend))
    inner = list(points[1:-1])
    ends = [points[0], *(_middle(a, b) for a, b in pairwise(inner)), points[-1]]
    bends = [(a, b, c) for (a, c), b in zip(pairwise(ends), inner, strict=True)]
    return (*(point for bend in bends for point in _bend(*bend)), points[-1])


def _bend(start: Point, through: Point, end: Point) -> Line:
    """A quadratic curve without its end."""
    shares = [step / STEPS for step in range(STEPS)]
    return tuple(
        (
            (1 - t) ** 2 * start[0] + 2 * t * (1 - t) * through[0] + t * t * end[0],
            (1 - t) ** 2 * start[1] + 2 * t * (1 - t) * through[1] + t * t * end[1],
        )
        for t in shares
    )


def _middle(one: Point, two: Point) -> Point:
    return (one[0] + two[0]) / 2, (one[1] + two[1]) / 2


def cut_ring(ring: Sequence[Point], low: Point, high: Point) -> Line:
    """What of the area inside a ring lies in a box, as one ring; empty if nothing does.

    Where it lies in the box in several parts, they hang together along the edge of the box.
    """
    found = list(ring)
    for axis in (0, 1):
        for edge, sign in ((low[axis], 1), (high[axis], -1)):
            found = _cut(found, axis, edge, sign)
    return tuple(found)


def _cut(ring: list[Point], axis: int, edge: float, sign: int) -> list[Point]:
    found: list[Point] = []
    for before, here in zip(ring[-1:] + ring[:-1], ring, strict=True):
        was, now = sign * (before[axis] - edge) >= 0, sign * (here[axis] - edge) >= 0
        if was != now:
            found.append(_crossing(before, here, (edge - before[axis]) / (here[axis] - before[axis])))
        if now:
            found.append(here)
    return found


def cut_line(line: Sequence[Point], low: Point, high: Point) -> list[Line]:
    """The pieces of a line that lie in a box."""
    pieces: list[list[Point]] = []
    for one, two in pairwise(line):
        inside = _within(one, two, low, high)
        if inside is None:
            continue
        start, end = (_crossing(one, two, share) for share in inside)
        if pieces and pieces[-1][-1] == start:
            pieces[-1].append(end)
        else:
            pieces.append([start, end])
    return [tuple(piece) for piece in pieces]


def _within(one: Point, two: Point, low: Point, high: Point) -> tuple[float, float] | None:
    """From which share of a straight line to which it lies in the box."""
    first, last = 0.0, 1.0
    for axis in (0, 1):
        step = two[axis] - one[axis]
        to_low, to_high = low[axis] - one[axis], high[axis] - one[axis]
        if step == 0:
            if to_low > 0 or to_high < 0:
                return None
            continue
        near, far = sorted((to_low / step, to_high / step))
        first, last = max(first, near), min(last, far)
    return (first, last) if first < last else None


def _crossing(one: Point, two: Point, share: float) -> Point:
    if share in (0.0, 1.0):
        return two if share else one
    return one[0] + share * (two[0] - one[0]), one[1] + share * (two[1] - one[1])


def fewer(line: Sequence[Point], off: float) -> Line:
    """The line with the points left out that lie within `off` of it (Ramer, Douglas and Peucker)."""
    if len(line) < 3:
        return tuple(line)
    kept = {0, len(line) - 1}
    spans = [(0, len(line) - 1)]
    while spans:
        first, last = spans.pop()
        inner = range(first + 1, last)
        if not inner:
            continue
        away = _away(line[first], line[last])
        worst = max(inner, key=lambda at: away(line[at]))
        if away(line[worst]) > off:
            kept.add(worst)
            spans += [(first, worst), (worst, last)]
    return tuple(line[at] for at in sorted(kept))


def _away(start: Point, end: Point) -> Callable[[Point], float]:
    """How far a point is from a straight line between two."""
    across, down = end[0] - start[0], end[1] - start[1]
    square = across * across + down * down

    def away(point: Point) -> float:
        x, y = point[0] - start[0], point[1] - start[1]
        share = min(max((x * across + y * down) / square, 0.0), 1.0) if square else 0.0
        return math.hypot(x - share * across, y - share * down)

    return away
