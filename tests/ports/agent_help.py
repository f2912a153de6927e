"""Real parts for tests of the agent: a broker of our own on a free port, and a free port."""

import contextlib
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

SETTINGS = """\
listener {port} 127.0.0.1
allow_anonymous true
set_tcp_nodelay true
allow_duplicate_messages true
max_queued_messages 200000
max_inflight_messages 1000
{more}
"""


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Broker:
    """Mosquitto as a child, until the end of the `with`."""

    def __init__(self, port: int | None = None, more: str = "") -> None:
        self.port = port or free_port()
        self.url = f"mqtt://127.0.0.1:{self.port}"
        self._folder = Path(tempfile.mkdtemp(prefix="nguon-broker-"))
        user = "user root\n" if Path("/proc/self").owner() == "root" else ""
        (self._folder / "mosquitto.conf").write_text(SETTINGS.format(port=self.port, more=user + more))

    def __enter__(self) -> "Broker":
        self.start()
        return self

    def start(self) -> None:
        """Start, and wait until it listens."""
        command = [shutil.which("mosquitto") or "/usr/sbin/mosquitto", "-c", str(self._folder / "mosquitto.conf")]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.05)
        raise RuntimeError("mosquitto does not listen")

    def stop(self) -> None:
        """End it, as a crash would."""
        self._process.kill()
        self._process.wait()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()
        shutil.rmtree(self._folder)
