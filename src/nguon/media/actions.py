"""The verbs of sound: keep a file, ask for a rendition, make it."""

import logging
import tempfile
import time
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import File as Upload
from django.db import transaction
from django.utils.translation import gettext as _

from nguon import speech
from nguon.kit.plugs import load
from nguon.kit.text import nfc
from nguon.media import audio, files, rules, voices
from nguon.media.errors import AudioRefused, MediaError, NotLevel
from nguon.media.ffmpeg import Progress, ToolFailed
from nguon.media.models import File, Rendition, Source, State

__all__ = [
    "AudioRefused",
    "MediaError",
    "NotLevel",
    "level_now",
    "render",
    "request_sound",
    "request_speech",
    "request_upload",
]
__all__ += ["retry", "store_bytes", "store_file"]
JOB = "nguon.media.jobs.render_rendition"  # by its path: an action does not import what stands above it
EVERY = 0.5  # seconds between two notes of progress
MP3 = "audio/mpeg"
log = logging.getLogger(__name__)


def store_bytes(*, data: bytes, mime: str, now: datetime, **measures: Any) -> File:
    """Keep bytes by their SHA-256; the same bytes are kept once. `measures`: duration_ms, loudness, true_peak."""
    return files.keep_bytes(data, mime, now, measures)


def store_file(*, path: Path, mime: str, now: datetime, **measures: Any) -> File:
    """Keep a file of this machine's disk by its SHA-256. `measures`: duration_ms, loudness, true_peak."""
    return files.keep_file(path, mime, now, measures)


def request_speech(*, voice: str, rate: int, now: datetime, text: str = "", spoken: str = "") -> Rendition:
    """Audio of a text, given as written or as spoken. What was made or is under way is not made again.

    `voice` is plug/voice, `rate` 120–300 syllables a minute. Raises MediaError with words for the officer.
    """
    if len(text) > settings.NGUON_MAX_TEXT or len(spoken) > settings.NGUON_MAX_TEXT * 8:
        raise MediaError(
            _("Nội dung dài quá %(max)d chữ cái. Hãy rút gọn hoặc chia nhỏ.") % {"max": settings.NGUON_MAX_TEXT}
        )
    if not rules.SLOWEST <= rate <= rules.FASTEST:
        limits = {"low": rules.SLOWEST, "high": rules.FASTEST}
        raise MediaError(_("Tốc độ đọc phải từ %(low)d đến %(high)d tiếng một phút.") % limits)
    said = nfc(spoken).strip() or speech.read(text).text
    if not any(c.isalpha() for c in said):
        raise MediaError(_("Nội dung chưa có chữ nào đọc được."))
    minutes = rules.speech_minutes(said, rate)
    if minutes > settings.NGUON_MAX_AUDIO_MINUTES:
        limits = {"minutes": round(minutes), "max": settings.NGUON_MAX_AUDIO_MINUTES}
        raise MediaError(_("Nội dung đọc mất khoảng %(minutes)d phút, quá mức cho phép %(max)d phút.") % limits)
    key = rules.rendition_key(source=Source.SPEECH, spoken=said, voice=voice, rate=rate)
    return _request(key, now, source=Source.SPEECH, spoken=said, voice=voice, rate=rate)


def request_upload(*, upload: "Upload[Any]", source: str, now: datetime) -> Rendition:
    """Audio of an uploaded or recorded file. The original is kept; its kind and length are looked at here and now.

    `source` is Source.UPLOAD or Source.RECORDING. Raises MediaError with words for the officer.
    """
    limit = settings.NGUON_MAX_UPLOAD_MB
    if (upload.size or 0) > limit * 1024 * 1024:
        raise MediaError(_("Tệp lớn hơn mức cho phép %(max)d MB.") % {"max": limit})
    with tempfile.TemporaryDirectory(prefix="nguon-upload-") as folder:
        path = Path(folder, "given")
        with path.open("wb") as target:
            for chunk in upload.chunks():
                target.write(chunk)
        sound = audio.inspect(path, settings.NGUON_MAX_AUDIO_MINUTES)
        measures = {"duration_ms": round(sound.seconds * 1000)} if sound.seconds else {}
        original = store_file(path=path, mime=sound.mime, now=now, **measures)
    return request_sound(original=original, now=now, source=source)


def request_sound(*, original: File, now: datetime, source: str = Source.UPLOAD) -> Rendition:
    """Audio for loudspeakers of a file that is kept already."""
    key = rules.rendition_key(source="file", original=original.sha256)
    return _request(key, now, source=source, original=original)


