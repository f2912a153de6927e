"""Our own relay: the service `live`, on a port of its own."""

from urllib.parse import urlsplit

from nguon.plugs.relays.source import Source


class Own(Source):
    """Listeners come to `public_url`, or to the relay's port on the host by which they know this server."""

    def address(self, name: str, host: str) -> str:
        """See `nguon.ports.relay`."""
        return f"{self._public}/{name}.mp3" if self._public else f"http://{_bracketed(host)}:{self._port}/{name}.mp3"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else urlsplit(f"//{host}").hostname or host
