"""From layouts to scenes: what every board is to show, kept as files, told by new settings when it is another."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import F

from nguon.channels.board import scene, tallying
from nguon.channels.board.models import Glass, Item, Layout, Region, Shape, Told
from nguon.channels.board.scene_rules import Why, why_alone
from nguon.channels.board.sources import KIND, SOURCES, Current, Leaf
from nguon.devices.models import Device, Status
from nguon.kit import clock
from nguon.media.files import keep_bytes
from nguon.media.models import File
from nguon.places import queries as places
from nguon.wire.messages import Area, Document

SHORTEST_MS = 1_000


@dataclass(frozen=True)
class Placed:
    """An item with what it is now. `told`: its pages as the board has them; none while it has no page."""

    row: Item
    current: Current
    told: tuple[scene.Item, ...]


@dataclass(frozen=True)
class Filled:
    """A region with its playlist."""

    row: Region
    items: tuple[Placed, ...]


def filled(layout: Layout, now: datetime) -> list[Filled]:
    """The regions of a layout with what stands in them."""
    regions = list(layout.regions.prefetch_related("items").order_by("number"))
    currents = _currents([item for region in regions for item in region.items.all()], now)
    found = []
    for region in regions:
        items = []
        for row in region.items.all():
            current = currents.get((row.source, row.subject), Current(""))
            items.append(Placed(row, current, tuple(_told(row, current, now))))
        found.append(Filled(region, tuple(items)))
    return found


def _currents(rows: Iterable[Item], now: datetime) -> dict[tuple[str, UUID], Current]:
    wanted: dict[str, set[UUID]] = {}
    for row in rows:
        wanted.setdefault(row.source, set()).add(row.subject)
    return {
        (name, subject): current
        for name, subjects in wanted.items()
        if name in SOURCES
        for subject, current in SOURCES[name].current(subjects, now).items()
    }


def _told(row: Item, current: Current, now: datetime) -> Iterator[scene.Item]:
    """The pages of an item. Where it has hours of its own, the board knows those, and a page stands there while its own
    hold as well.
    """
    own = bool(row.weekdays or row.begins or row.ends)
    for leaf in current.leaves:
        page = _page(row, leaf)
        if not own:
            yield page
        elif why_alone(page, clock.ms(now)) is Why.SHOWS:
            hours = {"begins": _minute(row.begins), "ends": _minute(row.ends)}
            yield msgspec.structs.replace(page, weekdays=tuple(row.weekdays), **hours)


def _page(row: Item, leaf: Leaf) -> scene.Item:
    begun = [clock.ms(_midnight(row.first_day))] if row.first_day else []
    begun += [clock.ms(leaf.since)] if leaf.since else []
    over = [clock.ms(_midnight(row.last_day + timedelta(days=1)))] if row.last_day else []
    over += [clock.ms(leaf.until)] if leaf.until else []
    return scene.Item(
        page=document_of(leaf.file),
        length=(row.seconds or 0) * 1_000 or leaf.length or max(leaf.file.duration_ms or 0, SHORTEST_MS),
        priority=row.priority,
        weekdays=leaf.weekdays,
        begins=leaf.begins,
        ends=leaf.ends,
        since=max(begun, default=0),
        until=min(over, default=0),
    )


def document_of(file: File) -> Document:
    """A kept file as devices are told of it."""
    return Document(url=f"/api/1/content/{file.sha256}", sha256=file.sha256, size=file.size)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.LOCAL)


def _minute(at: time | None) -> int:
    return at.hour * 60 + at.minute if at else 0


def regions_of(parts: Sequence[Filled]) -> tuple[scene.Region, ...]:
    """The regions as the board has them; those in which nothing can show are left out."""
    found = []
    for part in parts:
        items = tuple(page for placed in part.items for page in placed.told)[: scene.MOST_ITEMS]
        lines = tuple(line.strip()[:500] for line in part.row.lines.splitlines() if line.strip())[: scene.MOST_LINES]
        kind = scene.Kind(part.row.kind)
        if (kind in (scene.Kind.LIST, scene.Kind.CRAWL) and not items) or (kind is scene.Kind.LOGO and not lines):
            continue
        area = Area(left=part.row.left, top=part.row.top, width=part.row.width, height=part.row.height)
        playing = kind in scene.PLAYING
        region = scene.Region(
            kind=kind,
            area=area,
            items=items if playing else (),
            lines=lines if kind is scene.Kind.LOGO else (),
        )
        found.append(region)
    return tuple(found)


def layouts_of(boards: Iterable[Device], on: date) -> dict[UUID, Layout | None]:
    """The layout of each board: its own, or the usual one of the nearest place for its shape."""
    tree = places.tree()
    glasses = {glass.device_id: glass for glass in Glass.objects.select_related("layout")}
    usual = {(one.place_id, one.shape): one for one in Layout.objects.filter(usual=True)}
    found: dict[UUID, Layout | None] = {}
    for board in boards:
        glass = glasses.get(board.pk)
        shape = glass.shape if glass else Shape.WIDE
        above = tree.above(board.place_id, on)
        own = glass.layout if glass else None
        if own is not None and own.place_id in above:
            found[board.pk] = own
        else:
            found[board.pk] = next((usual[at, shape] for at in reversed(above) if (at, shape) in usual), None)
    return found


@transaction.atomic
def refresh(now: datetime) -> int:
    """Have every board told what it is to show, where that is something else than before; how many."""
    boards = list(Device.objects.filter(channel=KIND, status=Status.ACTIVE))
    layouts = layouts_of(boards, clock.local_day(now))
    parts = {layout.pk: filled(layout, now) for layout in set(filter(None, layouts.values()))}
    scenes = {pk: _scene(regions, now) for pk, regions in parts.items()}
    tallying.note({page for regions in parts.values() for page in _leafed(regions)}, now)
    held = {row.device_id: row for row in Told.objects.all()}
    wanted = {}
    for pk, layout in layouts.items():
        if layout is not None:
            file, files = scenes[layout.pk]
            wanted[pk] = Told(device_id=pk, layout=layout, file=file, files=files)
    news = [row for pk, row in wanted.items() if _mark(held.get(pk)) != _mark(row)]
    gone = held.keys() - wanted.keys()
    changed = [row.device_id for row in news if _file(held.get(row.device_id)) != row.file_id] + list(gone)
    fields = ["layout", "file", "files"]
    Told.objects.bulk_create(news, update_conflicts=True, unique_fields=["device"], update_fields=fields)
    Told.objects.filter(device__in=gone).delete()
    Device.objects.filter(pk__in=changed).update(settings_version=F("settings_version") + 1)
    return len(changed)


def refresh_soon() -> None:
    """Have boards told as soon as what was changed is kept: a source has other pages, or none."""
    transaction.on_commit(lambda: refresh(clock.now()))


def _leafed(parts: Iterable[Filled]) -> Iterator[tallying.Leafed]:
    for placed in (item for part in parts for item in part.items):
        for leaf in placed.current.leaves:
            yield tallying.Leafed(leaf.file.sha256, placed.row.source, placed.row.subject, leaf.part)


def _scene(parts: Sequence[Filled], now: datetime) -> tuple[File, list[str]]:
    regions = regions_of(parts)
    file = keep_bytes(scene.scene(regions), scene.MIME, now, {})
    pages = {item.page.sha256 for region in regions for item in region.items}
    return file, sorted({file.sha256, *pages})


def _file(row: Told | None) -> str | None:
    return row.file_id if row else None


def _mark(row: Told | None) -> tuple[object, ...]:
    return (row.layout_id, row.file_id, row.files) if row else ()
