"""Sessions: made, changed and dropped as timelines want them. What has begun, or soon will, stays as it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from nguon.delivery import planned
from nguon.delivery.models import Broadcast, State
from nguon.delivery.planned import Whole
from nguon.kit import clock
from nguon.ports.channel import Outgoing
from nguon.programme import sounds
from nguon.programme.gather import Placed
from nguon.programme.models import Session
from nguon.programme.sessions import Chosen, Resolved, resolve

FROZEN = timedelta(minutes=2)  # what begins so soon is not compiled again
DAY = timedelta(days=1)
When = tuple[UUID, date]  # a slot and a day


@dataclass
class Remembered:
    """What was written last, so that only what differs is written again."""

    wholes: dict[UUID, Whole] = field(default_factory=dict)
    outgoing: dict[UUID, tuple[Outgoing, ...]] = field(default_factory=dict)  # by session


def aware(local: datetime) -> datetime:
    """A moment of the wall clock in Vietnam."""
    return local.replace(tzinfo=clock.LOCAL)


@dataclass(frozen=True)
class Held:
    """A session with what devices are to hold of it."""

    row: Session
    outgoing: tuple[Outgoing, ...]

    def goes_on(self, now: datetime) -> bool:
        """Whether anything of it may still sound."""
        return any(one.expires > now for one in self.outgoing)

    @property
    def areas(self) -> frozenset[UUID]:
        """Where it goes out."""
        return frozenset(area for one in self.outgoing for area in (*one.areas, *one.devices))


def begun(now: datetime) -> frozenset[UUID]:
    """The areas of sessions that have begun and may still go on."""
    rows = Broadcast.objects.filter(state=State.LIVE, session__isnull=False, expires_at__gt=now)
    return frozenset(
        area
        for found in rows.values_list("targets__place", "targets__group", "targets__device")
        for area in found
        if area
    )


def settle(
    due: Mapping[When, datetime], placed: Mapping[UUID, Placed], now: datetime, memory: Remembered, channel: str
) -> tuple[dict[When, Held], int]:
    """The sessions that are due (local, naive) and those that have begun; and how many items gave nothing."""
    rows = _rows(now)
    frozen = {when for when, row in rows.items() if row.start_at <= now + FROZEN}
    _drop([row for when, row in rows.items() if when not in due and when not in frozen])
    rows = {when: row for when, row in rows.items() if when in due or when in frozen}
    open_ = {when: at for when, at in due.items() if when not in frozen and aware(at) > now}
    left_out = _settle(open_, placed, rows, now, memory, channel)
    there = _outgoing([row.pk for row in rows.values()], memory)
    return {when: Held(row, there[row.pk]) for when, row in rows.items()}, left_out


def _rows(now: datetime) -> dict[When, Session]:
    since = clock.local_day(now) - DAY
    return {(row.slot_id, row.day): row for row in Session.objects.filter(day__gte=since)}


def _drop(gone: list[Session]) -> None:
    planned.drop([row.pk for row in gone])
    begun = set(Broadcast.objects.filter(session__in=[row.pk for row in gone]).values_list("session", flat=True))
    Session.objects.filter(pk__in=[row.pk for row in gone if row.pk not in begun]).delete()


def _settle(
    open_: Mapping[When, datetime],
    placed: Mapping[UUID, Placed],
    rows: dict[When, Session],
    now: datetime,
    memory: Remembered,
    channel: str,
) -> int:
    """Resolve what is still open, in the order of time, and let its broadcasts be that. How many items gave nothing."""
    there, chosen = sounds.load([placed[slot] for slot in {slot for slot, _ in open_}], now), Chosen()
    new, changed, wholes, left_out = list[Session](), list[Session](), list[Whole](), 0
    for when, at in sorted(open_.items(), key=lambda pair: (pair[1], str(pair[0][0]))):
        source = placed[when[0]]
        found = resolve(source, aware(at), there, chosen)
        left_out += len(found.left_out)
        row = rows.get(when)
        if row is None:
            row = rows[when] = Session(slot_id=when[0], day=when[1], made_at=now)
            _tell(row, source, aware(at), found)
            new.append(row)
        elif _tell(row, source, aware(at), found):
            changed.append(row)
        wholes.append(_whole(row, source, found, channel))
    Session.objects.bulk_create(new, batch_size=500)
    Session.objects.bulk_update(changed, ["place", "title", "start_at", "length_ms", "left_out"], batch_size=500)
    other = [whole for whole in wholes if memory.wholes.get(whole.session) != whole]
    planned.settle(other, now)
    for whole in other:
        memory.outgoing.pop(whole.session, None)
    memory.wholes = {whole.session: whole for whole in wholes}
    return left_out


def _tell(row: Session, source: Placed, start: datetime, found: Resolved) -> bool:
    """Write down what a session turned out to be; whether that is news."""
    told = {
        "place_id": source.row.place_id,
        "title": source.slot.title,
        "start_at": start,
        "length_ms": found.length_ms,
        "left_out": [[number, str(why)] for number, why in found.left_out],
    }
    if all(getattr(row, name) == value for name, value in told.items()):
        return False
    for name, value in told.items():
        setattr(row, name, value)
    return True


def _whole(row: Session, source: Placed, found: Resolved, channel: str) -> Whole:
    return Whole(
        session=row.pk,
        place=source.row.place_id,
        channel=channel,
        by=source.row.created_by_id,
        targets=source.targets,
        parts=found.parts,
    )


def _outgoing(sessions: list[UUID], memory: Remembered) -> dict[UUID, tuple[Outgoing, ...]]:
    """What devices are to hold of each session: as remembered, but not what somebody stopped."""
    stopped = set(Broadcast.objects.filter(session__in=sessions, state=State.STOPPED).values_list("pk", flat=True))
    unknown = [session for session in sessions if session not in memory.outgoing]
    for session, rows in planned.standing(unknown).items():
        memory.outgoing[session] = tuple(planned.outgoing(row) for row in rows)
    memory.outgoing = {session: memory.outgoing[session] for session in sessions}
    return {
        session: tuple(one for one in memory.outgoing[session] if one.broadcast not in stopped) for session in sessions
    }
