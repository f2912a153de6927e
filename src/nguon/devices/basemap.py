"""The offline base map: a GeoJSON file of our own, laid on the paper of one page."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from uuid import UUID

from django.conf import settings

from nguon.devices.drawing import UNITS, Box, Frame, Point, close_up, fit, path, polygon, usable
from nguon.kit.text import clean

AROUND = 0.03  # degrees shown on each side of one device: about 3 km
DEFAULT = Path(__file__).resolve().parent / "maps" / "tuy_phuoc.geojson"


@dataclass(frozen=True)
class Feature:
    """One thing on the base map: `kind` is border, water, river, road, rail, station or place; points in degrees.

    A border is that of the place of its name, as people write it (`xã Phước Sơn`).
    """

    kind: str
    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Shape:
    """A feature on the paper: the `d` of a line or area, and where its name stands."""

    kind: str
    name: str
    d: str
    x: float
    y: float


@cache
def load(file: Path) -> tuple[Box, tuple[Feature, ...]]:
    """The box and the features of a base map. Raises OSError, or ValueError or KeyError for another kind of file."""
    content = json.loads(file.read_text())
    return Box(*content["bbox"]), tuple(_feature(each) for each in content["features"])


def default() -> tuple[Box, tuple[Feature, ...]]:
    """The base map of this server: NGUON_BASEMAP, or the demonstration's."""
    return load(Path(settings.NGUON_BASEMAP or DEFAULT))


def borders(features: Iterable[Feature]) -> dict[str, tuple[Point, ...]]:
    """The borders of places by their names (`named`), without those that several have."""
    found: dict[str, list[tuple[Point, ...]]] = {}
    for each in features:
        if each.kind == "border":
            found.setdefault(named(each.name), []).append(each.points)
    return {name: rings[0] for name, rings in found.items() if len(rings) == 1}


def named(place: str) -> str:
    """The name of a place as borders are found by it: however it is composed, in small letters."""
    return " ".join(clean(place).casefold().split())


def laid(features: tuple[Feature, ...], frame: Frame) -> list[Shape]:
    """The features as drawn in a frame, areas first, names of places last."""
    order = ("water", "border", "river", "rail", "road", "station", "place")
    return [_shape(each, frame) for each in sorted(features, key=lambda each: order.index(each.kind))]


def _feature(source: dict[str, object]) -> Feature:
    properties, geometry = source["properties"], source["geometry"]
    assert isinstance(properties, dict)
    assert isinstance(geometry, dict)
    found = geometry["coordinates"]
    if geometry["type"] == "Point":
        found = [found]
    elif geometry["type"] == "Polygon":
        found = found[0][:-1]
    points = tuple((float(x), float(y)) for x, y in found)
    return Feature(properties["kind"], properties["name"], points)


def _shape(feature: Feature, frame: Frame) -> Shape:
    if len(feature.points) == 1:
        x, y = frame.at(feature.points[0])
        return Shape(feature.kind, feature.name, "", x, y)
    across, down = zip(*(frame.at(point) for point in feature.points), strict=True)
    if feature.kind in ("water", "border"):
        x, y = sum(across) / len(across), sum(down) / len(down)
    else:
        x, y = across[len(across) // 2], down[len(down) // 2]
    if feature.kind == "border":
        return Shape(feature.kind, "", polygon(feature.points, frame), x, y)  # its place has a name of its own
    d = path(feature.points, frame, closed=feature.kind == "water")
    return Shape(feature.kind, feature.name, d, round(x, 1), round(y, 1))


@dataclass(frozen=True)
class Mark:
    """One device on the map: `kind` is that of a badge and gives shape and colour; `square`: it is only seen."""

    id: UUID
    url: str
    name: str
    said: str
    kind: str
    x: float
    y: float
    square: bool = False


@dataclass(frozen=True)
class Sheet:
    """A map ready to be drawn: the frame of all there is, the part to show first, base map and marks."""

    frame: Frame
    view: tuple[float, float, float, float]  # x, y, width, height in units
    shapes: list[Shape]
    marks: tuple[Mark, ...] = ()
    squares: str = ""  # what the square marks are, in words
    unplaced: int = 0  # devices without coordinates
    pick: bool = False  # a tap chooses a place
    draw: bool = False  # taps draw an area
    area: str = ""  # the `d` of the area that was drawn

    @property
    def across(self) -> float:
        """Units to a degree of longitude."""
        return UNITS * self.frame.stretch

    @property
    def down(self) -> float:
        """Units to a degree of latitude."""
        return UNITS

    @property
    def step(self) -> float:
        """Units to a pixel if the first view is about 520 pixels wide; the script measures and corrects."""
        return round(self.view[2] / 520, 3)


def sheet(points: Iterable[Point], *, close: bool = True) -> Sheet:
    """A map without marks for points: first close to them, or the whole."""
    found = list(points)
    base, features = default()
    frame = Frame(fit(found, base))
    shown = close_up(found, base) if close and found else frame.box
    x, y = frame.at((shown.west, shown.north))
    right, bottom = frame.at((shown.east, shown.south))
    return Sheet(frame, (x, y, round(right - x, 1), round(bottom - y, 1)), laid(features, frame))


def picker(points: Iterable[Point]) -> Sheet:
    """A map to choose a place on, first close to the points."""
    return replace(sheet(points), pick=True)


def of_device(latitude: float | None, longitude: float | None, name: str) -> Sheet | None:
    """A map of one device in its surroundings; None where its coordinates are not known."""
    point = usable(latitude, longitude)
    if point is None:
        return None
    around = [(point[0] + dx, point[1] + dy) for dx, dy in ((0, 0), (AROUND, AROUND), (-AROUND, -AROUND))]
    made = sheet(around)
    x, y = made.frame.at(point)
    return replace(made, marks=(Mark(id=UUID(int=0), url="", name=name, said="", kind="info", x=x, y=y),))
