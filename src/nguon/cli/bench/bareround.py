"""The bare broker: one message to N minimal clients, each answers with constant bytes, one socket counts.

It is a second mosquitto with the same configuration and accounts, so that its rounds can stand between those of the
product, in the same moments of the machine, without the product's services hearing them.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from nguon.cli.bench import asked, raw
from nguon.cli.bench.stage import Stage, await_port, free_port
from nguon.kit import ids
from nguon.wire import topics

ORDER = b"o" * 948  # as long as a sealed order
LONGEST = 30.0  # seconds for a round


class Bare:
    """The minimal clients, connected and subscribed to `topic` of the broker at `port`."""

    def __init__(self, counter: raw.Counter, topic: str, clients: int, port: int) -> None:
        self._counter, self.topic, self._clients, self.port = counter, topic, clients, port

    def round(self, order: bytes = ORDER) -> list[float]:
        """One message to all: the seconds from publishing to every answer, in order of arrival."""
        start = time.monotonic()
        self._counter.socket.sendall(raw.publish(self.topic, order))
        return [seen - start for seen in self._counter.count(self._clients, LONGEST)]


@contextmanager
def bare(made: Stage) -> Iterator[Bare]:
    """A broker of its own with all clients of the stage, in processes of their own."""
    from nguon.config import broker

    port, area = free_port(), ids.short(ids.new())
    topic = topics.area(area, made.channel)
    folder = made.folder / "bare"
    folder.mkdir()
    process = broker.start(folder, {ids.short(pk): frozenset({area}) for pk, _ in made.devices}, port=port)
    argv = [sys.executable, "-m", "nguon.cli.bench.bare", "127.0.0.1", str(port), topic]
    try:
        await_port(port)
        with asked.children([[*argv, str(file)] for file in made.credentials(asked.CORES)]):
            counter = raw.Counter("127.0.0.1", port, "server", made.server_password, topics.RECEIPTS)
            yield Bare(counter, topic, len(made.devices), port)
            counter.close()
    finally:
        process.terminate()
        process.wait()
