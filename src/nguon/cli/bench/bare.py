"""N bare devices in a process of their own: on any message each answers with bytes made beforehand. Nothing else.

Run as `python -m nguon.cli.bench.bare HOST PORT TOPIC FILE`; FILE has one `id password` a line, after one of keys.
Prints `ready` when all are subscribed and ends when its standard input closes.
"""

import contextlib
import os
import selectors
import socket
import sys
from pathlib import Path

from nguon.cli.bench import raw
from nguon.wire import topics

ANSWER = b"x" * 190  # as long as a receipt
BURST = 200  # connections opened before the broker is given time to answer


class Device:
    """One socket and its one answer."""

    def __init__(self, name: str, password: str, address: tuple[str, int], number: int, topic: str) -> None:
        self.answer = raw.publish(topics.up(name, "receipt"), ANSWER)
        self._hello = raw.connect(f"bare-{name}", name, password) + raw.subscribe(topic)
        self._from, self._to = (f"127.0.1.{2 + number // 20_000}", 0), address
        self.subscribed = False
        self._rest = b""
        self.dial()

    def dial(self) -> None:
        """Begin to connect; once more, if a broker with very many at its door has hung up before it let us in."""
        self.socket = socket.socket()
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.bind(self._from)
        self.socket.connect_ex(self._to)

    def connected(self) -> None:
        """Introduce itself, now that there is a line."""
        self.socket.sendall(self._hello)

    def heard(self) -> bool:
        """Read what has come; answer if it is more than the broker's greetings. False when the broker hung up."""
        data = self.socket.recv(16_384)
        if self.subscribed:
            whole = self._rest + data if self._rest else data
            end = raw.end(whole, 0)
            if end is not None:  # an order of an alert may come in two pieces
                self.socket.sendall(self.answer)
            self._rest = whole[end:] if end is not None else whole
        elif b"\x90" in data:
            self.subscribed = True
        return bool(data)


def main() -> None:
    """Connect, report, answer until standard input closes."""
    host, port, topic, file = sys.argv[1:5]
    selector = selectors.EpollSelector()
    names = [line.split() for line in Path(file).read_text().splitlines()[1:]]  # the first: keys, for whole devices
    ready = 0
    for number, (name, password) in enumerate(names):
        device = Device(name, password, (host, int(port)), number, topic)
        selector.register(device.socket, selectors.EVENT_WRITE, device)
        if number % BURST == BURST - 1:
            ready += _turn(selector, 0)
    while ready < len(names):
        ready += _turn(selector, 1)
    print("ready", flush=True)
    selector.register(sys.stdin, selectors.EVENT_READ, None)
    while _turn(selector, None) >= 0:
        pass


def _turn(selector: selectors.BaseSelector, timeout: float | None) -> int:
    """Let every device with news act; how many have just subscribed, or -1 when standard input closed."""
    fresh = 0
    for key, events in selector.select(timeout):
        device: Device | None = key.data
        if device is None:
            if not os.read(0, 1):
                return -1
            continue
        if events & selectors.EVENT_WRITE:
            with contextlib.suppress(ConnectionError):  # the next look finds it closed
                device.connected()
            selector.modify(device.socket, selectors.EVENT_READ, device)
            continue
        before = device.subscribed
        try:
            stays = device.heard()
        except OSError:
            stays = False
        if not stays:
            selector.unregister(device.socket)
            device.socket.close()
            if not device.subscribed:
                device.dial()
                selector.register(device.socket, selectors.EVENT_WRITE, device)
        fresh += device.subscribed and not before
    return fresh


if __name__ == "__main__":
    main()
