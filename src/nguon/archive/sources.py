"""Where the files of an import lie: a folder on this machine, a zip, or what was uploaded. Names are bytes, as disks
have them; nothing is ever followed out of the folder or unpacked by its name."""

import os
import re
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from nguon.archive import rules
from nguon.archive.errors import Stopped
from nguon.archive.models import Batch, Item
from nguon.media import files

JUNK = re.compile(rb"^(?:thumbs\.db|desktop\.ini|\.ds_store|\._.*|~\$.*)$", re.IGNORECASE)
ZIP_RATIO, ZIP_LEAST = 25, 200 * 1024 * 1024  # a zip may hold so many times its size; any may hold so many bytes
MOST_MEMBERS = 20_000
_CHUNK = 1 << 20


class Broken(Exception):
    """A file that cannot be had; the text is for the officer."""


class Skipped(Exception):
    """A file that is none to be had; the text is for the officer."""


@dataclass(frozen=True)
class Found:
    """One file that lies there. `reason`: why it is not taken, in words for the officer; empty if it is."""

    raw: bytes
    size: int
    reason: str = ""

    @property
    def folder(self) -> str:
        """The folders, for people."""
        return rules.shown_name(os.path.dirname(self.raw))[:1000]

    @property
    def name(self) -> str:
        """The name, for people."""
        return rules.shown_name(os.path.basename(self.raw))[:400]


def walk(base: bytes) -> Iterator[Found]:
    """Everything in a folder and below, in the order a person would list it. Links are named and not followed.

    Raises Stopped if the folder itself cannot be read.
    """
    try:
        os.listdir(base)
    except OSError as error:
        raise Stopped(_no_folder(error)) from error
    denied: list[Found] = []

    def refuse(error: OSError) -> None:
        raw = os.path.relpath(os.fsencode(error.filename), base)
        denied.append(Found(raw, 0, _("Không mở được thư mục này: không có quyền đọc.")))

    for folder, below, names in os.walk(base, onerror=refuse):
        below.sort(key=_natural)
        inside = os.path.relpath(folder, base)
        here = b"" if inside == b"." else inside
        for name in [*below]:
            if os.path.islink(os.path.join(folder, name)):
                yield Found(os.path.join(here, name), 0, _("Lối tắt tới chỗ khác, không đi theo."))
        for name in sorted(names, key=_natural):
            if not JUNK.match(name):
                yield _look(os.path.join(folder, name), os.path.join(here, name))
    yield from denied


def _look(path: bytes, raw: bytes) -> Found:
    try:
        told = os.lstat(path)
    except OSError:
        return Found(raw, 0, _("Không đọc được tệp này."))
    if stat.S_ISLNK(told.st_mode):
        return Found(raw, 0, _("Lối tắt tới chỗ khác, không đi theo."))
    if not stat.S_ISREG(told.st_mode):
        return Found(raw, 0, _("Không phải tệp thường."))
    return Found(raw, told.st_size)


def _natural(name: bytes) -> list[tuple[int, int, bytes]]:
    """`2.mp3` before `10.mp3`."""
    pieces = re.findall(rb"\d+|\D+", name.lower())
    return [(0, int(piece), b"") if piece.isdigit() else (1, 0, piece) for piece in pieces]


def local(item: Item, batch: Batch, folder: Path) -> Path:
    """The bytes of a file on this machine's disk: where they lie, or a copy in `folder`.

    Raises Broken, Stopped, OSError (no space left).
    """
    if item.given is not None:
        return files.copy_out(item.given, folder / "given")
    if item.container is not None:
        return _extract(item, batch, folder / "member")
    return _in_folder(bytes(batch.path), bytes(item.raw), bytes(batch.within))


