"""The verbs of sound: keep a file, ask for a rendition, make it."""

import logging
import time
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import File as Upload
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from nguon import speech
from nguon.kit.clock import local_day
from nguon.kit.plugs import load
from nguon.kit.text import nfc
from nguon.media import audio, chain, checks, files, mix, rules, speaking, voice_sources, work
from nguon.media.audio import Levelled
from nguon.media.errors import AudioRefused, MediaError, NotLevel
from nguon.media.ffmpeg import Progress, ToolFailed
from nguon.media.models import File, Rendition, Source, State, VoiceTrial
from nguon.media.rules import Material, Mix
from nguon.media.speaking import Errand, Said

__all__ = [
    "AudioRefused",
    "MediaError",
    "NotLevel",
    "forget",
    "level_now",
    "render",
    "request_sound",
    "request_speech",
    "request_upload",
]
__all__ += ["request_trial", "retry", "speak_again", "store_bytes", "store_file"]
JOB = "nguon.media.jobs.render_rendition"  # by its path: an action does not import what stands above it
ASIDE = "nguon.media.jobs.render_aside"
EVERY = 0.5  # seconds between two notes of progress
MP3, FLAC = "audio/mpeg", "audio/flac"
log = logging.getLogger(__name__)


def store_bytes(*, data: bytes, mime: str, now: datetime, **measures: Any) -> File:
    """Keep bytes by their SHA-256; the same bytes are kept once. `measures`: duration_ms, loudness, true_peak."""
    return files.keep_bytes(data, mime, now, measures)


def store_file(*, path: Path, mime: str, now: datetime, **measures: Any) -> File:
    """Keep a file of this machine's disk by its SHA-256. `measures`: duration_ms, loudness, true_peak."""
    return files.keep_file(path, mime, now, measures)


def request_speech(
    *,
    voice: str,
    rate: int,
    now: datetime,
    text: str = "",
    spoken: str = "",
    place: UUID | None = None,
    mix: Mix | None = None,
    aside: bool = False,
) -> Rendition:
    """Audio of a text, given as written or as spoken. What was made or is under way is not made again.

    `voice` is plug/voice, `rate` 120–300 syllables a minute, `place` the one whose accounts may speak, `mix` the music
    around it. A sound is shared with those who speak by the same accounts, and nobody else (`voice_sources`). Where
    another voice spoke than was asked for, it is kept for whoever heard it and made anew for whoever asks next.
    `aside`: nobody waits for it, so it is made where no bulletin waits behind it. Raises MediaError with words for the
    officer.
    """
    said = _speakable(text, spoken, rate)
    holder = voice_sources.holder(place, local_day(now)) if place is not None else None
    named = f"{voice}@{holder.hex}" if holder else voice
    key = rules.rendition_key(source=Source.SPEECH, spoken=said, voice=named, rate=rate, mix=mix)
    with transaction.atomic():
        for stand_in in Rendition.objects.filter(key=key, state=State.READY).exclude(spoken_by=""):
            _retire(stand_in)
        values = {"spoken": said, "voice": voice, "rate": rate, "place_id": holder, "mix": _kept(mix)}
        return _request(key, now, ASIDE if aside else JOB, source=Source.SPEECH, **values)


def request_trial(*, voice: str, rate: int, text: str, salt: str, now: datetime) -> Rendition:
    """Audio of a text by one voice alone (`VoiceTrial` says by whom). `salt` tells apart what must not be shared.

    Raises MediaError.
    """
    said = _speakable(text, "", rate)
    key = rules.rendition_key(source=Source.SPEECH, spoken=said, voice=f"{voice} alone {salt}", rate=rate)
    return _request(key, now, source=Source.SPEECH, spoken=said, voice=voice, rate=rate)


def _speakable(text: str, spoken: str, rate: int) -> str:
    """What is said of a text, if it can be. Raises MediaError."""
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
    return said


def request_upload(*, upload: "Upload[Any]", source: str, now: datetime, mix: Mix | None = None) -> Rendition:
    """Audio of an uploaded or recorded file. The original is kept; its kind and length are looked at here and now.

    `source` is Source.UPLOAD or Source.RECORDING. Raises MediaError with words for the officer.
    """
    original = take_in(upload=upload, max_minutes=settings.NGUON_MAX_AUDIO_MINUTES, now=now)
    return request_sound(original=original, now=now, source=source, mix=mix)


