"""Questions about bulletins on sites: which may be posted where by whom, where one stands, what stands on a site."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from nguon.kit.clock import local_day
from nguon.kit.text import clean, fold
from nguon.newsroom.models import Bulletin
from nguon.newsroom.queries import Bulletins, Stated, with_state
from nguon.newsroom.rules import State as Written
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.people.scope import place_ids
from nguon.places import queries as places
from nguon.portal import queries
from nguon.portal.models import Posting, Site
from nguon.review.models import State as ReviewState

POSTS = (Right.SITE, Right.BROADCAST)  # one of them at a site's place is enough to post there


class Standing(StrEnum):
    """Where a posting is at a moment."""

    WAITING = "waiting"  # its time has not come
    UP = "up"
    HELD = "held"  # its time came, but its approval counts no more
    OVER = "over"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Posted:
    """A posting as officers see it. `newer`: an approved version that could take its place."""

    posting: Posting
    standing: Standing
    newer: bool
    may: bool


def sites(person: Person) -> QuerySet[Site]:
    """The sites where the person may post, by name."""
    reach = frozenset().union(*(place_ids(person, right) for right in POSTS))
    return Site.objects.filter(place__in=reach).select_related("place")


def may_post(person: Person, site: Site) -> bool:
    """Whether the person may post on a site."""
    return any(site.place_id in place_ids(person, right) for right in POSTS)


def may_give(person: Person, bulletin: Bulletin, site: Site, now: datetime) -> bool:
    """Whether a bulletin may stand on a site by this person: it comes from above, or is of the person's own places."""
    chain = places.tree().above(site.place_id, local_day(now))
    return bulletin.place_id in chain or bulletin.place_id in place_ids(person, Right.VIEW)


def open_to(person: Person, now: datetime) -> Bulletins:
    """The bulletins that the person may post somewhere, with their state, newest change first."""
    tree, day = places.tree(), local_day(now)
    above = {up for place in sites(person).values_list("place_id", flat=True) for up in tree.above(place, day)}
    if not above:
        return with_state(Bulletin.objects.none(), now)
    seen = above | place_ids(person, Right.VIEW)
    return with_state(Bulletin.objects.filter(place__in=seen), now).exclude(current=None)


def ready_for(person: Person, site: Site, now: datetime) -> Bulletins:
    """The approved bulletins that are not on a site yet and may be posted there."""
    there = Posting.objects.filter(site=site, bulletin=OuterRef("pk"), withdrawn_at=None)
    chain = places.tree().above(site.place_id, local_day(now))
    given = Q(place__in=chain) | Q(place__in=place_ids(person, Right.VIEW, within=site.place_id))
    return open_to(person, now).filter(given, ~Exists(there), state=Written.APPROVED)


@dataclass(frozen=True)
class Choice:
    """One site in the form of posting. `posted`: it stands there, or will; `barred`: it may not stand there."""

    site: Site
    posted: Posting | None
    barred: bool


def offered(person: Person, bulletin: Bulletin, now: datetime) -> list[Choice]:
    """The sites of the person, each with what it has of a bulletin."""
    rows = bulletin.postings.filter(withdrawn_at=None).select_related("version", "review", "bulletin")
    there = {posting.site_id: posting for posting in rows}
    return [Choice(site, there.get(site.pk), not may_give(person, bulletin, site, now)) for site in sites(person)]


def of_bulletin(person: Person, bulletin: Stated, now: datetime) -> list[Posted]:
    """Where a bulletin stands, stood and will stand, by name of the site."""
    return told(person, bulletin.postings.order_by("site__name", "-created_at"), now)


def of_site(site: Site, *, standing: str = "", text: str = "", now: datetime) -> QuerySet[Posting]:
    """The postings of a site, newest first, filtered."""
    found = site.postings.order_by("-publish_at")
    if standing:
        found = found.filter(_where(Standing(standing), now))
    for word in fold(clean(text)).split()[:20]:
        found = found.filter(version__folded__contains=word)
    return found


def told(person: Person, postings: QuerySet[Posting], now: datetime) -> list[Posted]:
    """These postings as officers see them."""
    rows = list(postings.select_related("site__place", "version", "review", "bulletin", "created_by", "withdrawn_by"))
    mine = set(sites(person).values_list("pk", flat=True))
    approved = _approved((row.bulletin_id for row in rows), now)
    return [
        Posted(
            row,
            standing(row, now),
            row.withdrawn_at is None and approved.get(row.bulletin_id, row.version_id) != row.version_id,
            row.site_id in mine,
        )
        for row in rows
    ]


def standing(posting: Posting, now: datetime) -> Standing:
    """Where one posting is."""
    bulletin = posting.bulletin
    ends = [end for end in (posting.until, bulletin.valid_to) if end is not None]
    if posting.withdrawn_at is not None or bulletin.withdrawn_at is not None:
        return Standing.WITHDRAWN
    if any(end <= now for end in ends):
        return Standing.OVER
    if posting.publish_at > now:
        return Standing.WAITING
    seen = posting.seen_at is not None or posting.corrected_at is not None
    return Standing.UP if seen or posting.review.state == ReviewState.APPROVED else Standing.HELD


def unseen(now: datetime) -> QuerySet[Posting]:
    """What is up on an open site and was not looked at yet, the longest first."""
    open_ = Posting.objects.filter(queries.holding(now), queries.allowed(), site__opened_at__lte=now)
    return open_.filter(publish_at__lte=now, seen_at=None).select_related("site").order_by("publish_at")


def posting(person: Person, pk: UUID) -> QuerySet[Posting]:
    """One posting of a site where the person may post."""
    return Posting.objects.filter(pk=pk, site__in=sites(person)).select_related("site", "version", "bulletin")


def _approved(bulletins: Iterable[UUID], now: datetime) -> dict[UUID, UUID]:
    """The newest version of those bulletins that are approved."""
    found = with_state(Bulletin.objects.filter(pk__in=set(bulletins)), now).filter(state=Written.APPROVED)
    return {row.pk: row.current_id for row in found if row.current_id}


def _where(wanted: Standing, now: datetime) -> Q:
    withdrawn = Q(withdrawn_at__isnull=False) | Q(bulletin__withdrawn_at__isnull=False)
    over = Q(until__isnull=False, until__lte=now) | Q(bulletin__valid_to__isnull=False, bulletin__valid_to__lte=now)
    seen = Q(review__state=ReviewState.APPROVED) | Q(seen_at__isnull=False) | Q(corrected_at__isnull=False)
    alive = ~withdrawn & ~over
    return {
        Standing.WITHDRAWN: withdrawn,
        Standing.OVER: ~withdrawn & over,
        Standing.WAITING: alive & Q(publish_at__gt=now),
        Standing.UP: alive & Q(publish_at__lte=now) & seen,
        Standing.HELD: alive & Q(publish_at__lte=now) & ~seen,
    }[wanted]
