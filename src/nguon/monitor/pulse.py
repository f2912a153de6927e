"""The pulse of one web process: one look at the database for all who watch, and a nudge to them when it changed.

It runs only while someone watches, in the loop of the server, with a thread and a connection of its own.
"""

import asyncio
import contextvars
import logging
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from django.db import DatabaseError, close_old_connections
from django.db.models import Max

from nguon.delivery.models import Broadcast, Delivery, State
from nguon.devices.models import DeviceState

EVERY = 0.25  # seconds between two looks
PAUSE = 2.0  # seconds after a look that failed
log = logging.getLogger(__name__)
Sign = tuple[object, ...]


def sign() -> Sign:
    """A value that differs when a state, a delivery or an open broadcast was written since. Three small queries."""
    close_old_connections()
    open_ = Broadcast.objects.filter(state__in=[State.QUEUED, State.LIVE]).order_by("pk")
    return (
        DeviceState.objects.aggregate(newest=Max("changed_at"))["newest"],
        Delivery.objects.aggregate(newest=Max("changed_at"))["newest"],
        tuple(open_.values_list("pk", "state", "sent_at", "stop_sent_at")),
    )


class Pulse:
    """Wakes its watchers when the database changed. One for each event loop; ask `of_this_loop()`."""

    def __init__(self) -> None:
        self._watchers: set[asyncio.Event] = set()
        self._task: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[asyncio.Event]:
        """An event that is set at each change; the watcher clears it before it looks."""
        event = asyncio.Event()
        self._watchers.add(event)
        if self._task is None:
            # An empty context: that of the request that happens to come first dies with it, and its thread too.
            self._task = asyncio.get_running_loop().create_task(self._beat(), context=contextvars.Context())
        try:
            yield event
        finally:
            self._watchers.discard(event)

    async def _beat(self) -> None:
        loop = asyncio.get_running_loop()
        last: Sign | None = None
        with ThreadPoolExecutor(1, "pulse") as thread:
            while self._watchers:
                try:
                    found = await loop.run_in_executor(thread, sign)
                except DatabaseError:
                    log.exception("cannot look for changes")
                    found = None
                if found != last:
                    last = found
                    for event in self._watchers:
                        event.set()
                await asyncio.sleep(EVERY if found else PAUSE)
            self._task = None  # without a wait since the last look at the watchers: the next one starts a new beat
            await loop.run_in_executor(thread, close_old_connections)


_pulses: dict[int, tuple[asyncio.AbstractEventLoop, Pulse]] = {}


def of_this_loop() -> Pulse:
    """The pulse of the running event loop."""
    loop = asyncio.get_running_loop()
    held = _pulses.get(id(loop))
    if held is None or held[0] is not loop:
        _pulses.clear()  # a process serves from one loop; an older one is closed
        held = _pulses[id(loop)] = (loop, Pulse())
    return held[1]
