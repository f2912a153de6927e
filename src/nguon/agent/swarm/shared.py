"""One download per content for a whole swarm; said aloud, because real devices download each for itself."""

import asyncio
import logging
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING

from nguon.agent import events as ev
from nguon.agent.agenda import Agenda
from nguon.agent.fetch import Fetcher
from nguon.agent.planner import Planner
from nguon.agent.store import Store
from nguon.kit import clock
from nguon.wire.messages import Content, Document

if TYPE_CHECKING:
    from nguon.agent.swarm.device import Device

log = logging.getLogger(__name__)
PLANS_MOST = 500  # kept for devices that ask later


def _now() -> int:
    return clock.ms(clock.now())


def _uncounted(used: int) -> None:
    """What is fetched once for all is on no device's meter."""


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
        self._planners: dict[str, Planner] = {}
        self._plans: dict[str, Agenda] = {}
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

    def look(self, device: "Device", contents: tuple[Content, ...]) -> None:
        """Which of these are here: answered at once."""
        here = frozenset(content.sha256 for content in contents if content.sha256 in self._here)
        self._put_off(device, ev.Here(here))

    def fetch_plan(self, device: "Device", document: Document, until: int) -> None:
        """As `fetch`, for the document of a plan: read once, and in memory once for all that live by it."""
        digest = document.sha256
        if digest in self._plans:
            self._put_off(device, ev.PlanCame(self._plans[digest]))
            return
        self._waiting.setdefault(digest, []).append(device)
        if digest not in self._planners:
            planner = Planner(
                self._store,
                device.identity,
                self._tell_plan,
                dict,
                _now,
                _uncounted,
                lambda: device.state.ring,
                device.state.channel,
            )
            self._planners[digest] = planner
            planner.fetch(document, until)

    def _tell_plan(self, event: ev.Event) -> None:
        assert isinstance(event, ev.PlanCame | ev.PlanFailed)
        if isinstance(event, ev.PlanCame):
            digest = event.agenda.sha256
            self._plans[digest] = event.agenda
            while len(self._plans) > PLANS_MOST:
                del self._plans[next(iter(self._plans))]
        else:
            digest = event.sha256
        self._close(self._planners.pop(digest).close())
        for device in self._waiting.pop(digest, ()):
            self._put_off(device, event)

    def _close(self, closing: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(closing)
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    def _tell(self, event: ev.Event) -> None:
        if not isinstance(event, ev.Fetched | ev.FetchFailed):
            return  # what is said of the one disk is no business of the devices
        if isinstance(event, ev.Fetched):
            self._here.add(event.sha256)
            self.downloads += 1
        self._close(self._fetchers.pop(event.sha256).close())
        for device in self._waiting.pop(event.sha256, ()):
            self._put_off(device, event)

    async def close(self) -> None:
        """Break off what is under way and delete what came."""
        under_way: list[Fetcher | Planner] = [*self._fetchers.values(), *self._planners.values()]
        await asyncio.gather(*self._closing, *(each.close() for each in under_way))
        self._folder.cleanup()
