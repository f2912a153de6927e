"""A piece of the server's disk kept for alerts, and given free when nothing else is left: then one can still go out.

A disk that is full is the usual end of a server nobody looks at, and the hour of a flood is no time to make room.
"""

import logging
import os
import shutil
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import OperationalError

from nguon.alerts.errors import Full

P = ParamSpec("P")
R = TypeVar("R")
log = logging.getLogger(__name__)
MEGABYTE = 1 << 20
FULL = 4 * MEGABYTE  # free bytes with which a failure to write is the disk's
AMPLE = 3  # times its size must be free before it is taken


def _path() -> Path:
    return Path(settings.DATA) / "alert.reserve"


def _free() -> int:
    return shutil.disk_usage(settings.DATA).free


def keep() -> bool:
    """Take the piece, if there is none and room enough. Whether there is one now. Raises OSError."""
    size, path = settings.NGUON_ALERT_DISK_MB * MEGABYTE, _path()
    if not size or path.exists() or _free() < AMPLE * size:
        return path.exists()
    fresh = path.with_suffix(".new")
    with fresh.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, size)  # really there, not a hole
    fresh.replace(path)
    return True


def give() -> bool:
    """Give it free, if the disk is full. Whether that was done."""
    if _free() >= FULL:
        return False
    try:
        _path().unlink()
    except FileNotFoundError:
        return False
    log.error("the disk is full: the piece kept for alerts is given free; make room, and it is taken again")
    return True


def backed(verb: Callable[P, R]) -> Callable[P, R]:
    """A verb of one transaction that is done again with the piece, if the disk was full. Raises Full without one."""

    @wraps(verb)
    def done(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return verb(*args, **kwargs)
        except (OperationalError, OSError) as error:
            if give():
                return verb(*args, **kwargs)
            if _free() < FULL:
                raise Full from error
            raise

    return done
