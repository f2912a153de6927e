"""The page in the browser: found, asked, loaded, photographed, given its photos. Windows not ours are closed."""

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
SENT = 1280  # pixels of the longer side of a photo that the page sends
SENT_QUALITIES = (60, 25)  # of 100; the second if the first made it too large
SENT_LARGEST = 500_000  # bytes
STARTS = {"png": b"\x89PNG", "jpeg": b"\xff\xd8\xff"}
# Asked each second. A picture is asked for, and counted when it was painted: a page that runs need not paint.
ASK = """(() => {
  const kept = (globalThis.__nguonKiosk ??= { frames: 0, asked: false });
  if (!kept.asked) {
    kept.asked = true;
    requestAnimationFrame(() => { kept.frames += 1; kept.asked = false; });
  }
  const shows = globalThis.board?.state?.sounding;
  const { go = 0, level = 0, started = false } = shows ?? {};
  const { camera, light = 100 } = globalThis.board ?? {};
  const status = performance.getEntriesByType("navigation")[0]?.responseStatus ?? 0;
  return { url: location.href, status, frames: kept.frames, go, level, started, light, wants: camera?.wants ?? "" };
})()"""


class Page:
    """The one window of a browser."""

    def __init__(self) -> None:
        self.line: Line | None = None
        self.session = ""  # none: there is no page to talk with
        self.crashed = False
        self._target = ""
        self._frame: asyncio.Future[bytes] | None = None
        self._begins = b""  # how the frame that is waited for begins
        self._one = asyncio.Lock()  # one screencast at a time
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
        data = base64.b64decode(params["data"])
        if self._frame is not None and not self._frame.done() and data.startswith(self._begins):
            self._frame.set_result(data)  # not one of the cast before, which was of another kind
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
        """A small PNG of what is shown. Raises Refused."""
        return await self._picture("png", THUMBNAIL)

    async def photo_to_send(self) -> bytes:
        """A JPEG of what is shown, of at most SENT pixels and SENT_LARGEST bytes. Raises Refused."""
        for quality in SENT_QUALITIES:
            data = await self._picture("jpeg", SENT, quality=quality)
            if len(data) <= SENT_LARGEST:
                return data
        raise Refused("the photo is too large")

    async def give(self, wanted: str, seen: str, jpeg: bytes) -> None:
        """Hand the page the photo it wants; `seen`: what is to be said of it. Raises Refused."""
        given = msgspec.json.encode([wanted, seen, base64.b64encode(jpeg).decode()]).decode()
        await self._ask("Runtime.evaluate", expression=f"globalThis.board?.camera?.taken(...{given})")

    async def _picture(self, kind: str, largest: int, **more: Any) -> bytes:
        """By the first frame of a screencast: a screenshot of another scale would be seen on the screen itself."""
        size = {"maxWidth": largest, "maxHeight": largest}
        async with self._one:
            self._frame, self._begins = asyncio.get_running_loop().create_future(), STARTS[kind]
            try:
                await self._ask("Page.startScreencast", format=kind, everyNthFrame=1, **size, **more)
                return await asyncio.wait_for(self._frame, PHOTO_WITHIN)
            except TimeoutError:
                raise Refused("no picture came") from None
            finally:
                self._frame = None
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
