"""Simulated clusters of loudspeakers: one whole agent each (real link, real download, recorder, proof) in one loop.

Only the loudspeaker is missing: what would sound is written to a file and sent to the server as proof.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec

from nguon.agent import enrol, identity
from nguon.agent.run import Agent

log = logging.getLogger(__name__)
LOOK_EVERY = 0.5  # seconds between two looks at what is wanted: a pulled plug is felt within one second
SLOWEST = 60.0  # seconds between two tries to enrol, at most


class Wanted(msgspec.Struct, frozen=True):
    """One simulated device: its id, its folder, and whether its plug is pulled."""

    device: str
    home: Path
    unplugged: bool = False


class Clusters:
    """`wanted()` says which devices there are now; `code(device)` gives a one-time code for one without identity."""

    def __init__(
        self,
        wanted: Callable[[], Awaitable[Iterable[Wanted]]],
        code: Callable[[str], Awaitable[str]],
        *,
        server: str,
        broker: str,
        first_wait: float = 1.0,
    ) -> None:
        self._wanted, self._code = wanted, code
        self._server, self._broker, self._first_wait = server, broker, first_wait
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._agents: dict[str, Agent] = {}

    async def run(self) -> None:
        """Until cancelled; then all say goodbye."""
        try:
            while True:
                await self._look()
                await asyncio.sleep(LOOK_EVERY)
        finally:
            tasks = tuple(self._tasks.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _look(self) -> None:
        try:
            wanted = {each.device: each for each in await self._wanted() if not each.unplugged}
        except Exception:  # the database may be away for a moment; those that run go on
            log.exception("what clusters there are could not be read")
            return
        for device in self._tasks.keys() - wanted.keys():
            await self._pull(device)
        for device in wanted.keys() - self._tasks.keys():
            log.info("plugged in: %s", device)
            self._tasks[device] = asyncio.create_task(self._be(wanted[device]))

    async def _pull(self, device: str) -> None:
        """As a pulled plug: no farewell, nothing saved, the broker tells by the last will."""
        log.info("unplugged: %s", device)
        task, agent = self._tasks.pop(device), self._agents.pop(device, None)
        if agent is not None:
            agent.unplug()
        else:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    async def _be(self, wanted: Wanted) -> None:
        """One device, enrolled if it is not, and begun again should it ever fall."""
        wait = self._first_wait
        while True:
            try:
                await self._enrolled(wanted)
                agent = self._agents[wanted.device] = Agent(wanted.home, "recorder", proof=True)
                wait = self._first_wait
                await agent.run()
                return
            except enrol.EnrolmentFailed as error:
                log.warning("%s was not enrolled: %s", wanted.device, error)
            except Exception:  # one that falls must not take the others with it
                log.exception("%s fell; it begins again in %.0f s", wanted.device, wait)
            await asyncio.sleep(wait)
            wait = min(wait * 2, SLOWEST)

    async def _enrolled(self, wanted: Wanted) -> None:
        """Have an identity of this very device at these addresses. Raises EnrolmentFailed, OSError."""
        try:
            known = identity.load(wanted.home)
        except identity.NotEnrolled:
            known = None
        if known is None or known.device != wanted.device:
            code = await self._code(wanted.device)
            known = await _to_its_end(enrol.enrol, wanted.home, self._server, code)
        if (known.server, known.broker) != (self._server, self._broker):  # the server was started on other ports
            identity.save(wanted.home, msgspec.structs.replace(known, server=self._server, broker=self._broker))


async def _to_its_end(trade: Callable[[Path, str, str], identity.Identity], *given: Any) -> identity.Identity:
    """In a thread, which nobody can break off: also when cancelled it is waited for, or it would go on unseen.

    It may have spent the code and hold the line to the server.
    """
    trading = asyncio.ensure_future(asyncio.to_thread(trade, *given))
    try:
        return await asyncio.shield(trading)
    except asyncio.CancelledError:
        await asyncio.wait({trading})
        if not trading.cancelled():
            trading.exception()  # seen
        raise


async def run_clusters(
    wanted: Callable[[], Awaitable[Iterable[Wanted]]],
    code: Callable[[str], Awaitable[str]],
    *,
    server: str,
    broker: str,
) -> None:
    """The service: keep one agent running for each device wanted and plugged in, until cancelled."""
    await Clusters(wanted, code, server=server, broker=broker).run()
