"""The bus: a pipe between server and devices that may forget. Nothing relies on it to remember."""

from collections.abc import Callable
from typing import Protocol

Handler = Callable[[str, bytes], None]


class Bus(Protocol):
    """One connection to the broker, open until `close`: it reconnects by itself and subscribes again."""

    def check(self) -> None:
        """Raise with a reason if this bus cannot work here."""

    async def connect(self, *, client_id: str, subscribe: tuple[str, ...] = (), handler: Handler | None = None) -> None:
        """Connect, waiting for the broker as long as it takes; `handler(topic, payload)` runs in the loop."""

    @property
    def connected(self) -> bool:
        """Whether there is a connection now, as far as is known."""

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Hand one message to the broker without waiting. Raises ConnectionError while there is no connection."""

    def pause(self) -> None:
        """Take nothing off the line for a while: it waits there, and with the broker. Harmless without a connection."""

    def resume(self) -> None:
        """Go on taking what comes."""

    async def drain(self) -> None:
        """Wait until what was published has left this process."""

    async def close(self) -> None:
        """Disconnect in good order."""
