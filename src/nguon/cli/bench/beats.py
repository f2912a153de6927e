"""Many devices' heartbeats at a steady rate, from a process of their own.

Run as `python -m nguon.cli.bench.beats PORT FILE RATE SECONDS`; FILE has one `id password` a line. Each heartbeat
carries its number in `held`, so that the last one stored can be known. Prints how many each device sent.
"""

import socket
import sys
import time
from pathlib import Path

from nguon.cli.bench import raw
from nguon.kit import ids
from nguon.wire import codec, messages, topics

TURN = 0.01  # seconds


def connect(port: int, name: str, password: str) -> socket.socket:
    """One device's line to the broker, welcomed."""
    line = socket.create_connection(("127.0.0.1", port))
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line.sendall(raw.connect(name, name, password))
    line.recv(4)
    return line


def beat(name: str, number: int) -> bytes:
    """One heartbeat as a device sends it."""
    vitals = messages.Vitals(
        id=ids.short(ids.new()), at=1, volume=80, signal=-90, disk_free=10**9, held=number, settings=1
    )
    return raw.publish(topics.up(name, "vitals"), codec.encode(vitals))


def main() -> None:
    """Beat in turns of all devices, as many a turn as the rate asks, and say how many each sent."""
    port, file, rate, seconds = int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    names = [line.split() for line in file.read_text().splitlines()[1:]]  # the first: keys, for whole devices
    lines = [(name, connect(port, name, password)) for name, password in names]
    print("ready", flush=True)
    sys.stdin.readline()
    each = max(rate * seconds // len(lines), 1)
    prepared = [beat(name, number) for number in range(1, each + 1) for name, _ in lines]
    start, sent = time.monotonic(), 0
    while sent < len(prepared):
        due = min(int((time.monotonic() - start) * rate) + 1, len(prepared))
        for index in range(sent, due):
            lines[index % len(lines)][1].sendall(prepared[index])
        sent = due
        time.sleep(TURN)
    print(each, time.monotonic() - start, flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    main()
