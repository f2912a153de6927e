"""The verbs of approving. Each decision is a compare-and-set on the open review: of two at once, one stands."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from nguon.journal.actions import record
from nguon.kit.text import clean
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.review import rules, subjects
from nguon.review.models import Review, State


class ReviewError(Exception):
    """Why a review cannot be made or decided, in an officer's words."""


class NotTheirs(ReviewError):
    """The author may not decide on their own work."""


class Changed(ReviewError):
    """What was seen or heard is no longer what would be approved."""


class AlreadyDecided(ReviewError):
    """Somebody else was first, or the submission was withdrawn."""


class NoReason(ReviewError):
    """A return or a withdrawal without a reason."""


@transaction.atomic
def submit(
    *,
    subject: str,
    title: str,
    place_id: UUID,
    text_hash: str,
    media_hash: str,
    author: Person,
    actor: Person,
    now: datetime,
) -> Review:
    """Ask for approval of exactly this text and audio. Raises AlreadyDecided if the subject is waiting already."""
    if Review.objects.filter(subject=subject, state=State.SUBMITTED).exists():
        raise AlreadyDecided(_("Bản tin này đã được gửi và đang chờ duyệt."))
    review = Review.objects.create(
        subject=subject,
        title=title,
        place_id=place_id,
        text_hash=text_hash,
        media_hash=media_hash,
        author=author,
        submitted_by=actor,
        submitted_at=now,
    )
    _record("review.submit", review, actor, now, {"subject": subject, "text": text_hash, "audio": media_hash})
    return review


@transaction.atomic
def approve(*, review: Review, text_hash: str, media_hash: str, actor: Person, now: datetime) -> Review:
    """Approve what was seen and heard, named by its two hashes.

    Raises Forbidden, NotTheirs for an author, Changed if the subject is another by now, AlreadyDecided.
    """
    scope.require(actor, Right.APPROVE, review.place_id)
    review = Review.objects.select_for_update().get(pk=review.pk)
    speaker, pk = subjects.of(review.subject)
    standing = speaker.standing(pk)
    seen = (text_hash, media_hash)
    if standing is None or seen != (standing.text_hash, standing.media_hash):
        raise Changed(_("Bản tin đã đổi sau khi bạn mở trang. Hãy nghe lại."))
    if seen != (review.text_hash, review.media_hash):
        raise Changed(_("Bản tin đã đổi sau khi được gửi duyệt. Người soạn cần gửi duyệt lại."))
    if actor.pk in standing.authors | {review.author_id, review.submitted_by_id}:
        raise NotTheirs(_("Bạn đã soạn hoặc gửi bản tin này nên không thể tự duyệt. Cần một người khác duyệt."))
    return _decide(review, State.APPROVED, "", actor, now)


@transaction.atomic
def return_(*, review: Review, reason: str, actor: Person, now: datetime) -> Review:
    """Send it back with a reason. Raises Forbidden, NoReason, AlreadyDecided."""
    scope.require(actor, Right.APPROVE, review.place_id)
    return _decide(review, State.RETURNED, _reason(reason), actor, now)


@transaction.atomic
def withdraw(
    *,
    review: Review,
    reason: str,
    actor: Person,
    now: datetime,
    rights: Iterable[Right] = (Right.WRITE, Right.SITE, Right.APPROVE),
) -> Review:
    """Take back a submission, or an approval that shall count no more. One of the rights is enough.

    Raises Forbidden, NoReason, AlreadyDecided.
    """
    if not any(scope.may(actor, right, review.place_id) for right in rights):
        raise scope.Forbidden(_("Bạn không có quyền rút bản tin ở địa bàn này."))
    kept = _reason(reason)
    before = review.state
    changed = Review.objects.filter(pk=review.pk, state__in=rules.WITHDRAWABLE).update(
        state=State.WITHDRAWN, reason=kept
    )
    review.refresh_from_db()
    if not changed:
        raise AlreadyDecided(_told(review))
    after = {"state": review.state, **_why(review)}
    _record("review.withdraw", review, actor, now, after, {"state": before})
    return review


def _decide(review: Review, state: State, reason: str, actor: Person, now: datetime) -> Review:
    changed = Review.objects.filter(pk=review.pk, state=State.SUBMITTED).update(
        state=state, reason=reason, decided_by=actor, decided_at=now
    )
    review.refresh_from_db()
    if not changed:
        raise AlreadyDecided(_told(review))
    verb = "review.approve" if state == State.APPROVED else "review.return"
    after = {"state": state, "text": review.text_hash, "audio": review.media_hash, **_why(review)}
    _record(verb, review, actor, now, after, {"state": State.SUBMITTED})
    return review


def _why(review: Review) -> dict[str, str]:
    """The reason as the journal has it: not where it may tell who somebody is."""
    speaker, _pk = subjects.of(review.subject)
    return {} if speaker.personal else {"reason": review.reason}


def _told(review: Review) -> str:
    if review.state == State.WITHDRAWN:
        return _("Bản tin này đã được rút lại: %(reason)s.") % {"reason": review.reason.rstrip(".")}
    done = _("được duyệt") if review.state == State.APPROVED else _("bị trả lại")
    return _("%(who)s đã xử lý trước: bản tin này đã %(done)s.") % {"who": review.decided_by, "done": done}


def _reason(reason: str) -> str:
    kept = clean(reason)
    if not rules.fits(kept):
        raise NoReason(_("Hãy ghi lý do, nhiều nhất %(limit)d ký tự.") % {"limit": rules.REASON_LIMIT})
    return kept


def _record(
    verb: str,
    review: Review,
    actor: Person,
    now: datetime,
    after: dict[str, str],
    before: dict[str, str] | None = None,
) -> None:
    subject = f"review.review:{review.pk.hex}"
    after = {"title": review.title, **after}
    record(actor=actor, verb=verb, subject=subject, now=now, place=review.place_id, before=before, after=after)
