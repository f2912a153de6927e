"""Sounds onto the disk; and an alert whose disk has no room, or takes nothing any more, into memory.

A card that is full or worn out is the usual end of a box on a pole. It must not be silent for that.
"""

import hashlib
import logging
import os
import shutil
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from nguon.agent.events import Event, Fetched, FetchFailed
from nguon.agent.fetch import Fetcher
from nguon.agent.identity import Identity
from nguon.agent.shelf import Shelf
from nguon.agent.store import Store
from nguon.wire.messages import Document, Reason

log = logging.getLogger(__name__)
MEMORY = Path("/dev/shm")  # a disk that Linux keeps in memory
MEMORY_BYTES = 32_000_000  # a few alerts


class Spare:
    """The fetches of one device, as `Fetcher`; `is_urgent` says which contents may be kept in memory."""

    def __init__(
        self,
        store: Store,
        identity: Identity,
        tell: Callable[[Event], None],
        keep: Callable[[], Mapping[str, int]],
        now: Callable[[], int],
        *,
        is_urgent: Callable[[str], bool],
        count: Callable[[int], None],
        memory: Path = MEMORY,
    ) -> None:
        self._store, self._tell, self._is_urgent = store, tell, is_urgent
        self._asked: dict[str, tuple[Document, int]] = {}
        self._folder = memory / f"nguon-{hashlib.sha256(bytes(store.home.resolve())).hexdigest()[:16]}"
        self._fetcher = partial(Fetcher, identity=identity, keep=keep, now=now, count=count)
        self._disk = self._fetcher(store, tell=self._told)
        self._memory: Fetcher | None = None
        shutil.rmtree(self._folder, ignore_errors=True)  # of a life that ended without a farewell

    def path(self, digest: str) -> Path:
        """Where this sound is to be played from."""
        on_disk = self._store.path(digest)
        return on_disk if on_disk.exists() else self._folder / digest

    def fetch(self, content: Document, until: int) -> None:
        """As `Fetcher.fetch`."""
        self._asked[content.sha256] = (content, until)
        self._disk.fetch(content, until)

    def look(self, files: tuple[Document, ...]) -> None:
        """As `Fetcher.look`: only what is on disk counts."""
        self._disk.look(files)

    def _told(self, event: Event) -> None:
        """What became of a fetch onto the disk."""
        memory = self._in_memory() if self._is_for_memory(event) else None
        if memory is None or not isinstance(event, FetchFailed):
            self._told_of_memory(event)
            return
        log.warning("no room on disk (%s): %s is kept in memory", event.detail, event.sha256[:12])
        memory.fetch(*self._asked[event.sha256])

    def _is_for_memory(self, event: Event) -> bool:
        return isinstance(event, FetchFailed) and event.reason is Reason.DISK and self._is_urgent(event.sha256)

    def _told_of_memory(self, event: Event) -> None:
        if isinstance(event, Fetched | FetchFailed):
            self._asked.pop(event.sha256, None)
        self._tell(event)

    def _in_memory(self) -> Fetcher | None:
        if self._memory is None and os.access(self._folder.parent, os.W_OK):
            self._memory = self._fetcher(Shelf(self._folder, MEMORY_BYTES), tell=self._told_of_memory)
        return self._memory

    async def close(self) -> None:
        """As `Fetcher.close`; what is in memory is given up."""
        for fetcher in (self._disk, self._memory):
            if fetcher is not None:
                await fetcher.close()
        shutil.rmtree(self._folder, ignore_errors=True)
