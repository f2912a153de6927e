"""The modules of a board's page in a real Chromium, without a server of ours behind them."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

import nguon.channels.board
import nguon.ui

STATIC = Path(nguon.channels.board.__file__).parent / "static" / "board"
LENT = Path(nguon.ui.__file__).parent / "static"


class _Files(SimpleHTTPRequestHandler):
    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".js": "text/javascript"}

    def translate_path(self, path: str) -> str:
        """What the page has of other rooms, its letters above all, is where the page looks for it."""
        lent = path.startswith(("/ui/", "/vendor/"))
        return str(LENT / path.lstrip("/")) if lent else super().translate_path(path)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def served() -> Iterator[str]:
    """The address at which the modules are, a secure context."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, directory=str(STATIC)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def a_document(title: str = "", *text: str, **more: Any) -> dict[str, Any]:
    """What a board shows, version 1."""
    empty = {"v": 1, "look": "notice", "lang": "vi", "issuer": "UBND xã Phước Sơn", "link": None, "alert": None}
    return {**empty, "title": title, "text": list(text), **more}


def run(page: Page, script: str, argument: Any = None) -> Any:
    """What this JavaScript returns; `wire(name)` imports a module, `bytes(base64)` makes bytes, `argument` is given."""
    return page.evaluate(
        """([script, argument]) => {
          const wire = (name) => import(`/wire/${name}.js`);
          const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
          const work = new (Object.getPrototypeOf(async () => 0).constructor)("wire", "bytes", "argument", script);
          return work(wire, bytes, argument);
        }""",
        [script, json.loads(json.dumps(argument))],
    )


def b64(data: bytes) -> str:
    """For `bytes` of a script."""
    return base64.b64encode(data).decode()
