"""Waveforms of sounds that were stored without one: drawn once, when somebody first looks, and kept."""

from functools import partial
from threading import BoundedSemaphore

from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from nguon.kit.plugs import load
from nguon.media import files, passes, peaks, work
from nguon.media.ffmpeg import ToolFailed
from nguon.media.models import File

JOB = "nguon.media.jobs.draw_waveform"
SHORT = 10 * 60 * 1000  # ms: drawn while one waits, in under a second
SMALL = 3 * 1024 * 1024  # bytes: the same where the length is not known
AGAIN = 300  # seconds before work that nobody did is asked for again
_AT_ONCE = BoundedSemaphore(2)  # a page with fifty players asks fifty times


def waveform(*, file: File) -> bytes | None:
    """The waveform of a file, drawn now if it is short; None while it is being drawn. Empty: there is none to draw."""
    if file.peaks is not None:
        return bytes(file.peaks)
    if _is_short(file):
        if not _AT_ONCE.acquire(blocking=False):
            return None
        try:
            return draw(file=file)
        finally:
            _AT_ONCE.release()
    if cache.add(f"waveform:{file.sha256}", 1, AGAIN):
        transaction.on_commit(partial(load(JOB).enqueue, file.sha256))
    return None


def draw(*, file: File) -> bytes:
    """Draw the waveform of a file and keep it. What is no sound has none, and is not tried again."""
    with work.folder() as folder:
        try:
            given = files.copy_out(file, folder / "given")
            cap = settings.NGUON_MAX_AUDIO_MINUTES * 60.0
            drawn = peaks.waveform(passes.sketch(given, folder, cap=cap))
        except ToolFailed:
            drawn = b""
        except OSError:  # the bytes are gone: they may be put back
            return b""
    File.objects.filter(pk=file.pk, peaks=None).update(peaks=drawn)
    return drawn


def _is_short(file: File) -> bool:
    return file.duration_ms <= SHORT if file.duration_ms else file.size <= SMALL
