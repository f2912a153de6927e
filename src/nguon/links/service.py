"""The service `links`: publishes alerts as CAP a moment after they go out, and looks at the feeds of others."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from nguon.delivery.service import db, forever
from nguon.kit import clock
from nguon.links import actions, polling, publishing, queries
from nguon.links.actions import Look
from nguon.links.errors import SourceEnded
from nguon.links.models import Source
from nguon.outside.fetching import FetchFailed

PUBLISH, POLL = 1.0, 3.0  # seconds between turns
AT_ONCE = 8  # feeds looked at side by side: a slow one holds no other up
log = logging.getLogger(__name__)


def publish() -> int:
    """One turn of publishing. In the database thread."""
    return publishing.publish_due(now=clock.now())


async def poll(source: Source, network: ThreadPoolExecutor) -> None:
    """One look at a source: its feed, then what of it is new; each message is kept as soon as it came."""
    loop = asyncio.get_running_loop()
    ask = partial(polling.listing, source.address, etag=source.etag, modified=source.modified, now=clock.now())
    try:
        listed = await loop.run_in_executor(network, ask)
    except FetchFailed as failed:
        log.info("source %s: %s", source.name, failed)
        await db(_looked, source, Look(fault=failed.fault.value, detail=failed.detail))
        return
    if listed.alone is not None:
        await db(_receive, source, source.address, "", listed.alone)
        await db(_looked, source, Look(etag=listed.etag, modified=listed.modified))
        return
    fresh = await db(_fresh, source, listed.entries)
    found = await loop.run_in_executor(network, polling.haul, fresh)
    for address, stamp, data in found.had:
        await db(_receive, source, address, stamp, data)
    # While something is still to be had, the feed is asked for whole again: "as it was" would hide it.
    whole = len(found.had) == len(fresh) and (listed.same or not source.missed)
    tags = {"etag": listed.etag, "modified": listed.modified} if whole else {}
    had = tuple(address for address, _stamp, _data in found.had)
    everything = None if listed.same else tuple(address for address, _stamp in listed.entries)
    await db(_looked, source, Look(missed=tuple(found.missed), had=had, listed=everything, **tags))


def _fresh(source: Source, entries: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return queries.fresh_entries(source, entries, clock.now())


def _receive(source: Source, address: str, stamp: str, data: bytes) -> None:
    try:
        actions.receive(source=source, data=data, now=clock.now(), address=address, stamp=stamp)
    except SourceEnded:
        log.info("source %s was ended while it was looked at", source.name)


def _looked(source: Source, look: Look) -> None:
    actions.looked(source=source, look=look, now=clock.now())


async def run() -> None:
    """Publish and listen for ever. A feed that hangs neither delays our own alerts nor other feeds."""
    busy: dict[object, asyncio.Task[None]] = {}
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="feed") as network:

        async def publishing_turn() -> None:
            await db(publish)

        async def polling_turn() -> None:
            for source in await db(queries.due, clock.now()):
                before = busy.get(source.pk)
                if before is None or before.done():
                    busy[source.pk] = asyncio.create_task(_logged(source, network))

        await asyncio.gather(forever(publishing_turn, PUBLISH), forever(polling_turn, POLL))


async def _logged(source: Source, network: ThreadPoolExecutor) -> None:
    try:
        await poll(source, network)
    except Exception:  # one source must not end the service
        log.exception("source %s could not be looked at", source.name)
