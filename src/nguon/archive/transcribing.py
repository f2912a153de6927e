"""Writing down what is said in recordings, where this server has a recogniser."""

import logging
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from nguon.archive import rules, transcribers
from nguon.archive.errors import ArchiveError
from nguon.archive.models import Recording, Transcript
from nguon.journal.actions import record
from nguon.kit import clock
from nguon.kit.plugs import load
from nguon.kit.text import nfc
from nguon.media import ffmpeg, files
from nguon.media.ffmpeg import ToolFailed
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.ports.transcriber import RATE, Segment, Transcriber, TranscriberFailed

JOB = "nguon.archive.jobs.transcribe"  # by its path: it stands above
EVERY = 1.0  # seconds between two notes of progress
log = logging.getLogger(__name__)


def after_import(recording: Recording, now: datetime) -> None:
    """Ask for the words of a new recording, where somebody can give them. Part of the import's transaction."""
    if transcribers.active() is not None:
        _ask(recording, now)


@transaction.atomic
def request(*, recording: Recording, actor: Person, now: datetime) -> None:
    """Ask for the words of a recording, again if need be. Raises ArchiveError, Forbidden."""
    scope.require(actor, Right.WRITE, recording.place_id)
    if transcribers.active() is None:
        raise ArchiveError(_("Máy chủ này chưa có phần chép lời tự động."))
    known = Transcript.objects.filter(recording=recording).first()
    if known and known.state in (Transcript.State.QUEUED, Transcript.State.WORKING):
        return
    _ask(recording, now)
    named = f"archive.recording:{recording.pk.hex}"
    after = {"title": recording.title}
    record(actor=actor, verb="archive.transcribe", subject=named, now=now, place=recording.place_id, after=after)


def _ask(recording: Recording, now: datetime) -> None:
    values = {"state": Transcript.State.QUEUED, "progress": 0, "error": "", "updated_at": now}
    Transcript.objects.update_or_create(recording=recording, defaults=values)
    transaction.on_commit(partial(load(JOB).enqueue, recording.pk.hex))


def transcribe(*, recording_id: UUID) -> None:
    """Write down the words of a recording: READY, or FAILED with words for the officer. Safe to repeat."""
    mine = Transcript.objects.filter(
        recording=recording_id, state__in=(Transcript.State.QUEUED, Transcript.State.WORKING)
    )
    if not mine.update(state=Transcript.State.WORKING, progress=0, updated_at=clock.now()):
        return
    plug = transcribers.active()
    if plug is None:
        _fail(recording_id, _("Máy chủ này không còn phần chép lời tự động."))
        return
    try:
        segments = _heard(plug, recording_id)
    except (ToolFailed, TranscriberFailed, OSError) as error:
        log.error("transcript of %s: %s", recording_id, error)
        _fail(recording_id, _("Máy không chép được lời của bản thu này."))
    except Exception:
        _fail(recording_id, _("Máy chủ gặp lỗi khi chép lời. Xin báo người quản trị."))
        raise
    else:
        _store(recording_id, segments, plug.key)


def _heard(plug: Transcriber, recording_id: UUID) -> list[Segment]:
    recording = Recording.objects.select_related("file").get(pk=recording_id)
    with tempfile.TemporaryDirectory(prefix="nguon-transcribe-") as name:
        given = files.copy_out(recording.file, Path(name, "given"))
        plain = Path(name, "plain.wav")
        coding = ["-map", "0:a:0", "-vn", "-ac", "1", "-ar", str(RATE), "-c:a", "pcm_s16le", "-f", "wav"]
        patience = 60 + recording.duration_ms / 1000
        arguments = [*ffmpeg.opening(given), *coding, "-y", f"file:{plain}"]
        ffmpeg.run(arguments, report=lambda _at: None, timeout=patience)
        return plug.transcribe(plain, progress=_noting(recording_id))


def _noting(recording_id: UUID) -> Callable[[float], None]:
    """Writes progress into the database, at most once a second."""
    noted = time.monotonic()

    def note(done: float) -> None:
        nonlocal noted
        if time.monotonic() - noted >= EVERY:
            noted = time.monotonic()
            working = Transcript.objects.filter(recording=recording_id, state=Transcript.State.WORKING)
            working.update(progress=min(done, 0.99), updated_at=clock.now())

    return note


def _fail(recording_id: UUID, words: str) -> None:
    Transcript.objects.filter(recording=recording_id).update(
        state=Transcript.State.FAILED, error=words[:400], updated_at=clock.now()
    )


def _store(recording_id: UUID, segments: list[Segment], by: str) -> None:
    lines = [
        [round(one.first * 1000), round(one.last * 1000), nfc(one.text).strip()] for one in segments if one.text.strip()
    ]
    text = "\n".join(str(line[2]) for line in lines)
    Transcript.objects.filter(recording=recording_id).update(
        state=Transcript.State.READY,
        progress=1,
        text=text,
        exact=rules.exact(text),
        folded=rules.folded(text),
        segments=lines,
        by=by,
        updated_at=clock.now(),
    )
