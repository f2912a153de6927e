"""How many bytes were fetched and sent, as far as the agent can know: what is said, not how it is packed."""

import httpx

HEAD = 300  # bytes about, of the first lines of a call and of its answer


class Meter:
    """Counts; `take` gives what was counted since the last time."""

    def __init__(self) -> None:
        self._bytes = 0

    def add(self, count: int) -> None:
        """So many bytes more."""
        self._bytes += count

    def take(self) -> int:
        """What was counted since the last time."""
        count, self._bytes = self._bytes, 0
        return count

    async def see(self, response: httpx.Response) -> None:
        """A hook for a client of HTTP: both bodies, as their heads tell them, and the heads."""
        sent, got = response.request.headers.get("Content-Length", "0"), response.headers.get("Content-Length", "0")
        self.add(HEAD * 2 + sum(int(each) for each in (sent, got) if each.isdigit()))
