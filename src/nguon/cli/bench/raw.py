"""The barest MQTT 3.1.1 there is: just enough bytes to stand beside the product as its lower bound."""

import socket
import struct
import time


def packet(kind: int, body: bytes) -> bytes:
    """One MQTT packet: first byte, remaining length, body."""
    size, length = len(body), b""
    while True:
        size, digit = divmod(size, 128)
        length += bytes([digit | (0x80 if size else 0)])
        if not size:
            return bytes([kind]) + length + body


def text(value: str) -> bytes:
    """A string as MQTT writes it."""
    data = value.encode()
    return struct.pack("!H", len(data)) + data


def connect(client: str, username: str, password: str) -> bytes:
    """CONNECT with a clean session, a user and a password, keepalive off."""
    return packet(0x10, text("MQTT") + b"\x04\xc2\x00\x00" + text(client) + text(username) + text(password))


def subscribe(topic: str) -> bytes:
    """SUBSCRIBE to one topic at QoS 0."""
    return packet(0x82, b"\x00\x01" + text(topic) + b"\x00")


def publish(topic: str, payload: bytes) -> bytes:
    """PUBLISH at QoS 0."""
    return packet(0x30, text(topic) + payload)


class Counter:
    """A subscriber that only counts packets of kind PUBLISH, on a blocking socket."""

    def __init__(self, host: str, port: int, username: str, password: str, topic: str) -> None:
        self.socket = socket.create_connection((host, port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self.socket.sendall(connect(f"bench-{time.monotonic_ns()}", username, password) + subscribe(topic))
        self._rest = b""
        self._await_kind(0x90)

    def _await_kind(self, wanted: int) -> None:
        while wanted not in self._kinds():
            pass

    def _kinds(self) -> list[int]:
        """The kinds of the packets that have arrived whole; waits for some bytes."""
        data, position, kinds = self._rest + self.socket.recv(1 << 18), 0, []
        while (past := end(data, position)) is not None:
            kinds.append(data[position] & 0xF0)
            position = past
        self._rest = data[position:]
        return kinds

    def last(self, topic: str) -> bytes:
        """Wait for the next message and return the newest payload on `topic` among those that came with it."""
        name, found = text(topic), b""
        while not found:
            data, position = self._rest + self.socket.recv(1 << 18), 0
            while (past := end(data, position)) is not None:
                piece = data[position:past]
                if piece[0] & 0xF0 == 0x30 and name in piece:
                    found = piece[piece.index(name) + len(name) :]
                position = past
            self._rest = data[position:]
        return found

    def count(self, wanted: int, seconds: float) -> list[float]:
        """Wait for `wanted` messages; the monotonic time at which each was seen. Fewer if time runs out."""
        seen: list[float] = []
        self.socket.settimeout(seconds)
        try:
            while len(seen) < wanted:
                fresh = self._kinds().count(0x30)
                seen.extend([time.monotonic()] * fresh)
        except TimeoutError:
            pass
        return seen

    def close(self) -> None:
        """Hang up."""
        self.socket.close()


def end(data: bytes, start: int) -> int | None:
    """Where the packet that begins at `start` ends, or None if it is not all there."""
    size, shift, position = 0, 0, start + 1
    while position < len(data):
        byte = data[position]
        size |= (byte & 0x7F) << shift
        shift += 7
        position += 1
        if not byte & 0x80:
            past = position + size
            return past if past <= len(data) else None
    return None
