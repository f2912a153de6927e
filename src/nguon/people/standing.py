"""How well the doors are kept, for the status page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef

from nguon.journal.models import Entry
from nguon.kit.clock import local_day
from nguon.people.models import Factor, Person, Role
from nguon.people.rules import GUARDED, kinds_with
from nguon.places import queries as places

LATELY = timedelta(days=30)


@dataclass(frozen=True)
class Standing:
    """What is weak: two steps only offered, how many lack the second, are of the demonstration, acted unwatched."""

    only_offered: bool
    lacking: int
    demonstration: int
    unwatched: int


def standing(reach: Iterable[UUID], now: datetime) -> Standing:
    """The doors of the people of these places."""
    there, day = list(reach), local_day(now)
    kinds = {kind for right in GUARDED for kind in kinds_with(right)}
    guarded = Role.objects.filter(places.holding(day), kind__in=kinds, place__in=there, person=OuterRef("pk"))
    own = Factor.objects.filter(person=OuterRef("pk"))
    people = Person.objects.filter(Exists(guarded), is_active=True)
    alone = Entry.objects.filter(verb="people.unwatched", place__in=there, at__gte=now - LATELY)
    return Standing(
        only_offered=settings.NGUON_SECOND_FACTOR != "required",
        lacking=people.filter(~Exists(own), is_demonstration=False).count(),
        demonstration=people.filter(is_demonstration=True).count(),
        unwatched=alone.count(),
    )
