"""The swarm against a real broker: it comes back, it is refused, it says goodbye."""

import asyncio
from pathlib import Path

from nguon.agent import tls
from nguon.agent.swarm import Swarm, mqtt
from nguon.devices import certificates
from nguon.kit import clock
from nguon.wire import codec, topics
from nguon.wire.messages import Presence
from tests.load.test_swarm_fanout import Counting, identities
from tests.ports.agent_help import Broker, until


class Presences(Counting):
    """Hears who is there."""

    def __init__(self) -> None:
        super().__init__(topics.PRESENCE)
        self.online: list[bool] = []

    def heard(self, payload: bytes) -> None:
        message = codec.decode_up(payload)
        assert isinstance(message, Presence)
        self.online.append(message.online)


async def test_comes_back_after_the_broker_and_says_goodbye() -> None:
    with Broker() as broker:
        swarm = Swarm(identities(50, broker.url, "http://127.0.0.1:1"), "127.0.0.1", broker.port)
        await swarm.start()
        await swarm.wait_connected()
        assert swarm.online == 50
        broker.stop()
        await until(lambda: swarm.online == 0)
        broker.start()
        await swarm.wait_connected()
        listener = Presences()
        await asyncio.get_running_loop().create_connection(lambda: listener.wire, "127.0.0.1", broker.port)
        await until(lambda: listener.online.count(True) == 50)
        await swarm.stop()
        await until(lambda: listener.online.count(False) == 50)
        listener.wire.close()
        await asyncio.sleep(0)


async def test_with_tls(tmp_path: Path) -> None:
    pair, _ = certificates.ours(tmp_path, ["127.0.0.1"], clock.now())
    with Broker(tls=(pair.certificate, pair.key)) as broker:
        secure = tls.trusting(pair.trusted)
        swarm = Swarm(identities(20, broker.url, "http://127.0.0.1:1"), "127.0.0.1", broker.port, tls=secure)
        await swarm.start()
        await swarm.wait_connected()
        assert swarm.online == 20
        await swarm.stop()
    await asyncio.sleep(0)


async def test_a_refused_device_is_counted_and_tries_again() -> None:
    with Broker(anonymous=False) as broker:
        swarm = Swarm(identities(2, broker.url, "http://127.0.0.1:1"), "127.0.0.1", broker.port)
        await swarm.start()
        await until(lambda: swarm.refused >= 4)
        assert swarm.online == 0
        await swarm.stop()


def test_packets_cut_anywhere_are_put_together() -> None:
    heard: list[bytes] = []

    class Owner(Counting):
        def heard(self, payload: bytes) -> None:
            heard.append(payload)

    payloads = [b"", b"x", b"y" * 200, b"z" * 20_000]
    stream = b"".join(mqtt.publish(mqtt.text("t/o"), payload) for payload in payloads)
    for size in (1, 2, 3, 127, 5000, len(stream)):
        heard.clear()
        wire = Owner("").wire
        for at in range(0, len(stream), size):
            wire.data_received(stream[at : at + size])
        assert heard == payloads
