"""Questions about layouts of boards."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from nguon.channels.board import hanging, layouts, tallying, telling
from nguon.channels.board.models import Glass, Item, Layout, Region, Told
from nguon.channels.board.scene import PLAYING, Kind
from nguon.channels.board.scene_rules import Why, turn, why
from nguon.channels.board.sources import KIND
from nguon.devices import queries as devices
from nguon.devices.models import Device
from nguon.kit import clock
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import visible
from nguon.places import queries as places

WEEK = 7  # days


def layouts_of(person: Person, right: Right = Right.VIEW) -> QuerySet[Layout]:
    """The layouts of the places where a person has a right."""
    return visible(
        Layout.objects.select_related("place", "created_by").order_by("place__folded", "name"), person, right
    )


def items_of(person: Person) -> QuerySet[Item]:
    """The items of playlists that a person may change."""
    rows = Item.objects.filter(region__layout__in=layouts_of(person, Right.BROADCAST).values("pk"))
    return rows.select_related("region__layout__place")


def boards_of(person: Person, right: Right = Right.VIEW) -> QuerySet[Device]:
    """The boards in the places where a person has a right."""
    return devices.devices(person, clock.today(), right).filter(channel=KIND)


def boards_with(layout: Layout, person: Person) -> list[Device]:
    """The boards that are told this layout and that the person may see, by name."""
    return list(boards_of(person).filter(pk__in=Told.objects.filter(layout=layout).values("device")).order_by("folded"))


def fitting(device: Device, now: datetime) -> QuerySet[Layout]:
    """The layouts that a board may have: of its place and those above."""
    above = [place.pk for place in places.above(device.place_id, clock.local_day(now))]
    return Layout.objects.filter(place__in=above).order_by("name")


def glass(device: Device) -> Glass:
    """What is known of a board's screen; not saved where nothing is."""
    return Glass.objects.filter(device=device).first() or Glass(device=device)


def box_of(region: Region, *, filled: bool) -> layouts.Box:
    """A region as it is checked."""
    return layouts.Box(Kind(region.kind), region.left, region.top, region.width, region.height, filled)


@dataclass(frozen=True)
class Seen:
    """An item as an officer sees it: what it is, when it holds, whether it shows at the moment asked for, and why.

    `today`, `week`: what boards told of today, and of the last WEEK days with today; None: nothing.
    """

    placed: hanging.Placed
    why: str
    holds: bool
    now: bool = False
    today: tallying.Count | None = None
    week: tallying.Count | None = None

    @property
    def length(self) -> int:
        """How long a round of its pages takes, ms."""
        return sum(page.length for page in self.placed.told)

    @property
    def weekdays(self) -> str:
        """The days on which it shows; empty: all."""
        return telling.weekdays(self.placed.row.weekdays)


@dataclass(frozen=True)
class Part:
    """A region with its name and its playlist as it is at a moment."""

    row: Region
    name: str
    plays: bool
    items: tuple[Seen, ...]
    grave: bool = False

    @property
    def filled(self) -> bool:
        """Whether it has anything to show, at one time or another."""
        return (
            bool(self.row.lines.strip()) if self.row.kind == Kind.LOGO else any(one.placed.told for one in self.items)
        )

    @property
    def showing(self) -> Seen | None:
        """Whose turn it is."""
        return next((one for one in self.items if one.now), None)


def explained(layout: Layout, at: datetime) -> list[Part]:
    """Every region of a layout: what of it shows at a moment, and why the rest does not. Bulletins as they are now."""
    parts = hanging.filled(layout, clock.now())
    named = telling.names([part.row.kind for part in parts])
    return [
        Part(part.row, name, Kind(part.row.kind) in PLAYING, _judged(part, clock.ms(at)))
        for part, name in zip(parts, named, strict=True)
    ]


def _judged(part: hanging.Filled, at: int) -> tuple[Seen, ...]:
    """As the board judges them: those without a page are not there."""
    told = [page for placed in part.items for page in placed.told]
    reasons = why(told, at)
    whose = turn(told, at)
    lines = part.row.kind == Kind.CRAWL
    seen, first = [], 0
    for placed in part.items:
        own = range(first, first + len(placed.told))
        first = own.stop
        if not own:
            seen.append(Seen(placed, placed.current.lacks or telling.gone(), holds=False))
            continue
        shows = any(reasons[index] is Why.SHOWS for index in own)
        mine = shows and (lines or (whose is not None and whose.index in own))
        words = telling.waits() if shows and not mine else telling.why(Why.SHOWS if mine else reasons[own.start])
        seen.append(Seen(placed, words, holds=shows, now=mine))
    return tuple(seen)


def tallied(parts: Sequence[Part], boards: Collection[Device], now: datetime) -> tuple[list[Part], datetime | None]:
    """The same regions with what these boards told of each item, and when they told last; None: not in WEEK days."""
    today, devices = clock.local_day(now), [board.pk for board in boards]
    subjects = [_subject(seen) for part in parts for seen in part.items]
    one = tallying.sums(devices, subjects, today, today)
    week = tallying.sums(devices, subjects, today - timedelta(days=WEEK - 1), today)
    found = []
    for part in parts:
        items = [
            replace(seen, today=one.of(_subject(seen)) if one.told else None, week=week.of(_subject(seen)))
            for seen in part.items
        ]
        found.append(replace(part, items=tuple(items)))
    return found, week.told


def _subject(seen: Seen) -> tallying.Subject:
    return seen.placed.row.source, seen.placed.row.subject


def layout_of(device: Device, now: datetime) -> Layout | None:
    """The layout that a board has by what is said now."""
    return hanging.layouts_of([device], clock.local_day(now))[device.pk]


def device_of(person: Person, pk: UUID, right: Right = Right.VIEW) -> Device | None:
    """A board that a person has a right to."""
    return boards_of(person, right).select_related("place").filter(pk=pk).first()
