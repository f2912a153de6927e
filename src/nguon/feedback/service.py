"""The service `cases`: reminds of what is to be done, lets a late case climb, and closes what was answered.

When a case is due next stands in the case (`next_look_at`), so that a look is one question of one index.
"""

import asyncio
from datetime import datetime

from django.db import connection

from nguon.delivery.service import db, forever
from nguon.delivery.teller import Teller
from nguon.feedback import forwarding, guarding, held_photos, private, private_clock, reminding
from nguon.feedback.models import Case
from nguon.kit import clock

LOOK = 5.0  # seconds between two looks
TELL = 1.0
FORGET = 3600.0
MEASURE = 10.0
FORWARD = 15.0


async def run() -> None:
    """Take turns for ever."""
    teller = Teller.of_settings(reminding)

    async def look() -> None:
        while await db(turn, clock.now()) >= reminding.AT_ONCE:
            pass

    async def forget() -> None:
        await db(guarding.forget, clock.now())
        while await db(kept_long_enough, clock.now()):
            pass
        await db(private.scrub)

    async def measure() -> None:
        await db(held_photos.within_measure, clock.now())

    async def forward() -> None:
        await asyncio.to_thread(forwarded)

    async with asyncio.TaskGroup() as group:
        group.create_task(forever(look, LOOK))
        group.create_task(forever(teller.turn, TELL))
        group.create_task(forever(forget, FORGET))
        group.create_task(forever(measure, MEASURE))
        group.create_task(forever(forward, FORWARD))


def kept_long_enough(now: datetime) -> bool:
    """One turn of forgetting; whether there may be more."""
    swept = private_clock.by_clock(now)
    emptied = held_photos.by_clock(now)
    return max(swept.nameless, swept.deleted) >= private_clock.BATCH or emptied >= held_photos.BATCH


def forwarded() -> None:
    """One turn of what goes to other authorities: in a thread of its own, as networks wait."""
    try:
        forwarding.turn(clock.now())
    finally:
        connection.close()


def turn(now: datetime) -> int:
    """One look, in the database thread; how many cases it took a step with. Locks nothing while nothing is due."""
    return reminding.look(now) if Case.objects.filter(next_look_at__lte=now).exists() else 0
