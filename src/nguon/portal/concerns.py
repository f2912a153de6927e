"""What a person should look after: open sites of theirs on which something is too old."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from nguon.people.models import Person
from nguon.portal import office, queries, words
from nguon.ports.channel import Concern


def of(person: Person, now: datetime) -> Iterator[Concern]:
    """One line for each open site with an overdue section. The empty ones are said beside; alone they wait."""
    for standing in office.standings(queries.sites(person).filter(opened_at__lte=now), now):
        if standing.overdue:
            address = reverse("portal:site", args=[standing.site.pk])
            yield Concern(standing.site.name, words.short(standing), _("Quá hạn"), "warn", address)
