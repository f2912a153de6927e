"""The broker service: mosquitto as a child, with files we write and refresh while it runs."""

import logging
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.db import DatabaseError, close_old_connections

from nguon.config.broker_log import Ear
from nguon.config.supervisor import die_with_parent
from nguon.devices import actions, queries
from nguon.devices import broker as files
from nguon.kit import clock

TELL_EVERY = 5.0  # seconds between two words about those who were refused
REFRESH_EVERY = 1.0  # seconds between two looks at the registry
log = logging.getLogger(__name__)


class NoBroker(Exception):
    """There is no mosquitto program on this machine."""


def program() -> str:
    """The path of mosquitto, also where Debian keeps what only root has in PATH. Raises NoBroker."""
    found = shutil.which("mosquitto", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if found is None:
        raise NoBroker("mosquitto is not installed: apt-get install mosquitto")
    return found


def configuration(folder: Path, *, port: int, bind: str, root: bool, told: bool = False) -> str:
    """The text of mosquitto.conf. Signing in is always asked; the queue limits are those of thousands of devices.

    `told`: it tells of each connection, as somebody reads it.
    """
    lines = [
        f"listener {port} {bind}",
        "use_username_as_clientid true",  # otherwise a device signs in under another's client id, and puts it out
        "allow_anonymous false",
        f"password_file {folder / 'passwords'}",
        f"acl_file {folder / 'acl'}",
        "set_tcp_nodelay true",
        "allow_duplicate_messages true",  # otherwise the fan-out grows with the square of the devices
        "max_queued_messages 200000",  # otherwise the listener loses answers, silently
        "max_inflight_messages 1000",
        "max_packet_size 262144",
        "persistence false",
        f"connection_messages {'true' if told else 'false'}",  # without them it is silent of those it refuses too
        "log_dest stderr",
        "log_timestamp false",
        *(f"log_type {kind}" for kind in ("error", "notice")),
    ]
    if root:
        lines.append("user root")  # it would become another user, who may not read our files
    return "\n".join(lines) + "\n"


def start(folder: Path, *, port: int, bind: str = "127.0.0.1", told: bool = False) -> "subprocess.Popen[bytes]":
    """Write all files of the broker into a folder and start it there. It ends with this process.

    `told`: its words are in the process's `stderr`, and must be read.
    """
    files.write_files(folder)
    conf = folder / "mosquitto.conf"
    conf.write_text(configuration(folder, port=port, bind=bind, root=os.geteuid() == 0, told=told))
    _more_open_files()
    words = subprocess.PIPE if told else None
    return subprocess.Popen([program(), "-c", str(conf)], stderr=words, preexec_fn=die_with_parent)


def run() -> None:
    """Run the broker until it or this process is told to end; new devices are let in within about a second."""
    signal.signal(signal.SIGTERM, _end)
    folder = settings.DATA / "broker"
    process = start(folder, port=settings.NGUON_BROKER_PORT, bind=settings.NGUON_BROKER_BIND, told=True)
    assert process.stderr
    ear = Ear(process.stderr)
    ear.start()
    try:
        _watch(process, folder, ear)
    finally:
        process.terminate()
        process.wait()
    sys.exit(process.returncode)


def _watch(process: "subprocess.Popen[bytes]", folder: Path, ear: Ear) -> None:
    known, told = -1, time.monotonic()
    while process.poll() is None:
        try:
            if time.monotonic() - told > TELL_EVERY:
                told = time.monotonic()
                _keep_refusals(*ear.refused())
            revision = queries.broker_revision()
            if revision != known and files.write_files(folder):
                process.send_signal(signal.SIGHUP)
            known = revision
        except DatabaseError as error:  # the broker goes on with the files it has
            log.warning("the registry cannot be read: %s", error)
        close_old_connections()
        time.sleep(REFRESH_EVERY)


def _keep_refusals(count: int, host: str) -> None:
    """Whoever came with a wrong name or key: a line in the log, and among the refusals."""
    if count:
        log.warning("refused at the door of the broker, wrong name or key: %d ×, the last from %s", count, host or "?")
        told = {"reason": "wrong-key", "address": host, "detail": f"{count} ×", "door": "mqtt"}
        actions.note_refusal(now=clock.now(), device=None, **told)


def _more_open_files() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _end(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)
