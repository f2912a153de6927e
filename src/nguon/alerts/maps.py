"""Maps of alerts: one to draw an area on, one that shows where an alert went."""

from collections.abc import Iterable
from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext as _

from nguon.alerts.models import Alert
from nguon.alerts.queries import CHANNEL, Corners, targets_of
from nguon.delivery.queries import targeted
from nguon.devices.basemap import Mark, Sheet, sheet
from nguon.devices.drawing import Point, polygon, usable
from nguon.devices.models import Device, Status
from nguon.kit.clock import local_day, today
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import place_ids


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
