"""What N links cost the broker, plain and with TLS: memory, processor at the coming, and one message to all."""

import asyncio
import os
import resource
import ssl
import time
from pathlib import Path
from statistics import median
from typing import Any

import uvloop

from nguon.agent import tls
from nguon.agent.swarm import mqtt
from nguon.agent.units import CHANNEL
from nguon.cli.bench.stage import Stage, await_port, stage
from nguon.config.broker_areas import Wire
from nguon.kit import ids
from nguon.wire import topics

ORDER = b"x" * 900  # about as long as a sealed order
ROUNDS = 5
COMING = 100  # at one moment
LONGEST = 120.0  # seconds


class Heard:
    """Moments at which one message was heard, until all have."""

    def __init__(self, wanted: int) -> None:
        self._wanted = wanted
        self.begin()

    def begin(self) -> None:
        """Of the next message."""
        self.moments: list[float] = []
        self.all = asyncio.Event()

    def note(self) -> None:
        """One more, now."""
        self.moments.append(time.monotonic())
        if len(self.moments) == self._wanted:
            self.all.set()


class Link:
    """One device that only notes when something came."""

    def __init__(self, name: str, password: str, area: str, heard: Heard) -> None:
        self._name, self._password, self._area, self._heard = name, password, area, heard
        self.wire = mqtt.Wire(self)
        self.there: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def opened(self) -> None:
        """Say who we are."""
        hello = mqtt.connect(self._name, self._password, 60, topics.up(self._name, "presence"), b"")
        self._write(hello + mqtt.subscribe([topics.area(self._area, CHANNEL)]))

    def accepted(self, code: int) -> None:
        """Refused is a fault of the measurement."""
        if code:
            self.there.set_exception(ConnectionRefusedError(str(code)))

    def subscribed(self) -> None:
        """Ready."""
        self.there.set_result(None)

    def heard(self, payload: bytes) -> None:
        """Note when."""
        self._heard.note()

    def lost(self) -> None:
        """At the end all are."""

    def _write(self, data: bytes) -> None:
        assert self.wire.transport is not None
        self.wire.transport.write(data)


async def _links(made: Stage, port: int, context: ssl.SSLContext | None) -> dict[str, Any]:
    loop = asyncio.get_running_loop()
    broker = _mosquitto(made)
    memory, processor, began = _memory(broker), _processor(broker), time.monotonic()
    gate = asyncio.Semaphore(COMING)
    heard, area = Heard(len(made.devices)), ids.short(made.place.pk)
    links = [Link(pk.hex, password, area, heard) for pk, password in made.devices]

    async def come(link: Link) -> None:
        async with gate:
            await loop.create_connection(lambda: link.wire, "127.0.0.1", port, ssl=context)
            await link.there

    async with asyncio.timeout(LONGEST):
        await asyncio.gather(*map(come, links))
    found = {
        "connect_s": round(time.monotonic() - began, 2),
        "broker_cpu_ms_per_connect": round(1000 * (_processor(broker) - processor) / len(links), 3),
        "broker_kB_per_link": round((_memory(broker) - memory) / len(links) / 1024, 1),
    }
    spent = _processor(broker)
    rounds = [await _to_all(made, heard) for _ in range(ROUNDS)]
    found["fanout_broker_cpu_s"] = round((_processor(broker) - spent) / ROUNDS, 3)
    found["fanout_p50_s"] = round(median(one[len(one) // 2] for one in rounds), 3)
    found["fanout_max_s"] = round(median(one[-1] for one in rounds), 3)
    for link in links:
        link.wire.close()
    await asyncio.sleep(1)
    return found


async def _to_all(made: Stage, heard: Heard) -> list[float]:
    """Seconds until each heard, of one message to all, in order."""
    heard.begin()
    with Wire(made.broker_port, "server", made.server_password) as server:
        start = time.monotonic()
        server.say(topics.area(ids.short(made.place.pk), CHANNEL), ORDER)
        async with asyncio.timeout(LONGEST):
            await heard.all.wait()
        server.send(mqtt.FAREWELL)
    return [moment - start for moment in heard.moments]


def _mosquitto(made: Stage) -> int:
    """Its process: the child of the service."""
    service = made.running["broker"].pid
    return int(Path(f"/proc/{service}/task/{service}/children").read_text().split()[0])


def _memory(process: int) -> int:
    """Bytes in use."""
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * resource.getpagesize()


def _processor(process: int) -> float:
    """Seconds spent."""
    parts = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def run(devices: int) -> dict[str, Any]:
    """The same devices first without, then with TLS, each against a broker of its own."""
    found: dict[str, Any] = {"devices": devices}
    with stage(devices) as made:
        from django.conf import settings

        from nguon.devices import door

        for name, port in (("plain", made.broker_port), ("tls", settings.NGUON_BROKER_TLS_PORT)):
            made.start("broker")
            await_port(settings.NGUON_BROKER_TLS_PORT)
            context = tls.trusting(door.trusted()) if name == "tls" else None
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                found[name] = runner.run(_links(made, port, context))
            made.stop("broker")
    return found
