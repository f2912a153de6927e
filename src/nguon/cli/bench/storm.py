"""A storm of readers: connections that are kept, each asking for one page again as soon as it has it.

Run as `python -m nguon.cli.bench.storm PORT PATH CONNECTIONS SECONDS` it prints one line of JSON: `answers`, `wrong`
(answers that are no 200, or no whole ones), `seconds`, and the sorted `took` of each answer in seconds.
"""

import asyncio
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import cast

import uvloop

LIMIT = 60.0  # seconds beyond the asked ones for a storm to end


@dataclass(frozen=True)
class Storm:
    """What came of it."""

    answers: int
    wrong: int
    seconds: float
    took: list[float]

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.answers / self.seconds


class _Reader(asyncio.Protocol):
    """One connection: a request, its answer by Content-Length, the next request."""

    def __init__(self, request: bytes, until: float, over: "asyncio.Future[None]") -> None:
        self._request, self._until, self._over = request, until, over
        self._buffer, self._began = bytearray(), 0.0
        self.took: list[float] = []
        self.wrong = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)  # that of uvloop is none by name
        self._ask()

    def _ask(self) -> None:
        self._began = time.perf_counter()
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head = self._buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        said = self._buffer[:head].lower()
        at = said.find(b"content-length:")
        length = int(said[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(self._buffer) < head + 4 + length:
            return
        now = time.perf_counter()
        self.took.append(now - self._began)
        self.wrong += b" 200 " not in said[:20] or at < 0
        self._buffer.clear()
        if now < self._until:
            self._ask()
        else:
            self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        self.wrong += error is not None
        if not self._over.done():
            self._over.set_result(None)


async def _all(port: int, path: str, connections: int, seconds: float) -> Storm:
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: gzip\r\n\r\n".encode()
    loop, began = asyncio.get_running_loop(), time.perf_counter()
    readers, waits = [], []
    for _ in range(connections):
        over: asyncio.Future[None] = loop.create_future()
        reader = _Reader(request, began + seconds, over)
        await loop.create_connection(lambda reader=reader: reader, "127.0.0.1", port)  # type: ignore[misc]
        readers.append(reader)
        waits.append(over)
    await asyncio.wait(waits, timeout=seconds + LIMIT)
    took = sorted(one for reader in readers for one in reader.took)
    return Storm(len(took), sum(reader.wrong for reader in readers), time.perf_counter() - began, took)


def begin(port: int, path: str, connections: int, seconds: float) -> "subprocess.Popen[str]":
    """A storm in a process of its own."""
    argv = [sys.executable, "-m", "nguon.cli.bench.storm", str(port), path, str(connections), str(seconds)]
    return subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)


def end(process: "subprocess.Popen[str]", seconds: float) -> Storm:
    """What came of it, once it is over. Raises RuntimeError if it broke."""
    said, _ = process.communicate(timeout=seconds + LIMIT)
    if process.returncode:
        raise RuntimeError("the storm broke off")
    return Storm(**json.loads(said))


def main() -> None:
    """The storm of the command line."""
    port, path, connections, seconds = sys.argv[1:]
    found = uvloop.run(_all(int(port), path, int(connections), float(seconds)))
    print(json.dumps({"answers": found.answers, "wrong": found.wrong, "seconds": found.seconds, "took": found.took}))


if __name__ == "__main__":
    main()
