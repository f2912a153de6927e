"""What boards showed of their playlists: which pages were of what, what boards tell of them, and sums of it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q, Sum

from nguon.channels.board.models import Page, Tally
from nguon.devices.models import Device
from nguon.kit import clock
from nguon.ports.channel import Shown

MOST_PAGES = 1_000  # of a board on one day
LATE_DAYS = 31  # a board may tell of a day so long after it
Subject = tuple[str, UUID]


@dataclass(frozen=True, order=True)
class Leafed:
    """A page and what it is one of: the source and the subject of an item, and a part of that, or none."""

    sha256: str
    source: str
    subject: UUID
    part: str = ""


def note(pages: Collection[Leafed], now: datetime) -> None:
    """Remember what these pages are pages of: boards are told of them today."""
    today = clock.local_day(now)
    noted = Page.objects.filter(told_on=today, sha256__in={page.sha256 for page in pages})
    known = {Leafed(*row) for row in noted.values_list("sha256", "source", "subject", "part")}
    Page.objects.bulk_create(
        [Page(**vars(page), told_on=today) for page in sorted(set(pages) - known)],
        update_conflicts=True,
        unique_fields=["sha256", "source", "subject", "part"],
        update_fields=["told_on"],
    )


@transaction.atomic
def take(*, device: UUID, day: date, rows: Sequence[Shown], now: datetime) -> None:
    """Keep what a board tells of a day. Of each page the larger counts; pages nobody was told of are left out."""
    Device.objects.select_for_update().get(pk=device)  # one telling after the other
    named = Page.objects.filter(sha256__in=[row.sha256 for row in rows])
    known = set(named.values_list("sha256", flat=True))
    held = {row.sha256: row for row in Tally.objects.filter(device=device, day=day)}
    found = []
    for row in rows:
        if row.sha256 in known and (row.sha256 in held or len(held) < MOST_PAGES):
            before = held.get(row.sha256)
            held[row.sha256] = _larger(before, Tally(device_id=device, day=day, told_at=now), row)
            found.append(held[row.sha256])
    Tally.objects.bulk_create(
        found,
        update_conflicts=True,
        unique_fields=["device", "day", "sha256"],
        update_fields=["times", "ms", "first_at", "last_at", "told_at"],
    )


def _larger(before: Tally | None, made: Tally, row: Shown) -> Tally:
    made.sha256 = row.sha256
    made.times = max(row.times, before.times if before else 0)
    made.ms = max(row.ms, before.ms if before else 0)
    made.first_at = min(row.first, before.first_at if before else row.first)
    made.last_at = max(row.last, before.last_at if before else row.last)
    return made


def forget(now: datetime) -> None:
    """Throw away what is older than NGUON_PHOTO_DAYS, and what pages were of that boards can tell of no more."""
    oldest = clock.local_day(now) - timedelta(days=settings.NGUON_PHOTO_DAYS)
    Tally.objects.filter(day__lt=oldest).delete()
    Page.objects.filter(told_on__lt=oldest - timedelta(days=LATE_DAYS)).delete()


@dataclass(frozen=True)
class Count:
    """How often something showed, how long in all (ms), and when its last turn began; None: never."""

    times: int = 0
    ms: int = 0
    last: datetime | None = None

    def __add__(self, other: "Count") -> "Count":
        last = max(filter(None, (self.last, other.last)), default=None)
        return Count(self.times + other.times, self.ms + other.ms, last)


@dataclass(frozen=True)
class Sums:
    """What some boards showed on some days, by subject. `told`: when they told of it last; None: never."""

    told: datetime | None
    counts: dict[Subject, Count]

    def of(self, subject: Subject) -> Count:
        """Of one subject."""
        return self.counts.get(subject, Count())


def sums(devices: Collection[UUID], subjects: Iterable[Subject], first: date, last: date) -> Sums:
    """What these boards showed of these subjects from the first day to the last one, both included."""
    wanted = set(subjects)
    told = Tally.objects.filter(device__in=devices, day__range=(first, last))
    owners: dict[str, set[Subject]] = {}
    pages = Page.objects.filter(subject__in={subject for _source, subject in wanted})
    for sha256, source, subject in pages.values_list("sha256", "source", "subject"):
        if (source, subject) in wanted:
            owners.setdefault(sha256, set()).add((source, subject))
    rows = told.filter(sha256__in=pages.values("sha256")).values("sha256")
    counts: dict[Subject, Count] = {}
    for row in rows.annotate(often=Sum("times"), long=Sum("ms"), newest=Max("last_at")):
        one = Count(row["often"], row["long"], row["newest"])
        for owner in owners.get(row["sha256"], ()):
            counts[owner] = counts.get(owner, Count()) + one
    return Sums(told.aggregate(newest=Max("told_at"))["newest"], counts)


def by_part(devices: Collection[UUID], subject: Subject, since: datetime) -> dict[tuple[UUID, str, date], Count]:
    """What each board showed of each part of a subject on each day since then, and on earlier ones it told of since."""
    source, pk = subject
    owners: dict[str, set[str]] = {}
    for sha256, part in Page.objects.filter(source=source, subject=pk).values_list("sha256", "part"):
        owners.setdefault(sha256, set()).add(part)
    found: dict[tuple[UUID, str, date], Count] = {}
    news = Q(day__gte=clock.local_day(since)) | Q(told_at__gte=since)
    for row in Tally.objects.filter(news, device__in=devices, sha256__in=owners):
        for part in owners[row.sha256]:
            key = (row.device_id, part, row.day)
            found[key] = found.get(key, Count()) + Count(row.times, row.ms, row.last_at)
    return found