def level_now(*, original: File, max_minutes: int, now: datetime) -> Rendition:
    """Audio for loudspeakers of a kept file, made here and now by whoever asks: for work that is itself a job.

    Asked for again by `request_sound`, it is the same rendition and is there at once.
    """
    key = rules.rendition_key(source="file", original=original.sha256)
    values = {"source": Source.UPLOAD, "original": original, "created_at": now, "updated_at": now}
    rendition, _new = Rendition.objects.get_or_create(key=key, defaults=values)
    Rendition.objects.filter(pk=rendition.pk, state=State.FAILED).update(state=State.QUEUED)
    render(rendition_id=rendition.pk, now=now, max_minutes=max_minutes)
    return Rendition.objects.select_related("file").get(pk=rendition.pk)


def _request(key: str, now: datetime, **values: Any) -> Rendition:
    """The rendition of a key, asked for if it is new, failed, or was forgotten by a worker that died."""
    with transaction.atomic():
        rendition, new = Rendition.objects.get_or_create(
            key=key, defaults={**values, "created_at": now, "updated_at": now}
        )
        stale = now - rendition.updated_at > timedelta(seconds=rules.STALE)
        if new or rendition.state == State.FAILED or (rendition.state != State.READY and stale):
            _enqueue(rendition, now)
    return rendition


def _enqueue(rendition: Rendition, now: datetime) -> None:
    rendition.state, rendition.progress, rendition.error, rendition.updated_at = State.QUEUED, 0, "", now
    rendition.save(update_fields=["state", "progress", "error", "updated_at"])
    transaction.on_commit(partial(load(JOB).enqueue, rendition.pk.hex))


def retry(*, rendition_id: UUID, now: datetime) -> Rendition:
    """Ask again for a rendition that failed; one that did not is left as it is. Raises Rendition.DoesNotExist."""
    with transaction.atomic():
        rendition = Rendition.objects.select_for_update().get(pk=rendition_id)
        if rendition.state == State.FAILED:
            _enqueue(rendition, now)
    return rendition


def render(*, rendition_id: UUID, now: datetime, max_minutes: int | None = None) -> None:
    """Make the sound of a rendition: READY with its file, or FAILED with words for the officer. Safe to repeat."""
    waiting = Rendition.objects.filter(pk=rendition_id, state__in=(State.QUEUED, State.WORKING))
    if not waiting.update(state=State.WORKING, progress=0, error="", updated_at=now):
        return
    rendition = Rendition.objects.select_related("original").get(pk=rendition_id)
    try:
        file = _make(rendition, now, max_minutes or settings.NGUON_MAX_AUDIO_MINUTES)
    except MediaError as error:
        _fail(rendition, str(error), now)
    except (ToolFailed, OSError) as error:
        log.error("rendition %s: %s", rendition_id, error)
        _fail(
            rendition, _("Máy chủ không xử lý được âm thanh này. Xin thử lại, hoặc báo người quản trị hệ thống."), now
        )
    except Exception:
        _fail(rendition, _("Máy chủ gặp lỗi khi tạo âm thanh. Xin báo người quản trị hệ thống."), now)
        raise
    else:
        _set(rendition, state=State.READY, progress=1, file=file, updated_at=now)


def _make(rendition: Rendition, now: datetime, limit: int) -> File:
    note = _Note(rendition, now)
    with tempfile.TemporaryDirectory(prefix="nguon-render-") as name:
        folder = Path(name)
        if rendition.original is not None:
            source, share = files.copy_out(rendition.original, folder / "original"), 0.0
        else:
            source, share = folder / "spoken.wav", 0.4
            voices.speak(rendition.spoken, rendition.voice, rendition.rate, source, lambda done: note(share * done))
        made = audio.level(source, folder / "out.mp3", max_minutes=limit, progress=note.after(share))
        return store_file(
            path=made.path,
            mime=MP3,
            now=now,
            duration_ms=made.duration_ms,
            loudness=made.loudness,
            true_peak=made.true_peak,
        )


def _fail(rendition: Rendition, words: str, now: datetime) -> None:
    _set(rendition, state=State.FAILED, error=words[:400], updated_at=now)


def _set(rendition: Rendition, **values: Any) -> None:
    """One that is ready stays as it is: a worker taken for dead may come late, and somebody may have approved."""
    Rendition.objects.filter(pk=rendition.pk).exclude(state=State.READY).update(**values)


class _Note:
    """Writes progress into the database, at most twice a second, never backwards."""

    def __init__(self, rendition: Rendition, now: datetime) -> None:
        self.rendition = rendition
        self.now = now
        self.began = self.noted = time.monotonic()
        self.done = 0.0

    def __call__(self, done: float) -> None:
        moment = time.monotonic()
        if done <= self.done or moment - self.noted < EVERY:
            return
        self.done, self.noted = done, moment
        _set(self.rendition, progress=min(done, 0.99), updated_at=self.now + timedelta(seconds=moment - self.began))

    def after(self, share: float) -> Progress:
        """Progress of the part of the work after `share` of it."""
        return lambda done: self(share + (1 - share) * done)
