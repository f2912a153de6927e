"""The verbs of posting: an approved bulletin goes up on sites at its own times, is corrected, is taken down."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from nguon.journal.actions import record
from nguon.kit.text import clean
from nguon.media.models import File, Rendition
from nguon.newsroom import queries as bulletins
from nguon.newsroom import showing
from nguon.newsroom.models import Bulletin, Version
from nguon.newsroom.rules import State, speakable
from nguon.people import scope
from nguon.people.models import Person
from nguon.portal import posting_queries, slugs
from nguon.portal.models import Posting, Site, Stood
from nguon.portal.serving import CHANNEL
from nguon.review.models import Review

JUST_NOW = timedelta(minutes=2)  # a time that passed while the form was filled in means at once
FARTHEST = timedelta(days=366)
LONGEST_WHY = 400  # letters


class PostingRefused(Exception):
    """Why a bulletin cannot go up, be corrected or come down, in an officer's words."""


@transaction.atomic
def post(
    *,
    bulletin: Bulletin,
    sites: Mapping[Site, datetime | None],
    until: datetime | None = None,
    pinned: bool = False,
    actor: Person,
    now: datetime,
) -> list[Posting]:
    """Post an approved bulletin on sites, on each now (None) or at its own time. All of them or none.

    `until`: when it comes down; empty: as long as the bulletin holds. Raises PostingRefused, Forbidden.
    """
    if not sites:
        raise PostingRefused(_("Chưa chọn trang nào để đăng."))
    for site in sites:
        _require(actor, site)
        if not posting_queries.may_give(actor, bulletin, site, now):
            raise scope.forbidden()
    bulletin = bulletins.locked(bulletin)
    version, review = _approved(bulletin, now)
    page, sound = _page(version, now), _sound(version, review)
    made = []
    for site, at in sites.items():
        publish_at = _time(bulletin, at, until, now)
        if Posting.objects.filter(site=site, bulletin=bulletin, withdrawn_at=None).exists():
            raise PostingRefused(_("%(site)s đã có tin này. Muốn đăng lại thì gỡ tin cũ trước.") % {"site": site})
        posting = Posting.objects.create(
            site=site,
            bulletin=bulletin,
            version=version,
            review=review,
            page=page,
            sound=sound,
            slug=_slug(site, version),
            publish_at=publish_at,
            until=until,
            pinned=pinned,
            created_by=actor,
            created_at=now,
        )
        after = {"site": str(site), "version": version.number, "publish_at": publish_at.isoformat()}
        _record("portal.post", posting, actor, now, after={**after, "until_at": until.isoformat() if until else None})
        made.append(posting)
    return made


@transaction.atomic
def withdraw(*, posting: Posting, why: str, actor: Person, now: datetime) -> Posting:
    """Take a posting down, with a reason. Raises PostingRefused, Forbidden."""
    posting = _locked(posting)
    _require(actor, posting.site)
    kept = clean(why)
    if not speakable(kept) or len(kept) > LONGEST_WHY:
        raise PostingRefused(_("Hãy ghi lý do gỡ tin, nhiều nhất 400 ký tự."))
    if posting.withdrawn_at is not None:
        raise PostingRefused(_("Tin này đã được gỡ trước đó."))
    posting.withdrawn_at, posting.withdrawn_by, posting.withdrawn_why = now, actor, kept
    posting.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    _record("portal.withdraw", posting, actor, now, after={"site": str(posting.site), "reason": kept})
    return posting


@transaction.atomic
def correct(*, posting: Posting, actor: Person, now: datetime) -> Posting:
    """Put the newest approved wording in the place of what stands there; that is kept, with when it stood.

    What nobody could see yet is replaced without a word of it. Raises PostingRefused, Forbidden.
    """
    posting = _locked(posting)
    _require(actor, posting.site)
    if posting.withdrawn_at is not None:
        raise PostingRefused(_("Tin này đã được gỡ. Muốn đăng lại thì bấm “Đăng lên trang”."))
    version, review = _approved(bulletins.locked(posting.bulletin), now)
    if version.pk == posting.version_id and review.pk == posting.review_id:
        raise PostingRefused(_("Trên trang đã là bản mới nhất."))
    before = {"version": posting.version.number}
    if posting.publish_at <= now:
        Stood.objects.create(
            posting=posting,
            version=posting.version,
            review=posting.review,
            page=posting.page,
            from_at=posting.corrected_at or posting.publish_at,
            until_at=now,
            seen_at=posting.seen_at,
            corrected_by=actor,
        )
        posting.corrected_at = now
    posting.version, posting.review = version, review
    posting.page, posting.sound = _page(version, now), _sound(version, review)
    posting.seen_at, posting.failed_why = None, ""
    posting.save()
    after = {"site": str(posting.site), "version": version.number}
    _record("portal.correct", posting, actor, now, before=before, after=after)
    return posting


