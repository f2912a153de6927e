"""What a person should look after: open sites of theirs on which something is too old, and what came back to them."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from nguon.people.models import Person
from nguon.portal import office, queries, words
from nguon.portal.events import queries as events
from nguon.ports.channel import Concern
from nguon.review.models import State


def of(person: Person, now: datetime) -> Iterator[Concern]:
    """One line for each section with something of theirs that was returned, and for each open site with an overdue one.

    How many are empty is said beside; alone they wait. Events that came back to their author, too.
    """
    for one in events.returned(person):
        if one.review is not None:
            address = reverse("portal:events:detail", args=[one.event_id])
            yield Concern(one.review.title, one.review.reason, _("Trả lại"), "warn", address)
    for standing in office.standings(queries.sites(person), now):
        for row in standing.rows:
            if row.review is not None and row.review.state == State.RETURNED and row.review.author_id == person.pk:
                address = reverse("portal:section", args=[row.section.pk])
                yield Concern(row.review.title, row.review.reason, _("Trả lại"), "warn", address)
        if standing.overdue and standing.site.opened_at is not None:
            address = reverse("portal:site", args=[standing.site.pk])
            yield Concern(standing.site.name, words.short(standing), _("Quá hạn"), "warn", address)
