"""The server's side of a broker, for tests that are not asyncio: says what the test says, keeps what devices say."""

import json
import socket
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any

from nguon.agent.swarm import mqtt
from nguon.wire import topics

LONGEST = 30.0  # seconds


class _Ear:
    """What the wire needs to tell somebody."""

    def __init__(self, keep: Callable[[bytes], None]) -> None:
        self.heard = keep

    def opened(self) -> None:
        """Never: the socket is ours."""

    def accepted(self, code: int) -> None:
        """Let in."""

    def subscribed(self) -> None:
        """Listening."""

    def lost(self) -> None:
        """Over."""


class Talk:
    """One line; `heard` are the messages of devices, as they came."""

    def __init__(self, port: int) -> None:
        self.heard: list[dict[str, Any]] = []
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._wire = mqtt.Wire(_Ear(lambda payload: self.heard.append(json.loads(payload))))
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> "Talk":
        self._socket.sendall(mqtt.connect("1" * 32, "x", 60, "w", b"") + mqtt.subscribe([topics.UPLINK]))
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._socket.close()

    def _listen(self) -> None:
        try:
            while data := self._socket.recv(65_536):
                self._wire.data_received(data)
        except OSError:
            pass  # the test is over, or its broker is

    def publish(self, topic: str, payload: bytes) -> None:
        """Say this."""
        self._socket.sendall(mqtt.publish(mqtt.text(topic), payload))

    def receipts(self, broadcast: str) -> list[dict[str, Any]]:
        """What was told of a broadcast, each number once."""
        found = {one["seq"]: one for one in tuple(self.heard) if one.get("broadcast") == broadcast}
        return [found[seq] for seq in sorted(found)]

    def stages(self, broadcast: str) -> list[str]:
        """How far it came."""
        return [one["stage"] for one in self.receipts(broadcast)]

    def refusals(self) -> list[dict[str, Any]]:
        """What was not believed."""
        return [one for one in tuple(self.heard) if one["type"] == "refusal"]

    def until(self, true: Callable[[], bool]) -> None:
        """Wait for it. Raises AssertionError after a while."""
        limit = time.monotonic() + LONGEST
        while not true():
            assert time.monotonic() < limit, self.heard[-10:]
            time.sleep(0.02)
