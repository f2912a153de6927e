"""The planner: compiles when something changed, and from time to time, because days pass and rules choose anew."""

import logging
import time

from nguon.delivery.service import db, forever
from nguon.kit import clock
from nguon.programme import plans
from nguon.programme.compile import Compiled, Memory, compile_plans

log = logging.getLogger(__name__)
LOOK = 1.0  # seconds between looks whether something changed: one small query
EVERY = 60.0  # seconds after which it is compiled all the same: bulletins are approved, devices are moved
REST = 20  # times as long as it took it rests, unless something changed
LACKING = 20.0  # the same while an item gives nothing: its sound may just be made


class Planner:
    """One planner. Two at once would do no harm, but nothing good either."""

    def __init__(self) -> None:
        self._memory = Memory()
        self._due = 0.0

    def turn(self) -> Compiled | None:
        """Compile if it is time. In the database thread."""
        if time.monotonic() < self._due and not plans.wanted():
            return None
        now = clock.now()
        try:
            done = compile_plans(now, self._memory)
        except Exception:
            self._memory = Memory()  # what it remembers may not be what was written
            raise
        plans.compiled(now)
        self._due = time.monotonic() + max(LACKING if done.left_out else EVERY, REST * done.seconds)
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
