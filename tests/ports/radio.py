"""Stations for tests: a real Icecast on a free port, what ffmpeg sends to it, and web servers that answer nonsense."""

import asyncio
import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from tests.ports.agent_help import free_port

PASSWORD = "only-for-tests"
CONFIGURATION = """\
<icecast>
  <limits><clients>200</clients><sources>20</sources><burst-on-connect>0</burst-on-connect>
    <burst-size>0</burst-size><source-timeout>30</source-timeout></limits>
  <authentication><source-password>{password}</source-password><relay-password>{password}</relay-password>
    <admin-user>admin</admin-user><admin-password>{password}</admin-password></authentication>
  <hostname>127.0.0.1</hostname>
  <listen-socket><port>{port}</port><bind-address>127.0.0.1</bind-address></listen-socket>
  <mount type="default"><hidden>1</hidden></mount>
  <fileserve>0</fileserve>
  <paths><basedir>{folder}</basedir><logdir>{folder}</logdir><webroot>{folder}</webroot>
    <adminroot>{folder}</adminroot></paths>
  <logging><accesslog>access.log</accesslog><errorlog>error.log</errorlog><loglevel>3</loglevel></logging>
  <security><chroot>0</chroot>{owner}</security>
</icecast>
"""
OWNER = "<changeowner><user>nobody</user><group>nogroup</group></changeowner>"  # it refuses to run as root


class Icecast:
    """Debian's Icecast until the end of the `with`. `url` is where listeners come, `source` where sound is sent to."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.source = f"http://source:{PASSWORD}@127.0.0.1:{self.port}"
        self._folder = Path(tempfile.mkdtemp(prefix="nguon-icecast-"))

    def __enter__(self) -> "Icecast":
        root = os.geteuid() == 0
        if root:
            shutil.chown(self._folder, "nobody", "nogroup")
        words = CONFIGURATION.format(
            password=PASSWORD, port=self.port, folder=self._folder, owner=OWNER if root else ""
        )
        (self._folder / "icecast.xml").write_text(words)
        command = ["icecast2", "-c", str(self._folder / "icecast.xml")]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return self
            time.sleep(0.05)
        raise RuntimeError("icecast does not listen")

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self._folder)

    @contextmanager
    def playing(self, name: str, sound: str, *coding: str) -> Iterator[str]:
        """ffmpeg sends this sound (an expression of its `aevalsrc`) while the `with` lasts; the address of it."""
        coded = coding or ("-c:a", "libmp3lame", "-b:a", "64k", "-content_type", "audio/mpeg", "-f", "mp3")
        target = f"icecast://source:{PASSWORD}@127.0.0.1:{self.port}/{name}"
        argv = ["ffmpeg", "-loglevel", "error", "-nostdin", "-re", "-f", "lavfi", "-i", f"aevalsrc={sound}:s=44100"]
        process = subprocess.Popen([*argv, "-flush_packets", "1", *coded, target], stderr=subprocess.DEVNULL)
        try:
            self._until_there(name)
            yield f"{self.url}/{name}"
        finally:
            process.kill()
            process.wait()

    def _until_there(self, name: str) -> None:
        ask = f"GET /{name} HTTP/1.0\r\n\r\n".encode()
        for _ in range(200):
            with socket.create_connection(("127.0.0.1", self.port), 5) as probe:
                probe.sendall(ask)
                if b" 200 " in probe.recv(64):
                    return
            time.sleep(0.05)
        raise RuntimeError(f"nothing is sent to {name}")


TONE = "0.5*sin(2*PI*440*t)"
NOTHING = "0*t"


def tone_until(second: float) -> str:
    """A tone that stops, and silence after it."""
    return f"if(lt(t\\,{second})\\,{TONE}\\,0)"


@asynccontextmanager
async def answering(answers: dict[str, tuple[str, bytes]], *, stay: bool = False) -> AsyncIterator[str]:
    """A web server: path → (status and headers, body). With `stay` it keeps the line open and sends no more."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            asked.append(head)
            said, body = answers.get(head.split(" ")[1], ("404 Not Found", b""))
            writer.write(f"HTTP/1.1 {said}\r\nConnection: close\r\n\r\n".encode() + body)
            await writer.drain()
            if stay:
                await asyncio.sleep(60)
        writer.close()

    asked: list[str] = []
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    answers["asked"] = ("", b"")
    serving = server.sockets[0].getsockname()[1]
    ASKED[serving] = asked
    try:
        yield f"http://127.0.0.1:{serving}"
    finally:
        server.close()


ASKED: dict[int, list[str]] = {}  # port → heads of requests
