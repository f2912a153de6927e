"""A web server of boards without the rest of the house: the page as it is, codes, a board's word, files by hash.

What it is made of can be changed under way: another version, files that do not come, a board that is known no more.
"""

import hashlib
import json
import time
from base64 import b64encode
from typing import Any

import msgspec

from nguon.channels.board import shell
from nguon.ui.middleware import POLICY
from nguon.wire.messages import Content
from tests.authority import KEYS

DEVICE, AREA = "d" * 32, "a" * 32
CODE, PASSWORD = "7QKD-2M9P", "chỉ để thử".encode().hex()
Answer = tuple[int, str, bytes]
KINDS = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml", "woff2": "font/woff2"}


class Town:
    """An ASGI application. `asked`: methods and paths, as they came."""

    def __init__(self) -> None:
        self.parts = shell.parts()  # what is served
        self.told: dict[str, bytes] = {}  # what the worker is told instead of it
        self.lost: set[str] = set()  # addresses that fail
        self.named = False  # whether somebody typed the code
        self.password = ""  # of the board, once it is one
        self.contents: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.shown: dict[str, Any] = {}  # what the board told of each day

    def put(self, title: str, duration: int) -> Content:
        """A document to be shown (ms)."""
        words = {"title": title, "text": ["Xã Phước Sơn"], "issuer": "UBND xã Phước Sơn", "link": None, "alert": None}
        slides = [{"ms": duration, "title": title, "lines": words["text"]}]
        data = json.dumps({"v": 1, "look": "notice", "lang": "vi", **words, "slides": slides}).encode()
        digest = self.keep(data)
        return Content(url=f"/api/1/content/{digest}", sha256=digest, size=len(data), duration=duration)

    def keep(self, data: bytes) -> str:
        """Serve these bytes by their hash."""
        digest = hashlib.sha256(data).hexdigest()
        self.contents[digest] = data
        return digest

    def renew(self, version: str) -> None:
        """Another version of the page."""
        page = self.parts["/bang/"].decode()
        before = page.split('data-version="')[1].split('"')[0]
        self.parts = {**self.parts, "/bang/": page.replace(f'"{before}"', f'"{version}"').encode()}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = b""
        while (message := await receive())["type"] == "http.request":
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        told = dict(scope["headers"]).get(b"authorization", b"").decode()
        self.asked.append(f"{scope['method']} {scope['path']}")
        status, kind, data = self.answer(scope["path"], body, told)
        headers = [(b"content-type", kind.encode()), (b"content-length", str(len(data)).encode())]
        headers += [(b"content-security-policy", POLICY.encode())]
        headers += [(b"www-authenticate", b'Basic realm="nguon"')] if status == 401 else []
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else data})

    def answer(self, path: str, body: bytes = b"", told: str = "") -> Answer:
        """Status, kind and bytes for a path."""
        if path in self.lost:
            return 500, "text/plain", b""
        if path == "/bang/worker.js":
            return 200, "text/javascript", shell.worker_of({**self.parts, **self.told}).encode()
        if path in self.parts:
            return 200, KINDS.get(path.rsplit(".", 1)[-1], "text/html"), self.parts[path]
        return self._api(path, body) if path in API else self._kept(path, body, told)

    def _api(self, path: str, body: bytes) -> Answer:
        if path.endswith("/time"):
            return _json({"now": time.time_ns() // 1_000_000})
        if path.endswith("/screens"):
            return _json({"code": CODE, "ticket": "t"}, 201)
        if path.endswith("/ask"):
            return _json({"code": "ABCD-EFGH" if self.named else None})
        assert json.loads(body)["code"] == "ABCD-EFGH"
        self.password, self.named = PASSWORD, False
        settings = {"type": "settings", "id": "5" * 32, "at": 0, "version": 1, "areas": [AREA], "volume": 80}
        settings |= {"vitals_every": 60, "proof": False, "warm_up": 0, "stagger": 0, "data_budget": None}
        keys = msgspec.to_builtins(KEYS) | {"revoked": []}
        keys["authorities"] = [{"alone": False, **one} for one in keys["authorities"]]
        return _json({"device": DEVICE, "password": PASSWORD, "settings": settings, "keys": keys})

    def _kept(self, path: str, body: bytes, told: str) -> Answer:
        wanted = f"Basic {b64encode(f'{DEVICE}:{self.password}'.encode()).decode()}"
        if not self.password or told != wanted:
            return 401, "application/json", b"{}"
        if path.startswith("/api/1/shown/"):
            self.shown[path.rsplit("/", 1)[-1]] = json.loads(body)["pages"]
            return 204, "text/plain", b""
        data = self.contents.get(path.rsplit("/", 1)[-1])
        return (403, "text/plain", b"") if data is None else (200, "application/json", data)  # as the server does


API = {f"/api/1/{name}" for name in ("time", "screens", "screens/ask", "enrol")}


def _json(value: Any, status: int = 200) -> Answer:
    return status, "application/json", json.dumps(value).encode()
