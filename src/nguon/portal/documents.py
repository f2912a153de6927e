"""Files of papers: what they are is read from their bytes, not from their name. Nothing that runs is taken in."""

import io
import zipfile
import zlib
from datetime import datetime
from typing import Any

from django.core.files.base import File as Upload
from django.utils.translation import gettext as _

from nguon.kit.text import clean
from nguon.media.files import keep_bytes
from nguon.media.models import File
from nguon.portal.errors import PortalError

MOST_MB = 30
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
PDF = "application/pdf"
ENDINGS = {
    PDF: "pdf",
    f"{_OFFICE}wordprocessingml.document": "docx",
    f"{_OFFICE}spreadsheetml.sheet": "xlsx",
    f"{_OFFICE}presentationml.presentation": "pptx",
    f"{_OPEN}text": "odt",
    f"{_OPEN}spreadsheet": "ods",
    f"{_OPEN}presentation": "odp",
}
_PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
_BY_ENDING = {ending: mime for mime, ending in ENDINGS.items()}
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ACCEPT = ",".join(f".{ending}" for ending in ENDINGS.values())


def take_in(*, upload: "Upload[Any]", now: datetime) -> tuple[File, str]:
    """Keep an uploaded document: its file, and a name for it with the right ending. Raises PortalError."""
    data, mime = _read(upload)
    return keep_bytes(data, mime, now, {}), name_of(upload.name or "", mime)


def judge(upload: "Upload[Any]") -> None:
    """Nothing, if it would be kept. Raises PortalError."""
    _read(upload)
    upload.seek(0)


def _read(upload: "Upload[Any]") -> tuple[bytes, str]:
    if (upload.size or 0) > MOST_MB * 1024 * 1024:
        raise PortalError(_("Tệp nặng quá %d MB. Hãy lưu lại dạng PDF gọn hơn, hoặc chia thành nhiều tệp.") % MOST_MB)
    data: bytes = upload.read()
    return data, kind_of(data)


def kind_of(data: bytes) -> str:
    """The media type of a document by its bytes. Raises PortalError with what to do for anything else."""
    if not data:
        raise PortalError(_("Tệp trống, không có gì bên trong. Hãy chọn lại tệp."))
    if data.startswith(_OLD):
        raise PortalError(
            _("Tệp Word, Excel kiểu cũ hoặc có đặt mật khẩu chưa dùng được. Hãy lưu lại dạng PDF, DOCX hoặc XLSX.")
        )
    if b"%PDF-" in data[:1024]:
        return PDF
    if data.startswith(b"PK"):
        return _of_zip(data)
    raise PortalError(_("Không nhận ra tệp này. Hãy dùng PDF, DOCX, XLSX, PPTX, ODT, ODS hoặc ODP."))


def name_of(given: str, mime: str) -> str:
    """The name under which it is fetched: the given one, on one line, with the ending of what it is."""
    plain = clean(given.replace("\\", "/").rpartition("/")[2].replace("\n", " "))
    stem = plain.rpartition(".")[0] or plain or "van-ban"
    return f"{stem[:180]}.{ENDINGS[mime]}"


def _of_zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = set(packed.namelist())
            said = _said(packed) if "mimetype" in names else ""
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError, ValueError) as error:
        raise PortalError(_("Tệp bị hỏng hoặc có đặt mật khẩu. Hãy mở ra, lưu lại rồi chọn lại.")) from error
    if any(name.lower().endswith(("vbaproject.bin", "script-lc.xml")) for name in names):
        raise PortalError(_("Tệp có chứa lệnh tự chạy (macro). Hãy lưu lại dạng PDF, DOCX hoặc XLSX thường."))
    mime = said if said in ENDINGS else _BY_ENDING.get(next((_PARTS[name] for name in sorted(names & set(_PARTS))), ""))
    if not mime:
        raise PortalError(_("Không nhận tệp nén. Hãy giải nén rồi đưa từng văn bản: PDF, DOCX, XLSX hoặc ODT."))
    return mime


def _said(packed: zipfile.ZipFile) -> str:
    with packed.open("mimetype") as entry:
        return entry.read(200).decode("ascii", "replace").strip()
