"""Writing a section that is a page: save an edition, hand it in. Nothing is overwritten, and another approves."""

import hashlib
from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from nguon.journal.actions import record
from nguon.kit.clock import local_day
from nguon.kit.text import clean
from nguon.kit.words import gettext_noop
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.portal import markup, secrecy
from nguon.portal.errors import Conflict, PortalError
from nguon.portal.models import Edition, Section, SectionKind
from nguon.review import actions as reviews
from nguon.review.models import Review, State


@transaction.atomic
def write(*, section: Section, body: str, seen: int, actor: Person, now: datetime) -> Edition:
    """Save a wording as another edition. `seen`: the number of the edition that was opened, 0 for none.

    The same words again change nothing. What still waited for approval is taken back. Raises Forbidden, Conflict if
    somebody saved meanwhile, PortalError for an empty or too long page.
    """
    found = _held(section, actor, now)
    body = clean(body)
    if not body:
        raise PortalError(_("Trang chưa có chữ nào. Hãy viết nội dung rồi lưu."))
    if len(body) > markup.MOST:
        raise PortalError(_("Trang dài quá %d chữ cái. Hãy tách thành tệp văn bản đính kèm.") % markup.MOST)
    if secrecy.is_secret(body[:200]):
        raise PortalError(_("Nội dung ghi là có độ mật. Không đưa thông tin mật lên hệ thống này."))
    before = found.editions.select_related("review").first()
    if before is not None and before.body == body:
        return before
    if (before.number if before else 0) != seen:
        raise Conflict(_("Có người vừa lưu bản khác. Xem bản đó ở dưới, ghép phần của bạn vào rồi lưu lại."))
    return _saved(found, before, body, actor, now)


@transaction.atomic
def renew(*, section: Section, actor: Person, now: datetime) -> Edition:
    """What is public still holds: the same words as a new edition, handed in. Raises Forbidden, PortalError."""
    found = _held(section, actor, now)
    newest = found.editions.select_related("review").first()
    if newest is None or newest.review is None or newest.review.state != State.APPROVED:
        raise PortalError(_("Bản mới nhất chưa duyệt. Hãy gửi duyệt bản đó."))
    edition = _saved(found, newest, newest.body, actor, now)
    hand_in(edition=edition, actor=actor, now=now)
    return edition


def _saved(section: Section, before: Edition | None, body: str, actor: Person, now: datetime) -> Edition:
    if before is not None and before.review is not None and before.review.state == State.SUBMITTED:
        with suppress(reviews.AlreadyDecided):  # in this very moment: what was approved stays public meanwhile
            reviews.withdraw(
                review=before.review, reason=gettext_noop("Đã có bản mới thay bản này."), actor=actor, now=now
            )
    edition = Edition.objects.create(
        section=section,
        number=before.number + 1 if before else 1,
        body=body,
        digest=hashlib.sha256(body.encode()).hexdigest(),
        created_by=actor,
        created_at=now,
    )
    after = {"section": section.key, "number": edition.number, "text": edition.digest}
    _record("portal.write", section, actor, now, after)
    return edition


@transaction.atomic
def hand_in(*, edition: Edition, actor: Person, now: datetime) -> Review:
    """Ask for approval of an edition that is the newest. Raises Forbidden, PortalError if it is not, or is decided."""
    section = _held(edition.section, actor, now)
    newest = section.editions.select_related("review").first()
    if newest is None or newest.pk != edition.pk:
        raise Conflict(_("Đã có bản mới hơn. Hãy xem bản mới rồi gửi duyệt bản đó."))
    if newest.review is not None and newest.review.state in (State.SUBMITTED, State.APPROVED):
        raise PortalError(_("Bản này đã gửi duyệt rồi."))
    newest.review = reviews.submit(
        subject=f"portal.edition:{newest.pk.hex}",
        title=title_of(section),
        place_id=section.site.place_id,
        text_hash=newest.digest,
        media_hash=newest.digest,  # nothing is rendered ahead: the page is made of the text by fixed marks
        author=newest.created_by,
        actor=actor,
        now=now,
    )
    newest.save(update_fields=["review"])
    return newest.review


def title_of(section: Section) -> str:
    """How a section is called where several sites stand together."""
    return f"{section.title} · {section.site.place}"


def _held(section: Section, actor: Person, now: datetime) -> Section:
    found = Section.objects.select_for_update().get(pk=section.pk)
    scope.require(actor, Right.SITE, found.site.place_id, on=local_day(now))
    if found.kind != SectionKind.PAGE:
        raise PortalError(_("Mục này không phải trang viết."))
    return found


def _record(verb: str, section: Section, actor: Person, now: datetime, after: dict[str, object]) -> None:
    site = section.site
    record(actor=actor, verb=verb, subject=f"portal.site:{site.pk.hex}", now=now, place=site.place_id, after=after)
