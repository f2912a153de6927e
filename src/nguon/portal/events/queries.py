"""Questions about events. Those for officers take the person; the public sees the newest approved wording."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Max, OuterRef, QuerySet, Subquery

from nguon.newsroom.rules import Run, diff, near
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import place_ids
from nguon.places import queries as places
from nguon.places.models import Place
from nguon.portal.models import EventWording, Site
from nguon.review.models import State


def seen(person: Person) -> QuerySet[EventWording]:
    """The newest wording of each event on a site that the person edits or approves for, the latest day first."""
    where = place_ids(person, Right.SITE) | place_ids(person, Right.APPROVE)
    mine = EventWording.objects.filter(sites__place__in=where).values("event")
    return _newest().filter(event__in=mine).order_by("-first", "-created_at")


def changeable(person: Person) -> QuerySet[EventWording]:
    """Those among them that the person may change: all sites they stand on are the person's."""
    others = Site.objects.exclude(place__in=place_ids(person, Right.SITE))
    return seen(person).filter(event__withdrawn_at=None, event__cancelled_at=None).exclude(sites__in=others)


def takeable(person: Person) -> QuerySet[EventWording]:
    """Those that the person may take off the sites: cancelled ones too."""
    others = Site.objects.exclude(place__in=place_ids(person, Right.SITE))
    return seen(person).filter(event__withdrawn_at=None).exclude(sites__in=others)


def returned(person: Person) -> QuerySet[EventWording]:
    """Those that came back to the person who wrote them, and that nobody has written anew since."""
    return changeable(person).filter(review__state=State.RETURNED, review__author=person)


def _newest() -> QuerySet[EventWording]:
    last = EventWording.objects.filter(event=OuterRef("event")).order_by("-number").values("pk")[:1]
    found = EventWording.objects.filter(pk=Subquery(last))
    return found.select_related("event", "review__decided_by", "created_by", "sound").prefetch_related("sites__place")


def public(site: Site) -> QuerySet[EventWording]:
    """What stands on a site, cancelled ones too, the earliest first: of each event the newest approved wording."""
    approved = EventWording.objects.filter(event=OuterRef("event"), review__state=State.APPROVED)
    found = EventWording.objects.filter(
        pk=Subquery(approved.order_by("-number").values("pk")[:1]), event__withdrawn_at=None, sites=site
    )
    return found.select_related("event", "review", "sound__file").order_by("first", "begins", "title")


def coming(site: Site, day: date) -> QuerySet[EventWording]:
    """What is on that day or later, the earliest first."""
    return public(site).filter(last__gte=day)


def past(site: Site, day: date) -> QuerySet[EventWording]:
    """What was over before that day, the latest first."""
    return public(site).filter(last__lt=day).order_by("-first", "-begins", "title")


def approved_before(wording: EventWording) -> EventWording | None:
    """The wording that was public before this one."""
    earlier = EventWording.objects.filter(event=wording.event_id, number__lt=wording.number)
    return earlier.filter(review__state=State.APPROVED).order_by("-number").first()


def shown(wording: EventWording) -> EventWording | None:
    """The wording of the same event that everybody sees now; None while there is none, or it was taken down."""
    if wording.event.withdrawn_at is not None:
        return None
    found = EventWording.objects.filter(event=wording.event_id, review__state=State.APPROVED)
    return found.select_related("event", "review", "sound").order_by("-number").first()


def hands(wording: EventWording) -> frozenset[UUID]:
    """Everybody who wrote in it since the last that was approved."""
    before = approved_before(wording)
    mine = EventWording.objects.filter(event=wording.event_id, number__gt=before.number if before else 0)
    return frozenset(mine.filter(number__lte=wording.number).values_list("created_by", flat=True))


def changed(before: EventWording | None, after: EventWording) -> list[Run]:
    """What changed in the words between two wordings; nothing if there was none before."""
    return near(diff(before.body, after.body)) if before and before.body != after.body else []


def common(sites: Iterable[Site], on: date) -> Place | None:
    """The nearest place that has all these sites in it: who approves there answers for each. None: there is none.

    A place that went into another is in what it became.
    """
    own = [site.place_id for site in sites]
    if len(own) == 1:
        return Place.objects.get(pk=own[0])
    tree = places.tree()
    now = [(tree.successors(pk, on) or {pk}) for pk in own]
    chains = [tree.above(next(iter(became)), on) for became in now if len(became) == 1]
    if len(chains) < len(own):
        return None
    shared = [row[0] for row in zip(*chains, strict=False) if len(set(row)) == 1]
    return Place.objects.get(pk=shared[-1]) if shared else None


def last_number(event: UUID) -> int:
    """The number of the newest wording."""
    found = EventWording.objects.filter(event=event).aggregate(last=Max("number"))["last"]
    return int(found or 0)
