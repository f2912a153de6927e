"""Receipts: what is due on a site is fetched from the site's own address, as a reader would, and looked at.

Beside it, what became public is asked to be read aloud.
"""

import asyncio
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import UUID

import httpx
from django.conf import settings
from django.db import connection

from nguon.channels.site.broken import looking
from nguon.channels.site.copies import actions as copies
from nguon.channels.site.push import service as telling
from nguon.delivery.service import db, forever
from nguon.kit import clock
from nguon.portal import addresses, aloud, posting, posting_queries
from nguon.portal.models import Posting
from nguon.portal.rules import NO_ANSWER, OTHER, STATUS

PAUSE = 1.0  # seconds between turns
LINKS = 60.0  # seconds between two looks at the links of a site, at night
SWEEP = 600.0  # seconds between two looks for copies that are to go
AGAIN = 30.0  # seconds until what was not right is looked at again
AT_ONCE = 4
MOST = 50  # pages in one turn
READ_EVERY = 5.0  # seconds between two looks for what is to be read aloud
WITHIN = 10.0  # seconds for one page
log = logging.getLogger(__name__)


class Looker:
    """Looks at what is new on sites, turn by turn."""

    def __init__(self) -> None:
        self._network = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="site")
        self._later: dict[UUID, float] = {}  # what was not right, until when it is left alone

    async def turn(self) -> None:
        """One look at everything that has no receipt yet."""
        at = time.monotonic()
        self._later = {pk: until for pk, until in self._later.items() if until > at}
        fresh = await db(_due, frozenset(self._later))
        loop = asyncio.get_running_loop()
        pages = [(one, addresses.of_posting(one), one.page_id or "") for one in fresh]
        looks = (loop.run_in_executor(self._network, look, base() + path, digest) for _one, path, digest in pages)
        for (one, _path, digest), why in zip(pages, await asyncio.gather(*looks), strict=True):
            if why:
                log.warning("posting %s: %s", one.pk, why)
                self._later[one.pk] = time.monotonic() + AGAIN
            await db(partial(posting.looked_at, posting=one, page=digest, why=why, now=clock.now()))


async def read_aloud() -> None:
    """What became public is asked to be read, what is public no more is given up."""
    await db(partial(aloud.turn, now=clock.now()))


async def run() -> None:
    """For ever: look at what is new, have it read; tell telephones; take away old copies."""

    async def sweep() -> None:
        await db(lambda: copies.sweep(clock.now()))

    async def links() -> None:
        await asyncio.to_thread(looked_at_links)

    looks = (forever(Looker().turn, PAUSE), forever(read_aloud, READ_EVERY), forever(links, LINKS))
    await asyncio.gather(*looks, forever(sweep, SWEEP), telling.run())


def looked_at_links() -> None:
    """One turn of looking at links, if it is night: in a thread of its own, as networks wait."""
    try:
        looking.turn(clock.now(), base())
    finally:
        connection.close()


def base() -> str:
    """The address of this server as everybody reaches it, or as this machine does where nobody said."""
    near = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.BIND, settings.BIND)
    return settings.NGUON_PUBLIC_URL.rstrip("/") or f"http://{near}:{settings.PORT}"


def look(address: str, digest: str) -> str:
    """Whether a page is there and shows this article: nothing if it does, or the code of why not."""
    try:
        answer = httpx.get(address, timeout=WITHIN, trust_env=False)
    except httpx.HTTPError as error:
        log.info("%s: %s", address, error)
        return NO_ANSWER
    if answer.status_code != httpx.codes.OK:
        return f"{STATUS}{answer.status_code}"
    return "" if digest and digest in answer.text else OTHER


def _due(besides: frozenset[UUID]) -> list[Posting]:
    """What has no receipt yet. What is never right is left out meanwhile: it must not keep others from theirs."""
    return list(posting_queries.unseen(clock.now()).exclude(pk__in=besides)[:MOST])
