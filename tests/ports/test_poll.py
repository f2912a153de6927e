"""The broker in plain requests: real uvicorn, real mosquitto, requests that are lost, repeated and late."""

import asyncio
import random
import secrets
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from nguon.agent.swarm import mqtt
from nguon.config import pipe, poll, poll_line
from nguon.config.tunnel import Tunnel
from tests.ports.agent_help import Broker
from tests.ports.test_tunnel import Web, dial, hello, nobody

LET_IN = b"\x20\x02\x00\x00"


@pytest.fixture
def broker() -> Iterator[Broker]:
    with Broker() as found:
        yield found


@pytest.fixture
def web(broker: Broker) -> Iterator[Web]:
    with Web(Tunnel(nobody, broker.url, most=3)) as found:
        yield found


@pytest.fixture
async def ask(web: Web) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{web.port}", timeout=60) as found:
        yield found


class Player:
    """One line, as a board has it."""

    def __init__(self, ask: httpx.AsyncClient, path: str) -> None:
        self.ask, self.path = ask, path
        self.said, self.data = 0, b""

    @classmethod
    async def opened(cls, ask: httpx.AsyncClient, name: str = "", will: bytes = b"gone") -> "Player":
        """A new line; let in under a name if there is one."""
        answer = await ask.post(poll.LINES)
        assert answer.status_code == 201
        made = cls(ask, f"{poll.LINES}/{answer.json()['line']}")
        if name:
            await made.say(hello(name, will))
            await made.hears(LET_IN)
        return made

    async def say(self, data: bytes) -> None:
        assert (await self.post(self.said, data)).status_code == 204
        self.said += len(data)

    async def post(self, start: int, data: bytes) -> httpx.Response:
        return await self.ask.post(self.path, params={"from": start}, content=data)

    async def get(self, start: int | None = None) -> httpx.Response:
        return await self.ask.get(self.path, params={"from": len(self.data) if start is None else start})

    async def listen(self) -> None:
        answer = await self.get()
        assert answer.status_code in (200, 204), answer.text
        self.data += answer.content

    async def hears(self, wanted: bytes) -> None:
        async with asyncio.timeout(20):
            while wanted not in self.data:
                await self.listen()


async def test_bytes_go_both_ways(ask: httpx.AsyncClient) -> None:
    one, other = await Player.opened(ask, "one"), await Player.opened(ask, "other")
    await one.say(mqtt.subscribe(["#"]))
    await one.hears(b"\x90")
    large = secrets.token_bytes(600_000)  # more than is kept, and more than one request carries
    whole = mqtt.publish(mqtt.text("a"), large)
    telling = asyncio.create_task(one.hears(large))
    for start in range(0, len(whole), poll.LARGEST):
        await other.say(whole[start : start + poll.LARGEST])
    await telling


async def test_an_answer_comes_when_there_is_something_to_tell(ask: httpx.AsyncClient) -> None:
    one = await Player.opened(ask, "one")
    await one.say(mqtt.subscribe(["#"]))
    await one.hears(b"\x90")
    waiting = asyncio.create_task(one.get())
    await asyncio.sleep(0.2)
    assert not waiting.done()
    await one.say(mqtt.publish(mqtt.text("a"), b"now"))
    answer = await waiting
    assert (answer.status_code, answer.content[-3:]) == (200, b"now")
    assert answer.headers["cache-control"].startswith("no-store")


