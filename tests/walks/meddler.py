"""Somebody who holds the broker, with the server's own password: says again what was said, and other things as well."""

import asyncio
import json
import threading
from collections.abc import Callable

import msgspec

from nguon.plugs.mqtt import MqttBus
from nguon.wire import codec, seal
from nguon.wire.messages import Play

AGAIN = 20  # times an order that was heard is said again, as it was


class Meddler(threading.Thread):
    """Meddles until told to end. `said`: what it made, by broadcast id; whatever sounds of it was not signed."""

    def __init__(self, url: str, password: Callable[[], str]) -> None:
        super().__init__()
        self._url, self._password = url, password
        self._heard: dict[str, tuple[str, bytes]] = {}
        self._end = threading.Event()
        self.ready = threading.Event()
        self.said: set[str] = set()

    def run(self) -> None:
        """Sign in, listen to all orders, meddle with each."""
        asyncio.run(self._meddle())

    def end(self) -> None:
        """No more of it."""
        self._end.set()
        self.join(60)

    async def _meddle(self) -> None:
        bus, done = MqttBus(self._url, "server", self._password), set[str]()
        await bus.connect(client_id="server", subscribe=("nguon/1/area/+/+",), handler=self._keep)
        self.ready.set()
        while not self._end.is_set():
            for order in self._heard.keys() - done:
                done.add(order)
                topic, data = self._heard[order]
                for each in (*self._other_words(data), *[data] * AGAIN):
                    bus.publish(topic, each)
            await asyncio.sleep(0.05)
        await bus.close()

    def _keep(self, topic: str, data: bytes) -> None:
        message = codec.decode_down(seal.unwrap(data).payload)
        if isinstance(message, Play) and message.id not in self.said:
            self._heard.setdefault(message.id, (topic, data))

    def _other_words(self, data: bytes) -> list[bytes]:
        """The same order without signatures, with one of them, and with other words under the old ones."""
        opened = seal.unwrap(data)
        words = json.loads(opened.payload)
        changes: list[dict[str, object]] = [
            {},
            {"title": "Chợ họp"},
            {"drill": True},
            {"expires": words["expires"] + 1},
        ]
        payloads = []
        for number, change in enumerate(changes):
            made = f"f{number}{words['id'][2:]}"
            self.said.add(made)
            payloads.append(msgspec.json.encode({**words, **change, "id": made}))
        signatures = opened.signatures
        return [
            *(seal.wrap(payload) for payload in payloads),
            *(seal.wrap(payload, signatures) for payload in payloads),
            *(seal.wrap(payload, signatures[:1]) for payload in payloads),
            seal.wrap(opened.payload, signatures[:1]),
        ]
