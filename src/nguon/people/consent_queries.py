"""Questions about what waits for a second person."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from nguon.kit.clock import local_day
from nguon.people import consent, scope
from nguon.people.models import Change, ChangeState, Person
from nguon.people.rules import Right

SHOWN = 20


def in_reach(person: Person, now: datetime) -> QuerySet[Change]:
    """The changes of places where the person has the right that each asks for, and their own."""
    day = local_day(now)
    by_right: dict[Right, list[str]] = {}
    for name in settings.NGUON_WATCHED:
        by_right.setdefault(consent.verb_of(name).right, []).append(name)
    seen = Q(proposed_by=person)
    for right, names in by_right.items():
        seen |= Q(verb__in=names, place__in=scope.place_ids(person, right, day))
    found = Change.objects.filter(seen)
    return found.select_related("place", "about", "proposed_by__office", "decided_by")


def waiting(person: Person, now: datetime) -> QuerySet[Change]:
    """What this person may decide, longest first."""
    mine = Q(proposed_by=person) | Q(about=person)
    return (
        in_reach(person, now)
        .filter(state=ChangeState.WAITING, expires_at__gt=now)
        .exclude(mine)
        .order_by("proposed_at")
    )


def proposed(person: Person, now: datetime) -> QuerySet[Change]:
    """What this person proposed and nobody has decided, newest first."""
    found = Change.objects.filter(proposed_by=person, state=ChangeState.WAITING, expires_at__gt=now)
    return found.select_related("place")


def to_collect(person: Person, now: datetime) -> list[Change]:
    """Changes of this person that were agreed and allow a password nobody has taken yet."""
    names = [name for name in settings.NGUON_WATCHED if consent.verb_of(name).collect]
    since = now - timedelta(days=consent.DAYS)
    due = Change.objects.filter(proposed_by=person, verb__in=names, state=ChangeState.DONE, collected_at=None)
    return list(due.filter(decided_at__gte=since).select_related("place", "decided_by"))


def lately(person: Person, now: datetime) -> list[Change]:
    """What was decided last, newest first."""
    over = in_reach(person, now).exclude(state=ChangeState.WAITING, expires_at__gt=now)
    return list(over.order_by("-proposed_at")[:SHOWN])
