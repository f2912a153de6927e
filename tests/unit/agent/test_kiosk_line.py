"""The line to a browser: answers find their questions, whatever else is said, and nobody waits for ever."""

import asyncio
import json
from typing import Any

import pytest

from nguon.agent.kiosk.cdp import Heard, Line, Refused, Silent


class Pipe:
    """The browser's end."""

    def __init__(self) -> None:
        self.reader = asyncio.StreamReader()
        self.asked: list[dict[str, Any]] = []
        self.heard: list[Heard] = []
        self.line = Line(self.reader, self, self.heard.append)

    def write(self, data: bytes) -> None:
        assert data.endswith(b"\0")
        self.asked.append(json.loads(data[:-1]))

    def say(self, **message: Any) -> None:
        self.reader.feed_data(json.dumps(message).encode() + b"\0")


async def test_answers_find_their_questions_in_any_order() -> None:
    pipe = Pipe()
    listening = asyncio.create_task(pipe.line.listen())
    first = asyncio.create_task(pipe.line.ask("Page.enable", "S"))
    second = asyncio.create_task(pipe.line.ask("Runtime.evaluate", "S", expression="1"))
    await asyncio.sleep(0)
    assert pipe.asked == [
        {"id": 1, "method": "Page.enable", "params": {}, "sessionId": "S"},
        {"id": 2, "method": "Runtime.evaluate", "params": {"expression": "1"}, "sessionId": "S"},
    ]
    pipe.say(method="Inspector.targetCrashed", sessionId="S", params={})
    pipe.reader.feed_data(b"nonsense\0[1]\0")
    pipe.say(id=99, result={})
    pipe.say(id=2, result={"value": 1}, sessionId="S", new="field")
    pipe.say(id=1, error={"code": -32000, "message": "no"})
    assert await second == {"value": 1}
    with pytest.raises(Refused, match=r"Page\.enable: no") as refused:
        await first
    assert not isinstance(refused.value, Silent)
    assert pipe.heard == [Heard("Inspector.targetCrashed", "S", {})]
    pipe.reader.feed_eof()
    await listening


async def test_a_browser_that_does_not_answer() -> None:
    pipe = Pipe()
    listening = asyncio.create_task(pipe.line.listen())
    with pytest.raises(Silent, match="no answer within"):
        await pipe.line.ask("Page.enable", within=0.01)
    pipe.say(id=1, result={})  # too late
    assert_free = asyncio.create_task(pipe.line.ask("Page.enable"))
    await asyncio.sleep(0)
    pipe.say(id=2, result={"a": 1})
    assert await assert_free == {"a": 1}
    pipe.reader.feed_eof()
    await listening


async def test_a_browser_that_ends() -> None:
    pipe = Pipe()
    listening = asyncio.create_task(pipe.line.listen())
    asked = asyncio.create_task(pipe.line.ask("Page.enable"))
    await asyncio.sleep(0)
    pipe.reader.feed_data(b'{"id":1,"res')
    pipe.reader.feed_eof()
    with pytest.raises(Silent):
        await asked
    with pytest.raises(Silent):
        await pipe.line.ask("Page.enable")
    await listening
