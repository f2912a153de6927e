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

from nguon.config.supervisor import die_with_parent
from nguon.devices import broker as files
from nguon.devices import queries

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


def configuration(folder: Path, *, port: int, bind: str, root: bool) -> str:
    """The text of mosquitto.conf. Signing in is always asked; the queue limits are those of thousands of devices."""
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
        "connection_messages false",
        "log_dest stderr",
        "log_timestamp false",
        *(f"log_type {kind}" for kind in ("error", "notice")),
    ]
    if root:
        lines.append("user root")  # it would become another user, who may not read our files
    return "\n".join(lines) + "\n"


def start(folder: Path, *, port: int, bind: str = "127.0.0.1") -> "subprocess.Popen[bytes]":
    """Write all files of the broker into a folder and start it there. It ends with this process."""
    files.write_files(folder)
    conf = folder / "mosquitto.conf"
    conf.write_text(configuration(folder, port=port, bind=bind, root=os.geteuid() == 0))
    _more_open_files()
    return subprocess.Popen([program(), "-c", str(conf)], preexec_fn=die_with_parent)


def run() -> None:
    """Run the broker until it or this process is told to end; new devices are let in within about a second."""
    signal.signal(signal.SIGTERM, _end)
    folder = settings.DATA / "broker"
    process = start(folder, port=settings.NGUON_BROKER_PORT, bind=settings.NGUON_BROKER_BIND)
    try:
        _watch(process, folder)
    finally:
        process.terminate()
        process.wait()
    sys.exit(process.returncode)


def _watch(process: "subprocess.Popen[bytes]", folder: Path) -> None:
    known = -1
    while process.poll() is None:
        try:
            revision = queries.broker_revision()
            if revision != known and files.write_files(folder):
                process.send_signal(signal.SIGHUP)
            known = revision
        except DatabaseError as error:  # the broker goes on with the files it has
            log.warning("the registry cannot be read: %s", error)
        close_old_connections()
        time.sleep(REFRESH_EVERY)


def _more_open_files() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _end(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)
