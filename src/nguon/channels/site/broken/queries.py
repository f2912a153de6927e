"""Questions about links that lead nowhere."""

from django.db.models import Count, QuerySet

from nguon.channels.site.broken.models import TOLD, Broken, Look
from nguon.people.models import Person
from nguon.portal import queries
from nguon.portal.models import Site


def told(site: Site) -> QuerySet[Broken]:
    """Those of a site that its owner is told of."""
    return Broken.objects.filter(TOLD, site=site)


def last_look(site: Site) -> Look | None:
    """When all of them were last looked at; None if never."""
    return Look.objects.filter(site=site).first()


def counted(person: Person) -> list[tuple[Site, int]]:
    """The open sites that a person may edit and that have some, each with how many."""
    rows = Broken.objects.filter(TOLD, site__in=queries.sites(person).filter(opened_at__isnull=False))
    numbers = dict(rows.order_by().values_list("site").annotate(Count("pk")))
    return [(site, numbers[site.pk]) for site in Site.objects.filter(pk__in=numbers).order_by("name")]
