"""Questions about policies: what is in force at a place, from which place it comes, what it comes to altogether."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.places import queries as places
from nguon.places.models import Place
from nguon.programme import policies as limits
from nguon.programme.gather import policy as pure
from nguon.programme.models import Policy
from nguon.programme.policies import Quiet, QuietHours


def policies(person: Person, on: date, right: Right = Right.VIEW) -> QuerySet[Policy]:
    """The policies not ended of the places where the person has the right."""
    rows = Policy.objects.filter(ended_at=None).select_related("place", "group", "created_by")
    return scope.visible(rows, person, right, on=on)


@dataclass(frozen=True)
class Held:
    """A policy at a place: its own, of one above, or of a group of the place. `now`: whether in force today."""

    policy: Policy
    own: bool
    now: bool
    may_change: bool

    @property
    def longest_ms(self) -> int:
        """The longest session in milliseconds; 0 without a limit."""
        return 1000 * (self.policy.longest or 0)


def at_place(person: Person, place: Place, on: date) -> list[Held]:
    """What holds at a place, from the root down to the place itself; policies of groups of the place among them."""
    chain = list(places.tree().above(place.pk, on))
    rows = Policy.objects.filter(Q(place__in=chain, group=None) | Q(place=place), ended_at=None)
    mine = scope.place_ids(person, Right.BROADCAST, on)
    found = rows.select_related("place", "group")
    return [
        Held(each, each.place_id == place.pk, pure(each).holds(on), each.place_id in mine)
        for each in sorted(
            found, key=lambda each: (chain.index(each.place_id), each.group is not None, each.created_at)
        )
    ]


@dataclass(frozen=True)
class Together:
    """What all policies in force come to on one day: the strictest of each, and of brightness all there is."""

    quiet: tuple[Quiet, ...]
    most_sessions: tuple[int, str] | None
    longest: tuple[timedelta, str] | None
    brightness: tuple[limits.Volume, ...]


def together(place_id: UUID, on: date) -> Together:
    """The strictest of what holds for all of a place on a day; groups are not counted."""
    chain = places.tree().above(place_id, on)
    found = [pure(each) for each in Policy.objects.filter(place__in=chain, group=None, ended_at=None)]
    start = datetime.combine(on, time())
    end = start + timedelta(days=1)
    spans = QuietHours(found, start, end).spans
    most, long = limits.most_sessions(found, on), limits.longest(found, on)
    return Together(
        tuple(replace(span, start=max(span.start, start), end=min(span.end, end)) for span in spans),
        (most[0], most[1].basis) if most else None,
        (long[0], long[1].basis) if long else None,
        tuple(each for policy in found if policy.holds(on) for each in policy.brightness),
    )
