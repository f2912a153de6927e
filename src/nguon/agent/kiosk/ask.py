"""Other programs of this machine ask the kiosk that runs: a line of JSON in, one out, by a socket in its home.

The home is readable by its owner alone, and so is the socket.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec

NAME = "kiosk.sock"
LARGEST = 65_536  # bytes of a line
ANSWER_WITHIN = 60.0  # seconds

Answering = Callable[[str], Awaitable[dict[str, Any]]]


class Question(msgspec.Struct):
    """What is wanted: `photo` or `status`."""

    ask: str


class NoKiosk(Exception):
    """No kiosk runs in this home, or it could not do it; the text says which."""


@contextlib.asynccontextmanager
async def answering(home: Path, answer: Answering) -> AsyncIterator[None]:
    """Answer whoever asks, as long as this lasts. `answer` raises NoKiosk with what went wrong. Raises OSError."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, ValueError):
            writer.write(msgspec.json.encode(await _answered(await reader.readline(), answer)) + b"\n")
            await writer.drain()
        writer.close()

    server = await asyncio.start_unix_server(talk, home / NAME, limit=LARGEST)
    (home / NAME).chmod(0o600)
    try:
        yield
    finally:
        server.close()
        (home / NAME).unlink(missing_ok=True)


async def _answered(line: bytes, answer: Answering) -> dict[str, Any]:
    try:
        return await answer(msgspec.json.decode(line, type=Question).ask)
    except (NoKiosk, msgspec.DecodeError) as error:
        return {"error": str(error)}


def ask(home: Path, what: str) -> dict[str, Any]:
    """What the kiosk of this home answers. Raises NoKiosk."""
    said = b""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(ANSWER_WITHIN)
            line.connect(str(home / NAME))
            line.sendall(msgspec.json.encode(Question(what)) + b"\n")
            while not said.endswith(b"\n") and (more := line.recv(LARGEST)):
                said += more
        found: dict[str, Any] = msgspec.json.decode(said, type=dict[str, Any])
    except (FileNotFoundError, ConnectionRefusedError):
        raise NoKiosk(f"no kiosk is running in {home}") from None
    except (OSError, msgspec.DecodeError) as error:
        raise NoKiosk(f"the kiosk in {home} does not answer: {error}") from error
    if "error" in found:
        raise NoKiosk(found["error"])
    return found
