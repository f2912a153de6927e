"""Getting a plan: its document onto the disk, and what it says to the core."""

import asyncio
from collections.abc import Callable, Mapping

from nguon.agent.events import Event, Fetched, FetchFailed, PlanCame, PlanFailed
from nguon.agent.fetch import Fetcher
from nguon.agent.identity import Identity
from nguon.agent.store import Store, take_plan
from nguon.agent.units import CHANNEL
from nguon.wire.messages import Document
from nguon.wire.trust import Ring, Untrusted


class Planner:
    """Documents of plans, kept on a small shelf of their own. `keep()` names those that stay."""

    def __init__(
        self,
        store: Store,
        identity: Identity,
        tell: Callable[[Event], None],
        keep: Callable[[], Mapping[str, int]],
        now: Callable[[], int],
        count: Callable[[int], None],
        ring: Callable[[], Ring],
        channel: str = CHANNEL,
    ) -> None:
        self._shelf, self._tell, self._now, self._ring = store.plans, tell, now, ring
        self._channel = channel
        self._fetcher = Fetcher(store.plans, identity, self._told, keep, now, count=count)
        self._reading: set[asyncio.Task[None]] = set()

    def fetch(self, document: Document, until: int) -> None:
        """Begin, or go on without a pause. Tells PlanCame or PlanFailed."""
        self._fetcher.fetch(document, until)

    async def close(self) -> None:
        """Break off; what was gathered stays for the next time."""
        await self._fetcher.close()
        for task in self._reading:
            task.cancel()
        await asyncio.gather(*self._reading, return_exceptions=True)

    def _told(self, event: Event) -> None:
        if isinstance(event, FetchFailed):
            self._tell(PlanFailed(event.sha256, f"{event.reason}: {event.detail}"))
        elif isinstance(event, Fetched):
            task = asyncio.get_running_loop().create_task(self._read(event.sha256))
            self._reading.add(task)
            task.add_done_callback(self._reading.discard)

    async def _read(self, digest: str) -> None:
        try:
            given = (self._shelf.path(digest), digest, self._ring(), self._now(), self._channel)
            agenda = await asyncio.to_thread(take_plan, *given)
        except Untrusted as error:
            self._tell(PlanFailed(digest, f"not believed: {error}", True, error.reason))
            return
        except (ValueError, OSError) as error:
            self._tell(PlanFailed(digest, str(error), isinstance(error, ValueError)))
            return
        self._tell(PlanCame(agenda))