async def test_nothing_to_tell(ask: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    one = await Player.opened(ask, "one")
    monkeypatch.setattr(poll_line, "WAIT", 0.1)
    answer = await one.get()
    assert (answer.status_code, answer.content) == (204, b"")


async def test_what_is_lost_repeated_or_late_arrives_once_and_in_order(ask: httpx.AsyncClient) -> None:
    """Each request may be lost before or after the server, be sent again beside the first, or come after the next."""
    one = await Player.opened(ask, "one")
    await one.say(mqtt.subscribe(["#"]))
    await one.hears(b"\x90")
    before = len(one.data)
    chance = random.Random(7)
    packets = [mqtt.publish(mqtt.text("a"), b"%04d" % number * chance.randrange(1, 900)) for number in range(60)]
    whole = b"".join(packets)

    async def speak() -> None:
        at = one.said
        left = whole
        while left:
            piece = left[: chance.randrange(1, 20_000)]
            await asyncio.gather(*(one.post(at, piece) for _ in range(chance.randrange(1, 4))))
            back = chance.randrange(len(piece))  # the next one says again what the last one said
            at, left = at + back, left[back:] if len(left) > len(piece) else b""

    async def listen() -> None:
        while len(one.data) - before < len(whole):
            answers = await asyncio.gather(*(one.get() for _ in range(chance.randrange(1, 4))))
            answer = answers[-1] if chance.random() < 0.7 else None  # the rest is lost on its way
            one.data += answer.content if answer else b""

    async with asyncio.timeout(60):
        await asyncio.gather(speak(), listen())
    assert one.data[before:] == whole


async def test_a_piece_that_is_missing_is_asked_for(ask: httpx.AsyncClient) -> None:
    one = await Player.opened(ask, "one")
    answer = await one.post(one.said + 5, b"later")
    assert (answer.status_code, answer.json()["from"]) == (409, one.said)
    answer = await one.get(10_000)
    assert (answer.status_code, answer.json()["from"]) == (409, 0)
    assert "error" in answer.json()
    await one.say(mqtt.PING)
    await one.hears(b"\xd0\x00")
    assert (await one.get(0)).status_code == 409  # it said that this had come


async def test_who_asks_again_takes_the_place_of_the_first_question(ask: httpx.AsyncClient) -> None:
    one = await Player.opened(ask, "one")
    first = asyncio.create_task(one.get())
    await asyncio.sleep(0.2)
    second = asyncio.create_task(one.get())
    assert (await first).status_code == 204
    await one.say(mqtt.PING)
    assert (await second).content == b"\xd0\x00"


async def test_half_a_request_is_nothing(web: Web, ask: httpx.AsyncClient) -> None:
    one = await Player.opened(ask, "one")
    _, writer = await asyncio.open_connection("127.0.0.1", web.port)
    head = f"POST {one.path}?from={one.said} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n"
    writer.write(head.encode() + mqtt.PING[:1])
    await writer.drain()
    await asyncio.sleep(0.1)
    writer.close()
    await one.say(mqtt.PING)
    await one.hears(b"\xd0\x00")


async def test_who_asks_no_more_leaves_the_last_will(
    web: Web, ask: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = await Player.opened(ask, "one")
    await one.say(mqtt.subscribe(["#"]))
    await one.hears(b"\x90")
    monkeypatch.setattr(poll_line, "LONELY", 0.5)
    other = await Player.opened(ask, "other", b"my last will")
    monkeypatch.setattr(poll_line, "LONELY", 60)
    await one.hears(b"my last will")
    assert (await other.get()).status_code == 404
    assert web.app.open == 1


async def test_a_farewell_is_heard(web: Web, ask: httpx.AsyncClient) -> None:
    one, other = await Player.opened(ask, "one"), await Player.opened(ask, "other", b"my last will")
    await one.say(mqtt.subscribe(["#"]))
    await one.hears(b"\x90")
    waiting = asyncio.create_task(other.get())
    await asyncio.sleep(0.1)
    await other.say(mqtt.FAREWELL)
    assert (await ask.delete(other.path)).status_code in (204, 404)  # the broker hung up by itself
    assert (await waiting).status_code == 410
    await one.say(mqtt.publish(mqtt.text("b"), b"the end"))
    await one.hears(b"the end")
    assert b"my last will" not in one.data
    assert web.app.open == 1


async def test_a_line_that_is_ended_without_one_leaves_the_will(ask: httpx.AsyncClient) -> None:
    one, other = await Player.opened(ask, "one"), await Player.opened(ask, "other", b"my last will")
    await one.say(mqtt.subscribe(["#"]))
    assert (await ask.delete(other.path)).status_code == 204
    await one.hears(b"my last will")


async def test_what_the_broker_said_last_is_still_told(ask: httpx.AsyncClient, broker: Broker) -> None:
    one = await Player.opened(ask)
    await one.say(mqtt.connect("", "x", 60, "", b"")[:2] + b"nonsense" * 3)  # it hangs up
    async with asyncio.timeout(10):
        while (answer := await one.get()).status_code in (200, 204):
            one.data += answer.content
    assert answer.status_code == 410
    assert (await one.get()).status_code == 404


async def test_who_does_not_listen_keeps_the_broker_waiting_and_nobody_else(
    web: Web, ask: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = web.app._polls._lines
    slow, other = await Player.opened(ask, "slow"), await Player.opened(ask, "other")
    await slow.say(mqtt.subscribe(["a"]))
    await slow.hears(b"\x90")
    packet = mqtt.publish(mqtt.text("a"), bytes(200_000))
    for _ in range(30):
        await other.say(packet)
    await other.say(mqtt.PING)
    await other.hears(b"\xd0\x00")
    held = lines[slow.path.rsplit("/", 1)[1]]._downward.held
    assert held <= poll_line.HELD + pipe.READ
    before = len(slow.data)
    async with asyncio.timeout(20):
        while len(slow.data) - before < 30 * len(packet):
            await slow.listen()
    assert slow.data[before:] == packet * 30


async def test_no_more_than_so_many_whichever_the_door(web: Web, ask: httpx.AsyncClient) -> None:
    async with dial(web) as socket:
        await socket.send(hello("socket"))
        await socket.recv()
        lines = [await Player.opened(ask, f"n{number}") for number in range(2)]
        refused = await ask.post(poll.LINES)
        assert refused.status_code == 503
        assert "error" in refused.json()
        await ask.delete(lines[0].path)
        await Player.opened(ask, "again")


async def test_who_opens_and_stays_silent_loses_the_place(
    web: Web, ask: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipe, "FIRST", 0.3)
    silent = await Player.opened(ask)
    async with asyncio.timeout(10):
        assert (await silent.get()).status_code == 410  # to ask is no word
    assert web.app.open == 0


async def test_without_a_broker(web: Web, ask: httpx.AsyncClient, broker: Broker) -> None:
    one = await Player.opened(ask, "one")
    broker.stop()
    assert (await one.get()).status_code == 410
    assert (await ask.post(poll.LINES)).status_code == 502
    assert web.app.open == 0
    broker.start()
    await Player.opened(ask, "one")


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"origin": "https://elsewhere.example"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "same-origin", "origin": "https://outside-the-proxy.example"}, 201),
        ({}, 201),
    ],
)
async def test_only_pages_of_this_server(web: Web, ask: httpx.AsyncClient, said: dict[str, str], status: int) -> None:
    answer = await ask.post(poll.LINES, headers=said)
    assert answer.status_code == status
    assert "access-control-allow-origin" not in answer.headers
    assert web.app.open == (status == 201)


