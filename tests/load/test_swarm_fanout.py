"""One order to N swarm devices through a real broker, beside devices that answer a constant, in the same run.

As a program it prints the times from the publish to the last receipt at a light subscriber in a process of its own:
`python -m tests.load.test_swarm_fanout 5000 [rounds]`. As a test it checks that every device answers, once.
"""

import asyncio
import functools
import gc
import hashlib
import http.server
import json
import multiprocessing as mp
import statistics
import sys
import threading
import time
from multiprocessing.connection import Connection
from typing import Any

from nguon.agent.identity import Identity
from nguon.agent.swarm import Swarm, mqtt
from nguon.kit import clock, ids
from nguon.wire import topics
from nguon.wire.messages import Content, Play, Settings
from tests.authority import KEYS, sealed
from tests.ports.agent_help import Broker, free_port

SOUND = bytes(range(256)) * 64
AREA = "a" * 32


def identities(count: int, broker: str, server: str) -> list[Identity]:
    """Devices of one area."""
    settings = Settings(id=ids.new().hex, at=0, version=1, areas=(AREA,))
    return [Identity(ids.new().hex, "x", server, broker, settings, KEYS) for _ in range(count)]


def order(server: str) -> bytes:
    """A sealed order to play a minute of nothing much."""
    now = clock.ms(clock.now())
    content = Content(url=f"{server}/s", sha256=hashlib.sha256(SOUND).hexdigest(), size=len(SOUND), duration=60_000)
    play = Play(id=ids.new().hex, at=now, expires=now + 600_000, level=40, content=content, areas=(AREA,), title="Thử")
    return sealed(play)


class Counting:
    """A light subscriber: counts the RECEIVED receipts, notes when the last came."""

    def __init__(self, subscription: str) -> None:
        self._subscription = subscription
        self.ready = asyncio.Event()
        self.count, self.last_ns = 0, 0
        self.wire = mqtt.Wire(self)

    def opened(self) -> None:
        self.send(mqtt.connect("0" * 31 + "1", "x", 600, "w", b""))

    def send(self, data: bytes) -> None:
        assert self.wire.transport is not None
        self.wire.transport.write(data)

    def accepted(self, code: int) -> None:
        self.send(mqtt.subscribe([self._subscription]))

    def subscribed(self) -> None:
        self.ready.set()

    def heard(self, payload: bytes) -> None:
        if b'"received"' in payload:
            self.count += 1
            self.last_ns = time.monotonic_ns()

    def lost(self) -> None:
        pass


async def _one_round(port: int, subscription: str, area: str, message: bytes, count: int) -> tuple[int, float]:
    counting = Counting(subscription)
    await asyncio.get_running_loop().create_connection(lambda: counting.wire, "127.0.0.1", port)
    await counting.ready.wait()
    await asyncio.sleep(0.5)
    began = time.monotonic_ns()
    counting.send(mqtt.publish(mqtt.text(area), message))
    deadline = time.monotonic() + 30
    while counting.count < count and time.monotonic() < deadline:
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.3)  # one too many would come now
    counting.wire.close()
    return counting.count, (counting.last_ns - began) / 1e9


def measurer(pipe: Connection, port: int) -> None:
    """The process of the subscriber: rounds as asked through the pipe."""
    while job := pipe.recv():
        pipe.send(runner(_one_round(port, *job)))


def runner(coroutine: Any) -> Any:
    """Run with uvloop where it is installed."""
    try:
        import uvloop
    except ImportError:
        return asyncio.run(coroutine)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as made:
        return made.run(coroutine)


