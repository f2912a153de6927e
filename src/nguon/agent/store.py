"""The disk of a device: its state, and the sounds it holds. Made for power that goes away at any moment."""

import contextlib
import errno
import fcntl
import logging
import os
import shutil
import time
from collections.abc import Iterator
from hashlib import file_digest, sha256
from pathlib import Path

import msgspec

from nguon.agent.files import settle, write_whole
from nguon.agent.state import State
from nguon.wire.messages import Content

log = logging.getLogger(__name__)
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO})  # or it takes nothing any more
BAD_STATES = 3  # kept for whoever wants to know
CACHE_BYTES = 2_000_000_000
RESERVE_BYTES = 20_000_000  # left free for the state, recordings and the system


class NoRoom(Exception):
    """The disk, or the share of it given to sounds, is full of what is still needed."""


class Store:
    """Everything below `home`. Raises OSError if the folders cannot be made."""

    def __init__(self, home: Path, cache_bytes: int = CACHE_BYTES) -> None:
        self.home = home
        self.cache_bytes = cache_bytes
        self.contents = home / "content"
        self.recordings = home / "recordings"
        self._state = home / "state"
        for folder in (self.contents, self.recordings):
            folder.mkdir(parents=True, exist_ok=True)

    def load(self) -> State | None:
        """The saved state; None if there is none. A torn, foreign or unreadable one is set aside, and said."""
        try:
            digest, _, body = self._state.read_bytes().partition(b"\n")
            if digest.decode() != sha256(body).hexdigest():
                raise ValueError("it is not what was written")
            return msgspec.json.decode(body, type=State)
        except FileNotFoundError:
            return None
        except (ValueError, OSError) as error:
            log.warning("the saved state cannot be read (%s): set aside, starting without it", error)
            self._set_aside()
            return None

    def _set_aside(self) -> None:
        with contextlib.suppress(OSError):  # a card that takes nothing must not keep the device from starting
            self._state.replace(self._state.with_name(f"state.bad-{time.time_ns()}"))
            for path in sorted(self.home.glob("state.bad-*"))[:-BAD_STATES]:
                path.unlink()

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Be the only agent in this home, on this machine: two would play everything twice. Raises OSError."""
        folder = os.open(self.home, os.O_RDONLY)  # the folder itself: it needs no writing
        try:
            try:
                fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise OSError(f"another agent is running in {self.home}") from None
            yield
        finally:
            os.close(folder)

    def save(self, state: State) -> None:
        """Put the state on disk: after a loss of power either this one or the one before is found. Raises OSError."""
        body = msgspec.json.encode(state)
        write_whole(self._state, sha256(body).hexdigest().encode() + b"\n" + body, 0o600)

    def path(self, digest: str) -> Path:
        """Where the content of this hash is, or will be."""
        return self.contents / digest

    def part(self, digest: str) -> Path:
        """Where the content of this hash is gathered until it is whole."""
        return self.contents / f"{digest}.part"

    def holds(self, content: Content) -> bool:
        """Whether the content is here and, read again, is the one meant. A damaged one is thrown away."""
        path = self.path(content.sha256)
        try:
            if path.stat().st_size == content.size and digest_of(path) == content.sha256:
                with contextlib.suppress(OSError):  # a card that takes nothing any more may still give
                    os.utime(path)
                return True
        except FileNotFoundError:
            return False
        except OSError as error:
            log.warning("content %s cannot be read: %s", content.sha256, error)
        log.warning("content %s was damaged on disk and is fetched again", content.sha256)
        path.unlink()
        return False

    def accept(self, content: Content) -> bool:
        """If the gathered part is the content meant, give it its name. Otherwise throw it away. Raises OSError."""
        part = self.part(content.sha256)
        if part.stat().st_size != content.size or digest_of(part) != content.sha256:
            part.unlink()
            return False
        with part.open("rb") as file:
            os.fsync(file.fileno())
        settle(part, self.path(content.sha256))
        return True

    def make_room(self, content: Content, keep: frozenset[str]) -> None:
        """Delete the longest unused contents until this one fits; those in `keep` stay. Raises NoRoom, OSError."""
        old = sorted(self.contents.iterdir(), key=lambda path: path.stat().st_mtime)
        total = sum(path.stat().st_size for path in old if path.name != self.part(content.sha256).name)
        for path in old:
            if self._fits(total, content.size):
                return
            if path.name.removesuffix(".part") not in keep | {content.sha256}:
                total -= path.stat().st_size
                path.unlink()
        if not self._fits(total, content.size):
            raise NoRoom(f"{content.size} bytes do not fit")

    def _fits(self, total: int, size: int) -> bool:
        return total + size <= self.cache_bytes and shutil.disk_usage(self.home).free >= size + RESERVE_BYTES

    def recording(self, broadcast: str) -> Path:
        """Where the recorder keeps what it played of this broadcast."""
        return self.recordings / f"{broadcast}.mp3"

    def keep_recordings(self, most: int, keep: frozenset[str]) -> None:
        """Delete the oldest recordings beyond `most`; those of the broadcasts in `keep` stay."""
        old = sorted(self.recordings.glob("*.mp3"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in old[most:]:
            if path.stem not in keep:
                path.unlink()


def digest_of(path: Path) -> str:
    """SHA-256 of a file, hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
