"""What boards of ours show of the system above: for whoever lays out a board, and for whoever reports it."""

from datetime import datetime
from uuid import UUID

import msgspec
from django.db.models import QuerySet

from nguon.channels.board import tallying
from nguon.channels.board.upper import rules
from nguon.channels.board.upper.interface import MOST_TIMES, Item, Shown
from nguon.channels.board.upper.models import UpperItem, UpperSource
from nguon.devices.models import Device, Status
from nguon.kit import clock, ids
from nguon.kit.clock import LOCAL
from nguon.media.models import File
from nguon.places import queries as places


def rows(source: UpperSource) -> list[tuple[UpperItem, Item]]:
    """The pages that are kept of a source with their terms, whether they count or not."""
    return [(row, msgspec.convert(row.terms, Item)) for row in source.items.select_related("file")]


def held(source: UpperSource, now: datetime) -> list[tuple[UpperItem, Item]]:
    """The pages of a source with their terms; none when its playlist is over, or nobody agreed to its key."""
    if source.ended_at is not None or source.until is None or now >= source.until or not source.keys:
        return []
    return rows(source)


def current(source: UpperSource, now: datetime) -> list[tuple[File, int]]:
    """The pages that count at this moment, in order, with the seconds each is shown."""
    at, local = clock.ms(now), now.astimezone(LOCAL)
    return [(row.file, row.seconds) for row, item in held(source, now) if rules.counts(item, at, local)]


def boards_of(place: UUID) -> QuerySet[Device]:
    """The boards in use at a place and below."""
    below = places.tree().answered_for([place], clock.today())
    return Device.objects.filter(channel=rules.KIND, status=Status.ACTIVE, place__in=below)


def shown(source: UpperSource, since: datetime) -> tuple[Shown, ...]:
    """How often the boards of a source showed each of its items, on the days that were told since then."""
    boards = list(source.boards.values_list("pk", flat=True))
    found = tallying.by_part(boards, ("upper", source.pk), since)
    return tuple(
        Shown(
            ids.short(board), item, day.isoformat(), times=min(one.times, MOST_TIMES), last=clock.ms(one.last or since)
        )
        for (board, item, day), one in sorted(found.items())
    )
