"""Windows of a real Chromium, each with an identity of its own, driven from outside as the kiosk drives its one.

The browser has no screen: pictures are made as always, and go nowhere. It lives in a thread with a loop of its own, so
that who measures need not be asynchronous.
"""

import asyncio
import base64
import os
import threading
import time
from collections.abc import Coroutine
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from nguon.agent.kiosk.browser import Browser, command, find, prepare
from nguon.agent.kiosk.cdp import Heard, Refused
from nguon.cli.bench.watching import until

BLANK = "about:blank"
WITHOUT_SCREEN = ("--headless", "--disable-gpu", "--hide-scrollbars")
PATIENCE = 60.0  # seconds for an answer, on a machine that is at its limits
Size = tuple[int, int]
Answer = TypeVar("Answer")


class Window:
    """One page. `session` is how DevTools call it."""

    def __init__(self, windows: "Windows", session: str, context: str) -> None:
        self._windows, self._session, self.context = windows, session, context

    def order(self, method: str, **params: Any) -> dict[str, Any]:
        """The result of one command to this page. Raises Refused."""
        return self._windows.ask(method, self._session, **params)

    def ask(self, expression: str) -> Any:
        """The value of an expression in the page, a promise's when it is kept. Raises Refused, also if it throws."""
        found = self.order("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in found:
            raise Refused(f"{expression[:80]}: {found['exceptionDetails'].get('exception', {}).get('description')}")
        return found["result"].get("value")

    def go(self, url: str) -> None:
        """Load another address."""
        self.order("Page.navigate", url=url)

    def before(self, script: str) -> None:
        """Run this before the page's own scripts, at every load from now on."""
        self.order("Page.enable")
        self.order("Page.addScriptToEvaluateOnNewDocument", source=script)

    def close(self) -> None:
        """Close it."""
        self.order("Page.close")

    def photo(self) -> bytes:
        """A PNG of what is shown."""
        return base64.b64decode(self.order("Page.captureScreenshot", format="png")["data"])


class Windows:
    """The browser; used as a context it ends on leaving. Raises FileNotFoundError if there is none."""

    def __init__(self, folder: Path, wanted: str | None = None) -> None:
        profile = folder / "browser"
        prepare(profile)
        *argv, _ = command(find(wanted), BLANK, profile, None)
        unguarded = ("--no-sandbox",) if os.geteuid() == 0 else ()  # root has no sandbox
        self._argv = [*argv, *WITHOUT_SCREEN, *unguarded, BLANK]
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._browser: Browser | None = None
        self._traced: list[dict[str, Any]] = []
        self._tracing = asyncio.Event()

    def __enter__(self) -> Self:
        self._thread.start()
        self._browser = self._run(Browser.start(self._argv, self._hear))
        self.ask("Browser.getVersion")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._browser is not None:
            self._run(self._browser.end(gently=True))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def pid(self) -> int:
        """The process of the browser."""
        assert self._browser is not None
        return self._browser.pid

    def renderers(self) -> list[int]:
        """The processes of its pages."""
        found = self.ask("SystemInfo.getProcessInfo")["processInfo"]
        return [one["id"] for one in found if one["type"] == "renderer"]

    def ask(self, method: str, session: str = "", **params: Any) -> dict[str, Any]:
        """The result of one command to the browser, or to one of its pages. Raises Refused."""
        assert self._browser is not None
        return self._run(self._browser.line.ask(method, session, within=PATIENCE, **params))

    def open(self, url: str, size: Size, *, first: str = "", context: str = "") -> Window:
        """A new window of this size (px). `first`: a script that runs before the page's own, at every load.

        `context`: of another window whose storage it shares; without one it has a storage of its own.
        """
        context = context or self.ask("Target.createBrowserContext")["browserContextId"]
        box = {"width": size[0], "height": size[1]}
        place: dict[str, Any] = {**box, "newWindow": True, "browserContextId": context}
        target = self.ask("Target.createTarget", url=BLANK, **place)["targetId"]
        session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        made = Window(self, session, context)
        made.order("Emulation.setDeviceMetricsOverride", **box, deviceScaleFactor=1, mobile=False)
        if first:
            made.before(first)
        made.go(url)
        return made

    def traced(self, categories: list[str], seconds: float) -> list[dict[str, Any]]:
        """What the browser notes of these categories in so many seconds: trace events, `ts` in µs. Raises Refused."""
        self._traced, self._tracing = [], asyncio.Event()
        self.ask("Tracing.start", traceConfig={"includedCategories": categories}, transferMode="ReportEvents")
        time.sleep(seconds)
        self.ask("Tracing.end")
        self._run(asyncio.wait_for(self._tracing.wait(), PATIENCE))
        return self._traced

    def _hear(self, event: Heard) -> None:
        if event.method == "Tracing.dataCollected":
            self._traced += event.params["value"]
        elif event.method == "Tracing.tracingComplete":
            self._tracing.set()

    def _run(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


def await_that(page: Window, expression: str, within: float) -> None:
    """Wait until it is so in the page, which may be loading. Raises RuntimeError after so many seconds."""

    def is_so() -> bool:
        try:
            return bool(page.ask(expression))
        except Refused:  # between one document and the next there is nobody to ask
            return False

    if not until(is_so, within):
        raise RuntimeError(f"a page never came to {expression}")
