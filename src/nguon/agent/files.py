"""Writing so that a loss of power leaves the old file or the new one, never a torn one; and being alone in a folder."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path


def write_whole(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Put `data` at `path`: a temporary file beside it, flushed to the disk, then renamed. Raises OSError."""
    temporary = path.with_name(path.name + ".new")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    settle(temporary, path)


def settle(temporary: Path, path: Path) -> None:
    """Rename a flushed file to its name, and flush the name too. Raises OSError."""
    temporary.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextlib.contextmanager
def alone(home: Path, what: str) -> Iterator[None]:
    """Be the only one in this folder, on this machine. `what` it is that is alone: "agent". Raises OSError."""
    folder = os.open(home, os.O_RDONLY)  # the folder itself: it needs no writing
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OSError(f"another {what} is running in {home}") from None
        yield
    finally:
        os.close(folder)
