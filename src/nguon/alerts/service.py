"""The service `alerts`: says again what is live, its text once the voice is ready, and ends what lasted its time.

Beside that it looks who has not answered, and tells whoever is on duty there.
"""

import asyncio

from nguon.alerts import actions, silence, sirens
from nguon.alerts.teller import Teller
from nguon.delivery.service import db, forever
from nguon.kit import clock

LOOK = 0.5  # seconds between looks
SIRENS = 5.0  # seconds between looks whether a siren is to be made
LOOK_FOR_SILENCE = 1.0
TELL = 0.5


def turn() -> None:
    """One look. In the database thread."""
    now = clock.now()
    actions.expire(now=now)
    actions.say_due(now=now)


async def run() -> None:
    """Take turns for ever."""
    teller = Teller.of_settings()

    async def one() -> None:
        await db(turn)

    async def sounds() -> None:
        await db(lambda: sirens.prepare(clock.now()))

    async def silent() -> None:
        await db(lambda: silence.look(clock.now()))

    async with asyncio.TaskGroup() as group:
        group.create_task(forever(one, LOOK))
        group.create_task(forever(sounds, SIRENS))
        group.create_task(forever(silent, LOOK_FOR_SILENCE))
        group.create_task(forever(teller.turn, TELL))
