"""Taking in what lower systems tell, and asking what they told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Sum

from nguon.channels.board.upper import given, interface
from nguon.channels.board.upper.errors import NotGiven, NoToken, UpperError
from nguon.channels.board.upper.giving import digest
from nguon.channels.board.upper.interface import Report, Shown
from nguon.channels.board.upper.models import BoardClass, FarBoard, FarShown, Grant, Heard
from nguon.channels.board.upper.rules import KEPT_DAYS
from nguon.kit import clock
from nguon.kit.clock import local_day
from nguon.kit.text import clean, printable
from nguon.wire.codec import Malformed

REMEMBERED = timedelta(days=7)  # so long a report is known to have been taken in
KEPT = timedelta(days=400)  # so long the counts of a day are kept
SILENT = 3  # hours without a report: what it said is old


def bearer(header: str) -> Grant:
    """Whose token this is (the header Authorization). Raises NoToken."""
    kind, _blank, token = header.partition(" ")
    found = Grant.objects.filter(digest=digest(token.strip()), revoked_at=None).first() if kind == "Bearer" else None
    if found is None:
        raise NoToken
    return found


def asked(grant: Grant, now: datetime) -> None:
    """It asked for a playlist."""
    Grant.objects.filter(pk=grant.pk).update(asked_at=now)


def take_in(*, grant: Grant, data: bytes, now: datetime) -> bool:
    """Keep a report; False if it was known. Raises UpperError for what is no report, NotGiven for another class.

    Days are told whole, so a later report replaces what an earlier one said of a day, and an earlier one that comes
    late changes nothing.
    """
    try:
        report = interface.decode(data, Report, interface.REPORT_LIMIT)
    except Malformed as error:
        raise UpperError from error
    with transaction.atomic():
        held = Grant.objects.select_for_update().get(pk=grant.pk)
        board_class = held.classes.filter(pk=UUID(report.playlist)).first()
        if board_class is None or held.revoked_at is not None:
            raise NotGiven
        if held.reports.filter(number=UUID(report.id)).exists():
            return False
        made = min(clock.from_ms(report.made), now)
        newest = held.reports.filter(board_class=board_class).aggregate(newest=Max("made_at"))["newest"]
        held.reports.create(
            number=UUID(report.id), board_class=board_class, version=report.version, made_at=made, came_at=now
        )
        if newest is None or made >= newest:
            _states(held, board_class, report, made)
            _counts(held, board_class, report.shown, now)
            Grant.objects.filter(pk=held.pk).update(told_at=now)
        Heard.objects.filter(came_at__lt=now - REMEMBERED).delete()
        FarShown.objects.filter(day__lt=local_day(now - KEPT)).delete()
    return True


def _states(grant: Grant, board_class: BoardClass, report: Report, made: datetime) -> None:
    """Boards as they stand; one that is told of no more is gone."""
    grant.boards.filter(board_class=board_class).delete()
    boards = {board.id: board for board in report.boards}
    FarBoard.objects.bulk_create(
        FarBoard(
            grant=grant,
            board_class=board_class,
            number=UUID(board.id),
            name=printable(clean(board.name))[:300],
            online=board.online,
            since=clock.from_ms(board.since) if board.since is not None else None,
            at=made,
        )
        for board in boards.values()
    )


def _counts(grant: Grant, board_class: BoardClass, rows: Iterable[Shown], now: datetime) -> None:
    """Counts of entries that are or were of the class, of the last days: nothing else is kept."""
    known = {pk.hex for pk in board_class.entries.values_list("pk", flat=True)}
    first, last = local_day(now) - timedelta(days=KEPT_DAYS + 1), local_day(now) + timedelta(days=1)
    found: dict[tuple[str, str, date], FarShown] = {}
    for row in rows:
        day = _day(row.day)
        if row.item in known and day is not None and first <= day <= last:
            found[row.board, row.item, day] = FarShown(
                grant=grant,
                board_class=board_class,
                board=UUID(row.board),
                entry=UUID(row.item),
                day=day,
                times=row.times,
                last_at=min(clock.from_ms(row.last), now),
            )
    FarShown.objects.bulk_create(
        found.values(),
        update_conflicts=True,
        unique_fields=["grant", "board_class", "board", "entry", "day"],
        update_fields=["times", "last_at"],
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@dataclass(frozen=True)
class ShownEntry:
    """An entry, how often boards showed it in all, and when last; never: 0 and None."""

    title: str
    times: int
    last: datetime | None
    given: bool  # still in the playlist


def shown_of(grant: Grant, board_class: BoardClass, now: datetime) -> list[ShownEntry]:
    """What boards below showed of a class, those that are given first."""
    rows = FarShown.objects.filter(grant=grant, board_class=board_class).values("entry")
    counts = {row["entry"]: row for row in rows.annotate(times_all=Sum("times"), last=Max("last_at"))}
    found = []
    for one in given.given(board_class, now):
        count = counts.pop(one.entry.pk, None)
        found.append(ShownEntry(one.title, count["times_all"] if count else 0, count["last"] if count else None, True))
    gone = board_class.entries.filter(pk__in=counts).select_related("bulletin__current")
    for entry in gone:
        title = entry.bulletin.current.title if entry.bulletin.current else ""
        found.append(ShownEntry(title, counts[entry.pk]["times_all"], counts[entry.pk]["last"], False))
    return found


def is_silent(grant: Grant, now: datetime) -> bool:
    """Whether nothing was heard of it for so long that what it told is old."""
    return grant.told_at is None or now - grant.told_at > timedelta(hours=SILENT)