async def test_the_server_s_own_origin(web: Web, ask: httpx.AsyncClient) -> None:
    answer = await ask.post(poll.LINES, headers={"origin": f"http://127.0.0.1:{web.port}"})
    assert answer.status_code == 201


async def test_what_is_no_request_of_ours_says_so(ask: httpx.AsyncClient) -> None:
    one = await Player.opened(ask, "one")
    assert (await ask.get(poll.LINES)).status_code == 405
    assert (await ask.put(one.path)).headers["allow"] == "GET, POST, DELETE"
    for wrong in ("", "?from=", "?from=-1", "?from=x", "?from=1&from=2", f"?from={'9' * 20}"):
        assert (await ask.get(one.path + wrong)).status_code == 400, wrong
    for path in (poll.LINES + "/", f"{poll.LINES}/{'0' * 48}", one.path + "/", one.path[:-1]):
        assert (await ask.get(path + "?from=0")).status_code == 404, path
    assert (await one.post(one.said, bytes(poll.LARGEST + 1))).status_code == 413
    await one.say(mqtt.PING)  # and nothing of it was taken
    await one.hears(b"\xd0\x00")


async def test_names_are_never_the_same(ask: httpx.AsyncClient) -> None:
    names = {(await Player.opened(ask)).path for _ in range(3)}
    assert len(names) == 3
