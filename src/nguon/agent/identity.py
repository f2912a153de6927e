"""Who this device is: what enrolment gave it, kept readable by its owner alone."""

from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from nguon.agent.files import write_whole
from nguon.wire.messages import Keys, Settings
from nguon.wire.trust import Ring, anchored

FILE = "credentials.json"
KEY = "device.key"


class NotEnrolled(Exception):
    """This folder holds no usable identity; the text says what to do."""


class Identity(msgspec.Struct, frozen=True):
    """What enrolment gave. `server` and `broker` are addresses (http://host:port, mqtts://host:port).

    `ca`: the authority of the broker's certificate, in PEM: trusted for that link, and nobody else is. Empty: those
    that this machine trusts.
    """

    device: str
    password: str
    server: str
    broker: str
    settings: Settings
    keys: Keys | None = None  # none: enrolled with a server that did not sign; nothing is believed
    ca: str = ""

    def ring(self) -> Ring:
        """Whom it was told to believe where it trusted the teller."""
        return Ring() if self.keys is None else anchored(self.keys)

    def broker_address(self) -> tuple[str, int, bool]:
        """Host, port, and whether the link is encrypted (mqtts). Raises ValueError for anything else."""
        parts = urlsplit(self.broker)
        if parts.scheme not in ("mqtt", "mqtts") or not parts.hostname:
            raise ValueError(f"not the address of a broker: {self.broker}")
        secure = parts.scheme == "mqtts"
        return parts.hostname, parts.port or (8883 if secure else 1883), secure


def load(home: Path) -> Identity:
    """The identity kept in `home`. Raises NotEnrolled."""
    try:
        return msgspec.json.decode((home / FILE).read_bytes(), type=Identity)
    except FileNotFoundError:
        raise NotEnrolled(f"{home} holds no device: enrol it first (nguon agent enrol --help)") from None
    except (OSError, msgspec.DecodeError) as error:
        raise NotEnrolled(f"{home / FILE} cannot be read ({error}): enrol again with a new code") from error


def save(home: Path, identity: Identity) -> None:
    """Keep the identity, mode 0600. Raises OSError."""
    write_whole(home / FILE, msgspec.json.encode(identity), 0o600)