def take_in(*, upload: "Upload[Any]", max_minutes: int, now: datetime) -> File:
    """Keep an uploaded file that is sound, as it is. Raises MediaError with words for the officer."""
    limit = settings.NGUON_MAX_UPLOAD_MB
    if (upload.size or 0) > limit * 1024 * 1024:
        raise MediaError(_("Tệp lớn hơn mức cho phép %(max)d MB.") % {"max": limit})
    with work.folder() as folder:
        path = folder / "given"
        with path.open("wb") as target:
            for chunk in upload.chunks():
                target.write(chunk)
        sound = audio.inspect(path, max_minutes)
        measures = {"duration_ms": round(sound.seconds * 1000)} if sound.seconds else {}
        return store_file(path=path, mime=sound.mime, now=now, **measures)


def request_sound(*, original: File, now: datetime, source: str = Source.UPLOAD, mix: Mix | None = None) -> Rendition:
    """Audio for loudspeakers of a file that is kept already."""
    key = rules.rendition_key(source="file", original=original.sha256, mix=mix)
    return _request(key, now, source=source, original=original, mix=_kept(mix))


def request_music(*, original: File, now: datetime) -> Rendition:
    """Music as it is mixed: levelled, neither compressed nor encoded with a loss."""
    key = rules.rendition_key(source=Source.MUSIC, original=original.sha256)
    return _request(key, now, source=Source.MUSIC, original=original)


def _kept(mix: Mix | None) -> dict[str, str]:
    return mix.as_json() if mix else {}


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


def _request(key: str, now: datetime, job: str = JOB, /, **values: Any) -> Rendition:
    """The rendition of a key, asked for if it is new, failed, or was forgotten by a worker that died."""
    with transaction.atomic():
        rendition, new = Rendition.objects.get_or_create(
            key=key, defaults={**values, "created_at": now, "updated_at": now}
        )
        stale = now - rendition.updated_at > timedelta(seconds=rules.STALE)
        if new or rendition.state == State.FAILED or (rendition.state != State.READY and stale):
            _enqueue(rendition, now, job)
    return rendition


def _enqueue(rendition: Rendition, now: datetime, job: str = JOB) -> None:
    rendition.state, rendition.progress, rendition.error, rendition.updated_at = State.QUEUED, 0, "", now
    rendition.save(update_fields=["state", "progress", "error", "updated_at"])
    transaction.on_commit(partial(load(job).enqueue, rendition.pk.hex))


def retry(*, rendition_id: UUID, now: datetime) -> Rendition:
    """Ask again for a rendition that failed; one that did not is left as it is. Raises Rendition.DoesNotExist."""
    with transaction.atomic():
        rendition = Rendition.objects.select_for_update().get(pk=rendition_id)
        if rendition.state == State.FAILED:
            _enqueue(rendition, now)
    return rendition


def speak_again(*, rendition_id: UUID, now: datetime) -> Rendition:
    """The same with the voice that was asked for, where another spoke instead: a new rendition. The old one stays with
    whoever heard or approved it, and is found by its key no more. One that nobody stood in for comes back as it is.

    The voices that were resting for a failure are asked at once. Raises Rendition.DoesNotExist.
    """
    with transaction.atomic():
        old = Rendition.objects.select_for_update().get(pk=rendition_id)
        if old.state != State.READY or not old.spoken_by:
            return old
        voice_sources.wake(old.place_id, old.voice, local_day(now))
        key = old.key
        _retire(old)
        values = {name: getattr(old, name) for name in ("source", "spoken", "voice", "rate", "mix", "place_id")}
        return _request(key, now, **values)


def _retire(rendition: Rendition) -> None:
    """Let a rendition be found by its key no more: it stays for those who have it."""
    Rendition.objects.filter(pk=rendition.pk, key=rendition.key).update(key=chain.retired_key(rendition.pk))


