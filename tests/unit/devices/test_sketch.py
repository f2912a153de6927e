"""The small map under a warning: it holds the area, knows what is around it, and is small; or there is none."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nguon.channels.board import Board
from nguon.channels.board.document import read
from nguon.devices import basemap, outlines
from nguon.devices.basemap import Feature
from nguon.devices.drawing import Box, Frame
from nguon.devices.sketch import HEIGHT, MOST_POINTS, WIDTH, sketch
from nguon.ports.channel import Wording
from tests.unit.channels.test_board_channel import MARKS

BASE, FEATURES = basemap.load(basemap.DEFAULT)
LAGOON = ((109.19, 13.84), (109.23, 13.84), (109.23, 13.87), (109.19, 13.87))  # beside the water
inner = st.tuples(st.floats(109.12, 109.2), st.floats(13.81, 13.87))
rings = st.lists(inner, min_size=3, max_size=12).map(tuple)


@given(rings)
def test_an_area_lies_in_its_picture_and_boards_take_it(ring: tuple[outlines.Point, ...]) -> None:
    found = sketch([ring], BASE, FEATURES)
    assume(found is not None)  # a dot, or a line
    assert found is not None
    assert (found.width, found.height) == (WIDTH, HEIGHT)
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for area in found.areas for x, y in area)
    page = Board().page(Wording("Lũ", "Sơ tán.", "vi", {"alert": {**MARKS, "map": found}}, issuer="Xã"))
    assert page is not None
    alert = read(page.body).alert
    assert alert is not None
    assert alert.map is not None
    assert len(page.body) < 40_000


def test_what_is_around_is_known_again() -> None:
    found = sketch([LAGOON], BASE, FEATURES)
    assert found is not None
    assert len(found.areas) == len(found.waters) == 1
    assert found.lines
    assert "Phước Sơn" in {name for name, *_ in found.names}
    (left, foot), (right, head) = (min(found.areas[0]), max(found.areas[0]))
    assert right - left > WIDTH / 4
    assert foot != head


@pytest.mark.parametrize("ring", [(), ((105.8, 21.0), (105.9, 21.0), (105.9, 21.1))])
def test_off_the_base_map_there_is_no_map(ring: tuple[outlines.Point, ...]) -> None:
    assert sketch([ring] if ring else [], BASE, FEATURES) is None


def test_where_nothing_is_known_around_there_is_no_map() -> None:
    assert sketch([LAGOON], BASE, [one for one in FEATURES if one.kind == "place"]) is None


def test_as_large_as_the_base_map_there_is_no_room_around() -> None:
    whole = ((BASE.west, BASE.south), (BASE.east, BASE.south), (BASE.east, BASE.north), (BASE.west, BASE.north))
    assert sketch([whole], BASE, FEATURES) is None


def test_a_border_of_a_survey_becomes_few_points() -> None:
    turns = (2 * math.pi * n / 20_000 for n in range(20_000))
    border = tuple(
        (109.16 + math.cos(t) * 0.04, 13.84 + math.sin(t) * (0.03 + 0.0005 * math.sin(900 * t))) for t in turns
    )
    found = sketch([border], BASE, [*FEATURES, Feature("border", "xã Phước Sơn", border)])
    assert found is not None
    drawn = [*found.areas, *found.borders, *found.waters, *found.lines]
    assert len(found.areas[0]) > 20
    assert sum(map(len, drawn)) <= MOST_POINTS


def test_thousands_of_things_around_leave_the_area() -> None:
    many = [Feature("river", "", ((109.1 + n / 50_000, 13.8), (109.1 + n / 50_000, 13.9))) for n in range(5_000)]
    found = sketch([LAGOON], BASE, many)
    assert found is not None
    assert len(found.areas) == 1
    assert 0 < len(found.lines) < MOST_POINTS


def test_an_area_that_would_not_be_seen_makes_no_map() -> None:
    dot = ((109.15, 13.84), (109.15001, 13.84), (109.15001, 13.84001))
    assert sketch([dot], BASE, FEATURES) is None
    assert sketch([LAGOON, dot], BASE, FEATURES) is None


@given(st.lists(st.tuples(st.floats(-50, 150), st.floats(-50, 150)), min_size=3, max_size=20))
def test_what_is_cut_lies_in_the_box(points: list[outlines.Point]) -> None:
    low, high = (0.0, 0.0), (100.0, 100.0)
    cut = [outlines.cut_ring(points, low, high), *outlines.cut_line(points, low, high)]
    near = 1e-6
    assert all(-near <= x <= 100 + near and -near <= y <= 100 + near for line in cut for x, y in line)
    inside = all(0 <= x <= 100 and 0 <= y <= 100 for x, y in points)
    if inside:
        assert set(cut[0]) == set(points)


def test_a_line_that_leaves_and_comes_back_is_two() -> None:
    line = ((10.0, 10.0), (10.0, 200.0), (50.0, 200.0), (50.0, 10.0))
    found = outlines.cut_line(line, (0.0, 0.0), (100.0, 100.0))
    assert found == [((10.0, 10.0), (10.0, 100.0)), ((50.0, 100.0), (50.0, 10.0))]


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=2, max_size=40), st.floats(0.1, 20))
def test_fewer_points_keep_the_ends_and_stay_near(points: list[tuple[int, int]], off: float) -> None:
    found = outlines.fewer(points, off)
    assert (found[0], found[-1]) == (points[0], points[-1])
    assert set(found) <= set(points)
    assert outlines.fewer(found, off) == found or len(found) <= len(points)


def test_borders_are_found_by_the_name_of_their_place_and_not_where_two_have_it() -> None:
    ring = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0))
    some = [Feature("border", name, ring) for name in ("Xã  Phước Sơn", "thôn Tân", "thôn Tân")]
    assert basemap.borders([*some, *FEATURES]) == {basemap.named("xã Phước Sơn"): ring}


def test_a_border_stands_on_the_map_of_the_office() -> None:
    ring = ((109.1, 13.8), (109.2, 13.8), (109.2, 13.9))
    frame = Frame(Box(109.05, 13.755, 109.27, 13.93))
    found = basemap.laid((Feature("border", "xã Phước Sơn", ring),), frame)
    assert found[0].d.startswith("M")
    assert found[0].d.endswith("Z")
    assert found[0].name == ""
