"""One file into the library: looked at, compared by content, levelled, described. Safe to repeat."""

import logging
import os
import shutil
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from nguon.archive import describe, rules, sound, sources, twins
from nguon.archive.describe import Description, Spot
from nguon.archive.errors import Stopped
from nguon.archive.models import Batch, Item, Pair, Recording
from nguon.archive.sound import Heard
from nguon.archive.sources import Broken, Skipped
from nguon.archive.twins import Twin
from nguon.media import actions as media
from nguon.media import audio, files
from nguon.media.errors import AudioRefused, MediaError
from nguon.media.ffmpeg import ToolFailed
from nguon.media.models import File
from nguon.media.models import State as Rendering

_ENDINGS = """
    mp3 mp2 mp1 mpa wav wave w64 rf64 aif aiff aifc flac ogg oga opus m4a m4b aac mp4 m4v mov 3gp amr wma wmv asf ape wv
    avi mpg mpeg dat vob ts flv mkv mka webm au snd caf ac3 rm ra voc gsm dss
"""
SOUNDS = frozenset(_ENDINGS.split())  # of names of sound: what has another ending and is no sound never was one
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Around:
    """What an import knows while it works: where it looks for copies, what places may be named, what day it is."""

    places: Collection[UUID]
    spots: Sequence[Spot]
    today: date


@dataclass(frozen=True)
class Ready:
    """A file that is levelled and described, ready to be kept."""

    described: Description
    heard: Heard
    original: File
    cleaned: File | None
    levelled: File
    near: Sequence[Twin]


def prepare(*, item: Item, batch: Batch, around: Around, now: datetime) -> Ready | Recording:
    """All that takes time; or the recording that is there already.

    Raises Broken or Skipped with words for the officer, Stopped where nothing more can be done, OSError.
    """
    with tempfile.TemporaryDirectory(prefix="nguon-intake-") as name:
        folder = Path(name)
        path = sources.local(item, batch, folder)
        limit = settings.NGUON_ARCHIVE_MINUTES
        seconds, mime = _look(path, item.name, limit)
        digest = files.sha256_of(path)
        if known := _known(around.places, original=digest):
            return known
        heard = _hear(path, item.name, seconds, limit)
        if known := _known(around.places, sound_hash=heard.sound_hash):
            return known
        room_for(path.stat().st_size)
        original = item.given or media.store_file(path=path, mime=mime, now=now, duration_ms=_ms(seconds))
        cleaned = _cleaned(path, folder, batch, seconds, now)
        levelled = _level(cleaned or original, now)
    near = twins.near(heard.data, around.places)
    folders = [part for part in item.folder.split("/") if part]
    described = describe.describe(folders, item.name, around.today, around.spots)
    return Ready(described, heard, original, cleaned, levelled, near)


def keep(*, ready: Ready, item: Item, batch: Batch, now: datetime) -> tuple[Recording, bool]:
    """The recording with its print and its likenesses, and whether it is new: another import may have been quicker.

    Part of the transaction that ends the file.
    """
    described = ready.described
    place = UUID(described.place.value) if described.place else batch.place_id
    known = {name: guess.value for name in ("programme", "category", "speaker") if (guess := getattr(described, name))}
    words = [described.title, *known.values(), item.folder, item.name]
    recording, new = Recording.objects.get_or_create(
        place_id=place,
        sound_hash=ready.heard.sound_hash,
        defaults={
            **known,
            "title": described.title,
            "recorded_on": described.dated.first if described.dated else None,
            "recorded_until": described.dated.last if described.dated else None,
            "exact": rules.exact(*words),
            "folded": rules.folded(*words),
            "guesses": described.guesses,
            "doubtful": described.doubtful,
            "name": item.name,
            "folder": item.folder,
            "original": ready.original,
            "cleaned": ready.cleaned,
            "file": ready.levelled,
            "duration_ms": ready.levelled.duration_ms or 0,
            "created_by_id": batch.created_by_id,
            "created_at": now,
            "updated_at": now,
        },
    )
    if new:
        twins.keep(recording.pk, ready.heard.data)
        Pair.objects.bulk_create([_pair(twin, recording, now) for twin in ready.near])
    return recording.merged_into or recording, new


def _hear(path: Path, name: str, seconds: float, limit: int) -> Heard:
    try:
        return sound.hear(path, seconds, limit)
    except ToolFailed as error:
        log.info("cannot be decoded: %s: %s", name, error)
        raise Broken(_("Không giải mã được: tệp hỏng hoặc bị cắt cụt.")) from error


def _look(path: Path, name: str, limit: int) -> tuple[float, str]:
    """Seconds (0 if it does not say) and kind. Raises Broken for a sound that is none, Skipped for what never was."""
    try:
        found = audio.inspect(path, limit)
    except AudioRefused as error:
        ending = os.path.splitext(name)[1].removeprefix(".").lower()
        if ending not in SOUNDS:
            raise Skipped(_("Không phải tệp âm thanh.")) from error
        raise Broken(str(error)) from error
    return found.seconds, found.mime


def _ms(seconds: float) -> int | None:
    return round(seconds * 1000) or None


def _known(places: Collection[UUID], **same: str) -> Recording | None:
    found = (
        Recording.objects.filter(place__in=places, **same).select_related("merged_into").order_by("created_at").first()
    )
    return (found.merged_into or found) if found else None


def room_for(size: int) -> None:
    """Nothing, if the disk has room for so many bytes and leaves the server its reserve. Raises Stopped."""
    folder = Path(settings.MEDIA_ROOT)
    while not folder.exists():
        folder = folder.parent
    if shutil.disk_usage(folder).free < size * 2 + settings.NGUON_ARCHIVE_RESERVE_MB * 1024 * 1024:
        raise Stopped(_("Ổ đĩa của máy chủ sắp đầy nên dừng lại. Hãy báo quản trị thêm chỗ rồi bấm Tiếp tục."))


def _cleaned(path: Path, folder: Path, batch: Batch, seconds: float, now: datetime) -> File | None:
    """The sound with less noise, where the import asks for it and there is noise to take."""
    if not batch.denoise:
        return None
    out = folder / "clean.flac"
    try:
        if not sound.clean(path, out, seconds, settings.NGUON_ARCHIVE_MINUTES):
            return None
    except ToolFailed as error:
        log.warning("noise stays: %s", error)
        return None
    return media.store_file(path=out, mime=sound.FLAC, now=now, duration_ms=_ms(seconds))


def _level(source: File, now: datetime) -> File:
    """The sound at the loudness of loudspeakers, by the chain of every sound. Raises Broken."""
    try:
        rendition = media.level_now(original=source, max_minutes=settings.NGUON_ARCHIVE_MINUTES, now=now)
    except MediaError as error:
        raise Broken(str(error)) from error
    if rendition.state != Rendering.READY or rendition.file is None:
        raise Broken(rendition.error or _("Không chỉnh được âm lượng của tệp này."))
    return rendition.file


def _pair(twin: Twin, recording: Recording, now: datetime) -> Pair:
    return Pair(
        first_id=twin.recording,
        second=recording,
        kind=Pair.Kind.SAME if twin.alike.same else Pair.Kind.PART,
        share=twin.alike.share,
        offset_ms=twin.alike.offset_ms,
        created_at=now,
    )
