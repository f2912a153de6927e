"""Files by the hash of their bytes, in Django's default storage: the same bytes are kept once, and never changed."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.base import File as Handle
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import ForeignObjectRel

from nguon.media.models import File

ENDINGS = {"audio/mpeg": "mp3", "audio/wav": "wav", "audio/ogg": "ogg", "audio/mp4": "m4a", "audio/webm": "webm"}
ENDINGS |= {"audio/flac": "flac", "image/webp": "webp", "video/mp4": "mp4"}
_CHUNK = 1 << 20


def sha256_of(path: Path) -> str:
    """The hash of a file, read piece by piece."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def keep_file(path: Path, mime: str, now: datetime, measures: dict[str, Any]) -> File:
    """Keep a file on disk."""
    with path.open("rb") as handle:
        return _keep(Handle(handle), sha256_of(path), path.stat().st_size, mime, now, measures)


def keep_bytes(data: bytes, mime: str, now: datetime, measures: dict[str, Any]) -> File:
    """Keep bytes in memory."""
    return _keep(ContentFile(data), hashlib.sha256(data).hexdigest(), len(data), mime, now, measures)


def _keep(content: Any, sha256: str, size: int, mime: str, now: datetime, measures: dict[str, Any]) -> File:
    """The bytes first, the row after them: a row always has its bytes. Repeated, it repairs what is missing."""
    known = File.objects.filter(sha256=sha256).first()
    if known and _is_whole(known.path, size):
        return known
    name = known.path if known else f"{sha256[:2]}/{sha256}.{ENDINGS.get(mime, 'bin')}"
    if not _is_whole(name, size):
        default_storage.delete(name)  # what a killed process left half written
        written = default_storage.save(name, content)
        if written != name and not known:
            name = written  # somebody wrote the same bytes meanwhile
    values = {"size": size, "mime": mime, "path": name, "created_at": now, **measures}
    with transaction.atomic():
        file, _new = File.objects.get_or_create(sha256=sha256, defaults=values)
    if file.path != name:
        default_storage.delete(name)
    return file


def _is_whole(name: str, size: int) -> bool:
    return default_storage.exists(name) and default_storage.size(name) == size


def copy_out(file: File, path: Path) -> Path:
    """The bytes of a kept file as a file on this machine's disk, for programs that need one."""
    with default_storage.open(file.path) as source, path.open("wb") as target:
        while data := source.read(_CHUNK):
            target.write(data)
    return path


def forget(sha256: str) -> bool:
    """Delete a file, row and bytes, unless anything else holds it; whether it was. In the caller's transaction."""
    file = File.objects.select_for_update().filter(sha256=sha256).first()
    if file is None or _held(file):
        return False
    name = file.path
    file.delete()
    transaction.on_commit(lambda: default_storage.delete(name))
    return True


def _held(file: File) -> bool:
    """Whether a row of any table refers to a file."""
    relations = (one for one in File._meta.get_fields(include_hidden=True) if isinstance(one, ForeignObjectRel))
    return any(one.field.model._base_manager.filter(**{one.field.name: file}).exists() for one in relations)
