"""The map fits what it has to show."""

from hypothesis import assume, given
from hypothesis import strategies as st

from nguon.devices.drawing import Box, Frame, close_up, fit, path, usable

longitudes = st.floats(-179, 179)
latitudes = st.floats(-84, 84)
points = st.tuples(longitudes, latitudes)
BASE = Box(109.05, 13.755, 109.27, 13.93)
near = st.tuples(st.floats(108.9, 109.4), st.floats(13.6, 14.1))


@given(st.lists(points, min_size=1, max_size=20))
def test_every_device_lies_on_the_map_and_in_the_first_view(found: list[tuple[float, float]]) -> None:
    for box in (fit(found, BASE), close_up(found, BASE)):
        assert all(box.holds(point) for point in found)
        assert box.east > box.west
        assert box.north > box.south


@given(st.lists(near, min_size=1, max_size=20))
def test_the_base_map_stays_while_one_device_lies_on_it(found: list[tuple[float, float]]) -> None:
    assume(any(BASE.holds(point) for point in found))
    box = fit(found, BASE)
    assert box.holds((BASE.west, BASE.south))
    assert box.holds((BASE.east, BASE.north))
    if all(BASE.holds(point) for point in found):
        assert box == BASE


def test_devices_of_another_district_get_a_map_of_their_own() -> None:
    box = fit([(105.8, 21.0), (105.9, 21.1)], BASE)
    assert not box.holds((BASE.west, BASE.south))


def test_without_devices_the_base_map_is_shown() -> None:
    assert fit([], BASE) == close_up([], BASE) == BASE


@given(near)
def test_a_point_in_the_box_lies_on_the_paper(point: tuple[float, float]) -> None:
    frame = Frame(fit([point], BASE))
    x, y = frame.at(point)
    assert -0.1 <= x <= frame.width + 0.1
    assert -0.1 <= y <= frame.height + 0.1


@given(near, near)
def test_east_is_right_and_north_is_up(one: tuple[float, float], two: tuple[float, float]) -> None:
    frame = Frame(BASE)
    (x1, y1), (x2, y2) = frame.at(one), frame.at(two)
    assert (x1 - x2) * (one[0] - two[0]) >= 0
    assert (y1 - y2) * (one[1] - two[1]) <= 0


def test_coordinates_that_are_none() -> None:
    assert usable(None, 109.0) is None
    assert usable(0, 0) is None
    assert usable(float("nan"), 109.0) is None
    assert usable(91, 109.0) is None
    assert usable(13.8, 109.1) == (109.1, 13.8)


@given(st.lists(near, min_size=2, max_size=9), st.booleans())
def test_a_path_begins_once_and_speaks_numbers_of_svg(found: list[tuple[float, float]], closed: bool) -> None:
    d = path(found, Frame(BASE), closed=closed)
    assert d.startswith("M")
    assert d.count("M") == 1
    assert "nan" not in d
    assert "," not in d
