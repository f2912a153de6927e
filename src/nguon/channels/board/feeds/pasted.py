"""What is pasted from a spreadsheet, or stands in a CSV file: bytes → text → cells. Pure."""

import csv
import io
from enum import StrEnum

from nguon.kit.text import line, nfc

MOST = 512 * 1024  # bytes of a file
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


class Unread(StrEnum):
    """Why a file is not read."""

    SPREADSHEET = "spreadsheet"  # a workbook itself
    LARGE = "large"
    LETTERS = "letters"  # in no writing that is known
    EMPTY = "empty"


class CannotRead(ValueError):
    """It is not read, and why."""

    def __init__(self, why: Unread) -> None:
        super().__init__(why.value)
        self.why = why


def text_of(data: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 or Windows-1258. Raises CannotRead."""
    if len(data) > MOST:
        raise CannotRead(Unread.LARGE)
    if data.startswith((_ZIP, _OLE)):
        raise CannotRead(Unread.SPREADSHEET)
    if not data.strip():
        raise CannotRead(Unread.EMPTY)
    for coding in _codings(data):
        try:
            text = nfc(data.decode(coding))
        except UnicodeError:
            continue
        if "\x00" not in text and "\ufffd" not in text:
            return text.lstrip("\ufeff")
    raise CannotRead(Unread.LETTERS)


def _codings(data: bytes) -> tuple[str, ...]:
    """How it may be written, the surest first. Without a mark, UTF-16 is known by the zeros beside Latin letters."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    head = data[:400]
    if b"\x00" in head:
        return ("utf-16-le",) if head[1::2].count(0) >= head[0::2].count(0) else ("utf-16-be",)
    return ("utf-8-sig", "cp1258")


def cells_of(text: str) -> list[list[str]]:
    """The rows of a text, by tabs as a spreadsheet gives them, else by the mark of its first line; no empty ones."""
    first = next((one for one in text.split("\n") if one.strip()), "")
    mark = max("\t;,", key=lambda one: (first.count(one), one == ",")) if "\t" not in first else "\t"
    rows = csv.reader(io.StringIO(text), delimiter=mark)
    try:
        found = [[line(cell) for cell in row] for row in rows]
    except csv.Error as error:
        raise CannotRead(Unread.LETTERS) from error
    return [row for row in found if any(row)]


def squared(rows: list[list[str]]) -> list[list[str]]:
    """The rows, equally wide, without columns in which nothing stands."""
    wide = max(map(len, rows), default=0)
    full = [[*row, *[""] * (wide - len(row))] for row in rows]
    kept = [at for at in range(wide) if any(row[at] for row in full)]
    return [[row[at] for at in kept] for row in full]
