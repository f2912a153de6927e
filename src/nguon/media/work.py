"""Folders for what lies between two steps: on the disk of the data, as an hour of sound is half a gigabyte of PCM.

What a killed worker left behind is swept away by whoever comes after it.
"""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

ABANDONED = 3 * 3600  # seconds without a change: longer than any work may take (config.jobs.LONGEST)


@contextmanager
def folder() -> Iterator[Path]:
    """An empty folder of one's own, gone afterwards."""
    place = Path(settings.DATA, "work")
    place.mkdir(parents=True, exist_ok=True)
    sweep(place)
    with tempfile.TemporaryDirectory(dir=place, ignore_cleanup_errors=True) as name:
        yield Path(name)


def sweep(place: Path) -> None:
    """Take away the folders that nobody has changed for hours."""
    oldest = time.time() - ABANDONED
    for left in place.iterdir():
        try:
            touched = max(one.stat().st_mtime for one in (left, *left.iterdir()))
        except (FileNotFoundError, NotADirectoryError):  # somebody else was quicker; or it is none of ours
            continue
        if touched < oldest:
            shutil.rmtree(left, ignore_errors=True)
