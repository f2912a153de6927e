"""The door of the broker for devices: its address, its certificate, the names it answers to, and how it stands."""

import contextlib
import ipaddress
import logging
import socket
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from nguon.devices import certificates
from nguon.devices.certificates import BadCertificate, Pair

WORD = "door"  # file: how it went when the door was last opened
HOSTS = "hosts"  # file: names by which devices came to this server, one a line
MOST_HOSTS = 20
log = logging.getLogger(__name__)


def folder() -> Path:
    """Where the broker's files are."""
    return Path(settings.DATA) / "broker"


def address(host: str) -> str:
    """The broker's address for a device that came to this server by this name; as set, if it is set."""
    if settings.NGUON_BROKER_PUBLIC_URL or not settings.NGUON_BROKER_OWN:
        return str(settings.NGUON_BROKER_PUBLIC_URL or settings.NGUON_BROKER_URL)
    named = f"[{host}]" if ":" in host else host
    return f"mqtts://{named}:{settings.NGUON_BROKER_TLS_PORT}"


def trusted() -> str:
    """What a device is to trust for this link, in PEM; empty: what its system trusts, or there is nothing to trust."""
    if not settings.NGUON_BROKER_OWN or not address("localhost").startswith("mqtts:"):
        return ""
    if settings.NGUON_BROKER_CERT:
        try:
            return Path(settings.NGUON_BROKER_CA).read_text() if settings.NGUON_BROKER_CA else ""
        except OSError:
            return ""
    return certificates.trusted(folder())


def note_host(host: str) -> None:
    """A device came by this name: the certificate must be for it too. Known ones cost nothing."""
    if not settings.NGUON_BROKER_OWN or settings.NGUON_BROKER_CERT or not certificates.fitting(host):
        return
    try:
        if host not in names() and len(_noted()) < MOST_HOSTS:
            folder().mkdir(parents=True, exist_ok=True)
            with (folder() / HOSTS).open("a") as file:
                file.write(f"{host}\n")
    except OSError as error:  # the device is enrolled all the same
        log.warning("the name %s was not noted for the certificate of the broker: %s", host, error)


def hosts_noted_at() -> float:
    """When a name was last noted, as the file system says it; 0 if never."""
    try:
        return (folder() / HOSTS).stat().st_mtime
    except OSError:
        return 0.0


def names() -> frozenset[str]:
    """All names and addresses by which this machine may be reached, as far as it knows."""
    public = urlsplit(settings.NGUON_BROKER_PUBLIC_URL).hostname or ""
    hosts = [*settings.ALLOWED_HOSTS, public, settings.NGUON_BROKER_TLS_BIND, *_noted()]
    found = {"localhost", "127.0.0.1", "::1", socket.gethostname().lower(), *_addresses()}
    found.update(host.strip().lower().lstrip(".") for host in hosts)
    return frozenset(name for name in found if certificates.fitting(name) and not _unspecified(name))


def pair(now: datetime) -> tuple[Pair, bool]:
    """The certificate to show, and whether it is new. Raises BadCertificate, OSError."""
    if settings.NGUON_BROKER_CERT or settings.NGUON_BROKER_KEY:
        if not (settings.NGUON_BROKER_CERT and settings.NGUON_BROKER_KEY):
            raise BadCertificate("half", "NGUON_BROKER_CERT and NGUON_BROKER_KEY belong together: set both or none")
        authority = Path(settings.NGUON_BROKER_CA) if settings.NGUON_BROKER_CA else None
        return certificates.given(Path(settings.NGUON_BROKER_CERT), Path(settings.NGUON_BROKER_KEY), authority), False
    return certificates.ours(folder(), names(), now)


@dataclass(frozen=True)
class Standing:
    """How the door stands. `until`: when its certificate ends. `own`: the operator's, whom nobody renews it for.

    `wrong`: empty, a kind of `BadCertificate`, `taken` (its port), `none` (it was never opened).
    """

    until: datetime | None = None
    own: bool = False
    wrong: str = ""

    def near_end(self, now: datetime) -> bool:
        """Whether somebody must see to it."""
        return self.until is not None and self.until - now < certificates.WARN_BEFORE


def note(wrong: str) -> None:
    """Leave a word for `standing`: the door could not be opened, or (empty) it was. Raises OSError."""
    folder().mkdir(parents=True, exist_ok=True)
    (folder() / WORD).write_text(wrong or "open")


def standing(now: datetime) -> Standing:
    """Looks at the files; changes nothing."""
    own = bool(settings.NGUON_BROKER_CERT or settings.NGUON_BROKER_KEY)
    path = Path(settings.NGUON_BROKER_CERT) if own else folder() / certificates.SERVER
    try:
        if own:
            pair(now)
        until = certificates.load(path).not_valid_after_utc
        word = (folder() / WORD).read_text()
    except BadCertificate as error:
        return Standing(None, own, error.kind)
    except (OSError, ValueError):
        return Standing(None, own, "none")
    return Standing(until, own, "" if word == "open" else word)


def _noted() -> list[str]:
    try:
        return (folder() / HOSTS).read_text().split()
    except OSError:
        return []


def _addresses() -> frozenset[str]:
    """Those of this machine by its own name, and the one it goes out by. Nothing is sent."""
    found: set[str] = set()
    with contextlib.suppress(OSError):
        found.update(str(each[4][0]).partition("%")[0] for each in socket.getaddrinfo(socket.gethostname(), None))
    for family, far in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((far, 9))
                found.add(str(probe.getsockname()[0]).partition("%")[0])
        except OSError:
            continue
    return frozenset(found)


def _unspecified(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_unspecified
    except ValueError:
        return False
