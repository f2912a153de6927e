"""The barest page that hears a broker: bytes through the product's own tunnel, and on any message it paints a word.

Run as `python -m nguon.cli.bench.bareweb PORT BROKER_PORT` it serves that page; `opened` gives it windows.
"""

import base64
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from nguon.cli.bench import asked, raw
from nguon.cli.bench.stage import await_port, free_port
from nguon.cli.bench.windows import Window, Windows, await_that

if TYPE_CHECKING:
    from nguon.cli.bench.stage import Stage

PATIENCE = 60.0  # seconds to be subscribed
PAGE = b"""<!doctype html><meta charset="utf-8"><title>Bare</title><h1></h1>"""
# A message may come in pieces, or several in one: whatever comes after the broker's greetings is the order.
HEAR = """((hello, path) => new Promise((resolve) => {
  const bytes = Uint8Array.from(atob(hello), (one) => one.charCodeAt(0));
  const socket = new WebSocket(`ws://${location.host}${path}`, "mqtt");
  globalThis.bareSeen = [];
  let ready = false;
  socket.binaryType = "arraybuffer";
  socket.onopen = () => socket.send(bytes);
  socket.onmessage = ({ data }) => {
    const kind = new Uint8Array(data)[0] & 0xf0;
    if (!ready) {
      ready = kind === 0x90 || new Uint8Array(data).length > 4;
      if (ready) resolve(true);
      return;
    }
    document.querySelector("h1").textContent = `${data.byteLength}`;
    requestAnimationFrame(() => setTimeout(() => globalThis.bareSeen.push(Date.now()), 0));
  };
}))"""


@contextmanager
def opened(made: "Stage", windows: Windows, pages: list[Window], broker_port: int, topic: str) -> Iterator["BarePages"]:
    """One bare page beside each page of the product, subscribed, under the names of the first simulated boards."""
    port = free_port()
    with asked.children([[sys.executable, "-m", "nguon.cli.bench.bareweb", str(port), str(broker_port)]]):
        await_port(port)
        bare = []
        for page, (device, password) in zip(pages, made.devices, strict=False):
            window = windows.open(f"http://127.0.0.1:{port}/", (1280, 720), context=page.context)
            await_that(window, "document.querySelector('h1') !== null", PATIENCE)
            hello = raw.connect(f"page-{device.hex}", device.hex, password) + raw.subscribe(topic)
            window.ask(f"{HEAR}('{base64.b64encode(hello).decode()}', '/mqtt')")
            bare.append(window)
        yield BarePages(bare)


class BarePages:
    """Connected and subscribed."""

    def __init__(self, pages: list[Window]) -> None:
        self._pages = pages

    def forget(self) -> None:
        """What was painted so far."""
        for page in self._pages:
            page.ask("bareSeen.length = 0")

    def painted(self, start: float, within: float) -> list[float]:
        """Seconds from `start` (time.time) until each painted, sorted; fewer if some did not within so many."""
        limit = start + within
        while True:
            found = [page.ask("bareSeen[0] ?? null") for page in self._pages]
            if None not in found or time.time() > limit:
                return sorted(moment / 1000 - start for moment in found if moment is not None)
            time.sleep(0.5)


async def _page(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        headers = [(b"content-type", b"text/html"), (b"content-length", str(len(PAGE)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": PAGE})


def main() -> None:
    """Serve until standard input closes."""
    import threading

    import uvicorn

    from nguon.config.tunnel import Tunnel

    port, broker_port = int(sys.argv[1]), int(sys.argv[2])
    tunnel = Tunnel(_page, f"mqtt://127.0.0.1:{broker_port}")
    server = uvicorn.Server(
        uvicorn.Config(tunnel, host="127.0.0.1", port=port, ws="websockets-sansio", log_level="error", lifespan="off")
    )
    print("ready", flush=True)

    def leave() -> None:
        sys.stdin.read()
        server.force_exit = server.should_exit = True

    threading.Thread(target=leave, daemon=True).start()
    server.run()


if __name__ == "__main__":
    main()
