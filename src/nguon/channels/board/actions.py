"""The verbs on layouts of boards: make, change, delete, fill their playlists, give them to boards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from nguon.channels.board import hanging, layouts, queries, telling
from nguon.channels.board.models import Glass, Item, Layout, Region
from nguon.channels.board.scene import MOST_ITEMS, PLAYING, Kind
from nguon.channels.board.sources import SOURCES
from nguon.devices.models import Device
from nguon.journal import actions as journal
from nguon.kit.clock import local_day
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.places.models import Place


class Refused(Exception):
    """What cannot be, in an officer's words: one or more sentences. `field`: the part of a form it is about."""

    def __init__(self, *said: str, field: str = "") -> None:
        super().__init__(" ".join(said))
        self.said = said
        self.field = field


@dataclass(frozen=True)
class Wanted:
    """A region as an officer wants it; `pk` none: a new one."""

    pk: UUID | None
    box: layouts.Box
    lines: str = ""


@dataclass(frozen=True)
class Playing:
    """An item as an officer wants it."""

    source: str
    subject: UUID
    weekdays: tuple[int, ...] = ()
    begins: time | None = None
    ends: time | None = None
    first_day: date | None = None
    last_day: date | None = None
    priority: int = 0
    seconds: int | None = None


@transaction.atomic
def create(*, name: str, place: Place, template: str, actor: Person, now: datetime) -> Layout:
    """A layout that begins as one of the templates. Raises Forbidden, KeyError."""
    scope.require(actor, Right.DEVICES, place.pk, on=local_day(now))
    begun = layouts.TEMPLATES[template]
    made = Layout.objects.create(name=name, place=place, shape=begun.shape, created_by=actor, created_at=now)
    for number, box in enumerate(begun.boxes):
        lines = str(place) if box.kind is Kind.LOGO else ""
        _save(Region(layout=made, number=number), box, lines[:1].upper() + lines[1:])
    _record("scenes.create", made, actor, now, {"name": name, "regions": _told(made)})
    return made


@transaction.atomic
def reshape(
    *, layout: Layout, name: str, shape: str, usual: bool, wanted: Sequence[Wanted], actor: Person, now: datetime
) -> None:
    """Divide the screen anew. Raises Forbidden, and Refused for what cannot be; then nothing is changed."""
    layout = Layout.objects.select_for_update().get(pk=layout.pk)
    scope.require(actor, Right.DEVICES, layout.place_id, on=local_day(now))
    boxes = [one.box for one in wanted]
    if wrong := [telling.fault(found, boxes) for found in layouts.faults(boxes) if found.grave]:
        raise Refused(*wrong)
    before = {"name": layout.name, "usual": layout.usual, "regions": _told(layout)}
    known = {region.pk: region for region in layout.regions.all()}
    kept = {one.pk for one in wanted}
    for pk, region in known.items():
        if pk not in kept:
            _drop(region)
    for number, one in enumerate(wanted):
        row = (known.get(one.pk) if one.pk else None) or Region(layout=layout)
        if row.pk in known and one.box.kind not in PLAYING and row.items.exists():
            raise Refused(_still_full(row))
        row.number = number
        _save(row, one.box, one.lines)
    if usual:
        Layout.objects.filter(place=layout.place_id, shape=shape, usual=True).exclude(pk=layout.pk).update(usual=False)
    layout.name, layout.shape, layout.usual = name, shape, usual
    layout.save(update_fields=["name", "shape", "usual"])
    after = {"name": name, "usual": usual, "regions": _told(layout)}
    if after != before:
        _record("scenes.change", layout, actor, now, after, before)
    hanging.refresh(now)


def _drop(region: Region) -> None:
    if region.items.exists():
        raise Refused(_still_full(region))
    region.delete()


def _still_full(region: Region) -> str:
    said = _("Vùng “%(name)s” còn tin trong danh sách. Hãy gỡ hết tin của vùng rồi mới bỏ hoặc đổi loại vùng.")
    return said % {"name": region.get_kind_display()}


def _save(region: Region, box: layouts.Box, lines: str) -> None:
    region.kind, region.lines = box.kind, lines
    region.left, region.top, region.width, region.height = box.left, box.top, box.width, box.height
    region.save()


@transaction.atomic
def delete(*, layout: Layout, actor: Person, now: datetime) -> None:
    """Take a layout away; boards that had it go by the usual one, or show the hour. Raises Forbidden."""
    scope.require(actor, Right.DEVICES, layout.place_id, on=local_day(now))
    _record("scenes.delete", layout, actor, now, before={"name": layout.name, "regions": _told(layout)})
    layout.delete()
    hanging.refresh(now)


@transaction.atomic
def add(*, region: Region, playing: Playing, actor: Person, now: datetime) -> Item:
    """Put something at the end of a playlist. Raises Forbidden, Refused."""
    scope.require(actor, Right.BROADCAST, region.layout.place_id, on=local_day(now))
    if Kind(region.kind) not in PLAYING:
        raise Refused(_("Vùng này không có danh sách tin."))
    if region.items.count() >= MOST_ITEMS:
        raise Refused(_("Danh sách đã đủ %(most)d tin. Hãy gỡ bớt tin cũ.") % {"most": MOST_ITEMS})
    _check(playing, actor, now)
    last = region.items.aggregate(last=Max("number"))["last"]
    made = Item(region=region, number=0 if last is None else last + 1, added_by=actor, added_at=now)
    _fill(made, playing)
    _record("scenes.item-add", region.layout, actor, now, _item_told(made, now))
    hanging.refresh(now)
    return made


