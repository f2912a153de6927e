"""What the loudspeakers of a locality say: when, and what they said in the last days, to be heard again."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from nguon.delivery.models import Broadcast, Delivery, Progress, State
from nguon.devices import channels
from nguon.devices.models import Device, Status
from nguon.kit import clock
from nguon.media.models import File
from nguon.newsroom import rules
from nguon.newsroom.models import Version
from nguon.places import queries as places
from nguon.places.models import Place
from nguon.portal.models import Site
from nguon.programme import timetable
from nguon.programme.timetable import Day, Line
from nguon.review.models import Review
from nguon.review.models import State as ReviewState

AGAIN = timedelta(days=7)  # how long what was said can be heard again
MIME = "audio/mpeg"  # of every sound that goes out
_SUBJECT = rules.subject(UUID(int=0)).partition(":")[0] + ":"


@dataclass(frozen=True)
class Today:
    """What is still to be heard today; `sounding`: what is heard at this moment."""

    day: Day
    sounding: Line | None

    @property
    def coming(self) -> list[Line]:
        """What has not begun."""
        return [line for line in self.day.lines if line is not self.sounding]


def today(site: Site, now: datetime) -> Today:
    """The rest of the day at the loudspeakers of a site's place."""
    day = timetable.of_today(timetable.week(site.place_id, now), now)[0]
    local = now.astimezone(clock.LOCAL).replace(tzinfo=None)
    return Today(day, next((line for line in day.lines if line.start <= local < line.end), None))


def hamlets(site: Site, now: datetime) -> list[Place]:
    """The places below that have a loudspeaker in use, by name: each may have hours of its own."""
    on = clock.local_day(now)
    kinds = [kind for kind in channels.driven() if channels.audible(kind)]
    inside = places.below([site.place_id], on) - {site.place_id}
    standing = Device.objects.filter(place__in=inside, channel__in=kinds, status=Status.ACTIVE)
    return list(Place.objects.filter(pk__in=standing.values("place")).order_by("folded"))


@dataclass(frozen=True)
class Heard:
    """One bulletin as it was heard in a place: `at` are its times, the newest first; `id` is that of its version."""

    id: UUID
    title: str
    text: str
    issuer: str
    at: tuple[datetime, ...]
    file: File

    @property
    def last(self) -> datetime:
        """When it was heard last."""
        return self.at[0]

    @property
    def hours(self) -> str:
        """`17:05, 11:00; 5:05 ngày 24/11`: its times, those of other days with the day."""
        local = [at.astimezone(clock.LOCAL) for at in self.at]
        same = [at for at in local if at.date() == local[0].date()]
        said = ", ".join(f"{at:%H:%M}" for at in same)
        return "; ".join([said, *(_("%(hour)s ngày %(day)s") % _moment(at) for at in local[len(same) :])])


def heard(site: Site, now: datetime) -> list[Heard]:
    """What was heard in a site's place in the last days, the newest first.

    Bulletins only, each to its end at one cluster there at least, that still stand as they were approved. What was
    stopped, taken back, a drill, an alert or a voice that was live is not heard again.
    """
    times: dict[UUID, list[Broadcast]] = defaultdict(list)
    for row in _went_out(site, now):
        times[UUID(hex=row.subject.removeprefix(_SUBJECT))].append(row)
    found = [_heard(version, times[version.pk]) for version in _standing(times)]
    return sorted(found, key=lambda one: one.last, reverse=True)


def _went_out(site: Site, now: datetime) -> QuerySet[Broadcast]:
    inside = places.below([site.place_id], clock.local_day(now))
    played = Delivery.objects.filter(broadcast=OuterRef("pk"), device__place__in=inside, progress=Progress.FINISHED)
    rows = Broadcast.objects.filter(
        Exists(played), subject__startswith=_SUBJECT, issued_at__gt=now - AGAIN, drill=False, file__mime=MIME
    )
    approved = Review.objects.filter(state=ReviewState.APPROVED).values("pk")
    return rows.exclude(state=State.STOPPED).filter(review__in=approved).select_related("file")


def _standing(versions: Iterable[UUID]) -> QuerySet[Version]:
    found = Version.objects.filter(pk__in=list(versions), bulletin__withdrawn_at=None)
    return found.select_related("bulletin__place", "bulletin__office")


def _heard(version: Version, rows: list[Broadcast]) -> Heard:
    rows.sort(key=_began, reverse=True)
    file = rows[0].file
    assert file is not None
    bulletin = version.bulletin
    at = tuple(_began(row) for row in rows)
    return Heard(version.pk, rows[0].title, version.body, str(bulletin.office or bulletin.place), at, file)


def _moment(at: datetime) -> dict[str, str]:
    return {"hour": f"{at:%H:%M}", "day": f"{at.day}/{at.month}"}


def _began(row: Broadcast) -> datetime:
    return row.start_at or row.issued_at
