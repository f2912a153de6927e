"""What can stand in a playlist: something that has a page now, or none. Another kind of it is a line of SOURCES."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nguon.channels.board.feeds import queries as feeds
from nguon.channels.board.upper import showing as upper
from nguon.channels.board.upper.interface import Item as UpperTerms
from nguon.channels.board.upper.models import UpperItem, UpperSource
from nguon.kit import clock, ids
from nguon.media.models import File
from nguon.newsroom import queries as newsroom
from nguon.newsroom.models import Bulletin, Variant
from nguon.newsroom.rules import State
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import place_ids

KIND = "board"  # of channels: whose pages are meant
MOST_OFFERED = 200
STEP = 6  # hours


@dataclass(frozen=True)
class Leaf:
    """A page of a subject with its own limits: from when until when, on which weekdays (0 is Monday), in which part of
    the day (minutes; equal: the whole day). `length` none: as long as it takes to be read (ms). `part`: what it is
    called within its subject, where that counts.
    """

    file: File
    since: datetime | None = None
    until: datetime | None = None
    length: int | None = None
    weekdays: tuple[int, ...] = ()
    begins: int = 0
    ends: int = 0
    part: str = ""


@dataclass(frozen=True)
class Current:
    """What a subject is now: its name and its pages; or why it has none."""

    title: str
    leaves: tuple[Leaf, ...] = ()
    lacks: str = ""


class Source(Protocol):
    """A kind of things with pages. Their bytes may change by themselves: they are asked for again and again."""

    @property
    def label(self) -> str | Promise:
        """What officers call them."""

    def offered(self, person: Person, now: datetime) -> list[tuple[UUID, str]]:
        """(subject, name) of what a person may put into a playlist."""

    def current(self, subjects: Collection[UUID], now: datetime) -> dict[UUID, Current]:
        """What each of them is now; those that are not known any more are left out."""


class Bulletins:
    """Bulletins that are approved now, and neither withdrawn nor over."""

    label = gettext_lazy("Bản tin đã duyệt")

    def offered(self, person: Person, now: datetime) -> list[tuple[UUID, str]]:
        """The approved ones of the places where the person may put on the air, the newest first."""
        rows = newsroom.bulletins(person, now, Right.BROADCAST).filter(state=State.APPROVED)
        made = rows.filter(current__film=None, current__variants__channel=KIND, current__variants__page__isnull=False)
        return [(row.pk, row.current.title) for row in made.distinct()[:MOST_OFFERED] if row.current]

    def current(self, subjects: Collection[UUID], now: datetime) -> dict[UUID, Current]:
        """The page that was made when it was handed in for approval: the bytes that somebody approved."""
        rows = newsroom.with_state(Bulletin.objects.filter(pk__in=subjects), now)
        pages = Variant.objects.filter(channel=KIND, version__bulletin__in=subjects).exclude(page=None)
        made = {one.version_id: one.page for one in pages.select_related("page")}
        found = {}
        for row in rows:
            title = row.current.title if row.current else ""
            page = made.get(row.current_id) if row.current_id else None
            if row.current is not None and row.current.film_id is not None:
                found[row.pk] = Current(title, lacks=_("bản tin có phim, chỉ chiếu được khi phát"))
            elif row.state == State.APPROVED and page is not None:
                found[row.pk] = Current(title, (Leaf(page, row.valid_from, row.valid_to),))
            else:
                found[row.pk] = Current(title, lacks=_lacks(State(row.state)))
        return found


def _lacks(state: State) -> str:
    if state is State.WITHDRAWN:
        return _("bản tin đã rút")
    if state is State.EXPIRED:
        return _("bản tin đã hết hạn")
    return _("bản tin chưa được duyệt") if state is not State.APPROVED else _("bản tin chưa có trang cho bảng")


class Feeds:
    """Timetables and feeds: their approved page as it is now. A dead feed has none."""

    label = gettext_lazy("Bảng giờ, số liệu")

    def offered(self, person: Person, now: datetime) -> list[tuple[UUID, str]]:
        """Those in use that somebody approved, of the places where the person may put on the air."""
        rows = feeds.with_approved().filter(place__in=place_ids(person, Right.BROADCAST))
        return sorted(((row.pk, str(row)) for row in rows[:MOST_OFFERED]), key=lambda one: one[1])

    def current(self, subjects: Collection[UUID], now: datetime) -> dict[UUID, Current]:
        """The page of each, with the moment at which its values are too old."""
        found = {}
        for row in feeds.by_ids(subjects):
            page = feeds.current(row, now)
            if page is None:
                found[row.pk] = Current(str(row), lacks=_("nguồn này hiện không có gì để hiện"))
            else:
                found[row.pk] = Current(str(row), (Leaf(page, until=row.page_until),))
        return found


class Uppers:
    """Playlists of systems above: all their pages, with the hours that were given with them."""

    label = gettext_lazy("Danh sách của cấp trên")

    def offered(self, person: Person, now: datetime) -> list[tuple[UUID, str]]:
        """Those in use, of the places where the person may put on the air."""
        rows = UpperSource.objects.filter(ended_at=None, place__in=place_ids(person, Right.BROADCAST))
        return [(row.pk, row.name) for row in rows.order_by("name")[:MOST_OFFERED]]

    def current(self, subjects: Collection[UUID], now: datetime) -> dict[UUID, Current]:
        """The pages of each until its playlist is over."""
        found = {}
        for row in UpperSource.objects.filter(pk__in=subjects):
            until = _calm(row.until, now) if row.until else None
            leaves = tuple(leaf for kept, item in upper.held(row, now) for leaf in _leaves(until, kept, item))
            found[row.pk] = Current(row.name, leaves, "" if leaves else _("cấp trên hiện không gửi gì"))
        return found


def _calm(until: datetime, now: datetime) -> datetime:
    """The end of a playlist, which moves on with each look, as boards are told of it: in steps of some hours."""
    stepped = until.replace(minute=0, second=0, microsecond=0) - timedelta(hours=until.hour % STEP)
    return stepped if stepped > now else until


def _leaves(until: datetime | None, kept: UpperItem, item: UpperTerms) -> Iterator[Leaf]:
    """One for each part of the day."""
    ends = min(filter(None, (until, clock.from_ms(item.ends) if item.ends is not None else None)), default=None)
    for first, last in item.minutes or ((0, 0),):
        yield Leaf(
            kept.file,
            since=clock.from_ms(item.begins) if item.begins is not None else None,
            until=ends,
            length=kept.seconds * 1_000,
            weekdays=tuple(day - 1 for day in item.days),
            begins=first,
            ends=last % (24 * 60),
            part=ids.short(kept.number),
        )


SOURCES: dict[str, Source] = {"bulletin": Bulletins(), "feed": Feeds(), "upper": Uppers()}
