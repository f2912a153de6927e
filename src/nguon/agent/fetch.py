"""Getting a file onto the disk: goes on where it broke off, checks size and hash, tries until it is too late."""

import asyncio
import logging
import random
from collections.abc import Callable, Mapping
from urllib.parse import urljoin

import httpx

from nguon.agent import tls
from nguon.agent.events import Event, Fetched, FetchFailed, Gone, Here
from nguon.agent.identity import Identity
from nguon.agent.shelf import NoRoom, Shelf
from nguon.agent.store import FULL
from nguon.kit import clock
from nguon.wire.messages import Document, Reason

log = logging.getLogger(__name__)
TRY_AGAIN = frozenset({408, 425, 429})  # of the 4xx; every other 4xx is the last word
SLOWEST = 60.0  # seconds between two tries, at most
LAST = 1.0  # seconds before it is too late: from here on it is not tried again


class Refused(Exception):
    """It will not come, and trying again is no use."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


class Fetcher:
    """The fetches of one device onto one shelf. `keep()` says which files are needed, and from when (ms).

    `count` is told the bytes that come in.
    """

    def __init__(
        self,
        shelf: Shelf,
        identity: Identity,
        tell: Callable[[Event], None],
        keep: Callable[[], Mapping[str, int]] = dict,
        now: Callable[[], int] = lambda: clock.ms(clock.now()),
        *,
        count: Callable[[int], None] = lambda count: None,
        first_wait: float = 1.0,
    ) -> None:
        self._shelf, self._identity, self._tell, self._keep, self._now = shelf, identity, tell, keep, now
        self._count = count
        self._first_wait = first_wait
        self._until: dict[str, int] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._hurry: dict[str, asyncio.Event] = {}
        self._looks: set[asyncio.Task[None]] = set()
        self._disk = asyncio.Lock()  # one at a time looks at the disk and makes room
        self._server = httpx.URL(identity.server)
        self._auth = httpx.BasicAuth(identity.device, identity.password)
        self._client = httpx.AsyncClient(
            headers={"Accept-Encoding": "identity"},
            timeout=httpx.Timeout(60, connect=10),  # thousands may ask at once
            verify=tls.context(),
        )

    def fetch(self, content: Document, until: int) -> None:
        """Begin, or go on until the later of two times (ms), without a pause now. Tells Fetched or FetchFailed."""
        digest = content.sha256
        self._until[digest] = max(until, self._until.get(digest, 0))
        self._hurry.setdefault(digest, asyncio.Event()).set()
        if digest not in self._tasks:
            self._hurry[digest].clear()
            self._tasks[digest] = asyncio.get_running_loop().create_task(self._run(content))

    def look(self, files: tuple[Document, ...]) -> None:
        """Read these again, one after the other: tells Here for those that are right."""
        task = asyncio.get_running_loop().create_task(self._look(files))
        self._looks.add(task)
        task.add_done_callback(self._looks.discard)

    async def _look(self, files: tuple[Document, ...]) -> None:
        for number, file in enumerate(files, 1):
            async with self._disk:
                try:
                    right = await asyncio.to_thread(self._shelf.holds, file)
                except OSError:  # a damaged one that cannot be thrown away
                    right = False
            if right or number == len(files):
                self._tell(Here(frozenset({file.sha256} if right else ()), number == len(files)))

    async def close(self) -> None:
        """Break off everything; what was gathered stays for the next time."""
        tasks = (*self._tasks.values(), *self._looks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._client.aclose()

    async def _run(self, content: Document) -> None:
        event: Event = Fetched(content.sha256)
        try:
            await self._until_there(content)
        except Refused as error:
            event = FetchFailed(content.sha256, error.reason, str(error))
        except NoRoom as error:
            event = FetchFailed(content.sha256, Reason.DISK, str(error))
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, ValueError) as error:
            event = FetchFailed(content.sha256, Reason.FETCH, f"{content.url[:200]}: {error}")
        except OSError as error:
            reason = Reason.DISK if error.errno in FULL else Reason.FETCH
            event = FetchFailed(content.sha256, reason, str(error))
        except Exception as error:  # an address may be wrong in ways nobody lists; the core must get its answer
            log.exception("fetching %s failed", content.url)
            event = FetchFailed(content.sha256, Reason.FETCH, f"{type(error).__name__}: {error}")
        del self._tasks[content.sha256], self._until[content.sha256], self._hurry[content.sha256]
        self._tell(event)

    async def _until_there(self, content: Document) -> None:
        async with self._disk:
            was_here = await asyncio.to_thread(self._shelf.path(content.sha256).exists)
            if was_here and await asyncio.to_thread(self._shelf.holds, content):
                return
        if was_here:
            self._tell(Gone(content.sha256))
        wait, spoiled = self._first_wait, 0
        while True:
            try:
                if await self._attempt(content):
                    return
                spoiled += 1
                if spoiled == 2:
                    raise Refused(Reason.HASH, "what the server gave is not what the order named")
                continue
            except httpx.UnsupportedProtocol:
                raise
            except httpx.HTTPError as error:
                words = f"{type(error).__name__}: {error}"
            left = (self._until[content.sha256] - self._now()) / 1000
            if left <= LAST:
                raise Refused(Reason.FETCH, words)
            pause = min(wait * random.uniform(0.7, 1.3), left / 2)  # not all devices at once, and oftener at the end
            log.info("fetching %s broke off (%s); again in %.1f s", content.sha256[:12], words, pause)
            hurried = await self._pause(content.sha256, pause)
            wait = self._first_wait if hurried else min(wait * 2, SLOWEST)

    async def _pause(self, digest: str, seconds: float) -> bool:
        """Wait, but no longer once somebody is in a hurry: then True."""
        hurry = self._hurry[digest]
        try:
            async with asyncio.timeout(seconds):
                await hurry.wait()
        except TimeoutError:
            return False
        hurry.clear()
        return True

    async def _attempt(self, content: Document) -> bool:
        """One request. True if the content is here; False if what came is not it. Raises httpx.HTTPError, Refused."""
        part = self._shelf.part(content.sha256)
        async with self._disk:
            went = await asyncio.to_thread(self._shelf.make_room, content, self._keep())
        for digest in went:
            self._tell(Gone(digest))
        have = part.stat().st_size if part.exists() else 0
        if have < content.size:
            await self._gather(content, have)
        async with self._disk:
            return await asyncio.to_thread(self._shelf.accept, content)

    async def _gather(self, content: Document, have: int) -> None:
        url = httpx.URL(urljoin(self._identity.server, content.url))
        home = (url.scheme, url.host, url.port) == (self._server.scheme, self._server.host, self._server.port)
        headers = {"Range": f"bytes={have}-"} if have else {}
        auth = self._auth if home else None  # the password is for our own server alone
        async with self._client.stream("GET", url, headers=headers, auth=auth) as response:
            status = response.status_code
            if 300 <= status < 500 and status not in TRY_AGAIN and status != 416:
                raise Refused(Reason.FETCH, f"the server answered {status}")
            if status not in (200, 206, 416):
                raise httpx.HTTPStatusError(f"{status}", request=response.request, response=response)
            goes_on = status == 206 and response.headers.get("Content-Range", "").startswith(f"bytes {have}-")
            if status != 200 and not goes_on:
                self._shelf.part(content.sha256).unlink(missing_ok=True)
                raise httpx.HTTPStatusError(
                    "the server cannot go on there", request=response.request, response=response
                )
            await self._write(content, response, have if goes_on else 0)

    async def _write(self, content: Document, response: httpx.Response, have: int) -> None:
        with self._shelf.part(content.sha256).open("ab" if have else "wb") as file:
            async for chunk in response.aiter_raw():
                file.write(chunk)
                self._count(len(chunk))
                have += len(chunk)
                if have > content.size:
                    return  # longer than it should be: `accept` throws it away
