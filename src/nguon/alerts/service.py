"""The service `alerts`: says again what is live, its text once the voice is ready, and ends what lasted its time."""

from nguon.alerts import actions
from nguon.delivery.service import db, forever
from nguon.kit import clock

LOOK = 0.5  # seconds between looks


def turn() -> None:
    """One look. In the database thread."""
    now = clock.now()
    actions.expire(now=now)
    actions.say_due(now=now)


async def run() -> None:
    """Take turns for ever."""

    async def one() -> None:
        await db(turn)

    await forever(one, LOOK)
