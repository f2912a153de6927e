"""What the three services share: the bus as settings name it, and database work off the event loop."""

import asyncio
import logging
import os
import socket
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from nguon.devices.broker import SERVER
from nguon.kit.plugs import load
from nguon.ports.bus import Bus, Handler

P = ParamSpec("P")
R = TypeVar("R")
log = logging.getLogger(__name__)
_database = ThreadPoolExecutor(1, thread_name_prefix="database")


async def open_bus(name: str, subscribe: tuple[str, ...] = (), handler: Handler | None = None) -> Bus:
    """A service's connection to the broker: a user of its own, which our broker takes for its client id too."""
    user = f"{SERVER}-{name}"
    await _password_is_there()
    bus: Bus = load(settings.NGUON_BUS)(settings.NGUON_BROKER_URL, user, _password)
    bus.check()
    await bus.connect(client_id=f"{user}-{socket.gethostname()}-{os.getpid()}", subscribe=subscribe, handler=handler)
    return bus


async def _password_is_there() -> None:
    """Wait for the broker service to have made it."""
    path = settings.NGUON_BROKER_PASSWORD_FILE
    while not path.exists():
        log.info("waiting for %s", path.name)
        await asyncio.sleep(0.3)


def _password() -> str:
    """The broker's password for the server, as it is now. Raises OSError while there is none."""
    return str(settings.NGUON_BROKER_PASSWORD_FILE.read_text().strip())


async def db(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run database work in this process's one database thread, which keeps its connection."""
    return await asyncio.get_running_loop().run_in_executor(_database, partial(_run, work, *args, **kwargs))


def _run(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    try:
        return work(*args, **kwargs)
    except (OperationalError, InterfaceError):  # perhaps the database went away: the next turn connects afresh
        connection.close()
        raise


async def forever(turn: Callable[[], Awaitable[None]], pause: float) -> None:
    """Take turns for ever, `pause` seconds apart; a turn that fails is logged and the next one comes all the same."""
    wait = pause
    while True:
        try:
            await turn()
            wait = pause
        except Exception:
            wait = min(wait * 2 + 0.1, 5.0)
            log.exception("a turn failed; the next one comes in %.1f s", wait)
        await asyncio.sleep(wait)
