"""The background work: playlists of the systems above are fetched, and what was shown is told to them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.conf import settings

from nguon.channels.board import document
from nguon.channels.board.upper import reporting, sources, taking
from nguon.channels.board.upper.between import Between
from nguon.channels.board.upper.interface import Item, Playlist, Unbelieved
from nguon.channels.board.upper.models import UpperSource
from nguon.channels.board.upper.ports import Fault, Upper, UpperFailed
from nguon.channels.board.upper.taking import Look
from nguon.delivery.service import db, forever
from nguon.kit import clock
from nguon.media.files import keep_bytes
from nguon.media.models import File
from nguon.outside.addresses import networks
from nguon.vault import VaultError

POLL = 3.0  # seconds between turns
AT_ONCE = 4  # systems above that are asked side by side
GIVE_UP = 5  # pages in a row that could not be had: the server has other worries
Make = Callable[[str, str, tuple[str, ...]], Upper]
Work = Callable[[UpperSource, ThreadPoolExecutor], Awaitable[None]]
log = logging.getLogger(__name__)


def _between(address: str, token: str, trusted: tuple[str, ...]) -> Upper:
    return Between(address, token, trusted, networks(settings.NGUON_LINK_NETWORKS))


ADAPTERS: dict[str, Make] = {"nguon": _between}


def upper_of(source: UpperSource) -> Upper:
    """The system above a source. Raises UpperFailed if our token does not open."""
    try:
        token = taking.token_of(source)
    except VaultError as error:
        raise UpperFailed(Fault.SECRET, str(error)) from error
    return ADAPTERS[source.kind](source.address, token, tuple(source.keys))


async def look(source: UpperSource, network: ThreadPoolExecutor) -> None:
    """One look: the playlist, then the pages of it that are not here."""
    ask = partial(asyncio.get_running_loop().run_in_executor, network)
    try:
        upper = upper_of(source)
        came = await ask(upper.playlist, source.etag)
    except Unbelieved as error:
        # Whom nobody agreed to yet may be agreed to; where somebody else was agreed to it is a forgery until told.
        fault = Fault.KEY if source.keys or not error.keys else ""
        await _noted(source, Look(fault=fault, detail=str(error), offered=error.keys))
        return
    except UpperFailed as failed:
        log.info("upper %s: %s", source.name, failed)
        await _noted(source, Look(fault=failed.fault, detail=failed.detail, offered=tuple(source.offered)))
        return
    if came is None:
        await _noted(source, Look(etag=source.etag))
        return
    doubt = taking.doubt(source, came.playlist, clock.now())
    if doubt is not None:
        await _noted(source, Look(fault=doubt, detail=f"made {clock.from_ms(came.playlist.made)}"))
        return
    pages = await db(sources.pages, source)
    lacking = {item.hash: item for item in came.playlist.items if item.hash not in pages}
    for item, body in await ask(_haul, upper, list(lacking.values())):
        pages[item.hash] = await db(_kept, item, body)
    await db(_taken, source, came.playlist, pages, came.etag)


def _haul(upper: Upper, items: list[Item]) -> list[tuple[Item, bytes]]:
    """The pages that could be had and can be shown."""
    found, failed = [], 0
    for item in items:
        try:
            body = _judged(upper.page(item), item)
        except UpperFailed as error:
            log.info("page %s: %s", item.hash[:16], error)
            failed += 1
            if failed >= GIVE_UP:
                break
            continue
        failed = 0
        found.append((item, body))
    return found


def _judged(body: bytes, item: Item) -> bytes:
    """The bytes, if a board can show them. Raises UpperFailed."""
    if item.mime != document.MIME:
        raise UpperFailed(Fault.FORM, f"no page of a board: {item.mime[:60]}")
    try:
        document.read(body)
    except ValueError as error:
        raise UpperFailed(Fault.FORM, str(error)) from error
    return body


def _kept(item: Item, body: bytes) -> File:
    return keep_bytes(body, item.mime, clock.now(), {"duration_ms": item.seconds * 1000})


def _taken(source: UpperSource, playlist: Playlist, pages: dict[str, File], etag: str) -> None:
    taking.take(source=source, playlist=playlist, pages=pages, now=clock.now(), etag=etag)


async def _noted(source: UpperSource, found: Look) -> None:
    await db(_looked, source, found)


def _looked(source: UpperSource, found: Look) -> None:
    taking.looked(source=source, look=found, now=clock.now())


async def tell(source: UpperSource, network: ThreadPoolExecutor) -> None:
    """One report."""
    at = clock.now()
    report = await db(reporting.report, source, at)
    fault = ""
    if report is not None:
        try:
            await asyncio.get_running_loop().run_in_executor(network, upper_of(source).report, report)
        except UpperFailed as failed:
            log.info("report to %s: %s", source.name, failed)
            fault = failed.fault
    await db(_reported, source, fault)


def _reported(source: UpperSource, fault: str) -> None:
    reporting.reported(source=source, fault=fault, now=clock.now())


async def run() -> None:
    """Fetch and tell for ever. A system that hangs delays no other."""
    busy: dict[object, asyncio.Task[None]] = {}
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="upper") as network:

        def begin(work: Work, source: UpperSource) -> None:
            key = (work, source.pk)
            before = busy.get(key)
            if before is None or before.done():
                busy[key] = asyncio.create_task(_logged(work, source, network))

        async def turn() -> None:
            for source in await db(sources.due, clock.now()):
                begin(look, source)
            for source in await db(sources.due_to_tell, clock.now()):
                begin(tell, source)

        await forever(turn, POLL)


async def _logged(work: Work, source: UpperSource, network: ThreadPoolExecutor) -> None:
    try:
        await work(source, network)
    except Exception:  # one source must not end the service
        log.exception("upper %s", source.name)
