"""What followers are to be told: warnings that came into force or are over, articles that went up.

It looks at what stands there now and at what was told before, so that nothing is lost while the service was down, and
nothing is told twice. Only what came after somebody asked to be told.
"""

from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from nguon.alerts import public as alerts
from nguon.alerts.models import Alert
from nguon.channels.site.push import words
from nguon.channels.site.push.words import Payload
from nguon.portal import queries
from nguon.portal.models import Follower, News, Notice, NoticeKind, Parcel, Posting, SectionKind, Site

FRESH = timedelta(hours=6)  # an article that went up longer ago is no news to a telephone
NEWS_LASTS = timedelta(hours=24)
ENDED_LASTS = timedelta(hours=6)
KEPT = timedelta(days=60)  # what was told; longer than any warning lasts
AT_ONCE = 500  # rows in one statement


def turn(now: datetime) -> int:
    """Put on its way what is new; how many notices."""
    return _warnings(now) + _news(now)


def tend(now: datetime) -> None:
    """Throw away what was told long ago."""
    Notice.objects.filter(made_at__lt=now - KEPT).exclude(kind=NoticeKind.WARNING, ended_at=None).delete()


def _warnings(now: datetime) -> int:
    sites = _followed(now, warnings=True)
    told = Notice.objects.filter(kind=NoticeKind.WARNING, ended_at=None)
    before: dict[UUID, list[Notice]] = {}
    for notice in told.filter(site__opened_at__lte=now):
        before.setdefault(notice.site_id, []).append(notice)
    if not before and not (alerts.in_force(None) and sites.exists()):
        return 0
    concerned = Site.objects.filter(Q(pk__in=sites.values("pk")) | Q(pk__in=list(before)))
    return sum(_warn(site, before.get(site.pk, []), now) for site in concerned)


@transaction.atomic
def _warn(site: Site, before: list[Notice], now: datetime) -> int:
    """Tell of one site what came into force there, and what is over."""
    live = {one.it.pk: one for one in alerts.warned(site.place_id, now, mapped=False)}
    known = {notice.about for notice in before}
    topics = {pk: _topic(site, _first(one.it)) for pk, one in live.items()}
    made = 0
    for pk, one in live.items():
        if pk not in known:
            since = one.it.widened_at or one.it.live_at or now
            payload = words.warning(one, topics[pk])
            made += _tell(site, NoticeKind.WARNING, pk, payload, until=one.until, since=since, now=now)
    for notice in before:
        if notice.about not in live:
            made += _over(site, notice, replaced=notice.topic in topics.values(), now=now)
    return made


def _over(site: Site, notice: Notice, *, replaced: bool, now: datetime) -> int:
    """A warning is no longer in force: nothing of it goes out, and it is said, unless a newer one says more."""
    if not Notice.objects.filter(pk=notice.pk, ended_at=None).update(ended_at=now):
        return 0
    notice.parcels.all().delete()
    if replaced:
        return 0
    one = alerts.told(notice.about, now)
    if one is None or one.kind == "over":
        return 0
    payload = words.ended(one, notice.topic)
    until = now + ENDED_LASTS
    return _tell(site, NoticeKind.ENDED, notice.about, payload, until=until, since=notice.made_at, now=now)


def _news(now: datetime) -> int:
    told = Notice.objects.filter(site=OuterRef("site"), kind=NoticeKind.NEWS, about=OuterRef("pk"))
    fresh = Posting.objects.filter(queries.holding(now), queries.allowed(), publish_at__lte=now)
    fresh = fresh.filter(publish_at__gt=now - FRESH, site__in=_followed(now, warnings=False).values("pk"))
    found = fresh.filter(~Exists(told)).select_related("site", "version", "bulletin").order_by("publish_at")
    _called_back(now)
    return sum(_article(posting, now) for posting in found)


@transaction.atomic
def _article(posting: Posting, now: datetime) -> int:
    topic = _topic(posting.site, posting.pk)
    ends = [end for end in (posting.until, posting.bulletin.valid_to) if end is not None]
    since = max(posting.publish_at, posting.created_at)
    return _tell(
        posting.site,
        NoticeKind.NEWS,
        posting.pk,
        words.news(posting, topic),
        until=min([now + NEWS_LASTS, *ends]),
        since=since,
        now=now,
        category=posting.bulletin.category,
    )


def _called_back(now: datetime) -> None:
    """News of articles that were taken down goes to nobody any more."""
    waiting = Notice.objects.filter(kind=NoticeKind.NEWS, parcels__isnull=False).values_list("about", flat=True)
    if about := set(waiting):
        standing = set(Posting.objects.filter(queries.holding(now), pk__in=about).values_list("pk", flat=True))
        Parcel.objects.filter(notice__kind=NoticeKind.NEWS, notice__about__in=about - standing).delete()


def _tell(
    site: Site,
    kind: NoticeKind,
    about: UUID,
    payload: Payload,
    *,
    until: datetime,
    since: datetime,
    now: datetime,
    category: str = "",
) -> int:
    """Keep a notice, and a parcel for each follower who asked before `since`. Whether it is new."""
    given = {"topic": payload["tag"], "payload": dict(payload), "made_at": now, "until": until}
    notice, new = Notice.objects.get_or_create(site=site, kind=kind, about=about, defaults=given)
    if not new:
        return 0
    urgent = kind != NoticeKind.NEWS
    whom = _whom(site, category) if kind == NoticeKind.NEWS else Follower.objects.filter(site=site, warnings=True)
    asked = whom.filter(made_at__lte=since).values_list("pk", flat=True)
    rows = (Parcel(notice=notice, follower_id=pk, urgent=urgent, next_at=now) for pk in asked)
    Parcel.objects.bulk_create(rows, batch_size=AT_ONCE)
    return 1


def _whom(site: Site, category: str) -> QuerySet[Follower]:
    """Who follows the news of a category there."""
    shown = site.sections.filter(kind=SectionKind.NEWS, shown=True)
    keys = {one.key for one in shown if category in one.categories}
    some = Follower.objects.filter(site=site, news=News.SOME).values_list("pk", "sections")
    chosen = [pk for pk, sections in some if keys & set(sections)]
    return Follower.objects.filter(Q(news=News.ALL) | Q(pk__in=chosen), site=site)


def _followed(now: datetime, *, warnings: bool) -> QuerySet[Site]:
    """The open sites that somebody follows for warnings, or for news."""
    mine = Follower.objects.filter(site=OuterRef("pk"))
    mine = mine.filter(warnings=True) if warnings else mine.exclude(news=News.NONE)
    return Site.objects.filter(Exists(mine), opened_at__lte=now)


def _first(alert: Alert) -> UUID:
    """The message with which it began that this one follows."""
    while alert.follows is not None:
        alert = alert.follows
    return alert.pk


def _topic(site: Site, about: UUID) -> str:
    """32 letters of base64url, as RFC 8030 wants a topic."""
    return urlsafe_b64encode(sha256(site.pk.bytes + about.bytes).digest())[:32].decode()
