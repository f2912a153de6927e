"""One download per content for a whole swarm; said aloud, because real devices download each for itself."""

import asyncio
import logging
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from nguon.agent import events as ev
from nguon.agent.fetch import Fetcher
from nguon.agent.store import Store
from nguon.wire.messages import Content

if TYPE_CHECKING:
    from nguon.agent.swarm.device import Device

log = logging.getLogger(__name__)


class SharedFetch:
    """Downloads with the credentials of the first device that asks, checks, and tells all that asked.

    After a failure the next that asks tries again.
    """

    def __init__(self, put_off: Callable[["Device", ev.Event], None]) -> None:
        self._put_off = put_off
        self._folder = tempfile.TemporaryDirectory(prefix="nguon-swarm-")
        self._store = Store(Path(self._folder.name))
        self._fetchers: dict[str, Fetcher] = {}
        self._waiting: dict[str, list[Device]] = {}
        self._here: set[str] = set()
        self._closing: set[asyncio.Task[None]] = set()
        self.downloads = 0

    def fetch(self, device: "Device", content: Content, until: int) -> None:
        """Answer Fetched at once if it is here; else when it came or did not come."""
        digest = content.sha256
        if digest in self._here:
            self._put_off(device, ev.Fetched(digest))
            return
        self._waiting.setdefault(digest, []).append(device)
        if digest not in self._fetchers:
            log.info("one download of %s for the whole swarm", digest[:12])
            self._fetchers[digest] = Fetcher(self._store, device.identity, self._tell)
            self._fetchers[digest].fetch(content, until)

    def _tell(self, event: ev.Event) -> None:
        assert isinstance(event, ev.Fetched | ev.FetchFailed)
        if isinstance(event, ev.Fetched):
            self._here.add(event.sha256)
            self.downloads += 1
        closing = asyncio.get_running_loop().create_task(self._fetchers.pop(event.sha256).close())
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)
        for device in self._waiting.pop(event.sha256, ()):
            self._put_off(device, event)

    async def close(self) -> None:
        """Break off what is under way and delete what came."""
        await asyncio.gather(*self._closing, *(fetcher.close() for fetcher in self._fetchers.values()))
        self._folder.cleanup()
