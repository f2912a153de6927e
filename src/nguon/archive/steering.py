"""The verbs of an import: begin, add a file, pause, go on, cancel. The work itself is `archive.importing`."""

import tempfile
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File as Upload
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from nguon.archive import importing, rules, sources
from nguon.archive.errors import ArchiveError, Moved, Stopped
from nguon.archive.intake import SOUNDS, room_for
from nguon.archive.models import Batch, Item
from nguon.journal.actions import record
from nguon.kit import ids
from nguon.kit.text import clean
from nguon.media import actions as media
from nguon.media import audio
from nguon.media.errors import AudioRefused
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.places.models import Place

State = Batch.State
MOST_FILES = 10_000  # of one upload
_CHUNK = 1 << 20


@transaction.atomic
def start_folder(
    *, place: Place, path: bytes, within: bytes, title: str, denoise: bool, actor: Person | str, now: datetime
) -> Batch:
    """An import of a folder of this machine, under way at once. `within`: the folder it must not leave.

    The operator (a name instead of a person) may import any folder and works on it in the terminal. Raises Forbidden.
    """
    if isinstance(actor, Person):
        scope.require(actor, Right.WRITE, place.pk)
    batch = _new(place, Batch.Source.FOLDER, title, denoise, actor, now, path=path, within=within)
    batch.state, batch.run, batch.beat_at = State.LISTING, ids.new(), now
    batch.save()
    if isinstance(actor, Person):
        importing.enqueue(batch.pk, batch.run)
    importing.watch(batch.pk, batch.run)
    _record("archive.import", batch, actor, now)
    return batch


@transaction.atomic
def start_upload(*, place: Place, title: str, denoise: bool, actor: Person, now: datetime) -> Batch:
    """An import that waits for files. Raises Forbidden."""
    scope.require(actor, Right.WRITE, place.pk)
    batch = _new(place, Batch.Source.UPLOAD, title, denoise, actor, now, listed=True)
    batch.save()
    return batch


def add_file(*, batch: Batch, upload: "Upload[Any]", path: str, actor: Person, now: datetime) -> Item:
    """Take in one uploaded file under its path in the folder it came from. The same path again changes nothing.

    A zip is kept until its members were taken in; what is no sound is not kept. Raises ArchiveError, Forbidden.
    """
    scope.require(actor, Right.WRITE, batch.place_id)
    raw = clean(path).replace("\\", "/").strip("/").encode()[:3000] or b"?"
    known = Item.objects.filter(batch=batch, key=rules.item_key(raw)).first()
    if known is not None:
        return known
    limit = settings.NGUON_ARCHIVE_FILE_MB
    if (upload.size or 0) > limit * 1024 * 1024:
        raise ArchiveError(_("Tệp lớn hơn mức cho phép %(max)d MB.") % {"max": limit})
    try:
        room_for(upload.size or 0)
    except Stopped as error:
        raise ArchiveError(str(error)) from error
    found = sources.Found(raw, upload.size or 0)
    values: dict[str, Any] = {"raw": raw, "name": found.name, "folder": found.folder, "size": found.size}
    values |= _staged(batch, upload, raw) if sources.is_zip(found.name) else _sound(upload, found.name, now)
    return _add(batch, raw, values, now)


@transaction.atomic
def _add(batch: Batch, raw: bytes, values: dict[str, Any], now: datetime) -> Item:
    locked = Batch.objects.select_for_update().get(pk=batch.pk)
    if locked.state != State.COLLECTING:
        raise Moved(_("Đợt nhập này không nhận thêm tệp nữa."))
    told = locked.items.aggregate(last=Max("position"))
    position = (told["last"] or 0) + 1
    if position > MOST_FILES:
        raise ArchiveError(_("Mỗi đợt nhận nhiều nhất %(most)d tệp. Hãy mở đợt khác.") % {"most": MOST_FILES})
    values |= {"position": position, "updated_at": now}
    return Item.objects.get_or_create(batch=locked, key=rules.item_key(raw), defaults=values)[0]


def _staged(batch: Batch, upload: "Upload[Any]", raw: bytes) -> dict[str, Any]:
    name = f"archive/{batch.pk.hex}/{rules.item_key(raw)[:32]}.zip"
    default_storage.delete(name)
    return {"staged": default_storage.save(name, upload)}


