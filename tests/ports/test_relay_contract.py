"""What every relay must do, asked of our own and of a real Icecast."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from nguon.kit.ids import new
from nguon.live.relay import BEHIND, RelayServer, pace
from nguon.plugs.relays.icecast import Icecast as IcecastPlug
from nguon.plugs.relays.own import Own
from nguon.plugs.relays.source import Source
from nguon.ports.relay import Feed, Relay, RelayRefused
from tests.ports.agent_help import free_port, until
from tests.ports.radio import PASSWORD, Icecast

FRAME = b"\xff\xfb\x50\xc4" + b"\0" * 204  # a frame of silence: Icecast looks at what it gets


@dataclass
class Standing:
    """A relay that runs, and one made with a wrong password."""

    relay: Relay
    wrong: Relay
    port: int


@pytest.fixture(params=["own", "icecast"])
async def standing(request: pytest.FixtureRequest) -> AsyncIterator[Standing]:
    if request.param == "icecast":
        with Icecast() as icecast:
            wrong = icecast.source.replace(PASSWORD, "wrong")
            yield Standing(IcecastPlug(icecast.source), IcecastPlug(wrong), icecast.port)
    else:
        port = free_port()
        server = await RelayServer(f"source:{PASSWORD}").start("127.0.0.1", port)
        url = f"http://source:{PASSWORD}@127.0.0.1:{port}"
        yield Standing(Own(url), Own(url.replace(PASSWORD, "wrong")), port)
        server.close()


async def ask(url: str) -> tuple[str, asyncio.StreamReader, asyncio.StreamWriter]:
    """The head of the answer, and the line."""
    host, _, path = url.removeprefix("http://").partition("/")
    name, _, port = host.partition(":")
    reader, writer = await asyncio.open_connection(name, int(port))
    writer.write(f"GET /{path} HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
    async with asyncio.timeout(10):
        head = await reader.readuntil(b"\r\n\r\n")
    return head.decode().lower(), reader, writer


async def keep_on(feed: Feed) -> None:
    while True:
        feed.write(FRAME * 4)
        await asyncio.sleep(0.05)


async def test_all_who_listen_get_the_same_from_where_it_is_now(standing: Standing) -> None:
    name = new().hex
    feed = await standing.relay.feed(name)
    writing = asyncio.create_task(keep_on(feed))
    await asyncio.sleep(0.5)
    url = standing.relay.address(name, "127.0.0.1")
    heard = []
    for _ in range(3):
        head, reader, writer = await ask(url)
        assert " 200 ok" in head
        assert "content-type: audio/mpeg" in head
        async with asyncio.timeout(10):
            heard.append(await reader.readexactly(1_000))
        writer.close()
    assert all(FRAME[:4] in piece for piece in heard)
    writing.cancel()
    await feed.close()


async def test_the_end_of_the_sound_sends_them_away(standing: Standing) -> None:
    name = new().hex
    feed = await standing.relay.feed(name)
    writing = asyncio.create_task(keep_on(feed))
    await asyncio.sleep(0.3)
    _, reader, writer = await ask(standing.relay.address(name, "127.0.0.1"))
    await reader.readexactly(100)
    writing.cancel()
    await feed.close()
    async with asyncio.timeout(15):
        while await reader.read(4096):
            pass
    writer.close()
    head, _, writer = await ask(standing.relay.address(name, "127.0.0.1"))
    assert " 404 " in head
    writer.close()


async def test_a_wrong_password_is_refused(standing: Standing) -> None:
    with pytest.raises(RelayRefused, match="401"):
        await standing.wrong.feed(new().hex)


async def test_nobody_hears_a_name_that_is_not(standing: Standing) -> None:
    head, _, writer = await ask(standing.relay.address(new().hex, "127.0.0.1"))
    assert " 404 " in head
    writer.close()


async def test_a_relay_that_is_not_there() -> None:
    for relay in (Own(f"http://source:x@127.0.0.1:{free_port()}"), IcecastPlug(f"http://x:y@127.0.0.1:{free_port()}")):
        with pytest.raises(OSError):
            await relay.feed("x")


async def test_what_is_no_relay() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-x\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    with pytest.raises(RelayRefused, match="no relay"):
        await Own(f"http://a:b@127.0.0.1:{server.sockets[0].getsockname()[1]}").feed("x")
    server.close()


@pytest.mark.parametrize("url", ["", "icecast:8000", "ftp://x/y", "mqtt://x"])
def test_an_address_that_is_none_is_told(url: str) -> None:
    with pytest.raises(ValueError, match="NGUON_RELAY_URL"):
        Source(url).check()


def test_addresses() -> None:
    assert Own("http://a:b@127.0.0.1:18840").address("x", "nguon.example.vn") == "http://nguon.example.vn:18840/x.mp3"
    assert Own("http://a:b@127.0.0.1:18840").address("x", "::1") == "http://[::1]:18840/x.mp3"
    assert Own("http://a:b@127.0.0.1:18840", "https://loa.vn/").address("x", "y") == "https://loa.vn/x.mp3"
    plug = IcecastPlug("http://source:p%40@ice.vn:8000/xa")
    assert plug.address("x", "y") == "http://ice.vn:8000/xa/x.mp3"
    assert "p%40" not in plug.address("x", "y")


class Own1:
    """Our own relay and its inside."""

    def __init__(self) -> None:
        self.port = free_port()
        self.server = RelayServer("source:pw")
        self.relay = Own(f"http://source:pw@127.0.0.1:{self.port}")


@pytest.fixture
async def own() -> AsyncIterator[Own1]:
    made = Own1()
    server = await made.server.start("127.0.0.1", made.port)
    yield made
    server.close()


async def test_who_is_too_slow_is_sent_away_and_nobody_else(own: Own1) -> None:
    feed = await own.relay.feed("x")
    url = own.relay.address("x", "127.0.0.1")
    _, quick, one = await ask(url)
    _, _slow, two = await ask(url)
    two.transport.pause_reading()  # type: ignore[attr-defined]
    mount = own.server.mounts["x"]
    await until(lambda: len(mount.listeners) == 2)
    for _ in range(400):
        feed.write(bytes(BEHIND // 4))
        await asyncio.sleep(0)
        await quick.read(BEHIND)
        if len(mount.listeners) == 1:
            break
        await asyncio.sleep(0.03)
    assert len(mount.listeners) == 1
    assert mount.dropped == 1
    for writer in (one, two):
        writer.close()
    await feed.close()


async def test_a_source_that_comes_again_takes_its_listeners_over(own: Own1) -> None:
    first = await own.relay.feed("x")
    _, reader, writer = await ask(own.relay.address("x", "127.0.0.1"))
    first.write(b"one")
    assert await reader.readexactly(3) == b"one"
    second = await own.relay.feed("x")
    second.write(b"two")
    assert await reader.readexactly(3) == b"two"
    await asyncio.sleep(0.2)
    with pytest.raises(ConnectionError):
        first.write(b"old")
    writer.close()
    for feed in (first, second):
        await feed.close()


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (b"POST /x HTTP/1.1\r\n\r\n", b"405"),
        (b"GET\r\n\r\n", b"400"),
        (b"PUT /x HTTP/1.1\r\n\r\n", b"401"),
        (b"PUT /x HTTP/1.1\r\nAuthorization: Basic eDp5\r\n\r\n", b"401"),
        (b"x" * 9_000, b"431"),
    ],
)
async def test_nonsense_is_refused(own: Own1, said: bytes, status: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", own.port)
    writer.write(said)
    assert status in await reader.read(100)
    writer.close()


def test_the_more_listen_the_larger_the_pieces() -> None:
    assert pace(1) < pace(2_000) < pace(20_000) <= 0.25
