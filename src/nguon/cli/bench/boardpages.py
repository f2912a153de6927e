"""Boards that are real pages: enrolled as people do it, and asked when something was painted.

What is painted is seen from outside: a watcher in the page notes the moment (Date.now, the clock of this machine) at
which another document stood on the screen, after the picture that has it was handed over. Nothing of the product is
touched by it.
"""

import time
from typing import TYPE_CHECKING

from nguon.cli.bench.windows import Size, Window, Windows, await_that

if TYPE_CHECKING:
    from nguon.cli.bench.stage import Stage

SIZE: Size = (1280, 720)
AT_ONCE = 5  # pages that wait for their name at one time
BULLETIN, EMERGENCY = "40 ", "90 "  # how what the watcher tells begins
PATIENCE = 120.0  # seconds for a page to become a board
# `benchSeen`: [ms, what stands there]: level and title of a document, empty for none (dark, or the hour).
WATCHER = """(() => {
  if (globalThis.benchSeen) return;
  const seen = (globalThis.benchSeen = []);
  let was = "";
  const look = () => {
    const root = document.getElementById("screen");
    const board = root?.querySelector(".board:not([data-form=idle])");
    const now = board ? `${root.dataset.level ?? ""} ${board.getAttribute("aria-label") ?? ""}` : "";
    if (now === was) return;
    was = now;
    requestAnimationFrame(() => setTimeout(() => seen.push([Date.now(), now]), 0));
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
})()"""
CODE = "document.querySelector('[data-state=code] [data-said]')?.textContent ?? ''"
READY = "globalThis.board?.state?.connected === true && board.state.checked && document.fonts.status === 'loaded'"
FORGET = "globalThis.benchSeen.length = 0"
SEEN = "globalThis.benchSeen"


def enrolled(windows: Windows, made: "Stage", count: int, size: Size = SIZE) -> list[Window]:
    """So many boards of the stage's place, connected, each a page with its own keys. Raises RuntimeError."""
    found: list[Window] = []
    while len(found) < count:
        found += _some(windows, made, range(len(found), min(count, len(found) + AT_ONCE)), size)
    return found


def _some(windows: Windows, made: "Stage", numbers: range, size: Size) -> list[Window]:
    from nguon.devices import actions, screens
    from nguon.kit.clock import now

    url = f"http://127.0.0.1:{made.web_port}/bang/"
    pages = [windows.open(url, size, first=WATCHER) for _ in numbers]
    for number, page in zip(numbers, pages, strict=True):
        await_that(page, CODE, PATIENCE)
        name = f"Bench {number + 1}"
        device = actions.register(name=name, place=made.place, channel=made.channel, actor="bench", now=now())
        screens.name(code=page.ask(CODE), device=device, actor="bench", now=now())
    for page in pages:
        await_that(page, READY, PATIENCE)
    return pages


def painted(pages: list[Window], what: str, start: float, within: float) -> list[float]:
    """Seconds from `start` (time.time) until each page painted what begins so (`90 `, a level), sorted.

    Waits for all, at most `within` seconds; pages are not asked before something must have come, so as not to be
    disturbed. Fewer if some did not.
    """
    time.sleep(max(0.0, start + 1 - time.time()))
    limit = start + within
    while True:
        found = [first(page.ask(SEEN), what) for page in pages]
        if None not in found or time.time() > limit:
            return sorted(moment / 1000 - start for moment in found if moment is not None)
        time.sleep(0.5)


def first(seen: list[tuple[int, str]], what: str) -> int | None:
    """The moment (ms) at which it first stood there; an empty `what`: at which nothing did any more."""
    return next((at for at, said in seen if (said.startswith(what) if what else not said)), None)


def forget(pages: list[Window]) -> None:
    """What was seen so far."""
    for page in pages:
        page.ask(FORGET)
