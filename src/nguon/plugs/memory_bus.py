"""A bus inside one process, for tests: loud about being no broker, faithful about topics with `+` and `#`."""

import logging
from collections.abc import Callable
from typing import ClassVar

from nguon.ports.bus import Handler

log = logging.getLogger(__name__)


def matches(pattern: str, topic: str) -> bool:
    """Whether a topic fits an MQTT subscription pattern."""
    wanted, given = pattern.split("/"), topic.split("/")
    for position, part in enumerate(wanted):
        if part == "#":
            return True
        if position >= len(given) or part not in ("+", given[position]):
            return False
    return len(wanted) == len(given)


class MemoryBus:
    """All instances of one url share the same messages. Nothing leaves the process."""

    _rooms: ClassVar[dict[str, list["MemoryBus"]]] = {}
    _retained: ClassVar[dict[str, dict[str, bytes]]] = {}

    def __init__(self, url: str, username: str = "", password: str | Callable[[], str] = "") -> None:
        self._url = url
        self._subscriptions: tuple[str, ...] = ()
        self._handler: Handler | None = None
        self.connected = self._paused = False
        self._held: list[tuple[str, bytes]] = []

    def check(self) -> None:
        """Always able, and says what it is."""
        log.warning("the bus is in memory: no device will hear anything")

    async def connect(self, *, client_id: str, subscribe: tuple[str, ...] = (), handler: Handler | None = None) -> None:
        """Join the room; retained messages come at once."""
        self._subscriptions, self._handler, self.connected = subscribe, handler, True
        self._rooms.setdefault(self._url, []).append(self)
        for topic, payload in self._retained.get(self._url, {}).items():
            self._hear(topic, payload)

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Give the message to every member. Raises ConnectionError when not connected."""
        if not self.connected:
            raise ConnectionError("no connection to the broker")
        if retain:
            self._retained.setdefault(self._url, {})[topic] = payload
        for member in list(self._rooms[self._url]):
            member._hear(topic, payload)

    def _hear(self, topic: str, payload: bytes) -> None:
        if self._handler and any(matches(pattern, topic) for pattern in self._subscriptions):
            if self._paused:
                self._held.append((topic, payload))
            else:
                self._handler(topic, payload)

    def pause(self) -> None:
        """Keep what comes."""
        self._paused = True

    def resume(self) -> None:
        """Hand over what was kept, and go on."""
        self._paused = False
        held, self._held = self._held, []
        for topic, payload in held:
            self._hear(topic, payload)

    async def drain(self) -> None:
        """Nothing is ever on its way here."""

    async def close(self) -> None:
        """Leave the room."""
        if self.connected:
            self._rooms[self._url].remove(self)
        self.connected = False
