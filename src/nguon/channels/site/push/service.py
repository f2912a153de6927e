"""Tells telephones, in lanes of its own: no warning waits for news, and no loudspeaker for a telephone."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from nguon.channels.site.push import noticing, outbox, sending
from nguon.delivery.service import db, forever
from nguon.kit import clock
from nguon.portal import serving

PAUSE = 1.0  # seconds between turns
AT_ONCE, AT_ONCE_URGENT = 4, 16  # messages under way
TENDED = 3600.0  # seconds between two clearings away


class Notices:
    """Looks for what is to be told."""

    def __init__(self) -> None:
        self._tended = float("-inf")

    async def turn(self) -> None:
        """One look; now and then, what is of no use any more is thrown away."""
        if not serving.pushes():
            return
        await db(noticing.turn, clock.now())
        if time.monotonic() - self._tended > TENDED:
            await db(noticing.tend, clock.now())
            await db(outbox.forget, clock.now())
            self._tended = time.monotonic()


class Lane:
    """Sends what is on its way: the warnings, or the rest."""

    def __init__(self, *, urgent: bool) -> None:
        self._urgent = urgent
        self._network = ThreadPoolExecutor(AT_ONCE_URGENT if urgent else AT_ONCE, thread_name_prefix="push")

    async def turn(self) -> None:
        """Everything that is due."""
        loop = asyncio.get_running_loop()
        while serving.pushes() and (jobs := await db(outbox.claim, self._urgent, clock.now())):
            found = await asyncio.gather(*(loop.run_in_executor(self._network, sending.send, job) for job in jobs))
            await db(partial(outbox.settle, list(zip(jobs, found, strict=True)), clock.now()))


async def run() -> None:
    """For ever."""
    await asyncio.gather(
        forever(Notices().turn, PAUSE), *(forever(Lane(urgent=urgent).turn, PAUSE) for urgent in (True, False))
    )
