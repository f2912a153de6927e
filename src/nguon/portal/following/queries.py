"""Questions about followers of a site."""

from django.db.models import Q, QuerySet

from nguon.portal import serving
from nguon.portal.following import rules
from nguon.portal.following.rules import Wish
from nguon.portal.models import Follower, News, Section, SectionKind, Site


def of(site: Site, endpoint: str) -> Follower | None:
    """The follower at an address of a push service: whoever knows it is that browser."""
    return Follower.objects.filter(site=site, digest=rules.digest(endpoint)).first()


def wish(follower: Follower) -> Wish:
    """What a follower asked for."""
    return Wish(follower.warnings, follower.news == News.ALL, tuple(follower.sections))


def offered(site: Site) -> QuerySet[Section]:
    """The sections of news that one may follow for themselves."""
    return site.sections.filter(kind=SectionKind.NEWS, shown=True)


def count(site: Site) -> tuple[int, int, int] | None:
    """How many devices follow a site, of them for warnings, and for news. None where nothing is sent."""
    if not serving.pushes():
        return None
    found = Follower.objects.filter(site=site)
    return found.count(), found.filter(warnings=True).count(), found.filter(~Q(news=News.NONE)).count()
