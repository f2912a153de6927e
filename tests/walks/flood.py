"""A device gone wrong: it signs in with its own credentials and sends what no device should."""

import random
import socket
import ssl
import threading
import time
from pathlib import Path

import msgspec

from nguon.agent import identity, tls
from nguon.agent.swarm import mqtt
from nguon.wire import codec, topics
from nguon.wire.messages import Receipt, Stage, Vitals

SEED = 5
BURST = 100  # messages between two pauses
PAUSE = 0.1  # seconds


class Flood(threading.Thread):
    """The device of this home, which must not run itself. It floods until told to end, and `most` at least.

    `sent`: how many there were.
    """

    def __init__(self, home: Path, most: int) -> None:
        super().__init__()
        self._who, self._most = identity.load(home), most
        self._chance = random.Random(SEED)
        self._end = threading.Event()
        self.sent = 0

    def run(self) -> None:
        """Connect, and send nonsense in bursts."""
        host, port, _ = self._who.broker_address()
        with (
            socket.create_connection((host, port), 30) as plain,
            tls.trusting(self._who.ca).wrap_socket(plain, server_hostname=host) as link,
        ):
            self._sign_in(link)
            while self.sent < self._most or not self._end.is_set():
                link.sendall(b"".join(self._one(self.sent + number) for number in range(BURST)))
                self.sent += BURST
                time.sleep(PAUSE)

    def end(self) -> None:
        """No more than what is owed; wait for that."""
        self._end.set()
        self.join(120)

    def _sign_in(self, link: ssl.SSLSocket) -> None:
        device = self._who.device
        link.sendall(mqtt.connect(device, self._who.password, 60, topics.up(device, "presence"), b"gone"))
        assert link.recv(4)[3] == 0, "its credentials are not taken"

    def _one(self, number: int) -> bytes:
        what, payload = self._kinds(number)[number % 8]
        return mqtt.publish(mqtt.text(topics.up(self._who.device, what)), payload)

    def _kinds(self, number: int) -> list[tuple[str, bytes]]:
        vitals = codec.encode(Vitals(id="0" * 32, at=1))
        stranger = Receipt(
            id="0" * 32, at=1, broadcast=f"{self._chance.getrandbits(128):032x}", stage=Stage.STARTED, seq=number + 1
        )
        return [
            ("receipt", self._chance.randbytes(self._chance.randrange(1, 300))),
            ("receipt", b""),
            ("vitals", b'{"type":' * 50),
            ("presence", msgspec.json.encode({"type": "poem", "id": "\x00", "at": 2**80})),
            ("receipt", vitals),  # right, in the wrong place
            (f"x{number}{self._chance.getrandbits(64)}", vitals),  # a place it made up
            ("receipt", codec.encode(stranger)),  # of a broadcast that never was
            ("vitals", self._chance.randbytes(20_000) if number % 80 == 7 else vitals[:-3]),
        ]
