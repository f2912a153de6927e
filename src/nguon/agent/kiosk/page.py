"""The page in the browser: found, asked, loaded, photographed. Windows that are not ours are closed."""

import asyncio
import base64
import contextlib
import logging
from typing import Any

import msgspec

from nguon.agent.kiosk.cdp import Heard, Line, Refused, Silent
from nguon.agent.kiosk.rules import Beat

log = logging.getLogger(__name__)
THUMBNAIL = 96  # pixels of the longer side
PHOTO_QUALITY = 70  # of 100
PHOTO_WITHIN = 20.0  # seconds, on a small box
# Asked each second. A picture is asked for, and counted when it was painted: a page that runs need not paint.
ASK = """(() => {
  const kept = (globalThis.__nguonKiosk ??= { frames: 0, asked: false });
  if (!kept.asked) {
    kept.asked = true;
    requestAnimationFrame(() => { kept.frames += 1; kept.asked = false; });
  }
  const shows = globalThis.board?.state?.sounding;
  const { go = 0, level = 0, started = false } = shows ?? {};
  const status = performance.getEntriesByType("navigation")[0]?.responseStatus ?? 0;
  return { url: location.href, status, frames: kept.frames, go, level, started };
})()"""


class Page:
    """The one window of a browser."""

    def __init__(self) -> None:
        self.line: Line | None = None
        self.session = ""  # none: there is no page to talk with
        self.crashed = False
        self._target = ""
        self._thumbnail: asyncio.Future[bytes] | None = None
        self._tasks: set[asyncio.Task[object]] = set()

    @property
    def is_there(self) -> bool:
        """Whether there is a page to talk with."""
        return bool(self.session)

    async def open(self, line: Line) -> None:
        """Find the page behind this line; `hear` must be told its events. Raises Refused."""
        self.line = line
        pages = [{"type": "page"}]  # not the worker: one that is watched never rests
        await line.ask(
            "Target.setAutoAttach", autoAttach=True, waitForDebuggerOnStart=False, flatten=True, filter=pages
        )

    def hear(self, event: Heard) -> None:
        """What the browser tells by itself."""
        match event.method:
            case "Target.attachedToTarget":
                self._attached(event.params["sessionId"], event.params["targetInfo"])
            case "Target.detachedFromTarget" if event.params.get("sessionId") == self.session:
                self.session = self._target = ""
            case "Inspector.targetCrashed" if event.session == self.session:
                self.crashed = True
            case "Page.javascriptDialogOpening" if event.session == self.session:
                self._later("Page.handleJavaScriptDialog", self.session, accept=False)
            case "Page.screencastFrame" if event.session == self.session:
                self._framed(event.params)

    def _attached(self, session: str, target: dict[str, Any]) -> None:
        if target.get("type") != "page":
            return
        if self.session:
            log.info("another window was closed: %s", target.get("url"))
            self._later("Target.closeTarget", targetId=target["targetId"])
            return
        self.session, self._target = session, target["targetId"]
        for domain in ("Inspector", "Page"):
            self._later(f"{domain}.enable", session)

    def _framed(self, params: dict[str, Any]) -> None:
        if self._thumbnail is not None and not self._thumbnail.done():
            self._thumbnail.set_result(base64.b64decode(params["data"]))
        self._later("Page.screencastFrameAck", self.session, sessionId=params["sessionId"])

    async def beat(self, within: float) -> Beat | None:
        """What the page answers; nothing while one page gives way to another. Raises Silent."""
        try:
            found = await self._ask("Runtime.evaluate", within=within, expression=ASK, returnByValue=True)
            return msgspec.convert(found["result"]["value"], Beat)
        except Silent:
            raise
        except (Refused, KeyError, msgspec.ValidationError):
            return None

    async def load(self, url: str, within: float) -> None:
        """Go there. Raises Refused."""
        self.crashed = False
        await self._ask("Page.navigate", within=within, url=url)

    async def thumbnail(self) -> bytes:
        """A small PNG of what is shown. Raises Refused.

        By the first frame of a screencast: a screenshot of a smaller scale would be seen on the screen itself.
        """
        self._thumbnail = asyncio.get_running_loop().create_future()
        size = {"maxWidth": THUMBNAIL, "maxHeight": THUMBNAIL}
        try:
            await self._ask("Page.startScreencast", format="png", everyNthFrame=1, **size)
            return await asyncio.wait_for(self._thumbnail, PHOTO_WITHIN)
        except TimeoutError:
            raise Refused("no picture came") from None
        finally:
            self._thumbnail = None
            self._later("Page.stopScreencast", self.session)

    async def photo(self) -> bytes:
        """A JPEG of what is shown, as large as it is. Raises Refused."""
        found = await self._ask("Page.captureScreenshot", within=PHOTO_WITHIN, format="jpeg", quality=PHOTO_QUALITY)
        return base64.b64decode(found["data"])

    async def _ask(self, method: str, *, within: float = PHOTO_WITHIN, **params: Any) -> dict[str, Any]:
        if self.line is None or not self.session:
            raise Silent(f"{method}: there is no page")
        return await self.line.ask(method, self.session, within=within, **params)

    def _later(self, method: str, session: str = "", **params: Any) -> None:
        """Asked without waiting for the answer."""
        assert self.line is not None
        task: asyncio.Task[object] = asyncio.get_running_loop().create_task(
            _quietly(self.line.ask(method, session, **params))
        )
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _quietly(asking: Any) -> None:
    with contextlib.suppress(Refused):
        await asking
