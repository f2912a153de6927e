"""The service `alerts`: says again what is live, its text once the voice is ready, and ends what lasted its time.

Beside that it looks who has not answered, and tells whoever is on duty there.
"""

import asyncio
from datetime import datetime
from uuid import UUID

from nguon.alerts import actions, reserve, silence, sirens, telling
from nguon.alerts.models import Alert, State
from nguon.delivery.service import db, forever
from nguon.delivery.teller import Teller
from nguon.kit import clock

LOOK = 0.5  # seconds between looks
SIRENS = 5.0  # seconds between looks whether a siren is to be made
ROOM = 30.0  # seconds between looks whether there is room kept on the disk
LOOK_FOR_SILENCE = 1.0
TELL = 0.5


def turn(resting: dict[UUID, datetime]) -> None:
    """One look. In the database thread. `resting`: what could not be said, and until when it is left alone."""
    if not Alert.objects.filter(state__in=(State.LIVE, State.WAITING)).exists():
        return  # nothing to do, and no lock of the database taken for it
    now = clock.now()
    actions.expire(now=now)
    actions.say_due(now=now, resting=resting)


async def run() -> None:
    """Take turns for ever."""
    resting: dict[UUID, datetime] = {}
    teller = Teller.of_settings(telling)

    async def one() -> None:
        await db(turn, resting)

    async def sounds() -> None:
        await db(lambda: sirens.prepare(clock.now()))

    async def keep_room() -> None:
        await asyncio.to_thread(reserve.keep)

    async def silent() -> None:
        await db(lambda: silence.look(clock.now()))

    async with asyncio.TaskGroup() as group:
        group.create_task(forever(one, LOOK))
        group.create_task(forever(sounds, SIRENS))
        group.create_task(forever(keep_room, ROOM))
        group.create_task(forever(silent, LOOK_FOR_SILENCE))
        group.create_task(forever(teller.turn, TELL))
