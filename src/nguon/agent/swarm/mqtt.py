"""MQTT 3.1.1 at QoS 0, only what a device needs, with as little work per message as Python allows."""

import asyncio
from typing import Protocol, cast

PING = b"\xc0\x00"
FAREWELL = b"\xe0\x00"
LARGEST = 1 << 20  # bytes of one packet; a broker that sends more is not ours
READ_SIZE = 8_192  # plain asyncio would set aside 256 kB for each read


def packet(kind: int, body: bytes) -> bytes:
    """A packet: kind and flags, length, body."""
    length, head = len(body), bytearray((kind,))
    while length > 127:
        head.append(length & 127 | 128)
        length >>= 7
    head.append(length)
    return bytes(head) + body


def text(value: str | bytes) -> bytes:
    """A string with its length in front."""
    data = value.encode() if isinstance(value, str) else value
    return len(data).to_bytes(2, "big") + data


def connect(client_id: str, password: str, keepalive: int, will_topic: str, will: bytes) -> bytes:
    """CONNECT with a clean session, a retained last will, and the client id as name."""
    flags = 0b1110_0110  # name, password, will retained at QoS 0, clean session
    head = text("MQTT") + bytes((4, flags)) + keepalive.to_bytes(2, "big")
    return packet(0x10, head + text(client_id) + text(will_topic) + text(will) + text(client_id) + text(password))


def subscribe(topics: list[str]) -> bytes:
    """SUBSCRIBE to all at QoS 0. `topics` is not empty."""
    return packet(0x82, b"\x00\x01" + b"".join(text(topic) + b"\x00" for topic in topics))


def unsubscribe(topics: list[str]) -> bytes:
    """UNSUBSCRIBE from all. `topics` is not empty."""
    return packet(0xA2, b"\x00\x02" + b"".join(text(topic) for topic in topics))


def publish(topic: bytes, payload: bytes, retain: bool = False) -> bytes:
    """PUBLISH at QoS 0; `topic` with its length in front (see `text`)."""
    length = len(topic) + len(payload)
    kind = 0x31 if retain else 0x30
    if 127 < length < 16_384:  # nearly every receipt
        return bytes((kind, length & 127 | 128, length >> 7)) + topic + payload
    return packet(kind, topic + payload)


class Owner(Protocol):
    """Who gets what comes in."""

    def opened(self) -> None:
        """The socket is open: say CONNECT."""

    def accepted(self, code: int) -> None:
        """CONNACK with this code; 0 is welcome."""

    def subscribed(self) -> None:
        """SUBACK."""

    def heard(self, payload: bytes) -> None:
        """A message came."""

    def lost(self) -> None:
        """The connection is gone."""


class Wire(asyncio.Protocol):
    """One socket. `alive` is set by anything that comes in, for the owner to clear."""

    __slots__ = ("_owner", "_rest", "alive", "transport")

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        self._rest = b""
        self.alive = True
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is one only in what it does
        if hasattr(transport, "max_size"):
            transport.max_size = READ_SIZE
        self._owner.opened()

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None
        self._owner.lost()

    def data_received(self, data: bytes) -> None:
        self.alive = True
        if self._rest:
            data = self._rest + data
        at, end = 0, len(data)
        while end - at >= 2:
            length, body = data[at + 1], at + 2
            if length > 127:
                length, body = length_of(data, at)
                if body == 0:
                    break
            if length > LARGEST:
                self.close()
                return
            if body + length > end:
                break
            self._take(data, at, body, body + length)
            at = body + length
        self._rest = data[at:]

    def _take(self, data: bytes, at: int, body: int, end: int) -> None:
        kind = data[at] & 0xF0
        if kind == 0x30:
            start = body + 2 + (data[body] << 8 | data[body + 1]) + (2 if data[at] & 6 else 0)
            self._owner.heard(data[start:end])
        elif kind == 0x20:
            self._owner.accepted(data[body + 1])
        elif kind == 0x90:
            self._owner.subscribed()

    def close(self) -> None:
        """End the socket without a farewell: the broker publishes the will."""
        if self.transport is not None:
            self.transport.abort()


def length_of(data: bytes, at: int) -> tuple[int, int]:
    """Length and start of the body of the packet at `at`; (0, 0) while too little of it is here."""
    length = 0
    for place in range(4):
        here = at + 1 + place
        if here >= len(data):
            return 0, 0
        length |= (data[here] & 127) << 7 * place
        if data[here] < 128:
            return length, here + 1
    return LARGEST + 1, at + 5
