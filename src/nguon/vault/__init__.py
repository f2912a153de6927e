"""Secrets, encrypted with a key of the installation: AES-256-GCM, bound to the row they belong to.

The keys stand one a line in `NGUON_DATA/vault.key`, made at first need, or in NGUON_VAULT_KEY with commas: 32 bytes
each in base64, the newest first. The newest encrypts, all decrypt: that is how a key is changed (`nguon vault`). They
are read anew each time, so that a changed file counts at once in every service.

What is kept: one byte of form, four that name the key, twelve of nonce, then the ciphertext of a JSON object. The id of
the row (an account of a voice, a key, a person) is authenticated with it: a row put in another's place does not open.
"""

import base64
import hashlib
import json
import os
import secrets
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

FORM = b"\x01"
KEY, NAME, NONCE = 32, 4, 12  # bytes
FILE = "vault.key"


class VaultError(Exception):
    """Secrets that do not open, or keys that are none. The text is for the log and holds neither."""


def seal(values: Mapping[str, str], owner: UUID) -> bytes:
    """The secrets of a row as they are kept; nothing for none. Raises VaultError if the keys are unusable."""
    if not values:
        return b""
    key, nonce = keys()[0], secrets.token_bytes(NONCE)
    text = json.dumps(dict(values), ensure_ascii=False).encode()
    return FORM + name_of(key) + nonce + AESGCM(key).encrypt(nonce, text, owner.bytes)


def unseal(kept: bytes | memoryview, owner: UUID) -> dict[str, str]:
    """The secrets that were kept for this row. Raises VaultError: another's, changed, or no key for it."""
    data = bytes(kept)
    if not data:
        return {}
    head = len(FORM) + NAME
    nonce, sealed = data[head : head + NONCE], data[head + NONCE :]
    if data[:1] != FORM or len(nonce) != NONCE:
        raise VaultError("secrets in an unknown form")
    for key in keys():
        if name_of(key) != data[1:head]:
            continue
        try:
            found: dict[str, str] = json.loads(AESGCM(key).decrypt(nonce, sealed, owner.bytes))
        except InvalidTag as error:
            raise VaultError("secrets that were changed, or are of another row") from error
        return found
    raise VaultError(f"no key named {data[1:head].hex()} is at hand")


def keys() -> tuple[bytes, ...]:
    """The keys, the newest first; there is always one. Raises VaultError if what is there is no key."""
    if settings.NGUON_VAULT_KEY:
        return _read(settings.NGUON_VAULT_KEY.split(","), "NGUON_VAULT_KEY")
    path = file()
    if not path.exists():
        with suppress(FileExistsError):  # another process made one meanwhile
            _create(path, [secrets.token_bytes(KEY)])
    return _read(path.read_text().splitlines(), path.name)


def add_key() -> None:
    """Put a fresh key before the others of the file. Raises VaultError if the keys come from the environment."""
    write([secrets.token_bytes(KEY), *keys()])


def write(ring: Sequence[bytes]) -> None:
    """Replace the keys of the file, whole or not at all. Raises VaultError if they come from the environment."""
    if settings.NGUON_VAULT_KEY:
        raise VaultError("the keys come from NGUON_VAULT_KEY: change them there, the newest first")
    os.replace(_beside(file(), ring), file())


def file() -> Path:
    """Where the keys of this installation are."""
    return Path(settings.DATA, FILE)


def name_of(key: bytes) -> bytes:
    """What a key is called by in what it sealed."""
    return hashlib.sha256(b"nguon vault " + key).digest()[:NAME]


def sealed_with(kept: bytes | memoryview) -> bytes:
    """The name of the key that sealed this; nothing for no secrets."""
    return bytes(kept)[1 : 1 + NAME]


def _read(lines: Sequence[str], where: str) -> tuple[bytes, ...]:
    try:
        found = tuple(base64.b64decode(line.strip(), validate=True) for line in lines if line.strip())
    except ValueError as error:
        raise VaultError(f"{where} holds something that is not base64") from error
    if not found or any(len(key) != KEY for key in found):
        raise VaultError(f"{where} must hold keys of {KEY} bytes in base64")
    return found


def _create(path: Path, ring: Sequence[bytes]) -> None:
    """Write a new file whole, so that nobody reads a half. Raises FileExistsError."""
    made = _beside(path, ring)
    try:
        os.link(made, path)
    finally:
        made.unlink()


def _beside(path: Path, ring: Sequence[bytes]) -> Path:
    """The keys in a file of its own in the same folder, readable by its owner only, and surely on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # made with mode 600
    with os.fdopen(handle, "w") as out:
        out.writelines(f"{base64.b64encode(key).decode()}\n" for key in ring)
        out.flush()
        os.fsync(out.fileno())
    return Path(name)