def _in_folder(base: bytes, raw: bytes, within: bytes) -> Path:
    if not os.path.isdir(base):
        raise Stopped(_no_folder(None))
    path = os.path.join(base, raw)
    try:
        regular = stat.S_ISREG(os.lstat(path).st_mode)
        inside = not within or os.path.realpath(path).startswith(os.path.realpath(within) + b"/")
        with open(path, "rb") as handle:
            handle.read(1)
    except FileNotFoundError as error:
        raise Broken(_("Tệp không còn ở đó nữa.")) from error
    except PermissionError as error:
        raise Broken(_("Máy chủ không có quyền đọc tệp này.")) from error
    except OSError as error:
        raise Broken(_("Đĩa báo lỗi khi đọc tệp này.")) from error
    if not (regular and inside):
        raise Broken(_("Tệp đã bị thay bằng lối tắt tới chỗ khác, không đọc."))
    return Path(os.fsdecode(path))


def is_zip(name: str) -> bool:
    """Whether a file is to be opened and its members taken."""
    return name.lower().endswith(".zip")


def members(item: Item, batch: Batch) -> Iterator[Found]:
    """What lies in a zip. Raises Broken for one that is none, or that would unpack to far more than it is."""
    with opened(item, batch) as archive:
        listed = [info for info in archive.infolist() if not info.is_dir()]
        size = sum(info.compress_size for info in listed)
        if len(listed) > MOST_MEMBERS:
            raise Broken(_("Tệp nén có hơn %(most)d tệp bên trong.") % {"most": MOST_MEMBERS})
        if sum(info.file_size for info in listed) > max(ZIP_LEAST, ZIP_RATIO * size):
            raise Broken(_("Tệp nén bung ra lớn bất thường, không mở."))
        for info in listed:
            raw = _raw(info)
            if JUNK.match(os.path.basename(raw)) or raw.startswith(b"__MACOSX/"):
                continue
            locked = _("Tệp nén có mật khẩu. Hãy giải nén rồi nhập lại.") if info.flag_bits & 1 else ""
            yield Found(raw, info.file_size, locked)


def _raw(info: zipfile.ZipInfo) -> bytes:
    """The name as the zip has it: UTF-8 where it says so, else the bytes that were taken for code page 437."""
    return info.filename.encode("utf-8" if info.flag_bits & 0x800 else "cp437", "replace")


@contextmanager
def opened(item: Item, batch: Batch) -> Iterator[zipfile.ZipFile]:
    """The zip of an item. Raises Broken for what is none."""
    handle: IO[Any] = (
        default_storage.open(item.staged)
        if item.staged
        else _in_folder(bytes(batch.path), bytes(item.raw), bytes(batch.within)).open("rb")
    )
    with handle:
        try:
            archive = zipfile.ZipFile(handle)
        except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
            raise Broken(_("Tệp nén đã hỏng hoặc không phải tệp ZIP.")) from error
        with archive:
            yield archive


def _extract(item: Item, batch: Batch, out: Path) -> Path:
    """One member into a file, never more bytes than it declares."""
    assert item.container is not None
    most = settings.NGUON_ARCHIVE_FILE_MB * 1024 * 1024
    with opened(item.container, batch) as archive:
        info = next((info for info in archive.infolist() if _raw(info) == bytes(item.raw)), None)
        if info is None:
            raise Broken(_("Tệp không còn trong tệp nén nữa."))
        if info.file_size > most:
            raise Broken(_("Tệp lớn hơn mức cho phép %(max)d MB.") % {"max": settings.NGUON_ARCHIVE_FILE_MB})
        try:
            with archive.open(info) as source, out.open("wb") as target:
                left = info.file_size
                while left >= 0 and (data := source.read(_CHUNK)):
                    left -= len(data)
                    target.write(data)
        except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
            raise Broken(_("Tệp này trong tệp nén đã hỏng.")) from error
        if left != 0:
            raise Broken(_("Tệp này trong tệp nén đã hỏng."))
    return out


def forget(item: Item) -> None:
    """Take an uploaded zip from the storage, once its members were taken."""
    if item.staged:
        default_storage.delete(item.staged)


def _no_folder(error: OSError | None) -> str:
    if isinstance(error, PermissionError):
        return _("Máy chủ không có quyền đọc thư mục này.")
    return _("Không thấy thư mục nữa: có thể ổ đĩa đã rút. Cắm lại rồi bấm Tiếp tục.")
