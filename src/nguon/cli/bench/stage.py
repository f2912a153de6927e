"""A server of its own for one measurement: a temporary folder, real broker, real services, N registered devices."""

import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

if TYPE_CHECKING:
    from nguon.media.models import File
    from nguon.people.models import Person
    from nguon.places.models import Place

PATIENCE = 120.0  # seconds for a service to begin


def say(words: str) -> None:
    """What goes on, for who waits; the figures go to standard output."""
    click.echo(words, err=True)


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Stage:
    """What a measurement stands on. `devices` is (id, password) of each; all are of one `channel`."""

    folder: Path
    broker_port: int
    web_port: int
    place: "Place"
    person: "Person"
    devices: list[tuple[UUID, str]]
    channel: str = "speaker"
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def start(self, *names: str) -> None:
        """Start services of the server in processes of their own."""
        from nguon.kit.processes import die_with_parent

        for name in names:
            argv = [sys.executable, "-m", "nguon.cli", "run", name]
            with (self.folder / f"{name}.log").open("ab") as log:
                self.running[name] = subprocess.Popen(argv, stdout=log, stderr=log, preexec_fn=die_with_parent)
        for port in ([self.broker_port] if "broker" in names else []) + ([self.web_port] if "web" in names else []):
            await_port(port)

    def stop(self, *names: str) -> None:
        """Stop services in good order; all of them without names."""
        for name in names or list(reversed(self.running)):
            process = self.running.pop(name)
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    @property
    def server_password(self) -> str:
        """The broker's password of the server itself."""
        return (self.folder / "broker" / "server.password").read_text().strip()

    def credentials(self, parts: int = 1) -> list[Path]:
        """At most so many files: the keys the devices believe in a line, then ids and passwords, a pair a line."""
        from nguon.keys import sealing
        from nguon.kit import clock
        from nguon.wire import codec

        ring = codec.encode(sealing.Desk(clock.now()).ring(self.place.pk)).decode()
        size, files = max(-(-len(self.devices) // parts), 1), []
        for first in range(0, len(self.devices), size):
            lines = [ring, *(f"{pk.hex} {password}" for pk, password in self.devices[first : first + size])]
            path = self.folder / f"devices-{first}.txt"
            path.write_text("\n".join(lines) + "\n")
            path.chmod(0o600)
            files.append(path)
        return files


def cpu(pid: int) -> float:
    """Seconds of processor time a process and the children it has now have used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return own + sum(cpu(int(child)) for child in children)


def await_port(port: int) -> None:
    """Wait until something listens on a port of 127.0.0.1. Raises OSError if nothing does for long."""
    limit = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > limit:
                raise
            time.sleep(0.05)
        else:
            return


@contextmanager
def stage(devices: int, channel: str = "speaker") -> Iterator[Stage]:
    """Make a server with `devices` registered devices in one place, on free ports; take everything away at the end."""
    folder = Path(tempfile.mkdtemp(prefix="nguon-bench-"))
    broker_port, web_port = free_port(), free_port()
    os.environ.update(
        DJANGO_SETTINGS_MODULE="nguon.config.settings",
        NGUON_DATA=str(folder),
        NGUON_BROKER_PORT=str(broker_port),
        NGUON_BROKER_TLS_PORT=str(free_port()),
        NGUON_PORT=str(web_port),
        NGUON_LOG="WARNING",
    )
    for name in ("NGUON_DATABASE_URL", "NGUON_BROKER_URL"):
        os.environ.pop(name, None)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    import django

    django.setup()
    made = None
    try:
        made = _fill(Stage(folder, broker_port, web_port, *_people(), devices=[], channel=channel), devices)
        yield made
    finally:
        if made:
            made.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _people() -> "tuple[Place, Person]":
    from django.core.management import call_command

    from nguon.people.models import Person
    from nguon.places.models import Place

    call_command("migrate", verbosity=0)
    place = Place.objects.create(name="Bench", kind="Place", folded="bench")
    return place, Person.objects.create_user("bench", full_name="Bench")


def _fill(made: Stage, devices: int) -> Stage:
    from nguon.devices.actions import register_swarm
    from nguon.kit.clock import now

    made.devices = register_swarm(count=devices, place=made.place, actor="bench", now=now(), channel=made.channel)
    return made


def tone(folder: Path, seconds: int) -> "File":
    """A stored MP3 of a plain tone, as long as asked."""
    from nguon.kit.clock import now
    from nguon.media.actions import store_file

    path = folder / "tone.mp3"
    subprocess.run(
        [
            *("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}"),
            *("-ac", "1", "-b:a", "64k", str(path)),
        ],
        check=True,
    )
    return store_file(path=path, mime="audio/mpeg", now=now(), duration_ms=seconds * 1000)
