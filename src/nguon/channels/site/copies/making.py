"""The work on a copy, beside the web. Begun anew if its worker died; given up at once when somebody says so."""

import logging
import time
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from nguon.channels.site import export
from nguon.channels.site.copies import actions, room
from nguon.channels.site.copies.errors import CopyError
from nguon.channels.site.copies.models import GOING, Copy, State
from nguon.channels.site.stores import zipped
from nguon.kit import clock, ids
from nguon.media import files, work

KEEP = timedelta(days=7)  # a ZIP is kept so long, or until the next one of its site is ready
EVERY = 1.0  # seconds between two notes of progress
MOST_MISSING = 200
MIME = "application/zip"
log = logging.getLogger(__name__)


class _Over(Exception):
    """This ticket counts no more: it was given up, or somebody else works on it."""


def make(*, copy_id: UUID) -> None:
    """Make a copy: READY with its ZIP, or FAILED with words for the officer. Safe to repeat."""
    run, now = ids.new(), clock.now()
    waiting = Copy.objects.filter(pk=copy_id, state__in=GOING)
    if not waiting.update(state=State.WORKING, run=run, done=0, known=0, error="", updated_at=now):
        return
    mine = _Mine(copy_id, run)
    copy = Copy.objects.select_related("site__place").get(pk=copy_id)
    try:
        _made(copy, mine, now)
    except _Over:
        log.info("copy %s: given up", copy_id)
    except (export.ExportError, CopyError) as error:
        mine.end(State.FAILED, error=str(error)[:400])
    except OSError as error:
        log.error("copy %s: %s", copy_id, error)
        trouble = _("Đĩa của máy chủ báo lỗi. Xin báo người quản trị hệ thống.")
        mine.end(State.FAILED, error=room.full() if error.errno in room.FULL else trouble)
    except Exception:
        mine.end(
            State.FAILED, error=_("Máy chủ gặp lỗi khi xuất trang. Xin xuất lại, hoặc báo người quản trị hệ thống.")
        )
        raise


def _made(copy: Copy, mine: "_Mine", now: datetime) -> None:
    with work.folder() as folder:
        path = folder / "trang.zip"
        with zipped(path, now) as store:
            made = export.export(
                site=copy.site, store=store, now=now, sounds=copy.sounds, base=copy.base, told=mine.told
            )
        room.check_still()
        file = files.keep_file(path, MIME, clock.now(), {})
    ended = clock.now()
    counted: dict[str, Any] = {"pages": made.pages, "files": made.files, "lost": len(made.missing), "cut": made.cut}
    with transaction.atomic():
        before = list(Copy.objects.filter(site=copy.site_id, state=State.READY))
        if not mine.end(State.READY, file=file, until=ended + KEEP, missing=made.missing[:MOST_MISSING], **counted):
            files.forget(file.pk)
            return
        for one in before:
            actions.drop(copy=one, now=ended)


class _Mine:
    """A copy as long as this worker holds its ticket."""

    def __init__(self, pk: UUID, run: UUID) -> None:
        self._rows = Copy.objects.filter(pk=pk, run=run, state=State.WORKING)
        self._noted = 0.0

    def told(self, step: export.Step) -> None:
        """Write down how far it is, once a second at most. Raises _Over, CopyError if the disk becomes full."""
        if time.monotonic() - self._noted < EVERY:
            return
        self._noted = time.monotonic()
        room.check_still()
        if not self._rows.update(done=step.done, known=step.known, updated_at=clock.now()):
            raise _Over

    def end(self, state: State, **values: Any) -> bool:
        """Write down how it ended; whether this ticket still counted."""
        return bool(self._rows.update(state=state, updated_at=clock.now(), **values))
