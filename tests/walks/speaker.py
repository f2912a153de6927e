"""An officer who speaks live without a browser: the speaker's line, with sound recorded as a browser records it."""

import asyncio
import json
import subprocess
from collections.abc import Callable
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from tests.services import Server
from tests.walks.officer import Officer

TONE = "sine=frequency=700"


class Speaker:
    """One who prepared a session. `said` is what the server told, newest last."""

    def __init__(self, server: Server, officer: Officer, session: str) -> None:
        self.session, self.said = session, list[dict[str, Any]]()
        self.url = server.base_url.replace("http", "ws") + f"/phat-truc-tiep/{session}/duong-truyen"
        self.origin = server.base_url
        self.cookie = "; ".join(f"{one.name}={one.value}" for one in officer.http.cookies.jar)
        self.began = False

    async def speak(self, until: Callable[[], object], *, end: bool = True) -> None:
        """Go on the air, or on again after a break, and speak until it is so; then end it, or just hang up."""
        async with connect(self.url, additional_headers={"Cookie": self.cookie}, origin=self.origin) as line:  # type: ignore[arg-type]
            listening = asyncio.create_task(self._listen(line))
            await self.told("on-air" if self.began else "ready")
            if not self.began:
                await line.send(json.dumps({"do": "begin"}))
                await self.told("on-air")
            self.began = True
            await self._talk(line, until)
            if end:
                await line.send(json.dumps({"do": "end"}))
                await self.told("ended")
            listening.cancel()

    async def _talk(self, line: ClientConnection, until: Callable[[], object]) -> None:
        browser = await asyncio.create_subprocess_exec(
            *("ffmpeg", "-loglevel", "error", "-nostdin", "-re", "-f", "lavfi", "-i", TONE, "-c:a", "libopus"),
            *("-b:a", "48k", "-cluster_time_limit", "60", "-flush_packets", "1", "-f", "webm", "pipe:1"),
            stdout=subprocess.PIPE,
        )
        assert browser.stdout is not None
        try:
            async with asyncio.timeout(90):
                while not await asyncio.to_thread(until):
                    await line.send(await browser.stdout.read(4096))
        finally:
            browser.kill()
            await browser.communicate()

    async def _listen(self, line: ClientConnection) -> None:
        async for words in line:
            self.said.append(json.loads(words))

    async def told(self, state: str) -> None:
        """Wait until the server says so."""
        async with asyncio.timeout(30):
            while not self.said or not any(one["state"] == state for one in self.said[-3:]):
                await asyncio.sleep(0.02)
