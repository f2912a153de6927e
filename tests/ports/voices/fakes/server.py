"""What all fakes have in common: a server that notes what it was asked, can be made to misbehave, and really speaks."""

import array
import json
import subprocess
import tempfile
import time
import wave
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

PACE = 220  # syllables a minute at normal speed
RATE = 22_050
WORDS_PER_SYLLABLE = 140 / 204  # of espeak-ng's -s
HTML = b"<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>"
ECHO = b"%ECHO%"
KEY = "khoa-bi-mat-1a2b3c4d5e6f"  # of every account of the tests; must never be seen


@dataclass(frozen=True)
class Asked:
    """One request. `headers` have lower-case names."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


@dataclass
class Answer:
    """One response. `cut` bytes at its end are promised and never come; `drip` seconds lie between its bytes."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: int = 0
    drip: float = 0.0
    wait: float = 0.0  # seconds before anything comes


def told(status: int, /, **words: Any) -> Answer:
    """An answer in JSON."""
    return Answer(status, json.dumps(words, ensure_ascii=False).encode(), {"Content-Type": "application/json"})


def heard(data: bytes, mime: str = "audio/wav") -> Answer:
    """An answer that is a sound."""
    return Answer(200, data, {"Content-Type": mime})


class Fake:
    """A service on this machine. `troubles` are the next answers to questions for speech, `always` all of them.

    `sound` spoils what is said: `silent`, `half`, `twice` (much too long); empty: as it should be.
    """

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.troubles: deque[Answer] = deque()
        self.always: Answer | None = None
        self.link_troubles: deque[Answer] = deque()
        self.sound = ""
        self.sounds: deque[str] = deque()  # the same for the next sounds only
        self.files: dict[str, bytes] = {}
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "Fake":
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_raised: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, asked: Asked) -> Answer:
        """Trouble first if any is due, then what the service really says."""
        self.asked.append(asked)
        if asked.path.startswith("/files/"):
            return self.link_troubles.popleft() if self.link_troubles else self.file(asked)
        if self.is_speech(asked):
            if self.troubles:
                return self.troubles.popleft()
            if self.always:
                return _echoed(self.always, asked)
        return self.reply(asked)

    def file(self, asked: Asked) -> Answer:
        """What lies behind a link: asked for without any key."""
        shown = [name for name, value in asked.headers.items() if KEY in value]
        assert not shown, f"a key went to a link: {shown}"
        found = self.files.get(asked.path.removeprefix("/files/"))
        return heard(found) if found else Answer(404, b"<Error><Code>NoSuchKey</Code></Error>")

    def keep(self, data: bytes) -> str:
        """A sound behind a link: its address."""
        name = f"{len(self.files)}.wav"
        self.files[name] = data
        return f"{self.url}/files/{name}"

    def say(self, text: str, speed: float, form: str = "wav") -> bytes:
        """Speech, as it should be or spoiled."""
        return said(text, speed, form, self.sounds.popleft() if self.sounds else self.sound)

    def speeches(self) -> list[Asked]:
        """The questions for speech so far."""
        return [asked for asked in self.asked if self.is_speech(asked)]

    def is_speech(self, asked: Asked) -> bool:
        """Whether a question is for speech."""
        return asked.method == "POST"

    def reply(self, asked: Asked) -> Answer:
        """What the service says."""
        raise NotImplementedError


@lru_cache(maxsize=200)
def said(text: str, speed: float, form: str = "wav", fault: str = "", language: str = "vi") -> bytes:
    """A text spoken by espeak-ng with half a second of silence around, in a form that ffmpeg knows."""
    with tempfile.TemporaryDirectory() as folder:
        path, made = Path(folder, "said.wav"), Path(folder, f"made.{form}")
        command = ["espeak-ng", "-v", language, "-s", str(round(PACE * WORDS_PER_SYLLABLE * speed)), "-a", "80"]
        subprocess.run([*command, "--stdin", "-w", str(path)], input=text.encode(), check=True)
        with wave.open(str(path), "rb") as read:
            samples = array.array("h", read.readframes(read.getnframes()))
        samples = _spoiled(samples, fault)
        quiet = array.array("h", bytes(RATE))
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes((quiet + samples + quiet).tobytes())
        if form == "wav":
            return path.read_bytes()
        if form == "pcm":
            return (quiet + samples + quiet).tobytes()
        subprocess.run(["ffmpeg", "-v", "error", "-i", str(path), str(made)], check=True)
        return made.read_bytes()


def _spoiled(samples: "array.array[int]", fault: str) -> "array.array[int]":
    match fault:
        case "silent":
            return array.array("h", bytes(2 * len(samples)))
        case "half":
            return samples[: len(samples) // 5]
        case "twice":
            return samples * 6
    return samples


def _echoed(answer: Answer, asked: Asked) -> Answer:
    """An answer that repeats all it was asked with, in the place of ECHO: some services do."""
    if ECHO not in answer.body:
        return answer
    shown = " ".join([*asked.headers.values(), asked.body.decode()]).replace('"', "'").replace("\n", " ")
    return replace(answer, body=answer.body.replace(ECHO, shown.encode()))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hangs up is no news."""


def _handler(fake: Fake) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _one(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            try:
                answer = fake.answer(Asked(self.command, self.path, headers, body))
            except AssertionError as error:
                answer = Answer(599, str(error).encode())
            time.sleep(answer.wait)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            sent = answer.body[: len(answer.body) - answer.cut]
            for at in range(len(sent)) if answer.drip else ():
                self.wfile.write(sent[at : at + 1])
                self.wfile.flush()
                time.sleep(answer.drip)
            if not answer.drip:
                self.wfile.write(sent)
            if answer.cut:
                self.close_connection = True

        do_GET = do_POST = _one  # noqa: N815

        def log_message(self, *_words: object) -> None:
            """Quiet."""

    return Handler
