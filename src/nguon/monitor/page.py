"""All that the live page shows at first; the stream changes it afterwards."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from nguon.delivery.models import Delivery, Progress
from nguon.delivery.show import reason_words
from nguon.devices.basemap import Mark, Sheet, sheet
from nguon.devices.drawing import usable
from nguon.devices.models import Device, DeviceState, Refusal
from nguon.devices.queries import areas, devices, place_labels, watched_places
from nguon.kit import clock
from nguon.monitor import queries, rules, safety, words
from nguon.monitor.queries import Cast, Row, Wish
from nguon.monitor.rules import Counts, Health
from nguon.monitor.watch import LIMIT
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.places.models import Place

_ON_TOP = ("off", "ok", "wait", "busy", "warn", "bad")  # what is wrong is drawn over what is well


@dataclass(frozen=True)
class Live:
    """The live page of one person."""

    wish: Wish
    counts: Counts
    casts: list[Cast]
    groups: list[tuple[Place, list[tuple[Place, list[Row]]]]]
    hidden: int
    places: list[tuple[UUID, str]]
    map: Sheet
    since: int  # ms: when this was true
    any_place: bool  # whether the person may watch anything at all
    refused: int  # events of safety of the last day


def live(person: Person, wish: Wish, now: datetime) -> Live:
    """What the person sees now under a wish."""
    on = now.astimezone(clock.LOCAL).date()
    seen = queries.sight(person, on)
    rows = queries.rows(seen, Wish(wish.words, wish.place), now)
    shown = [row for row in rows if queries.matches(row, wish.state)]
    return Live(
        wish=wish,
        counts=queries.count(rows),
        casts=queries.casts(seen, now),
        groups=queries.grouped(shown[:LIMIT], on),
        hidden=max(len(shown) - LIMIT, 0),
        places=place_labels(watched_places(person, on), on),
        map=chart(rows),
        since=clock.ms(now),
        any_place=bool(seen),
        refused=safety.lately(person, now),
    )


def chart(rows: list[Row]) -> Sheet:
    """The map with these devices; those without coordinates are counted beside it."""
    placed = [(row, point) for row in rows if (point := usable(row.latitude, row.longitude))]
    made = sheet(point for _row, point in placed)
    marks = [_mark(row, *made.frame.at(point)) for row, point in placed]
    marks.sort(key=lambda mark: (_ON_TOP.index(mark.kind), mark.name))
    seen = sorted({row.called.lower() for row, _point in placed if not row.audible})
    return replace(made, marks=tuple(marks), squares=", ".join(seen), unplaced=len(rows) - len(marks))


def _mark(row: Row, x: float, y: float) -> Mark:
    url = reverse("monitor:device", args=[row.id])
    return Mark(id=row.id, url=url, name=row.name, said=row.said, kind=row.kind, x=x, y=y, square=not row.audible)


@dataclass(frozen=True)
class Told:
    """One delivery of a device: how far it came, and why not further."""

    delivery: Delivery
    stage: str
    kind: str
    why: str


@dataclass(frozen=True)
class Vital:
    """One thing a device says of itself."""

    label: str
    value: str
    bad: bool = False


@dataclass(frozen=True)
class One:
    """The page of one device."""

    device: Device
    row: Row
    advice: str
    vitals: list[Vital]
    areas: list[str]
    history: list[Told]
    refusals: list[tuple[Refusal, str]]
    may_manage: bool


def one(person: Person, pk: UUID, now: datetime) -> One:
    """A device in sight of the person. Raises Device.DoesNotExist."""
    on = now.astimezone(clock.LOCAL).date()
    device = devices(person, on).get(pk=pk)
    row = queries.row_of(device, now)
    return One(
        device=device,
        row=row,
        advice=str(words.ADVICE.get(row.health, "")),
        vitals=vitals(device, row),
        areas=areas(device, on),
        history=[told(each) for each in queries.history(device)],
        refusals=[(each, words.refusal(each.reason)) for each in queries.refusals(device)],
        may_manage=scope.may(person, Right.DEVICES, device.place_id, on=on),
    )


def told(delivery: Delivery) -> Told:
    """A delivery in words."""
    stage, kind = next((name, kind) for name, kind, gathered in rules.STAGES if delivery.progress in gathered)
    said = Progress(delivery.progress).label if stage == "received" else str(words.STAGE[stage]).capitalize()
    return Told(delivery, str(said), kind, reason_words(delivery.reason, delivery.detail))


def vitals(device: Device, row: Row) -> list[Vital]:
    """What a device last said of itself, in words; what it did not measure is said so."""
    state = getattr(device, "state", None) or DeviceState()
    return [
        Vital(_("Sóng"), words.signal(state.signal), state.signal is not None and state.signal < -105),
        Vital(_("Nguồn điện"), words.power(state.power), state.power == "battery"),
        Vital(_("Nhiệt độ hộp máy"), words.temperature(state.temperature), (state.temperature or 0) >= 75),
        Vital(_("Bộ nhớ trống"), words.disk(state.disk_free), Health.DISK in row.troubles),
        Vital(_("Đồng hồ"), words.clock(state.clock_offset), Health.CLOCK in row.troubles),
        Vital(_("Phần mềm"), state.software or _("Chưa rõ")),
    ]
