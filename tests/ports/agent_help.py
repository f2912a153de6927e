"""Real parts for tests of the agent: a broker of our own on a free port, and a free port."""

import asyncio
import contextlib
import hashlib
import json
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec

from nguon.agent.identity import Identity
from nguon.wire.messages import Content, Document, Settings
from tests.authority import KEYS

SETTINGS = """\
listener {port} 127.0.0.1
allow_anonymous {anonymous}
set_tcp_nodelay true
allow_duplicate_messages true
max_queued_messages 200000
max_inflight_messages 1000
{user}
"""


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Broker:
    """Mosquitto as a child, until the end of the `with`."""

    def __init__(
        self, port: int | None = None, *, anonymous: bool = True, tls: tuple[Path, Path] | None = None
    ) -> None:
        """`tls` is a certificate and its key."""
        self.port = port or free_port()
        self.url = f"mqtt{'s' if tls else ''}://127.0.0.1:{self.port}"
        self._folder = Path(tempfile.mkdtemp(prefix="nguon-broker-"))
        user = "user root" if Path("/proc/self").owner() == "root" else ""
        settings = SETTINGS.format(port=self.port, anonymous=str(anonymous).lower(), user=user)
        if tls:
            settings += f"certfile {tls[0]}\nkeyfile {tls[1]}\n"
        (self._folder / "mosquitto.conf").write_text(settings)

    def __enter__(self) -> "Broker":
        self.start()
        return self

    def start(self) -> None:
        """Start, and wait until it listens."""
        command = [shutil.which("mosquitto") or "/usr/sbin/mosquitto", "-c", str(self._folder / "mosquitto.conf")]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.05)
        raise RuntimeError("mosquitto does not listen")

    def stop(self) -> None:
        """End it, as a crash would."""
        self._process.kill()
        self._process.wait()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()
        shutil.rmtree(self._folder)


class Web:
    """An HTTP server with the device API: contents by hash, with faults on demand; keeps what it was asked and sent.

    `cuts` are lengths after which the next answers break off; `statuses` are answered first, one each. The next `away`
    calls get no answer at all.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self._serving: set[asyncio.Task[None]] = set()
        self.contents: dict[str, bytes] = {}
        self.cuts: list[int] = []
        self.statuses: list[int] = []
        self.ranges = True
        self.away = 0
        self.ahead = 0  # ms by which its clock is
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.proofs: dict[str, bytes] = {}
        self.enrolment: dict[str, object] = {}
        self.enrolled: list[dict[str, str]] = []

    async def __aenter__(self) -> "Web":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
        self.url = f"http{'s' if self._tls else ''}://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self._server.wait_closed()
        for task in self._serving:  # somebody may still be asking: no line may outlive us
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    def enrol_as(self, broker: str, device: str = "d" * 32) -> None:
        """Answer the next enrolment with this."""
        settings = msgspec.to_builtins(Settings(id="5" * 32, at=0, version=1, areas=("a" * 32,)))
        self.enrolment = {"device": device, "password": "pw", "broker": broker, "settings": settings}
        self.enrolment["keys"] = msgspec.to_builtins(KEYS)

    def put(self, data: bytes, duration: int = 1_000) -> Content:
        """Offer these bytes; the content as an order names it."""
        digest = hashlib.sha256(data).hexdigest()
        self.contents[digest] = data
        return Content(url=f"/api/1/content/{digest}", sha256=digest, size=len(data), duration=duration)

    def put_plan(self, data: bytes) -> Document:
        """Offer this document; the plan as an announcement names it."""
        found = self.put(data)
        return Document(url=f"/api/1/plan/{found.sha256}", sha256=found.sha256, size=found.size)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        try:
            await self._answer_one(reader, writer)
        finally:
            self._serving.discard(task)
            writer.close()

    async def _answer_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            method, path, _ = head[0].split(" ")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            self.asked.append((f"{method} {path}", headers))
            if self.away:
                self.away -= 1
                raise ConnectionResetError
            status, extra, answer = self._answer(method, path, headers, body)
            lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(answer)}", "Connection: close", *extra]
            if path.startswith(("/api/1/content/", "/api/1/plan/")) and self.cuts:
                answer = answer[: self.cuts.pop(0)]
            writer.write("\r\n".join([*lines, "", ""]).encode() + answer)
            await writer.drain()

    def _answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, list[str], bytes]:
        name = path.rsplit("/", 1)[-1]
        if path == "/api/1/time":
            return 200, [], b'{"now":%d}' % (time.time_ns() // 1_000_000 + self.ahead)
        if path == "/api/1/enrol":
            self.enrolled.append(json.loads(body))
            return (
                (200, [], json.dumps(self.enrolment).encode())
                if self.enrolment
                else (410, [], b'{"error":"M\xc3\xa3"}')
            )
        if self.statuses:
            return self.statuses.pop(0), [], b"{}"
        if method == "PUT":
            self.proofs[name] = body
            return 204, [], b""
        data = self.contents.get(name)
        if data is None:
            return 404, [], b"{}"
        if self.ranges and (begin := headers.get("range", "").removeprefix("bytes=").removesuffix("-")):
            if int(begin) >= len(data):
                return 416, [f"Content-Range: bytes */{len(data)}"], b""
            return 206, [f"Content-Range: bytes {begin}-{len(data) - 1}/{len(data)}"], data[int(begin) :]
        return 200, [], data


def an_identity(server: str, broker: str, areas: tuple[str, ...] = ("a" * 32,), **more: Any) -> Identity:
    """A device as after enrolment."""
    settings = Settings(id="5" * 32, at=0, version=1, areas=areas, **more)
    return Identity("d" * 32, "secret", server, broker, settings, KEYS)


def an_mp3(folder: Path, seconds: float) -> bytes:
    """A tone, made by ffmpeg as the server makes its sounds: 64 kbit/s mono."""
    path = folder / f"{seconds}.mp3"
    source = f"sine=frequency=440:duration={seconds}"
    command = ["ffmpeg", "-loglevel", "error", "-y", "-f", "lavfi", "-i", source, "-ac", "1", "-b:a", "64k", str(path)]
    subprocess.run(command, check=True)
    return path.read_bytes()


def seconds_of(path: Path) -> float:
    """How long a sound file lasts when decoded to its end by ffmpeg."""
    command = ["ffmpeg", "-loglevel", "error", "-i", str(path), "-f", "s16le", "-ac", "1", "-ar", "8000", "-"]
    return len(subprocess.run(command, check=True, capture_output=True).stdout) / 16_000


async def until(true: Callable[[], object], within: float = 15.0) -> None:
    """Wait until it is true. Raises TimeoutError."""
    async with asyncio.timeout(within):
        while not true():
            await asyncio.sleep(0.02)