class Stub:
    """A device that answers every message with the same bytes."""

    def __init__(self, identity: Identity, answer: bytes) -> None:
        self._device = identity.device
        self._answer = mqtt.publish(mqtt.text(f"stub/{self._device}/receipt"), answer)
        self.ready = asyncio.Event()
        self.wire = mqtt.Wire(self)

    def opened(self) -> None:
        assert self.wire.transport is not None
        self.wire.transport.write(mqtt.connect("f" + self._device[1:], "x", 60, "stub/w", b""))

    def accepted(self, code: int) -> None:
        assert self.wire.transport is not None
        self.wire.transport.write(mqtt.subscribe(["stub/area"]))

    def subscribed(self) -> None:
        self.ready.set()

    def heard(self, payload: bytes) -> None:
        assert self.wire.transport is not None
        self.wire.transport.write(self._answer)

    def lost(self) -> None:
        pass


async def open_stubs(found: list[Identity], port: int, answer: bytes) -> list[Stub]:
    """One stub for each identity, connected and subscribed."""
    stubs = []
    for identity in found:
        stub = Stub(identity, answer)
        wire = stub.wire
        await asyncio.get_running_loop().create_connection(
            functools.partial(_same, wire), "127.0.0.1", port, local_addr=("127.0.0.9", 0)
        )
        await stub.ready.wait()
        stubs.append(stub)
    return stubs


def _same(wire: mqtt.Wire) -> mqtt.Wire:
    return wire


def serve() -> http.server.ThreadingHTTPServer:
    """A server with the sound."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(SOUND)))
            self.end_headers()
            self.wfile.write(SOUND)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


async def measure(count: int, rounds: int, pipe: Connection, port: int) -> dict[str, Any]:
    """Rounds with the swarm and with stubs in turn; the median of each and their ratio."""
    web = serve()
    server = f"http://127.0.0.1:{web.server_address[1]}"
    found = identities(count, f"mqtt://127.0.0.1:{port}", server)
    swarm = Swarm(found, "127.0.0.1", port)
    await swarm.start()
    await swarm.wait_connected(120)
    answer = b'{"type":"receipt","stage":"received","pad":"%s"}' % (b"x" * 130)
    stubs = await open_stubs(found, port, answer)
    gc.collect()
    gc.freeze()
    times: dict[str, list[float]] = {"swarm": [], "stub": []}
    counts: list[int] = []
    loop = asyncio.get_running_loop()
    for _ in range(rounds):
        jobs = {
            "stub": ("stub/+/receipt", "stub/area", b"x" * 600, count),
            "swarm": (topics.RECEIPTS, topics.area(AREA, "speaker"), order(server), count),
        }
        for name, job in jobs.items():
            pipe.send(job)
            seen, took = await loop.run_in_executor(None, pipe.recv)
            counts.append(seen)
            times[name].append(took)
            await asyncio.sleep(0.5)
    sent = dict(swarm.sent)
    for stub in stubs:
        stub.wire.close()
    await swarm.stop()
    web.shutdown()
    web.server_close()
    swarm_s, stub_s = (statistics.median(times[name]) for name in ("swarm", "stub"))
    return {
        "devices": count,
        "counts": counts,
        "sent": sent,
        "swarm_s": [round(t, 3) for t in times["swarm"]],
        "stub_s": [round(t, 3) for t in times["stub"]],
        "ratio": round(swarm_s / stub_s, 2),
    }


def main(count: int, rounds: int) -> dict[str, Any]:
    """Broker, subscriber and swarm, each a process."""
    port = free_port()
    with Broker(port):
        ours, theirs = mp.get_context("spawn").Pipe()
        process = mp.get_context("spawn").Process(target=measurer, args=(theirs, port), daemon=True)
        process.start()
        try:
            result: dict[str, Any] = runner(measure(count, rounds, ours, port))
        finally:
            ours.send(None)
            process.join(10)
            ours.close()
            theirs.close()
    return result


def test_every_device_answers_once() -> None:
    result = main(200, 2)
    assert result["counts"] == [200] * 4
    assert result["sent"] == {"received": 400, "ready": 200, "started": 200}  # the second waits its turn


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), int((sys.argv[2:] or ["5"])[0]))))
