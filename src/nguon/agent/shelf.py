"""A folder of files known by their hashes: gathered in parts, checked, and thrown away when there is no room."""

import contextlib
import logging
import os
import shutil
from collections.abc import Mapping
from hashlib import file_digest
from pathlib import Path

from nguon.agent.files import settle
from nguon.wire.messages import Document

log = logging.getLogger(__name__)
RESERVE_BYTES = 20_000_000  # left free for the state, recordings and the system
PART = ".part"


class NoRoom(Exception):
    """The disk, or the share of it given to these files, is full of what is needed sooner."""


class Shelf:
    """The files in `folder`, `cache_bytes` of them at most. Raises OSError if the folder cannot be made."""

    def __init__(self, folder: Path, cache_bytes: int) -> None:
        self.folder = folder
        self.cache_bytes = cache_bytes
        folder.mkdir(parents=True, exist_ok=True)

    def path(self, digest: str) -> Path:
        """Where the file of this hash is, or will be."""
        return self.folder / digest

    def part(self, digest: str) -> Path:
        """Where the file of this hash is gathered until it is whole."""
        return self.folder / f"{digest}{PART}"

    def holds(self, wanted: Document) -> bool:
        """Whether the file is here and, read again, is the one meant. A damaged one is thrown away. Raises OSError."""
        path = self.path(wanted.sha256)
        try:
            if path.stat().st_size == wanted.size and digest_of(path) == wanted.sha256:
                with contextlib.suppress(OSError):  # a card that takes nothing any more may still give
                    os.utime(path)
                return True
        except FileNotFoundError:
            return False
        except OSError as error:
            log.warning("content %s cannot be read: %s", wanted.sha256, error)
        log.warning("content %s was damaged on disk and is fetched again", wanted.sha256)
        path.unlink()
        return False

    def accept(self, wanted: Document) -> bool:
        """If the gathered part is the file meant, give it its name. Otherwise throw it away. Raises OSError."""
        part = self.part(wanted.sha256)
        if part.stat().st_size != wanted.size or digest_of(part) != wanted.sha256:
            part.unlink()
            return False
        with part.open("rb") as file:
            os.fsync(file.fileno())
        settle(part, self.path(wanted.sha256))
        return True

    def make_room(self, wanted: Document, keep: Mapping[str, int]) -> frozenset[str]:
        """Delete files until this one fits: the longest unused; then what is needed later than it, the last first.

        `keep` says from when (ms) files are needed. Returns those needed that went, by hash. Raises NoRoom, OSError.
        """
        digest = wanted.sha256
        found = {path: path.stat() for path in self.folder.iterdir() if path.name != self.part(digest).name}
        total = sum(stat.st_size for stat in found.values())
        names = {path: path.name.removesuffix(PART) for path in found}
        useless = sorted((p for p in found if names[p] not in keep), key=lambda path: found[path].st_mtime)
        since = keep.get(digest, 0)
        later = sorted((p for p in found if keep.get(names[p], 0) > since), key=lambda p: -keep[names[p]])
        went = set()
        could_go = sum(found[path].st_size for path in {*useless, *later} if names[path] != digest)
        if not self._fits(total, wanted.size, could_go):  # so that nothing goes in vain
            raise NoRoom(f"{wanted.size} bytes do not fit")
        for path in [*useless, *later]:
            if self._fits(total, wanted.size):
                break
            if names[path] != digest:
                total -= found[path].st_size
                path.unlink()
                went.add(names[path])
        if not self._fits(total, wanted.size):
            raise NoRoom(f"{wanted.size} bytes do not fit")
        return frozenset(went & keep.keys())

    def _fits(self, total: int, size: int, without: int = 0) -> bool:
        """Whether so many bytes find room, if so many others went."""
        free = shutil.disk_usage(self.folder).free + without
        return total - without + size <= self.cache_bytes and free >= size + RESERVE_BYTES


def digest_of(path: Path) -> str:
    """SHA-256 of a file, hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
