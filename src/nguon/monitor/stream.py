"""The stream of one open page as server-sent events."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async
from django.db import close_old_connections

from nguon.kit import clock
from nguon.monitor import pulse
from nguon.monitor.watch import Over, Watch

LEAST = 0.5  # seconds between two messages to one page
HEARTBEAT = 15.0  # seconds of silence after which a comment goes out, so that nobody on the way hangs up
RETRY = 3000  # ms after which a browser comes back
LOOK_ANYWAY = 5.0  # seconds after which rights and time are looked at though nothing was written


async def events(watch: Watch) -> AsyncIterator[str]:
    """The events for one page until its reader goes, signs out or loses the right to watch."""
    yield f"retry: {RETRY}\n\n"
    look, clock_now = sync_to_async(_look), asyncio.get_running_loop().time
    spoke = clock_now()
    async with pulse.of_this_loop().watching() as changed:
        changed.set()
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_ANYWAY):
                    await changed.wait()
            changed.clear()
            try:
                html = await look(watch)
            except Over:
                yield "event: over\ndata: \n\n"
                return
            if html or clock_now() - spoke >= HEARTBEAT:
                spoke = clock_now()
                yield event(html) if html else ": still here\n\n"
            await asyncio.sleep(LEAST)


def event(html: str) -> str:
    """One message: each line of the fragment behind `data:`."""
    return "".join(f"data: {line}\n" for line in html.splitlines() if line.strip()) + "\n"


def _look(watch: Watch) -> str:
    try:
        return watch.look(clock.now())
    finally:
        close_old_connections()  # this thread lives as long as the page; its connection need not
