"""Answers for everybody and those who read them slowly, or not at all."""

import asyncio

import pytest

from nguon.config.shared_cache import Message, Receive, Scope, Send, SharedCache
from tests.unit.test_shared_cache import HTML, SHARED, Clock, ask, scope


@pytest.mark.parametrize("parts", [1, 3])
async def test_a_reader_that_takes_nothing_holds_up_nobody_else(parts: int) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [SHARED, HTML]})
        for number in range(parts):
            await send({"type": "http.response.body", "body": b"x", "more_body": number < parts - 1})

    async def never(message: Message) -> None:
        await asyncio.Event().wait()

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    cache = SharedCache(app, Clock())
    stuck = asyncio.create_task(cache(scope(), receive, never))
    await asyncio.sleep(0)
    other = asyncio.create_task(ask(cache))
    for _ in range(20):
        await asyncio.sleep(0)
    assert other.done()
    assert other.result()[2] == b"x" * parts
    stuck.cancel()


@pytest.mark.parametrize("length", [(b"content-length", b"2000000"), (b"content-length", b"x" * 30)])
async def test_what_never_ends_reaches_who_asks_from_its_beginning(length: tuple[bytes, bytes]) -> None:
    """An answer that says it is too large, or that is for one person, is not collected."""
    headers = [SHARED, HTML, length] if length[1].isdigit() else [HTML, length]
    got: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"first", "more_body": True})
        await asyncio.Event().wait()

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        got.append(message)

    running = asyncio.create_task(SharedCache(app, Clock())(scope(), receive, send))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert [one.get("body") for one in got] == [None, b"first"]
    running.cancel()
