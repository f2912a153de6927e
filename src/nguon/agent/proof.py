"""Sending the server the sound this device played."""

import asyncio
import logging
import random
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin

import httpx

from nguon.agent.events import Event, ProofSent
from nguon.agent.identity import Identity

log = logging.getLogger(__name__)
MOST = 20_000_000  # bytes the server takes
TRIES = 6  # at a time, two minutes in all; then the core asks again
TRY_AGAIN = frozenset({404, 408, 425, 429})  # of the 4xx: the delivery is written a moment after the order goes out


class Prover:
    """Uploads, one at a time. `recording` says where the sound of a broadcast is."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        identity: Identity,
        recording: Callable[[str], Path],
        tell: Callable[[Event], None],
        *,
        first_wait: float = 2.0,
    ) -> None:
        self._client, self._identity, self._recording, self._tell = client, identity, recording, tell
        self._first_wait = first_wait
        self._turn = asyncio.Lock()
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def send(self, broadcast: str) -> None:
        """Begin, unless it is already on its way. Tells ProofSent when nothing is left to do."""
        if broadcast not in self._tasks:
            self._tasks[broadcast] = asyncio.get_running_loop().create_task(self._run(broadcast))

    async def close(self) -> None:
        """Break off; what was not sent is asked for again after the next start."""
        tasks = tuple(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, broadcast: str) -> None:
        try:
            async with self._turn:
                done = await self._until_sent(broadcast)
        finally:
            del self._tasks[broadcast]
        if done:
            self._tell(ProofSent(broadcast))

    async def _until_sent(self, broadcast: str) -> bool:
        try:
            data = await asyncio.to_thread(self._recording(broadcast).read_bytes)
        except OSError:
            log.warning("no proof of %s: this player records nothing, or it is gone", broadcast)
            return True
        if len(data) > MOST:
            log.warning("the proof of %s is too large to send (%d bytes)", broadcast, len(data))
            return True
        wait, status = self._first_wait, 0
        for _ in range(TRIES):
            status = await self._put(broadcast, data)
            if 200 <= status < 300:
                return True
            if 400 <= status < 500 and status not in TRY_AGAIN:
                break
            await asyncio.sleep(wait * random.uniform(0.7, 1.3))
            wait *= 2
        never = 400 <= status < 500 and status not in TRY_AGAIN - {404}  # rows of deliveries are not so late
        if never:
            log.warning("the server does not take the proof of %s: %d", broadcast, status)
        return never

    async def _put(self, broadcast: str, data: bytes) -> int:
        """The status of the answer, 0 for none."""
        url = urljoin(self._identity.server, f"/api/1/proof/{broadcast}")
        try:
            response = await self._client.put(
                url,
                content=data,
                headers={"Content-Type": "audio/mpeg"},
                auth=(self._identity.device, self._identity.password),
            )
        except httpx.HTTPError as error:
            log.info("the proof of %s was not sent: %s", broadcast, error)
            return 0
        return response.status_code