def _sound(upload: "Upload[Any]", name: str, now: datetime) -> dict[str, Any]:
    """The values of the row of an uploaded file: kept if it is sound, or why it is not."""
    with tempfile.TemporaryDirectory(prefix="nguon-upload-") as folder:
        path = Path(folder, "given")
        with path.open("wb") as target:
            for chunk in upload.chunks():
                target.write(chunk)
        try:
            sound = audio.inspect(path, settings.NGUON_ARCHIVE_MINUTES)
        except AudioRefused as error:
            if name.rpartition(".")[2].lower() in SOUNDS:
                return {"state": Item.State.FAILED, "reason": str(error)[:400]}
            return {"state": Item.State.SKIPPED, "reason": _("Không phải tệp âm thanh.")}
        measures = {"duration_ms": round(sound.seconds * 1000)} if sound.seconds else {}
        return {"given": media.store_file(path=path, mime=sound.mime, now=now, **measures)}


@transaction.atomic
def begin(*, batch: Batch, actor: Person, now: datetime) -> None:
    """The files are all there: the work begins. Raises ArchiveError, Moved, Forbidden."""
    batch = _locked(batch, actor)
    if batch.state != State.COLLECTING:
        raise Moved(_("Đợt nhập này đã bắt đầu rồi."))
    if not batch.items.exists():
        raise ArchiveError(_("Chưa có tệp nào. Hãy chọn tệp rồi bấm Bắt đầu."))
    _go(batch, State.RUNNING, now)
    _record("archive.import", batch, actor, now)


@transaction.atomic
def pause(*, batch: Batch, actor: Person | str, now: datetime) -> None:
    """Stop after the file in hand. Raises Moved, Forbidden."""
    batch = _locked(batch, actor)
    if batch.state not in importing.GOING:
        raise Moved(_("Đợt nhập này không đang chạy."))
    _change(batch, State.PAUSED, now)
    _record("archive.pause", batch, actor, now)


@transaction.atomic
def resume(*, batch: Batch, actor: Person | str, now: datetime) -> Batch:
    """Go on where it stopped, also where whoever worked is gone. Raises Moved, Forbidden."""
    batch = _locked(batch, actor)
    if batch.state != State.PAUSED and not is_quiet(batch, now):
        raise Moved(_("Đợt nhập này không đang dừng."))
    batch.items.filter(state=Item.State.WORKING).update(state=Item.State.WAITING)  # left in hand by an older ticket
    _go(batch, State.RUNNING if batch.listed else State.LISTING, now, actor)
    _record("archive.resume", batch, actor, now)
    return batch


@transaction.atomic
def cancel(*, batch: Batch, actor: Person, now: datetime) -> None:
    """Stop for good. What is in the library stays. Raises Moved, Forbidden."""
    batch = _locked(batch, actor)
    if batch.state in (State.DONE, State.CANCELLED):
        raise Moved(_("Đợt nhập này đã kết thúc."))
    batch.finished_at = now
    batch.save(update_fields=["finished_at"])
    _change(batch, State.CANCELLED, now)
    for item in batch.items.exclude(staged=""):
        transaction.on_commit(partial(sources.forget, item))
    _record("archive.cancel", batch, actor, now)


def is_quiet(batch: Batch, now: datetime) -> bool:
    """Whether an import should be going on and nobody seems to work on it."""
    return batch.state in importing.GOING and (batch.beat_at is None or now - batch.beat_at > importing.QUIET)


def _new(
    place: Place, source: str, title: str, denoise: bool, actor: Person | str, now: datetime, **values: Any
) -> Batch:
    return Batch(
        place=place,
        source=source,
        title=clean(title)[:300] or _("Không tên"),
        denoise=denoise,
        state=State.COLLECTING,
        created_by=actor if isinstance(actor, Person) else None,
        created_at=now,
        updated_at=now,
        **values,
    )


def _go(batch: Batch, state: Batch.State, now: datetime, actor: Person | str | None = None) -> None:
    """Write a new ticket; the jobs service takes it up, unless whoever asked works on it in a terminal."""
    batch.run, batch.beat_at, batch.reason = ids.new(), now, ""
    batch.save(update_fields=["run", "beat_at", "reason"])
    _change(batch, state, now)
    if not isinstance(actor, str):
        importing.enqueue(batch.pk, batch.run)
    importing.watch(batch.pk, batch.run)


def _change(batch: Batch, state: Batch.State, now: datetime) -> None:
    batch.state, batch.updated_at = state, now
    batch.save(update_fields=["state", "updated_at"])


def _locked(batch: Batch, actor: Person | str) -> Batch:
    if isinstance(actor, Person):
        scope.require(actor, Right.WRITE, batch.place_id)
    return Batch.objects.select_for_update().get(pk=batch.pk)


def _record(verb: str, batch: Batch, actor: Person | str, now: datetime) -> None:
    named = f"archive.batch:{batch.pk.hex}"
    record(actor=actor, verb=verb, subject=named, now=now, place=batch.place_id, after={"title": batch.title})
