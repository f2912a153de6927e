"""The broker service: mosquitto as a child, with files we write and refresh while it runs."""

import logging
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.db import DatabaseError, close_old_connections

from nguon.config import broker_areas
from nguon.config.broker_log import Ear
from nguon.devices import actions, queries
from nguon.devices import broker as files
from nguon.devices import door as doors
from nguon.devices.certificates import BadCertificate, Pair
from nguon.kit import clock
from nguon.kit.processes import die_with_parent

TELL_EVERY = 5.0  # seconds between two words about those who were refused
REFRESH_EVERY = 1.0  # seconds between two looks at the registry
LOOK_EVERY = 3600.0  # seconds between two looks at the certificate
TRY_EVERY = 30.0  # seconds between two tries to open the door for devices
log = logging.getLogger(__name__)


class NoBroker(Exception):
    """There is no mosquitto program on this machine, or a part of it is missing."""


def program() -> str:
    """The path of mosquitto, also where Debian keeps what only root has in PATH. Raises NoBroker."""
    found = shutil.which("mosquitto", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if found is None:
        raise NoBroker("mosquitto is not installed: apt-get install mosquitto")
    return found


@dataclass(frozen=True)
class Door:
    """The port for devices, with TLS."""

    port: int
    bind: str
    pair: Pair


# Of each listener; otherwise a device signs in under another's client id, and puts it out.
NAMED = "use_username_as_clientid true"


def configuration(
    folder: Path,
    *,
    port: int,
    bind: str,
    root: bool,
    told: bool = False,
    door: Door | None = None,
    areas: Path | None = None,
) -> str:
    """The text of mosquitto.conf. Signing in is always asked; the queue limits are those of thousands of devices.

    `told`: it tells of each connection, as somebody reads it. `areas`: the plugin that knows who may read which area;
    without it nobody may read any.
    """
    lines = [
        f"listener {port} {bind}",
        NAMED,
        *(_door(door) if door else ()),
        "allow_anonymous false",
        f"password_file {folder / 'passwords'}",
        f"acl_file {folder / 'acl'}",
        *((f"plugin {areas}", f"plugin_opt_config_file {folder / broker_areas.FILE}") if areas else ()),
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


def _door(door: Door) -> tuple[str, ...]:
    return (
        f"listener {door.port} {door.bind}",
        NAMED,
        f"certfile {door.pair.certificate}",
        f"keyfile {door.pair.key}",
        "tls_version tlsv1.2",  # or later
    )


def areas_plugin() -> Path:
    """The part of mosquitto that knows who may read which area. Raises NoBroker."""
    found = broker_areas.plugin()
    if found is None:
        raise NoBroker(
            f"{broker_areas.PLUGIN} is missing: it comes with the package mosquitto, apt-get install it anew"
        )
    return found


def start(
    folder: Path,
    allowed: broker_areas.Allowed,
    *,
    port: int,
    bind: str = "127.0.0.1",
    told: bool = False,
    door: Door | None = None,
) -> "subprocess.Popen[bytes]":
    """Write all files of the broker into a folder and start it there. It ends with this process. Raises NoBroker.

    `allowed`: who may read which areas. `told`: its words are in the process's `stderr`, and must be read.
    """
    files.write_files(folder)
    broker_areas.write(folder, allowed)
    conf = folder / "mosquitto.conf"
    root = os.geteuid() == 0
    conf.write_text(configuration(folder, port=port, bind=bind, root=root, told=told, door=door, areas=areas_plugin()))
    _more_open_files()
    words = subprocess.PIPE if told else None
    return subprocess.Popen([program(), "-c", str(conf)], stderr=words, preexec_fn=_as_child)


def _as_child() -> None:
    die_with_parent()
    os.umask(0o077)  # what it writes itself is for us alone too


def run() -> None:
    """Run the broker until it or this process is told to end; new devices are let in within about a second."""
    signal.signal(signal.SIGTERM, _end)
    again = True
    while again:
        again = _once(doors.folder())


def _once(folder: Path) -> bool:
    """One life of mosquitto. Whether there is to be another at once; if it ended by itself, so do we."""
    door, areas = _the_door(), _Areas()
    bind = settings.NGUON_BROKER_BIND
    process = start(folder, areas.told, port=settings.NGUON_BROKER_PORT, bind=bind, told=True, door=door)
    assert process.stderr
    ear = Ear(process.stderr)
    ear.start()
    try:
        again = _watch(process, folder, ear, areas, _Certificate(door is not None))
    finally:
        process.terminate()
        process.wait()
    if not again:
        sys.exit(process.returncode)
    return again


def _the_door() -> Door | None:
    """The port for devices; none, with the reason in the log, if it cannot be: those on the plain port go on."""
    port, bind = settings.NGUON_BROKER_TLS_PORT, settings.NGUON_BROKER_TLS_BIND
    try:
        pair, _ = doors.pair(clock.now())
    except (BadCertificate, OSError) as error:
        log.error("devices cannot connect with TLS: %s", error)
        doors.note(error.kind if isinstance(error, BadCertificate) else "lost")
        return None
    if why := taken(bind, port):
        log.error("devices cannot connect with TLS: port %d on %s: %s; set NGUON_BROKER_TLS_PORT", port, bind, why)
        doors.note("taken")
        return None
    doors.note("")
    return Door(port, bind, pair)


def taken(bind: str, port: int) -> str:
    """Why nobody can listen there; empty if one can."""
    with socket.socket(socket.AF_INET6 if ":" in bind else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError as error:
            return error.strerror or str(error)
    return ""


class _Certificate:
    """Looks after the certificate while the broker runs: renews it, and waits for one that can be used."""

    def __init__(self, there: bool) -> None:
        self._there = there
        self._looked, self._hosts = time.monotonic(), doors.hosts_noted_at()

    def is_new(self) -> bool:
        """Whether it was made anew just now: it is near its end, or a device came by another name."""
        hosts = doors.hosts_noted_at()
        if not self._there or (hosts == self._hosts and time.monotonic() - self._looked < LOOK_EVERY):
            return False
        self._looked, self._hosts = time.monotonic(), hosts
        try:
            return doors.pair(clock.now())[1]
        except (BadCertificate, OSError) as error:
            log.warning("the certificate of the broker: %s", error)
            return False

    def can_be_now(self) -> bool:
        """Whether there was none, or its port was taken, and that is no longer so."""
        if self._there or time.monotonic() - self._looked < TRY_EVERY:
            return False
        self._looked = time.monotonic()
        return _the_door() is not None


def _watch(
    process: "subprocess.Popen[bytes]", folder: Path, ear: Ear, areas: "_Areas", certificate: "_Certificate"
) -> bool:
    """Until it ends, or must be started anew: then True."""
    known, told = -1, time.monotonic()
    while process.poll() is None:
        if certificate.is_new():
            process.send_signal(signal.SIGHUP)
        if certificate.can_be_now():
            return True  # with the door
        try:
            if time.monotonic() - told > TELL_EVERY:
                told = time.monotonic()
                _keep_refusals(*ear.refused())
            revision = queries.broker_revision()
            if revision != known and files.write_files(folder):
                process.send_signal(signal.SIGHUP)
            known = revision
            if not areas.follow():
                return True
        except DatabaseError as error:  # the broker goes on with the files it has
            log.warning("the registry cannot be read: %s", error)
        close_old_connections()
        time.sleep(REFRESH_EVERY)
    return False


class _Areas:
    """Who may read which areas, as the broker knows it."""

    def __init__(self) -> None:
        self._revision = queries.areas_revision(clock.today())
        self.told = queries.areas_of_all(clock.today())

    def follow(self) -> bool:
        """Tell the broker what has changed. False if it must be started anew: too much, or it did not take it."""
        revision = queries.areas_revision(clock.today())
        if revision == self._revision:
            return True
        now = queries.areas_of_all(clock.today())
        commands = broker_areas.changes(self.told, now)
        if len(commands) > broker_areas.MOST:
            log.warning("the areas of many devices changed: the broker begins anew, and they connect again")
            return False
        if commands:
            user, password = files.CONTROL, files.server_password()
            try:
                broker_areas.tell(commands, port=settings.NGUON_BROKER_PORT, username=user, password=password)
            except broker_areas.NotTold as error:
                log.error("the broker did not take who may read which areas, and begins anew: %s", error)
                return False
        self._revision, self.told = revision, now
        return True


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
