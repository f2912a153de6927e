"""Stations for tests: a real Icecast on a free port, what ffmpeg sends to it, and web servers that answer nonsense."""

import asyncio
import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from array import array
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from math import pi, sin
from pathlib import Path
from threading import Thread

import httpx

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

    @contextmanager
    def station(self, name: str) -> Iterator["Station"]:
        """A tone that is sent to this name until it is told to fall silent."""
        target = f"icecast://source:{PASSWORD}@127.0.0.1:{self.port}/{name}"
        raw = ("-f", "s16le", "-ar", str(RATE), "-ac", "1", "-probesize", "32", "-i", "pipe:0", "-flush_packets", "1")
        mp3 = ("-c:a", "libmp3lame", "-b:a", "64k", "-content_type", "audio/mpeg", "-f", "mp3", target)
        argv = ["ffmpeg", "-loglevel", "error", "-fflags", "nobuffer", *raw, *mp3]
        process = subprocess.Popen(argv, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
        made = Station(f"{self.url}/{name}", process)
        try:
            self._until_there(name)
            yield made
        finally:
            process.kill()
            process.wait()
            made.ends()

    def listeners(self, name: str) -> int:
        """How many listen to this name now."""
        page = httpx.get(f"{self.url}/admin/listclients?mount=/{name}", auth=("admin", PASSWORD)).text
        return page.count("<ID>")

    def _until_there(self, name: str) -> None:
        ask = f"GET /{name} HTTP/1.0\r\n\r\n".encode()
        for _ in range(200):
            with socket.create_connection(("127.0.0.1", self.port), 5) as probe:
                probe.sendall(ask)
                if b" 200 " in probe.recv(64):
                    return
            time.sleep(0.05)
        raise RuntimeError(f"nothing is sent to {name}")


class Station:
    """What is sent to one name of an Icecast. It sounds until told otherwise: no load moves what is heard when."""

    def __init__(self, url: str, sender: "subprocess.Popen[bytes]") -> None:
        self.url, self._sender, self._tone = url, sender, True
        self._thread = Thread(target=self._send, daemon=True)
        self._thread.start()

    def fall_silent(self) -> None:
        """From now on, sending goes on without a sound."""
        self._tone = False

    def ends(self) -> None:
        """Wait until nothing is sent any more; the sender is gone already."""
        self._thread.join()

    def _send(self) -> None:
        assert self._sender.stdin is not None
        wave = array("h", (round(16_000 * sin(2 * pi * 440 * n / RATE)) for n in range(RATE // 10))).tobytes()
        began, sent = time.monotonic(), 0
        with contextlib.suppress(OSError), self._sender.stdin as pipe:
            while True:
                pipe.write(wave if self._tone else bytes(len(wave)))
                pipe.flush()
                sent += 1
                time.sleep(max(began + sent / 10 - time.monotonic(), 0))


RATE = 44_100
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
