"""The verbs of the system above: classes of boards, what they show, and who may take it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from nguon.channels.board.upper import given
from nguon.channels.board.upper.errors import Ended, NotApproved, Refused
from nguon.channels.board.upper.models import BoardClass, Entry, Grant
from nguon.journal.actions import record
from nguon.kit.clock import local_day
from nguon.kit.text import clean
from nguon.newsroom.models import Bulletin
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right

DAYS = (1, 30)  # that a playlist goes on without word from us
MOST_ENTRIES = 200
SECONDS = (5, 3600)


@dataclass(frozen=True)
class Terms:
    """When an entry counts. Minutes are [begin, end) of the day; nothing means always, `seconds` None as it is read."""

    first_day: date | None = None
    last_day: date | None = None
    weekdays: Sequence[int] = ()
    minutes: Sequence[tuple[int, int]] = ()
    seconds: int | None = None


@transaction.atomic
def create_class(*, place: UUID, name: str, days: int, actor: Person, now: datetime) -> BoardClass:
    """A kind of boards that this place gives to. Raises Forbidden, Refused."""
    scope.require(actor, Right.BROADCAST, place, on=local_day(now))
    made = BoardClass(place_id=place, changed_at=now, created_by=actor, created_at=now, **_checked(name, days))
    made.save(force_insert=True)
    _record("board.class-create", made, actor, now, {"name": made.name, "days": made.days})
    return made


@transaction.atomic
def change_class(*, board_class: BoardClass, name: str, days: int, actor: Person, now: datetime) -> BoardClass:
    """Another name, or another time that a playlist goes on alone. Raises Forbidden, Refused, Ended."""
    found = _held(board_class, actor, now)
    before = {"name": found.name, "days": found.days}
    for field, value in _checked(name, days).items():
        setattr(found, field, value)
    found.save()
    _record("board.class-change", found, actor, now, {"name": found.name, "days": found.days}, before)
    return found


@transaction.atomic
def end_class(*, board_class: BoardClass, actor: Person, now: datetime) -> BoardClass:
    """Give it no more: whoever takes it hears so the next time they ask. Raises Forbidden, Ended."""
    found = _held(board_class, actor, now)
    found.ended_at = now
    found.save()
    _record("board.class-end", found, actor, now, {}, {"name": found.name})
    return found


@transaction.atomic
def add(*, board_class: BoardClass, bulletin: Bulletin, terms: Terms, actor: Person, now: datetime) -> Entry:
    """Put an approved bulletin last into the playlist. Raises Forbidden, Refused, Ended, NotApproved."""
    found = _held(board_class, actor, now)
    if not given.choosable(found, actor, now).filter(pk=bulletin.pk).exists():
        raise NotApproved
    entries = found.entries.filter(removed_at=None)
    if entries.filter(bulletin=bulletin).exists():
        raise Refused(_("Bản tin này đã có trong danh sách."), "bulletin")
    if entries.count() >= MOST_ENTRIES:
        raise Refused(_("Danh sách đã đầy. Hãy bỏ bớt bản tin cũ."), "bulletin")
    last = entries.aggregate(last=Max("rank"))["last"] or 0
    made = Entry.objects.create(
        board_class=found, bulletin=bulletin, rank=last + 1, added_by=actor, added_at=now, **_kept(terms)
    )
    _record("board.entry-add", found, actor, now, _shown(made))
    return made


@transaction.atomic
def change(*, entry: Entry, terms: Terms, actor: Person, now: datetime) -> Entry:
    """Other days, hours or seconds of an entry. Raises Forbidden, Refused, Ended."""
    board_class = _held(entry.board_class, actor, now)
    found = _there(entry)
    before = _shown(found)
    for field, value in _kept(terms).items():
        setattr(found, field, value)
    found.save()
    _record("board.entry-change", board_class, actor, now, _shown(found), before)
    return found


@transaction.atomic
def remove(*, entry: Entry, actor: Person, now: datetime) -> None:
    """Take an entry out. What was shown of it stays told. Raises Forbidden, Ended."""
    board_class = _held(entry.board_class, actor, now)
    found = _there(entry)
    found.removed_at = now
    found.save()
    _record("board.entry-remove", board_class, actor, now, {}, _shown(found))


@transaction.atomic
def move(*, entry: Entry, up: bool, actor: Person, now: datetime) -> None:
    """One place up or down; at the end nothing happens. Raises Forbidden, Ended."""
    board_class = _held(entry.board_class, actor, now)
    _there(entry)
    order = list(board_class.entries.filter(removed_at=None))
    at = next(number for number, one in enumerate(order) if one.pk == entry.pk)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(order):
        return
    order[at], order[to] = order[to], order[at]
    for rank, one in enumerate(order, 1):
        Entry.objects.filter(pk=one.pk).exclude(rank=rank).update(rank=rank)
    _record("board.entry-move", board_class, actor, now, {"title": _title(entry), "number": to + 1}, {"number": at + 1})


@transaction.atomic
def grant(*, place: UUID, name: str, classes: Sequence[BoardClass], actor: Person, now: datetime) -> tuple[Grant, str]:
    """Let a lower system take the playlists of these classes; its token, which is told this once only.

    Raises Forbidden, Refused.
    """
    scope.require(actor, Right.DEVICES, place, on=local_day(now))
    tidy = " ".join(clean(name).split())[:200]
    if not tidy:
        raise Refused(_("Hãy ghi tên nơi nhận."), "name")
    wanted = [one for one in classes if one.place_id == place and one.ended_at is None]
    if not wanted or len(wanted) != len(classes):
        raise Refused(_("Hãy chọn ít nhất một loại bảng của địa bàn này."), "classes")
    token = secrets.token_urlsafe(32)
    made = Grant.objects.create(place_id=place, name=tidy, digest=digest(token), created_by=actor, created_at=now)
    made.classes.set(wanted)
    after = {"name": made.name, "classes": [one.name for one in wanted]}
    record(actor=actor, verb="board.grant", subject=f"board.grant:{made.pk.hex}", now=now, place=place, after=after)
    return made, token


@transaction.atomic
def revoke(*, grant: Grant, actor: Person, now: datetime) -> None:
    """Take a token back: from now on it opens nothing. Raises Forbidden, Ended."""
    found = Grant.objects.select_for_update().get(pk=grant.pk)
    scope.require(actor, Right.DEVICES, found.place_id, on=local_day(now))
    if found.revoked_at is not None:
        raise Ended
    found.revoked_at = now
    found.save()
    subject = f"board.grant:{found.pk.hex}"
    before = {"name": found.name}
    record(actor=actor, verb="board.grant-revoke", subject=subject, now=now, place=found.place_id, before=before)


def digest(token: str) -> str:
    """What is kept of a token. It has 256 random bits: nobody guesses them from this."""
    return sha256(token.encode()).hexdigest()


def _checked(name: str, days: int) -> dict[str, Any]:
    tidy = " ".join(clean(name).split())
    if not tidy:
        raise Refused(_("Hãy đặt tên loại bảng."), "name")
    if not DAYS[0] <= days <= DAYS[1]:
        raise Refused(_("Hãy chọn từ 1 đến 30 ngày."), "days")
    return {"name": tidy[:120], "days": days}


def _kept(terms: Terms) -> dict[str, Any]:
    if terms.first_day and terms.last_day and terms.last_day < terms.first_day:
        raise Refused(_("Ngày cuối phải từ ngày đầu trở đi."), "last_day")
    if terms.seconds is not None and not SECONDS[0] <= terms.seconds <= SECONDS[1]:
        raise Refused(_("Hãy cho hiện từ 5 đến 3600 giây."), "seconds")
    days = sorted({day for day in terms.weekdays if 1 <= day <= 7})
    return {
        "first_day": terms.first_day,
        "last_day": terms.last_day,
        "weekdays": [] if len(days) == 7 else days,
        "minutes": [list(pair) for pair in terms.minutes],
        "seconds": terms.seconds,
    }


def _held(board_class: BoardClass, actor: Person, now: datetime) -> BoardClass:
    found = BoardClass.objects.select_for_update().get(pk=board_class.pk)
    scope.require(actor, Right.BROADCAST, found.place_id, on=local_day(now))
    if found.ended_at is not None:
        raise Ended
    return found


def _there(entry: Entry) -> Entry:
    found = Entry.objects.select_for_update().get(pk=entry.pk)
    if found.removed_at is not None:
        raise Ended
    return found


def _title(entry: Entry) -> str:
    current = entry.bulletin.current
    return current.title if current else ""


def _shown(entry: Entry) -> dict[str, Any]:
    return {
        "title": _title(entry),
        "first_day": entry.first_day.isoformat() if entry.first_day else "",
        "last_day": entry.last_day.isoformat() if entry.last_day else "",
        "weekdays": entry.weekdays,
        "minutes": entry.minutes,
        "seconds": entry.seconds,
    }


def _record(
    verb: str,
    board_class: BoardClass,
    actor: Person,
    now: datetime,
    after: dict[str, Any],
    before: dict[str, Any] | None = None,
) -> None:
    subject = f"board.boardclass:{board_class.pk.hex}"
    place = board_class.place_id
    record(actor=actor, verb=verb, subject=subject, now=now, place=place, before=before, after=after)
