"""Tells people what cannot wait, out of an outbox. Each way has its own few threads: one that hangs delays no other."""

import asyncio
import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, Protocol

from nguon.delivery import notifiers
from nguon.delivery.service import db
from nguon.kit import clock
from nguon.ports.notice import Notice, NoticeFailed, Notifier

log = logging.getLogger(__name__)
AT_ONCE = 4  # tellings on the way, of each way


class Outbox(Protocol):
    """Where tellings wait. A row has a `pk` and the `way` it goes; what becomes of it is told to the outbox."""

    def due(self, now: datetime, free: Mapping[str, int], /) -> list[tuple[Any, Notice]]:
        """What is now the caller's to send, with its words: at most so many of each way as are free."""

    def told(self, row: Any, answer: str, now: datetime, /) -> None:
        """It is told."""

    def failed(self, row: Any, error: NoticeFailed, now: datetime, /) -> None:
        """It is not told: again later, or given up."""


class Teller:
    """Takes what is due and hands it to its way; what came of it is written in the database thread as all else."""

    def __init__(self, ways: dict[str, Notifier], outbox: Outbox) -> None:
        self._ways, self._outbox = ways, outbox
        self._threads = {kind: ThreadPoolExecutor(AT_ONCE, thread_name_prefix=f"tell-{kind}") for kind in ways}
        self._under_way: dict[str, set[asyncio.Task[None]]] = {kind: set() for kind in ways}

    @classmethod
    def of_settings(cls, outbox: Outbox) -> "Teller":
        """With the ways this server has; one that is off says so in the log."""
        for loaded in notifiers.status():
            if loaded.plug is None:
                log.error("%s is off: %s", loaded.path, loaded.reason)
        return cls(notifiers.active(), outbox)

    async def turn(self) -> None:
        """Begin what is due, as far as hands are free. Waits for nobody."""
        free = {kind: AT_ONCE - len(tasks) for kind, tasks in self._under_way.items() if len(tasks) < AT_ONCE}
        for row, notice in await db(self._outbox.due, clock.now(), free):
            task = asyncio.create_task(self._tell(row, notice))
            self._under_way[row.way].add(task)
            task.add_done_callback(self._under_way[row.way].discard)

    async def finish(self) -> None:
        """Wait for what is under way. For whoever closes down, and for tests."""
        while tasks := [task for every in self._under_way.values() for task in every]:
            await asyncio.gather(*tasks)

    async def _tell(self, row: Any, notice: Notice) -> None:
        loop = asyncio.get_running_loop()
        try:
            answer = await loop.run_in_executor(self._threads[row.way], self._ways[row.way].tell, notice)
        except NoticeFailed as error:
            log.warning("%s is not told by %s yet: %s", row.pk.hex, row.way, error)
            await db(self._outbox.failed, row, error, clock.now())
        except Exception as error:  # a foreign plug may raise anything
            log.exception("%s is not told by %s", row.pk.hex, row.way)
            await db(self._outbox.failed, row, NoticeFailed(type(error).__name__), clock.now())
        else:
            await db(self._outbox.told, row, answer, clock.now())