@transaction.atomic
def looked_at(*, posting: Posting, page: str, why: str, now: datetime) -> None:
    """Note what was found at the address of a posting when it was looked at: right (`why` empty), or what was wrong
    (a code of `rules`).

    `page`: the article that was looked for; if another took its place meanwhile nothing is noted.
    """
    here = Posting.objects.filter(pk=posting.pk, page=page, seen_at=None)
    if why:
        here.exclude(failed_why=why).update(failed_why=why)
    else:
        here.update(seen_at=now, failed_why="")


def _approved(bulletin: Bulletin, now: datetime) -> tuple[Version, Review]:
    """The newest version and its approval. Raises PostingRefused with what to do next."""
    state = bulletins.with_state(Bulletin.objects.filter(pk=bulletin.pk), now).get().state
    if state == State.WITHDRAWN:
        raise PostingRefused(_("Bản tin đã rút nên không đăng lên trang được."))
    if state == State.EXPIRED:
        raise PostingRefused(_("Bản tin đã hết hạn. Hãy sửa thời hạn, gửi duyệt lại rồi đăng."))
    version = bulletins.newest(bulletin)
    review = bulletins.approval(version)
    if state != State.APPROVED or review is None:
        raise PostingRefused(_("Bản tin chưa được duyệt nên chưa đăng lên trang được. Hãy gửi duyệt trước."))
    return version, review


def _page(version: Version, now: datetime) -> File:
    """The article as it was kept when it was handed in. One of before there were sites gets it now: same words."""
    page = showing.pages(version, now).get(CHANNEL)
    if page is None:
        raise PostingRefused(_("Kênh trang thông tin đang tắt nên chưa đăng được. Xem lý do ở trang trạng thái."))
    return page


def _sound(version: Version, review: Review) -> Rendition | None:
    """How it was approved to sound."""
    made = version.variants.filter(rendition__file=review.media_hash).select_related("rendition").first()
    return made.rendition if made else None


def _time(bulletin: Bulletin, at: datetime | None, until: datetime | None, now: datetime) -> datetime:
    begins = now if at is None or now - JUST_NOW <= at <= now else at
    if begins < now:
        raise PostingRefused(_("Giờ đăng đã qua. Hãy chọn giờ khác hoặc “Đăng ngay”."))
    if begins > now + FARTHEST:
        raise PostingRefused(_("Giờ đăng quá xa: nhiều nhất là một năm tới."))
    if bulletin.valid_from is not None and begins < bulletin.valid_from:
        raise PostingRefused(_("Bản tin chưa đến ngày có hiệu lực. Hãy hẹn giờ đăng."))
    if bulletin.valid_to is not None and begins >= bulletin.valid_to:
        raise PostingRefused(_("Giờ đăng phải trước hạn hiệu lực của bản tin."))
    if until is not None and until <= begins:
        raise PostingRefused(_("Hạn đăng phải sau giờ đăng của mọi trang."))
    return begins


def _slug(site: Site, version: Version) -> str:
    wanted = slugs.slug(version.title)
    return slugs.free(wanted, set(site.postings.filter(slug__startswith=wanted).values_list("slug", flat=True)))


def _locked(posting: Posting) -> Posting:
    return (
        Posting.objects.select_for_update(of=("self",))
        .select_related("site", "bulletin", "version", "review", "page")
        .get(pk=posting.pk)
    )


def _require(actor: Person, site: Site) -> None:
    if not posting_queries.may_post(actor, site):
        raise scope.forbidden()


def _record(verb: str, posting: Posting, actor: Person, now: datetime, **values: Any) -> None:
    after = {"title": posting.version.title, **values.pop("after")}
    named = f"portal.posting:{posting.pk.hex}"
    record(actor=actor, verb=verb, subject=named, now=now, place=posting.site.place_id, after=after, **values)
