"""The relay: takes one sound as it is made and gives the same bytes to whoever listens. It keeps nothing."""

from typing import Protocol


class RelayRefused(Exception):
    """The relay does not take this sound; the text is for the log."""


class Feed(Protocol):
    """The way of one sound into the relay."""

    def write(self, data: bytes) -> None:
        """Hand on some bytes without waiting. Raises ConnectionError when the relay is gone."""

    async def close(self) -> None:
        """End the sound: whoever listens is sent away."""


class Relay(Protocol):
    """`name` of a sound: letters and digits that nobody guesses, for whoever knows it may listen."""

    def check(self) -> None:
        """Raise with a reason if this relay cannot be what the settings say."""

    async def feed(self, name: str) -> Feed:
        """Begin a sound (MP3) under this name, in place of one that is there. Raises RelayRefused, OSError."""

    def address(self, name: str, host: str) -> str:
        """Where it is heard; `host` is the name by which the listener reached this server, without a port."""
