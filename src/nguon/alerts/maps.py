"""Maps of alerts: one to draw an area on, one that shows where an alert went, a small one for whom it warns."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from nguon.alerts.models import Alert
from nguon.alerts.queries import CHANNEL, Corners, targets_of
from nguon.alerts.rules import inside
from nguon.delivery.queries import targeted
from nguon.delivery.rules import Targets
from nguon.devices import channels
from nguon.devices.basemap import Mark, Sheet, borders, default, named, sheet
from nguon.devices.drawing import Point, polygon, usable
from nguon.devices.models import Device, Status
from nguon.devices.sketch import sketch as sketched
from nguon.kit.clock import local_day, today
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import place_ids
from nguon.places.models import Place
from nguon.ports.channel import Sketch

Ring = tuple[Point, ...]


def drawing(person: Person, corners: Corners) -> Sheet:
    """The clusters one may warn, and an area to be drawn around some."""
    mine = place_ids(person, Right.ALERT, today())
    rows = Device.objects.filter(place__in=mine, channel=CHANNEL, status=Status.ACTIVE)
    return replace(_sheet(rows.select_related("state"), corners), draw=True)


def shown(alert: Alert) -> Sheet | None:
    """Where an alert goes; None if no cluster has coordinates and nothing was drawn."""
    on = local_day(alert.submitted_at or alert.created_at)
    made = _sheet(targeted(targets_of(alert), (CHANNEL,), on).select_related("state"), tuple(alert.area or ()))
    return made if made.marks or alert.area else None


def sketch(alert: Alert, on: date) -> Sketch | None:
    """A small map of where it holds, for screens; None unless all of that is known, and what is around it.

    What holds more than it shows would leave somebody without a warning: so each device it goes to stands in the area
    that was drawn or below a place whose border the base map has, and each place has one or lies, by its devices, in
    the drawn area.
    """
    base, features = default()
    targets, known = targets_of(alert), borders(features)
    drawn: Ring = tuple((longitude, latitude) for latitude, longitude in alert.area or ())
    rings = [drawn] if drawn else []
    for place in Place.objects.filter(pk__in=targets.places):
        border = known.get(named(str(place)))
        if border is not None:
            rings.append(border)
        elif not _all_inside(Targets(places=(place.pk,)), [drawn], on):
            return None
    alone = Targets(groups=targets.groups, devices=targets.devices)
    if alone and not _all_inside(alone, rings, on):
        return None
    return sketched(rings, base, features) if rings else None


def _all_inside(targets: Targets, rings: Iterable[Ring], on: date) -> bool:
    """Whether these have devices, and all of them stand in one of the areas."""
    rows = targeted(targets, tuple(channels.driven()), on).values_list("latitude", "longitude")
    points = [usable(latitude, longitude) for latitude, longitude in rows]
    return bool(points) and all(point and any(ring and inside(point, ring) for ring in rings) for point in points)


def _sheet(devices: Iterable[Device], corners: Corners) -> Sheet:
    rows = list(devices)
    placed = [(row, point) for row in rows if (point := usable(row.latitude, row.longitude))]
    edge: list[Point] = [(longitude, latitude) for latitude, longitude in corners]
    made = sheet([*(point for _row, point in placed), *edge])
    marks = tuple(_mark(row, *made.frame.at(point)) for row, point in placed)
    return replace(made, marks=marks, unplaced=len(rows) - len(placed), area=polygon(edge, made.frame))


def _mark(device: Device, x: float, y: float) -> Mark:
    online = hasattr(device, "state") and device.state.online
    said = _("đang kết nối") if online else _("mất kết nối")
    url = reverse("monitor:device", args=[device.pk])
    return Mark(id=device.pk, url=url, name=device.name, said=said, kind="ok" if online else "off", x=x, y=y)
