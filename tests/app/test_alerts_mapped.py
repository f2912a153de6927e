"""The small map under a warning: made where all of where it holds is known, and left out where anything is not."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage

from nguon.alerts import maps
from nguon.alerts.models import Alert
from nguon.delivery.models import Form
from nguon.delivery.rules import Targets
from nguon.devices import basemap
from nguon.devices.models import Device, Group
from tests.app.stage import NOW
from tests.app.warning import District, build

pytestmark = [pytest.mark.django_db, pytest.mark.boards]
AREA = ((13.83, 109.15), (13.83, 109.19), (13.86, 109.19), (13.86, 109.15))  # latitude, longitude
BORDER = [[109.15, 13.83], [109.19, 13.83], [109.19, 13.86], [109.15, 13.86], [109.15, 13.83]]


@pytest.fixture
def world() -> District:
    return build()


def put(device: Device, latitude: float, longitude: float) -> None:
    device.latitude, device.longitude = latitude, longitude
    device.save()


def drawn(world: District, **changes: Any) -> Alert:
    """A warning for the area, in which the first two clusters stand."""
    for one in world.devices[:2]:
        put(one, 13.845, 109.17)
    targets = Targets(devices=tuple(one.pk for one in world.devices[:2]))
    given: dict[str, Any] = {"targets": targets, "area": AREA} | changes
    return world.live(**given)


def page_of(alert: Alert) -> dict[str, Any]:
    form = Form.objects.filter(broadcast__alert_saying__alert=alert, channel="board").get()
    with default_storage.open(form.file.path) as kept:
        found: dict[str, Any] = json.loads(kept.read())
    return found


def bordered(settings: Any, folder: Path, *names: str) -> None:
    """A base map of the demonstration that knows these borders too."""
    border = {"type": "Polygon", "coordinates": [BORDER]}
    more = [{"type": "Feature", "properties": {"kind": "border", "name": each}, "geometry": border} for each in names]
    whole = json.loads(basemap.DEFAULT.read_text())
    file = folder / "so-do.geojson"
    file.write_text(json.dumps({**whole, "features": [*whole["features"], *more]}))
    settings.NGUON_BASEMAP = str(file)


def test_the_area_that_was_drawn_stands_on_boards(world: District) -> None:
    shown = page_of(drawn(world))["alert"]["map"]
    assert [one["kind"] for one in shown["shapes"]].count("area") == 1
    assert shown["lines"]
    assert {one["name"] for one in shown["names"]} & {"Phước Thuận", "Phước Sơn", "Phước Hiệp"}


@pytest.mark.parametrize("where", [(13.87, 109.17), (None, None)])
def test_who_stands_outside_or_nowhere_leaves_no_map(world: District, where: tuple[float | None, float | None]) -> None:
    alert = drawn(world)
    device = world.devices[1]
    device.latitude, device.longitude = where
    device.save()
    assert maps.sketch(alert, NOW.date()) is None


def test_a_place_without_a_border_leaves_no_map(world: District) -> None:
    assert page_of(world.live())["alert"]["map"] is None


def test_a_place_whose_devices_all_stand_in_the_area_is_in_it(world: District) -> None:
    targets = Targets(places=(world.hamlets[1].pk,), devices=(world.devices[0].pk,))
    alert = drawn(world, targets=targets)
    assert maps.sketch(alert, NOW.date()) is not None
    put(world.devices[1], 13.9, 109.1)
    assert maps.sketch(alert, NOW.date()) is None


def test_a_place_is_shown_by_its_border(world: District, settings: Any, tmp_path: Path) -> None:
    bordered(settings, tmp_path, "Thôn Quảng Vân")
    shown = page_of(world.live())["alert"]["map"]
    assert {one["kind"] for one in shown["shapes"]} >= {"area", "outline"}


def test_another_place_of_the_same_name_leaves_no_map(world: District, settings: Any, tmp_path: Path) -> None:
    bordered(settings, tmp_path, "thôn Quảng Vân", "Thôn Quảng Vân")
    assert page_of(world.live())["alert"]["map"] is None


def test_a_group_that_stands_elsewhere_leaves_no_map(world: District, settings: Any, tmp_path: Path) -> None:
    bordered(settings, tmp_path, "thôn Quảng Vân")
    group = Group.objects.create(name="Ven sông", place=world.commune)
    group.devices.add(world.devices[1])
    put(world.devices[1], 13.9, 109.1)
    alert = world.live(targets=Targets(places=(world.hamlets[0].pk,), groups=(group.pk,)))
    assert maps.sketch(alert, NOW.date()) is None
    put(world.devices[1], 13.85, 109.16)
    assert maps.sketch(alert, NOW.date()) is not None


def test_a_base_map_that_cannot_be_read_leaves_the_words(
    world: District, settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.NGUON_BASEMAP = str(tmp_path / "none.geojson")
    shown = page_of(drawn(world))
    assert shown["alert"]["map"] is None
    assert shown["text"]
    assert "no map of alert" in caplog.text
