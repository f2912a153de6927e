"""The broker's files: who may sign in, and who may read and write what. Written whole, put in place in one step.

Which areas a device may read is not in them: that changes one device at a time (`config.broker_areas`).
"""

import os
import secrets
from pathlib import Path

from django.conf import settings

from nguon.devices import queries, rules
from nguon.kit import ids
from nguon.wire.topics import PREFIX

SERVER = "server"
USERS = (SERVER, f"{SERVER}-sender", f"{SERVER}-listener")  # one each: a second of the same name puts the first out
CONTROL = f"{SERVER}-control"  # tells the broker which areas a device may read, and nothing else
_OWN = "".join(f"user {user}\ntopic readwrite {PREFIX}/#\n\n" for user in USERS)
_ACCESS = f"""# Written by the server; a change here is lost.
{_OWN}user {CONTROL}
topic readwrite $CONTROL/dynamic-security/#

pattern read {PREFIX}/dev/%u/down
pattern write {PREFIX}/dev/%u/up/#
"""


def server_password() -> str:
    """The password of the server's own broker users, made once and kept in NGUON_BROKER_PASSWORD_FILE (mode 0600)."""
    path = Path(settings.NGUON_BROKER_PASSWORD_FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(32))
    return path.read_text().strip()


def write_files(folder: Path) -> bool:
    """Write mosquitto's `passwords` and `acl` into the folder; whether anything changed (then send SIGHUP)."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = [_replace(folder / "passwords", _passwords()), _replace(folder / "acl", _ACCESS)]
    return any(changed)


def _passwords() -> str:
    own = server_password()
    stored_own = rules.broker_hash(own, salt=rules.fixed_salt(own))
    lines = [f"{user}:{stored_own}" for user in (*USERS, CONTROL)]
    lines += [f"{ids.short(device)}:{stored}" for device, stored in queries.credentials()]
    return "\n".join(lines) + "\n"


def _replace(path: Path, content: str) -> bool:
    if path.exists() and path.read_text() == content:
        return False
    fresh = path.with_name(path.name + ".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    return True
