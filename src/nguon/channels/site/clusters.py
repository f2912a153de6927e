"""Where the loudspeakers and boards of a locality stand, as everybody may know it: no more than whoever walks by."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from nguon.devices import channels
from nguon.devices.basemap import Sheet, sheet
from nguon.devices.drawing import usable
from nguon.devices.models import Device, Status
from nguon.feedback.pole_models import PoleCode
from nguon.kit import clock
from nguon.kit.text import fold
from nguon.places import queries as places
from nguon.places.models import Place
from nguon.portal.models import Site

WIDE = 720  # pixels the drawing is wide on a large screen


@dataclass(frozen=True)
class Spot:
    """One cluster or board. `x`, `y` in units of the drawing; None where nobody has noted where it stands."""

    number: int
    name: str
    place: str
    address: str
    kind: str
    square: bool  # it is only seen
    told: str  # where people tell of it: at the code of its sticker; empty while it has none
    x: float | None = None
    y: float | None = None

    @property
    def said(self) -> str:
        """What its name does not say: what it is, where it stands, that it is not on the drawing."""
        named = self.name.casefold().startswith(self.kind.casefold())
        known = ["" if named else self.kind, self.address, _("chưa có trên sơ đồ") if self.x is None else ""]
        return " · ".join(filter(None, known))


@dataclass(frozen=True)
class Town:
    """The clusters by hamlet, and the drawing; `paper` is None where no cluster has coordinates."""

    hamlets: tuple[tuple[Place, tuple[Spot, ...]], ...]
    paper: Sheet | None

    @property
    def spots(self) -> list[Spot]:
        """Those that are drawn."""
        return [spot for _place, spots in self.hamlets for spot in spots if spot.x is not None]

    @property
    def step(self) -> float:
        """Units of the drawing to a pixel."""
        return round(self.paper.view[2] / WIDE, 3) if self.paper else 1.0


def town(site: Site, now: datetime) -> Town:
    """The devices in use of a site's place. Screens that are lent by their owners are not the locality's to show."""
    inside = places.below([site.place_id], clock.local_day(now))
    rows = Device.objects.filter(place__in=inside, channel__in=channels.driven(), status=Status.ACTIVE)
    found = list(rows.filter(requisitions=None).select_related("place"))
    found.sort(key=lambda one: (fold(one.place.name), fold(one.name)))
    points = {row.pk: point for row in found if (point := usable(row.latitude, row.longitude))}
    paper = sheet(points.values()) if points else None
    codes = dict(PoleCode.objects.filter(device__in=found).values_list("device_id", "code"))
    by_place: dict[Place, list[Spot]] = defaultdict(list)
    for number, row in enumerate(found, 1):
        x, y = paper.frame.at(points[row.pk]) if paper and row.pk in points else (None, None)
        by_place[row.place].append(_spot(row, number, codes.get(row.pk), x, y))
    return Town(tuple((place, tuple(spots)) for place, spots in by_place.items()), paper)


def _spot(row: Device, number: int, code: str | None, x: float | None, y: float | None) -> Spot:
    return Spot(
        number=number,
        name=row.name,
        place=row.place.name,
        address=row.address,
        kind=channels.label(row.channel),
        square=not channels.audible(row.channel),
        told=reverse("told:at-device", args=[code]) if code else "",
        x=x,
        y=y,
    )
