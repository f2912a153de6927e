"""What a person should look after of sites as a channel: links that lead nowhere."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nguon.channels.site.broken import queries
from nguon.people.models import Person
from nguon.ports.channel import Concern


def of(person: Person, now: datetime) -> Iterator[Concern]:
    """One line for each open site of theirs with such links."""
    for site, count in queries.counted(person):
        said = ngettext("%(count)d liên kết không mở được", "%(count)d liên kết không mở được", count)
        address = reverse("site-office:broken", args=[site.pk])
        yield Concern(site.name, said % {"count": count}, _("Liên kết hỏng"), "warn", address)
