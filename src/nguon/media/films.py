"""The verbs of films: keep what was given, have it made playable, say how far it is."""

import logging
import time
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.core.files.base import File as Upload
from django.db import transaction
from django.utils.translation import gettext as _

from nguon.kit.plugs import load
from nguon.media import files, rules, video, work
from nguon.media.errors import FilmRefused
from nguon.media.ffmpeg import ToolFailed
from nguon.media.models import Film, State
from nguon.ui.words import duration

JOB = "nguon.media.jobs.make_film"  # by its path: an action does not import what stands above it
EVERY = 1.0  # seconds between two notes of progress
GIVEN = "application/octet-stream"  # of what was given: nobody is shown it
EARLY = 0.05  # of the work, before which nobody knows how long it takes
MEGABYTE = 1024 * 1024
WAITING = frozenset({State.QUEUED, State.WORKING})
log = logging.getLogger(__name__)


def take_in(*, upload: "Upload[Any]", now: datetime) -> Film:
    """Keep an uploaded film and have it made for screens. Raises FilmRefused with words for the officer."""
    if (upload.size or 0) > settings.NGUON_VIDEO_MB * MEGABYTE:
        raise FilmRefused(
            _("Phim nặng %(size)d MB, nhiều nhất là %(max)d MB. Hãy cắt ngắn, hoặc gửi qua Zalo rồi tải về cho nhẹ.")
            % {"size": -(-(upload.size or 0) // MEGABYTE), "max": settings.NGUON_VIDEO_MB}
        )
    with work.folder() as folder:
        path = folder / "given"
        with path.open("wb") as target:
            for chunk in upload.chunks():
                target.write(chunk)
        video.inspect(path, settings.NGUON_VIDEO_MINUTES)
        original = files.keep_file(path, GIVEN, now, {})
    with transaction.atomic():
        film, new = Film.objects.get_or_create(original=original, defaults={"created_at": now, "updated_at": now})
        stale = now - film.updated_at > timedelta(seconds=rules.STALE)
        if new or film.state == State.FAILED or (film.state in WAITING and stale):
            Film.objects.filter(pk=film.pk).update(state=State.QUEUED, progress=0, error="", updated_at=now)
            film.refresh_from_db()
            transaction.on_commit(partial(load(JOB).enqueue, film.pk))
    return film


def make(*, sha256: str, now: datetime) -> None:
    """Make a film: READY with its file, or FAILED with words for the officer. Safe to repeat."""
    waiting = Film.objects.filter(pk=sha256, state__in=WAITING)
    if not waiting.update(state=State.WORKING, progress=0, error="", began_at=now, updated_at=now):
        return
    film = Film.objects.select_related("original").get(pk=sha256)
    trouble = _("Máy chủ gặp lỗi khi chuyển phim. Xin gửi lại phim, hoặc báo người quản trị hệ thống.")
    note = _Note(film, now)
    try:
        with work.folder() as folder:
            given, out = files.copy_out(film.original, folder / "given"), folder / "out.mp4"
            length = video.transcode(given, out, max_minutes=settings.NGUON_VIDEO_MINUTES, progress=note)
            made = files.keep_file(out, video.MIME, now, {"duration_ms": length})
    except FilmRefused as error:
        log.warning("film %s: %s (%s)", sha256, error, error.__cause__)
        _set(film, state=State.FAILED, error=str(error)[:400], updated_at=note.moment())
    except (ToolFailed, OSError) as error:
        log.error("film %s: %s", sha256, error)
        _set(film, state=State.FAILED, error=trouble, updated_at=note.moment())
    except Exception:
        _set(film, state=State.FAILED, error=trouble, updated_at=note.moment())
        raise
    else:
        _set(film, state=State.READY, progress=1, file=made, updated_at=note.moment())


def said(film: Film) -> str:
    """How far a film is that is being made, in words."""
    left = seconds_left(film)
    if film.state == State.QUEUED:
        return _("Phim đang chờ tới lượt chuyển.")
    if left is None:
        return _("Phim đang được chuyển.")
    return _("Phim đang được chuyển, còn khoảng %(left)s.") % {"left": duration(max(round(left), 1) * 1000)}


def seconds_left(film: Film) -> float | None:
    """How long its making still takes, if it goes on as it went; None while nobody knows."""
    if film.state != State.WORKING or film.began_at is None or film.progress < EARLY:
        return None
    gone = (film.updated_at - film.began_at).total_seconds()
    return gone * (1 - film.progress) / film.progress


def _set(film: Film, **values: Any) -> None:
    """One that is ready stays as it is: a worker taken for dead may come late, and somebody may have approved."""
    Film.objects.filter(pk=film.pk).exclude(state=State.READY).update(**values)


class _Note:
    """Writes progress into the database, at most once a second, never backwards."""

    def __init__(self, film: Film, now: datetime) -> None:
        self.film, self.now, self.done = film, now, 0.0
        self.began = self.noted = time.monotonic()

    def moment(self) -> datetime:
        """The time now, counted from that of the work's beginning."""
        return self.now + timedelta(seconds=time.monotonic() - self.began)

    def __call__(self, done: float) -> None:
        if done <= self.done or time.monotonic() - self.noted < EVERY:
            return
        self.done, self.noted = done, time.monotonic()
        _set(self.film, progress=min(done, 0.99), updated_at=self.moment())
