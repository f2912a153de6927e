"""The planner: compiles when something changed, and from time to time, because days pass and rules choose anew."""

import logging
import time

from nguon.delivery.service import db, forever
from nguon.devices import channels
from nguon.kit import clock
from nguon.programme import plans
from nguon.programme.compile import Compiled, Memory, compile_plans

log = logging.getLogger(__name__)
LOOK = 1.0  # seconds between looks whether something changed
EVERY = 60.0  # seconds after which it is compiled all the same: days pass, and not every change leaves a sign
REST = 20  # times as long as it took it rests, unless something changed


class Planner:
    """One planner. Two at once would do no harm, but nothing good either."""

    def __init__(self) -> None:
        self._memory = Memory()
        self._due = 0.0
        self._sign: plans.Sign = ()

    def turn(self) -> Compiled | None:
        """Compile if it is time. In the database thread."""
        sign = plans.sign()
        if time.monotonic() < self._due and sign == self._sign and not plans.wanted():
            return None
        now, self._sign, seen = clock.now(), sign, plans.changes()
        try:
            done = compile_plans(now, self._memory)
        except Exception:
            self._memory = Memory()  # what it remembers may not be what was written
            raise
        plans.compiled(seen)
        channels.tend(now)
        self._due = time.monotonic() + max(EVERY, REST * done.seconds)
        return done


async def run() -> None:
    """The service `planner`."""
    planner = Planner()

    async def turn() -> None:
        done = await db(planner.turn)
        if done is not None and done.changed:
            log.info(
                "%d sessions, %d plans for %d devices, %d of them new, in %.2f s",
                done.sessions,
                done.documents,
                done.devices,
                done.changed,
                done.seconds,
            )

    await forever(turn, LOOK)
