"""The service `feeds`: asks for what boards show of others, and lets what is over vanish."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import UUID

from nguon.channels.board.feeds import actions, queries
from nguon.channels.board.feeds.actions import Look
from nguon.channels.board.feeds.looking import look
from nguon.channels.board.feeds.models import Edition, Source
from nguon.channels.board.feeds.rules import Feed, terms_of
from nguon.delivery.service import db, forever
from nguon.kit import clock

TURN = 5.0  # seconds between turns
AT_ONCE = 8  # feeds looked at side by side: a slow one holds no other up
log = logging.getLogger(__name__)


def remake_due() -> int:
    """Make the pages anew whose time it is; how many. In the database thread."""
    due = list(queries.to_remake(clock.now()))
    for source in due:
        actions.remake(source=source, now=clock.now())
    return len(due)


async def ask(source: Source, network: ThreadPoolExecutor) -> None:
    """One look at a feed, by the edition that is approved now."""
    edition, feed = await db(_terms, source)
    if not isinstance(feed, Feed):
        return
    same = source.shown_id == edition  # what was told of another address says nothing of this one
    tags = {"etag": source.etag, "modified": source.modified} if same else {}
    found = await asyncio.get_running_loop().run_in_executor(network, partial(look, feed, clock.now(), **tags))
    if found.fault:
        log.info("feed %s: %s %s", source.pk, found.fault, found.detail)
    await db(_looked, source, edition, found)


def _terms(source: Source) -> tuple[UUID, object]:
    edition: UUID = source.approved  # type: ignore[attr-defined]
    return edition, terms_of(Edition.objects.get(pk=edition).terms)


def _looked(source: Source, edition: UUID, found: Look) -> None:
    actions.looked(source=source, edition=edition, look=found, now=clock.now())


def _due() -> list[Source]:
    return list(queries.to_look_at(clock.now()))


async def run() -> None:
    """Look and make anew for ever. A feed that hangs delays no other."""
    busy: dict[object, asyncio.Task[None]] = {}
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="feed") as network:

        async def remaking_turn() -> None:
            await db(remake_due)

        async def asking_turn() -> None:
            for source in await db(_due):
                before = busy.get(source.pk)
                if before is None or before.done():
                    busy[source.pk] = asyncio.create_task(_logged(source, network))

        await asyncio.gather(forever(remaking_turn, TURN), forever(asking_turn, TURN))


async def _logged(source: Source, network: ThreadPoolExecutor) -> None:
    try:
        await ask(source, network)
    except Exception:  # one feed must not end the service
        log.exception("feed %s could not be looked at", source.pk)
