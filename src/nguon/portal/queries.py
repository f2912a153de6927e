"""Questions about sites and what stands on them. Those for officers take the person; the public sees what is public."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from nguon.kit import clock
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import visible
from nguon.portal.models import Edition, Paper, Posting, Section, SectionKind, Site
from nguon.review.models import State as ReviewState


def sites(person: Person, right: Right = Right.SITE) -> QuerySet[Site]:
    """The sites of the places where the person has the right, by name."""
    return visible(Site.objects.select_related("place"), person, right)


def is_open(site: Site, now: datetime) -> bool:
    """Whether everybody may see it."""
    return site.opened_at is not None and site.opened_at <= now


def open_besides(site: Site, now: datetime) -> QuerySet[Site]:
    """The sites that everybody may see, without this one: what may take its place."""
    return Site.objects.filter(opened_at__lte=now).exclude(pk=site.pk).select_related("place").order_by("name")


def up(site: Site, now: datetime) -> QuerySet[Posting]:
    """What stands on a site at a moment, pinned first, then the newest.

    What lost its approval before it was ever seen there does not come up. What stands there already stays when its
    bulletin is being corrected, until it is replaced or withdrawn.
    """
    found = site.postings.filter(holding(now), allowed(), publish_at__lte=now)
    return found.select_related("bulletin", "version", "page").order_by("-pinned", "-publish_at")


def holding(now: datetime) -> Q:
    """The postings that neither were withdrawn, with their bulletin or without, nor are over."""
    bulletin_holds = Q(bulletin__withdrawn_at=None) & (Q(bulletin__valid_to=None) | Q(bulletin__valid_to__gt=now))
    return bulletin_holds & (Q(until=None) | Q(until__gt=now)) & Q(withdrawn_at=None)


def gone(site: Site, slug: str, now: datetime) -> Posting | None:
    """What stood at an address and stands there no more; None if nothing ever stood there."""
    found = site.postings.filter(~holding(now), slug=slug, publish_at__lte=now)
    stood = Q(seen_at__isnull=False) | Q(stood__isnull=False) | Q(review__state=ReviewState.APPROVED)
    return found.filter(stood).select_related("bulletin", "version").first()


def allowed() -> Q:
    """The postings that may be seen when their time has come: approved, or seen already when they were."""
    return Q(review__state=ReviewState.APPROVED) | Q(seen_at__isnull=False) | Q(corrected_at__isnull=False)


def filled(site: Site) -> list[Section]:
    """The sections of a site's menu that have something in them, in their order."""
    written = Edition.objects.filter(section=OuterRef("pk"), review__state=ReviewState.APPROVED)
    here = Q(section=OuterRef("pk")) | Q(section__key=OuterRef("key"), sites=OuterRef("site"))
    papers = Paper.objects.filter(here, review__state=ReviewState.APPROVED, withdrawn_at=None)
    found = site.sections.filter(shown=True).annotate(written=Exists(written), papered=Exists(papers))
    categories = set(up(site, clock.now()).values_list("bulletin__category", flat=True).distinct())
    return [one for one in found if _filled(one, categories)]


def _filled(section: Section, categories: set[str]) -> bool:
    if section.kind == SectionKind.PAGE:
        return bool(getattr(section, "written", False))
    if section.kind == SectionKind.PAPERS:
        return bool(getattr(section, "papered", False))
    if section.kind == SectionKind.NEWS:
        return bool(categories & set(section.categories))
    return section.kind == SectionKind.BUILT or bool(section.target)
