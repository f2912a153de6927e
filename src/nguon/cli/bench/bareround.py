"""The bare broker: one message to N minimal clients, each answers with constant bytes, one socket counts."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from nguon.cli.bench import raw
from nguon.cli.bench.stage import Stage
from nguon.kit import ids
from nguon.wire import topics

ORDER = b"o" * 760  # as long as a sealed order
LONGEST = 30.0  # seconds for a round


@contextmanager
def bare_devices(made: Stage, topic: str) -> Iterator[None]:
    """The N minimal clients, in a process of their own, connected and subscribed."""
    argv = [sys.executable, "-m", "nguon.cli.bench.bare", "127.0.0.1", str(made.broker_port), topic]
    child = subprocess.Popen([*argv, str(made.credentials())], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdout
    try:
        if child.stdout.readline().strip() != b"ready":
            raise RuntimeError("the bare clients did not connect")
        yield
    finally:
        child.communicate()


def rounds(made: Stage, count: int, rest: float) -> list[list[float]]:
    """`count` rounds; for each the seconds from publishing to every answer, in order of arrival."""
    topic = topics.area(ids.short(ids.new()))
    counter = raw.Counter("127.0.0.1", made.broker_port, "server", made.server_password, topics.RECEIPTS)
    found = []
    with bare_devices(made, topic):
        time.sleep(rest)
        for _ in range(count):
            start = time.monotonic()
            counter.socket.sendall(raw.publish(topic, ORDER))
            found.append([seen - start for seen in counter.count(len(made.devices), LONGEST)])
            time.sleep(rest)
    counter.close()
    return found
