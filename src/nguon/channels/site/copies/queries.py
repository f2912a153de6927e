"""Questions about copies of sites: which a person may have, how much one will weigh."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum

from nguon.channels.site import air, reading
from nguon.channels.site.copies.models import GOING, Copy, State
from nguon.media.models import File
from nguon.newsroom.models import Picture
from nguon.people.models import Person
from nguon.portal import queries
from nguon.portal.models import Edition, EventWording, Site

QUIET = timedelta(minutes=3)  # without a word for so long, nobody seems to work on it
PAGE = 4_000  # bytes of a page, packed
AROUND = 100_000  # bytes of what every site has: lists, style sheets, the timetable


@dataclass(frozen=True)
class Weight:
    """About how many bytes a copy has: of the words, pictures and papers, and of the sounds beside."""

    rest: int
    sounds: int

    @property
    def whole(self) -> int:
        """With the sounds."""
        return self.rest + self.sounds

    def of(self, sounds: bool) -> int:
        """With the sounds or without."""
        return self.whole if sounds else self.rest


def copies(person: Person) -> QuerySet[Copy]:
    """The copies of the sites that a person may edit, the newest first."""
    return Copy.objects.filter(site__in=queries.sites(person)).select_related("site__place", "asked_by", "file")


def going(site: Site) -> Copy | None:
    """The one that is being made, or waits for that."""
    return Copy.objects.filter(site=site, state__in=GOING).first()


def is_quiet(copy: Copy, now: datetime) -> bool:
    """Whether it should be going on and nobody seems to work on it."""
    return copy.state in GOING and now - copy.updated_at > QUIET


def due(now: datetime) -> QuerySet[Copy]:
    """Those whose ZIP was kept long enough."""
    return Copy.objects.filter(state=State.READY, until__lte=now)


def weigh(site: Site, now: datetime) -> Weight:
    """About how much a copy of a site would weigh now."""
    up = queries.up(site, now).order_by()
    pictures = _bytes(Picture.objects.filter(version__in=up.values("version")).values_list("file", flat=True))
    papers = _bytes(reading.papers(site).filter(file__isnull=False).values_list("file", flat=True))
    drafts = _bytes(site.surveys.filter(withdrawn_at=None, file__isnull=False).values_list("file", flat=True))
    read = set(up.filter(sound__file__isnull=False).values_list("sound__file", flat=True))
    again = {one.file.pk for one in air.heard(site, now)}
    pages = (up.count() + site.sections.count()) * PAGE + AROUND
    return Weight(pages + round(pictures * 1.2) + papers + drafts, _bytes(read | again | _read_aloud(site)))


def _read_aloud(site: Site) -> set[str]:
    """The sounds of its pages, papers and events: only what is public has one."""
    each = (
        Edition.objects.filter(section__site=site),
        reading.papers(site),
        EventWording.objects.filter(sites=site),
    )
    return {
        file for rows in each for file in rows.filter(sound__file__isnull=False).values_list("sound__file", flat=True)
    }


def _bytes(files: "QuerySet[Any, Any] | set[str]") -> int:
    found = File.objects.filter(pk__in=files).aggregate(size=Sum("size"))
    return int(found["size"] or 0)


def one(person: Person, pk: UUID) -> QuerySet[Copy]:
    """One copy, if the person may have it."""
    return copies(person).filter(pk=pk)
