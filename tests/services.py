"""Real services for tests: a whole server, a PostgreSQL cluster. Each on free ports, in a folder of its own."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from nguon.kit.processes import die_with_parent

START_WITHIN = 120.0  # seconds, on a machine shared with others
STOP_WITHIN = 30.0


class DidNotStart(Exception):
    """A service did not become ready; the text is its log."""


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """The whole server as its users have it: `nguon up` in a process of its own.

    Nothing runs until `start`. Before it, `nguon("manage", "migrate")` and the like prepare the data. Used as a
    context it starts on entering and stops on leaving; it also ends when the process of the tests does.
    """

    def __init__(self, folder: Path, *, database_url: str = "", **settings: str) -> None:
        self.data = folder
        self.port = free_port()
        self.broker_port = free_port()
        self.broker_tls_port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.broker_url = f"mqtt://127.0.0.1:{self.broker_port}"
        self.process: subprocess.Popen[bytes] | None = None
        clean = {name: value for name, value in os.environ.items() if not name.startswith("NGUON_")}
        self.env = {
            **clean,
            "DJANGO_SETTINGS_MODULE": "nguon.config.settings",
            "NGUON_DATA": str(folder),
            "NGUON_PORT": str(self.port),
            "NGUON_BROKER_PORT": str(self.broker_port),
            "NGUON_BROKER_TLS_PORT": str(self.broker_tls_port),
            "NGUON_RELAY_PORT": str(free_port()),
            "PYTHONUNBUFFERED": "1",
            **({"NGUON_DATABASE_URL": database_url} if database_url else {}),
            **settings,
        }

    def nguon(self, *arguments: str, timeout: float = 300) -> str:
        """What `nguon ARGUMENTS` prints on this data. Raises CalledProcessError with its output in `stderr`."""
        argv = [sys.executable, "-m", "nguon.cli", *arguments]
        done = subprocess.run(argv, env=self.env, capture_output=True, text=True, timeout=timeout)
        if done.returncode:
            raise subprocess.CalledProcessError(done.returncode, argv, done.stdout, done.stdout + done.stderr)
        return done.stdout

    def shell(self, program: str) -> str:
        """What a Python program prints with this server's Django and data."""
        return self.nguon("manage", "shell", "--verbosity", "0", "--command", program)

    def start(self, *, demo: bool = False) -> Self:
        """Start every service and wait until all are ready. Raises DidNotStart."""
        argv = [sys.executable, "-m", "nguon.cli", "up", "--demo" if demo else "--no-demo"]
        self.data.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                argv,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )
        self._wait(self._running, START_WITHIN)
        return self

    def stop(self) -> int:
        """Stop everything as Ctrl-C does; the exit code. Nothing if it does not run."""
        if self.process is None:
            return 0
        self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        finally:
            self.process = None

    def services(self) -> dict[str, dict[str, Any]]:
        """Each service by name as the supervisor reports it: state, pid, restarts, last_exit."""
        try:
            report = json.loads((self.data / "services.json").read_text())
        except FileNotFoundError:
            return {}
        if self.process is None or report["pid"] != self.process.pid:
            return {}
        return {one["name"]: one for one in report["services"]}

    def kill(self, name: str) -> None:
        """Kill one service without warning and wait until it runs again."""
        before = self.services()[name]
        os.kill(before["pid"], signal.SIGKILL)
        self._wait(lambda: self.services()[name]["restarts"] > before["restarts"] and self._running(), START_WITHIN)

    def log(self) -> str:
        """All that was printed so far."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def __enter__(self) -> Self:
        return self if self.process else self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def _log(self) -> Path:
        return self.data / "up.log"

    def _running(self) -> bool:
        found = self.services()
        return bool(found) and all(one["state"] == "running" for one in found.values())

    def _wait(self, met: Callable[[], bool], seconds: float) -> None:
        limit = time.monotonic() + seconds
        while not met():
            ended = self.process is None or self.process.poll() is not None
            if ended or time.monotonic() > limit:
                self.stop()
                raise DidNotStart(self.log()[-8000:])
            time.sleep(0.05)


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL cluster of its own, the URL of its server without a database name: `postgresql://…:port`."""
    programs = _postgres_programs()
    folder = Path(tempfile.mkdtemp(prefix="nguon-postgres-"))
    user = "postgres" if os.geteuid() == 0 else None  # it refuses to run as root
    if user:
        shutil.chown(folder, user)
    port = free_port()
    argv = [
        str(programs / "initdb"),
        "-D",
        str(folder / "data"),
        "-U",
        "nguon",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
    ]
    subprocess.run([*argv, "--no-sync"], user=user, cwd=folder, check=True, capture_output=True, timeout=120)
    options = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": "", "fsync": "off"}
    flags = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [str(programs / "postgres"), "-D", str(folder / "data"), *flags],
            user=user,
            cwd=folder,
            stdout=log,
            stderr=log,
            preexec_fn=die_with_parent,
        )
    try:
        _until_postgres_answers(programs, port, process, folder / "log")
        yield f"postgresql://nguon@127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)  # fast shutdown: open connections are cut
        process.wait(STOP_WITHIN)
        shutil.rmtree(folder)


def _postgres_programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        raise DidNotStart("PostgreSQL is not installed: apt-get install postgresql")
    return found[-1].parent


def _until_postgres_answers(programs: Path, port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    limit = time.monotonic() + START_WITHIN
    ask = [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    while subprocess.run(ask, check=False).returncode:
        if process.poll() is not None or time.monotonic() > limit:
            raise DidNotStart(log.read_text())
        time.sleep(0.05)
