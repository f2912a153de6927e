"""The service `live`: our own relay, if it is that one; and the end of what nobody carries any more."""

import asyncio
import logging
import resource

from django.conf import settings

from nguon.delivery.service import db, forever
from nguon.kit import clock
from nguon.live import actions
from nguon.live.relay import RelayServer
from nguon.live.relaying import USER, password

log = logging.getLogger(__name__)
LOOK = 5.0  # seconds


async def run() -> None:
    """Until told to end."""
    async with asyncio.TaskGroup() as group:
        group.create_task(forever(_reap, LOOK))
        if settings.NGUON_RELAY_OWN:
            group.create_task(_relay())


async def _reap() -> None:
    if ended := await db(actions.reap, now=clock.now()):
        log.warning("%d live sessions lost the server that carried them and were ended", ended)


async def _relay() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a listener is a file
    server = await RelayServer(f"{USER}:{password()}").start(settings.NGUON_RELAY_BIND, settings.NGUON_RELAY_PORT)
    async with server:
        await server.serve_forever()
