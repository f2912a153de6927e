"""The broker through the web port: real uvicorn, real mosquitto, a real WebSocket."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from nguon.agent.swarm import mqtt
from nguon.config import pipe, tunnel
from nguon.config.tunnel import Tunnel
from tests.ports.agent_help import Broker, free_port

MQTT = [Subprotocol("mqtt")]


async def nobody(scope: Any, receive: Any, send: Any) -> None:
    """The application behind: it knows no sockets."""
    await receive()
    await send({"type": "websocket.close", "code": 4403})


class Web:
    """uvicorn in a thread, as the web service runs it."""

    def __init__(self, app: Tunnel) -> None:
        self.port = free_port()
        self.app = app
        config = uvicorn.Config(
            app,
            "127.0.0.1",
            self.port,
            lifespan="off",
            ws="websockets-sansio",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run)

    def __enter__(self) -> "Web":
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()


@pytest.fixture
def broker() -> Iterator[Broker]:
    with Broker() as found:
        yield found


@pytest.fixture
def web(broker: Broker) -> Iterator[Web]:
    with Web(Tunnel(nobody, broker.url, most=3)) as found:
        yield found


def dial(web: Web, path: str = "/mqtt", **more: Any) -> connect:
    return connect(f"ws://127.0.0.1:{web.port}{path}", **{"subprotocols": MQTT, **more})


def hello(name: str, will: bytes = b"gone") -> bytes:
    return mqtt.connect(name, "x", 60, f"will/{name}", will)


@pytest.fixture
async def listener(web: Web) -> AsyncIterator[ClientConnection]:
    async with dial(web) as line:
        await line.send(hello("listener"))
        assert await line.recv() == b"\x20\x02\x00\x00"
        await line.send(mqtt.subscribe(["#"]))
        assert bytes(await line.recv())[:1] == b"\x90"  # type: ignore[arg-type]
        yield line


async def heard(line: ClientConnection, wanted: bytes) -> None:
    """Until these bytes have come."""
    data = b""
    async with asyncio.timeout(10):
        while wanted not in data:
            data += bytes(await line.recv())  # type: ignore[arg-type]


async def test_bytes_go_both_ways(web: Web, listener: ClientConnection) -> None:
    async with dial(web) as other:
        assert other.subprotocol == "mqtt"
        await other.send(hello("other"))
        assert await other.recv() == b"\x20\x02\x00\x00"
        large = bytes(range(256)) * 800  # more than one piece
        await other.send(mqtt.publish(mqtt.text("a"), large))
        await heard(listener, large)


async def test_a_packet_may_come_in_pieces(web: Web) -> None:
    async with dial(web) as line:
        for byte in hello("slow"):
            await line.send(bytes([byte]))
        assert await line.recv() == b"\x20\x02\x00\x00"


async def test_who_hangs_up_without_a_word_leaves_the_last_will(web: Web, listener: ClientConnection) -> None:
    async with dial(web) as other:
        await other.send(hello("other", b"my last will"))
        await other.recv()
        other.transport.abort()
    await heard(listener, b"my last will")


async def test_a_farewell_is_heard(web: Web, listener: ClientConnection) -> None:
    async with dial(web) as other:
        await other.send(hello("other", b"my last will"))
        await other.recv()
        await other.send(mqtt.FAREWELL)
    async with dial(web) as third:
        await third.send(hello("third"))
        await third.recv()
        await third.send(mqtt.publish(mqtt.text("b"), b"the end"))
        data = b""
        async with asyncio.timeout(10):
            while b"the end" not in data:
                data += bytes(await listener.recv())  # type: ignore[arg-type]
    assert b"my last will" not in data


async def test_another_protocol_is_refused(web: Web) -> None:
    with pytest.raises(InvalidStatus):
        await dial(web, subprotocols=None)
    with pytest.raises(InvalidStatus):
        await dial(web, path="/mqtt/x")


async def test_words_are_no_bytes(web: Web) -> None:
    async with dial(web) as line:
        await line.send("xin chào")
        with pytest.raises(ConnectionClosed) as closed:
            await line.recv()
        assert closed.value.rcvd
        assert closed.value.rcvd.code == tunnel.BAD_KIND


async def test_the_broker_is_away_and_comes_back(web: Web, broker: Broker) -> None:
    async with dial(web) as line:
        await line.send(hello("one"))
        await line.recv()
        broker.stop()
        with pytest.raises(ConnectionClosed):
            await line.recv()
    async with dial(web) as line:
        with pytest.raises(ConnectionClosed) as closed:
            await line.recv()
        assert closed.value.rcvd
        assert closed.value.rcvd.code == tunnel.NO_BROKER
    broker.start()
    async with dial(web) as line:
        await line.send(hello("one"))
        assert await line.recv() == b"\x20\x02\x00\x00"


async def test_no_more_than_so_many(web: Web) -> None:
    lines = [await dial(web) for _ in range(3)]
    for number, line in enumerate(lines):
        await line.send(hello(f"n{number}"))
        await line.recv()
    async with dial(web) as one_more:
        with pytest.raises(ConnectionClosed) as closed:
            await one_more.recv()
        assert closed.value.rcvd
        assert closed.value.rcvd.code == tunnel.FULL
    await lines.pop().close()
    async with asyncio.timeout(10):
        while web.app.open > 2:
            await asyncio.sleep(0.01)
    async with dial(web) as line:
        await line.send(hello("again"))
        assert await line.recv() == b"\x20\x02\x00\x00"
    for line in lines:
        await line.close()


async def test_who_opens_and_stays_silent_loses_the_place(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipe, "FIRST", 0.2)
    async with dial(web) as line:
        with pytest.raises(ConnectionClosed) as closed:
            await line.recv()
        assert closed.value.rcvd
        assert closed.value.rcvd.code == tunnel.BAD_PROTOCOL