@transaction.atomic
def change(*, item: Item, playing: Playing, actor: Person, now: datetime) -> None:
    """Show it at other times, or something else in its place. Raises Forbidden, Refused."""
    scope.require(actor, Right.BROADCAST, item.region.layout.place_id, on=local_day(now))
    _check(playing, actor, now, but=(item.source, item.subject))
    before = _item_told(item, now)
    _fill(item, playing)
    _record("scenes.item-change", item.region.layout, actor, now, _item_told(item, now), before)
    hanging.refresh(now)


@transaction.atomic
def remove(*, item: Item, actor: Person, now: datetime) -> None:
    """Take it out of the playlist. Raises Forbidden."""
    scope.require(actor, Right.BROADCAST, item.region.layout.place_id, on=local_day(now))
    _record("scenes.item-remove", item.region.layout, actor, now, before=_item_told(item, now))
    item.delete()
    hanging.refresh(now)


@transaction.atomic
def move(*, item: Item, up: bool, actor: Person, now: datetime) -> None:
    """Let it change places with the one before or after it. Nothing at the ends. Raises Forbidden."""
    scope.require(actor, Right.BROADCAST, item.region.layout.place_id, on=local_day(now))
    rows = list(item.region.items.order_by("number"))
    at = next(index for index, row in enumerate(rows) if row.pk == item.pk)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(rows):
        return
    rows[at], rows[to] = rows[to], rows[at]
    for number, row in enumerate(rows):
        row.number = number
    Item.objects.bulk_update(rows, ["number"])
    _record("scenes.item-move", item.region.layout, actor, now, _item_told(rows[to], now))
    hanging.refresh(now)


@transaction.atomic
def hang(*, device: Device, shape: str, layout: Layout | None, actor: Person, now: datetime) -> None:
    """Give a board a layout; none: the usual one for its shape. Raises Forbidden, Refused."""
    scope.require(actor, Right.DEVICES, device.place_id, on=local_day(now))
    if layout is not None and not queries.fitting(device, now).filter(pk=layout.pk).exists():
        raise Refused(_("Bố cục này không phải của địa bàn đặt bảng hoặc cấp trên. Hãy chọn bố cục khác."))
    Glass.objects.update_or_create(device=device, defaults={"shape": shape, "layout": layout})
    after = {"layout": layout.name if layout else "", "shape": shape}
    subject = f"devices.device:{device.pk.hex}"
    journal.record(
        actor=actor, verb="scenes.hang", subject=subject, now=now, place=device.place_id, before=None, after=after
    )
    hanging.refresh(now)


def _check(playing: Playing, actor: Person, now: datetime, but: tuple[str, UUID] | None = None) -> None:
    """`but`: what stands there already may stay, whoever put it there."""
    if (playing.begins is None) != (playing.ends is None):
        raise Refused(_("Hãy ghi cả giờ bắt đầu và giờ kết thúc, hoặc để trống cả hai."), field="begins")
    if playing.first_day and playing.last_day and playing.last_day < playing.first_day:
        raise Refused(_("Ngày cuối phải sau hoặc trùng ngày đầu."), field="last_day")
    if (playing.source, playing.subject) == but:
        return
    offered = SOURCES[playing.source].offered(actor, now) if playing.source in SOURCES else []
    if playing.subject not in {subject for subject, _title in offered}:
        raise Refused(_("Bản tin này chưa được duyệt, đã rút, hoặc bạn không được phát. Hãy chọn bản tin khác."))


def _fill(item: Item, playing: Playing) -> None:
    item.source, item.subject = playing.source, playing.subject
    item.weekdays = sorted(set(playing.weekdays)) if len(set(playing.weekdays)) < len(telling.WEEKDAYS) else []
    item.begins, item.ends = playing.begins, playing.ends
    item.first_day, item.last_day = playing.first_day, playing.last_day
    item.priority, item.seconds = playing.priority, playing.seconds
    item.save()


def _told(layout: Layout) -> str:
    rows = layout.regions.order_by("number")
    return "; ".join(f"{row.get_kind_display()} {row.left},{row.top} {row.width}×{row.height} %" for row in rows)


def _item_told(item: Item, now: datetime) -> dict[str, Any]:
    current = SOURCES[item.source].current([item.subject], now).get(item.subject) if item.source in SOURCES else None
    hours = f"{item.begins:%H:%M}–{item.ends:%H:%M}" if item.begins and item.ends else ""
    days = [f"{day:%d/%m/%Y}" if day else "" for day in (item.first_day, item.last_day)]
    return {
        "region": item.region.get_kind_display(),
        "title": current.title if current else "",
        "hours": hours,
        "dates": " – ".join(days) if any(days) else "",
        "rank": item.priority,
        "place_in_list": item.number + 1,
    }


def _record(
    verb: str,
    layout: Layout,
    actor: Person,
    now: datetime,
    after: dict[str, Any] | None = None,
    before: dict[str, Any] | None = None,
) -> None:
    subject = f"scenes.layout:{layout.pk.hex}"
    journal.record(actor=actor, verb=verb, subject=subject, now=now, place=layout.place_id, before=before, after=after)