def forget(*, rendition_id: UUID) -> bool:
    """Delete a rendition that is made, with its sound, unless anything else holds either; whether it was."""
    with transaction.atomic():
        found = Rendition.objects.select_for_update().filter(pk=rendition_id, state__in=(State.READY, State.FAILED))
        rendition = found.first()
        if rendition is None:
            return False
        try:
            with transaction.atomic():
                rendition.delete()
        except ProtectedError:
            return False
        if rendition.file_id is not None:
            files.forget(rendition.file_id)
    return True


def render(*, rendition_id: UUID, now: datetime, max_minutes: int | None = None) -> None:
    """Make the sound of a rendition: READY with its file, or FAILED with words for the officer. Safe to repeat."""
    waiting = Rendition.objects.filter(pk=rendition_id, state__in=(State.QUEUED, State.WORKING))
    if not waiting.update(state=State.WORKING, progress=0, error="", updated_at=now):
        return
    rendition = Rendition.objects.select_related("original").get(pk=rendition_id)
    try:
        file, said, found = _make(rendition, now, max_minutes or settings.NGUON_MAX_AUDIO_MINUTES)
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
        spoken = {"spoken_by": said.by, "spoken_why": said.why[:400]}
        _set(rendition, state=State.READY, progress=1, file=file, findings=found, updated_at=now, **spoken)


def _make(rendition: Rendition, now: datetime, limit: int) -> tuple[File, Said, list[dict[str, Any]]]:
    """The file of a rendition (at most `limit` minutes), who spoke it, and what was found in it."""
    note, said = _Note(rendition, now), Said()
    with work.folder() as folder:
        music = _music(Mix.of(rendition.mix), folder, now)
        if rendition.original is not None:
            source, share, found = files.copy_out(rendition.original, folder / "original"), 0.0, []
            material = Material.MUSIC if rendition.source == Source.MUSIC else Material.TALK
        else:
            source, share, material = folder / "spoken.wav", 0.4, Material.VOICE
            errand = Errand(rendition.spoken, rendition.rate, source, lambda done: note(share * done), now)
            said = _speak(rendition, errand)
            found = checks.of_speech(source, rendition.spoken, rendition.rate)
        made = audio.level(
            source,
            folder / "out",
            max_minutes=limit,
            progress=note.after(share),
            material=material,
            music=music,
        )
        file = _keep(made, MP3 if material is not Material.MUSIC else FLAC, now)
    if rendition.original is not None:
        File.objects.filter(pk=rendition.original_id, peaks=None).update(peaks=made.original)
    return file, said, [finding.as_json() for finding in (*found, *made.findings)]


def _speak(rendition: Rendition, errand: Errand) -> Said:
    """By the chain of its place; a trial by its one voice. Raises MediaError."""
    trial = VoiceTrial.objects.select_related("account").filter(rendition=rendition).first()
    if trial is None:
        return speaking.speak(errand, voice_sources.sources(rendition.place_id, errand.now), rendition.voice)
    source, voice = voice_sources.of_trial(trial)
    took = speaking.speak_alone(errand, source, voice)
    VoiceTrial.objects.filter(rendition=rendition).update(took_ms=took)
    return Said()


def _keep(made: Levelled, mime: str, now: datetime) -> File:
    measures = {"loudness": made.loudness, "true_peak": made.true_peak, "peaks": made.waveform}
    return store_file(path=made.path, mime=mime, now=now, duration_ms=made.duration_ms, **measures)


def _music(chosen: Mix, folder: Path, now: datetime) -> mix.Music | None:
    """The music of a mix as files of this disk, made ready here if nobody did yet. Raises MediaError."""
    if not chosen:
        return None
    paths = {}
    for name, sha256 in chosen.as_json().items():
        original = File.objects.filter(pk=sha256).first()
        if original is None:
            raise MediaError(_("Không còn tệp nhạc đã chọn. Hãy chọn nhạc khác rồi nghe thử lại."))
        wanted = request_music(original=original, now=now)
        if wanted.state != State.READY:
            render(rendition_id=wanted.pk, now=now)
            wanted.refresh_from_db()
        if wanted.file is None:
            raise MediaError(wanted.error or _("Không dùng được tệp nhạc đã chọn. Hãy chọn nhạc khác."))
        paths[name] = files.copy_out(wanted.file, folder / name)
    return mix.Music(**paths)


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
