"""Opening a case to everybody: what they read of it and which of its photos they see. The original stays sealed."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from nguon.feedback import actions, queries, steps
from nguon.feedback.errors import CaseError
from nguon.feedback.models import Case
from nguon.kit.text import clean
from nguon.people.models import Person

LONGEST_TITLE, LONGEST_WORDS = 200, 4000


@transaction.atomic
def publish(*, case: Case, title: str, words: str, photos: Collection[UUID], actor: Person, now: datetime) -> None:
    """Put the case into the public register with these words and these of its photos.

    Raises CaseError while the words hold personal data of whoever told it, or for photos that came with it while its
    reporter does not agree; Forbidden.
    """
    steps.require(actor, case)
    title, words = clean(title), clean(words)
    if not title or not words or len(title) > LONGEST_TITLE or len(words) > LONGEST_WORDS:
        raise CaseError(_("Hãy ghi tiêu đề và nội dung công khai."))
    _check_photos(case, photos)
    case.attachments.update(public=False)
    case.attachments.filter(pk__in=photos, file__mime__startswith="image/").update(public=True)
    actions.publish(case=case, title=title, words=words, actor=actor, now=now)


def _check_photos(case: Case, photos: Collection[UUID]) -> None:
    """Nothing, if these photos may be shown. An officer may have taken the reporter's in with what was told."""
    theirs = Q(by=None) | Q(at=case.received_at)
    if not queries.agreed(case, "publish") and case.attachments.filter(theirs, pk__in=photos).exists():
        raise CaseError(_("Người gửi chưa đồng ý công khai ảnh. Hãy bỏ chọn ảnh của họ."))
