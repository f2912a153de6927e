"""What can stand in a playlist: something that has a page now, or none. Another kind of it is a line of SOURCES."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nguon.media.models import File
from nguon.newsroom import queries as newsroom
from nguon.newsroom.models import Bulletin, Variant
from nguon.newsroom.rules import State
from nguon.people.models import Person
from nguon.people.rules import Right

KIND = "board"  # of channels: whose pages are meant
MOST_OFFERED = 200


@dataclass(frozen=True)
class Current:
    """What a subject is now: its name, and its page with its own limits in time; or why it has none."""

    title: str
    file: File | None = None
    since: datetime | None = None
    until: datetime | None = None
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
        made = rows.filter(current__variants__channel=KIND, current__variants__page__isnull=False)
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
            if row.state == State.APPROVED and page is not None:
                found[row.pk] = Current(title, page, row.valid_from, row.valid_to)
            else:
                found[row.pk] = Current(title, lacks=_lacks(State(row.state)))
        return found


def _lacks(state: State) -> str:
    if state is State.WITHDRAWN:
        return _("bản tin đã rút")
    if state is State.EXPIRED:
        return _("bản tin đã hết hạn")
    return _("bản tin chưa được duyệt") if state is not State.APPROVED else _("bản tin chưa có trang cho bảng")


SOURCES: dict[str, Source] = {"bulletin": Bulletins()}
