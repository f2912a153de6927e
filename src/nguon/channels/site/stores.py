"""Where the files of a copied site go: a folder, or a ZIP. Each is written piece by piece, none is held whole."""

import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from nguon.kit.clock import LOCAL

PACKED = (".html", ".css", ".js", ".json", ".xml", ".rss", ".atom", ".ics", ".txt", ".svg", ".csv")  # grow smaller


class Store(Protocol):
    """What takes files by their name, a path with `/` and without `..`."""

    def write(self, name: str, parts: Iterable[bytes]) -> None:
        """Keep one file. Raises OSError."""


class Folder:
    """A folder of this machine."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, name: str, parts: Iterable[bytes]) -> None:
        """Keep one file."""
        path = self._path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.writelines(parts)


class Zip:
    """A ZIP that is being written. What is small already (sounds, pictures, documents) is stored as it is."""

    def __init__(self, archive: zipfile.ZipFile, now: datetime) -> None:
        self._archive, self._moment = archive, now.astimezone(LOCAL)

    def write(self, name: str, parts: Iterable[bytes]) -> None:
        """Keep one file."""
        at = self._moment
        entry = zipfile.ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second))
        entry.compress_type = zipfile.ZIP_DEFLATED if name.endswith(PACKED) else zipfile.ZIP_STORED
        entry.external_attr = 0o644 << 16
        with self._archive.open(entry, "w", force_zip64=True) as file:
            for part in parts:
                file.write(part)


@contextmanager
def zipped(path: Path, now: datetime) -> Iterator[Zip]:
    """A new ZIP at a path, whole when this ends."""
    with zipfile.ZipFile(path, "w") as archive:
        yield Zip(archive, now)
