"""Questions about sources. Those for people take the person."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from nguon.channels.board.feeds.models import Edition, Kind, Source
from nguon.kit.clock import today
from nguon.media.models import File
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import place_ids, role_places, visible
from nguon.places.models import Place
from nguon.review.models import State

_RELATED = ("place", "current__review", "current__written_by", "shown", "page")


def current(source: Source, now: datetime) -> File | None:
    """The page of a source at a moment: a document of a board that was approved and is not too old, or none."""
    if source.ended_at is not None or source.page is None:
        return None
    return source.page if source.page_until is None or now < source.page_until else None


def seen(person: Person) -> QuerySet[Source]:
    """The sources a person may see."""
    return visible(Source.objects.select_related(*_RELATED), person)


def written(person: Person) -> QuerySet[Source]:
    """The sources a person may change: those in use, of places they write for."""
    return visible(Source.objects.filter(ended_at=None).select_related(*_RELATED), person, Right.WRITE)


def places(person: Person) -> QuerySet[Place]:
    """The places for which a person may write a source."""
    return Place.objects.filter(pk__in=place_ids(person, Right.WRITE)).order_by("folded")


def own_place(person: Person) -> Place | None:
    """Where a person begins: the place of their own role, before all that lies below it."""
    return Place.objects.filter(pk__in=role_places(person, Right.WRITE, today())).order_by("folded").first()


def writers(edition: Edition) -> frozenset[UUID]:
    """Everybody who had a hand in it since the last one that was approved."""
    before = edition.source.editions.filter(number__lt=edition.number, review__state=State.APPROVED)
    last = before.order_by("-number").values_list("number", flat=True).first() or 0
    mine = edition.source.editions.filter(number__gt=last, number__lte=edition.number)
    return frozenset(mine.values_list("written_by", flat=True))


def by_ids(sources: Collection[UUID]) -> QuerySet[Source]:
    """These sources, in use or not."""
    return Source.objects.filter(pk__in=sources).select_related(*_RELATED)


def with_approved() -> QuerySet[Source]:
    """The sources in use that have an approved edition, annotated with its id as `approved`."""
    newest = Edition.objects.filter(source=OuterRef("pk"), review__state=State.APPROVED).order_by("-number")
    found = Source.objects.filter(ended_at=None).annotate(approved=Subquery(newest.values("pk")[:1]))
    return found.exclude(approved=None).select_related(*_RELATED)


_ADOPTING = Q(shown=None) | ~Q(shown=F("approved"))


def to_look_at(now: datetime) -> QuerySet[Source]:
    """The feeds that are to be asked now: those whose time it is, and those of which another edition was approved."""
    return with_approved().exclude(kind=Kind.TIMETABLE).filter(_ADOPTING | Q(next_at__lte=now)).order_by("next_at")


def to_remake(now: datetime) -> QuerySet[Source]:
    """The sources whose page may be another one by now."""
    fresh = Q(kind=Kind.TIMETABLE) & _ADOPTING
    return with_approved().filter(fresh | Q(remake_at__lte=now))
