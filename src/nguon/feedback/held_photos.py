"""Photos of cases that are held as perhaps abuse: kept some days and within a measure, so that a flood fills no disk.

The words of such a case stay; only its photos go, and its course says so to whoever lets it out later.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from nguon.feedback import private, steps
from nguon.feedback.models import Attachment, Case
from nguon.media.models import File

BATCH = 50  # cases of one turn
ACTOR = "cases"
log = logging.getLogger(__name__)


def by_clock(now: datetime, most: int = BATCH) -> int:
    """Empty cases that were held for NGUON_HELD_PHOTO_DAYS, the oldest first; of how many cases."""
    over = _held().filter(received_at__lte=now - timedelta(days=settings.NGUON_HELD_PHOTO_DAYS))
    note = _("Để riêng đã %(days)d ngày mà chưa ai đưa vào danh sách nên ảnh đã xóa.")
    return _emptied(over[:most], note % {"days": settings.NGUON_HELD_PHOTO_DAYS}, now)


def within_measure(now: datetime) -> int:
    """Empty the cases held longest until all held photos fit NGUON_HELD_PHOTO_MB; of how many cases."""
    over = measured() - settings.NGUON_HELD_PHOTO_MB * 1_000_000
    if over <= 0:
        return 0
    chosen, freed = [], 0
    for pk, size in _held().values_list("pk").annotate(Sum("attachments__file__size")):
        if freed >= over:
            break
        chosen.append(pk)
        freed += size
    note = _("Ảnh của các phản ánh để riêng quá nhiều nên ảnh cũ nhất đã xóa.")
    return _emptied(Case.objects.filter(pk__in=chosen), note, now)


def measured() -> int:
    """How many bytes the photos of held cases take; the same bytes count once."""
    held = Attachment.objects.exclude(case__held="").values("file")
    return File.objects.filter(pk__in=held).aggregate(size=Sum("size"))["size"] or 0


def _held() -> "QuerySet[Case]":
    """The held cases that have photos, the one held longest first."""
    return Case.objects.exclude(held="").filter(attachments__isnull=False).order_by("received_at").distinct()


def _emptied(cases: Iterable[Case], note: str, now: datetime) -> int:
    emptied = sum(_empty(pk, note, now) for pk in [case.pk for case in cases])
    if emptied:
        log.info("photos of %d held cases deleted", emptied)
    return emptied


@transaction.atomic
def _empty(pk: UUID, note: str, now: datetime) -> int:
    """Take the photos from one case, unless somebody let it out meanwhile."""
    case = Case.objects.select_for_update().exclude(held="").filter(pk=pk).first()
    if case is None:
        return 0
    private.drop_photos(case.attachments.all())
    steps.event(case, "feedback.photos-drop", actor=None, now=now, note=note)
    steps.note_down(case, "feedback.photos-drop", ACTOR, now)
    return 1
