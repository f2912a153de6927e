"""Icecast 2.4, where one stands: for more listeners than one machine carries, or a way out to the internet."""

from nguon.plugs.relays.source import Source


class Icecast(Source):
    """Listeners come to `public_url`, or to the very Icecast that takes the sound."""

    def address(self, name: str, host: str) -> str:
        """See `nguon.ports.relay`."""
        base = self._public or f"{self._scheme}://{self._host}:{self._port}{self._folder}"
        return f"{base}/{name}.mp3"
