"""The DevTools protocol of Chromium over a pipe: questions, answers and events in JSON, each ended by a zero byte."""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

import msgspec

ANSWER_WITHIN = 10.0  # seconds, unless told otherwise
LARGEST = 1 << 26  # bytes of a message: a photo of a large screen


class Refused(Exception):
    """The browser did not do it; the text says why."""


class Silent(Refused):
    """It did not even answer: not in time, or it is gone."""


class Heard(msgspec.Struct, frozen=True):
    """An event. `session`: of which page; empty for those of the browser."""

    method: str
    session: str
    params: dict[str, Any]


class _Fault(msgspec.Struct):
    message: str = ""


class _Message(msgspec.Struct):
    id: int = 0
    method: str = ""
    sessionId: str = ""  # noqa: N815 (as the protocol spells it)
    params: dict[str, Any] = {}
    result: dict[str, Any] = {}
    error: _Fault | None = None


class Writer(Protocol):
    """What is needed of an asyncio.StreamWriter."""

    def write(self, data: bytes) -> None:
        """Take these bytes."""


class Line:
    """One browser. `hear` is told each event, in the loop; it must not raise."""

    def __init__(self, reader: asyncio.StreamReader, writer: Writer, hear: Callable[[Heard], None]) -> None:
        self._reader, self._writer, self._hear = reader, writer, hear
        self._asked: dict[int, asyncio.Future[_Message]] = {}
        self._last = 0
        self._over = False

    async def ask(
        self, method: str, session: str = "", *, within: float = ANSWER_WITHIN, **params: Any
    ) -> dict[str, Any]:
        """The result of one command. Raises Refused; Silent at the latest after `within` seconds."""
        if self._over:
            raise Silent(f"{method}: the browser is gone")
        self._last += 1
        number = self._last
        message = {"id": number, "method": method, "params": params} | ({"sessionId": session} if session else {})
        self._asked[number] = asyncio.get_running_loop().create_future()
        try:
            self._writer.write(msgspec.json.encode(message) + b"\0")
            answer = await asyncio.wait_for(self._asked[number], within)
        except TimeoutError:
            raise Silent(f"{method}: no answer within {within:g} s") from None
        except OSError as error:
            raise Silent(f"{method}: {error}") from error
        finally:
            del self._asked[number]
        if answer.error is not None:
            raise Refused(f"{method}: {answer.error.message}")
        return answer.result

    async def listen(self) -> None:
        """Take what the browser says, until it says no more; what was asked then is refused."""
        try:
            while True:
                self._take((await self._reader.readuntil(b"\0"))[:-1])
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            self._over = True
            for waiting in self._asked.values():
                if not waiting.done():
                    waiting.set_exception(Silent("the browser is gone"))

    def _take(self, data: bytes) -> None:
        try:
            message = msgspec.json.decode(data, type=_Message)
        except msgspec.DecodeError:
            return  # of a newer protocol than ours: what was asked is refused when its time is over
        waiting = self._asked.get(message.id)
        if message.method:
            self._hear(Heard(message.method, message.sessionId, message.params))
        elif waiting is not None and not waiting.done():
            waiting.set_result(message)
