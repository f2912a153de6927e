"""Enrolment: a one-time code becomes this device's own key and credentials. The private key never leaves the box."""

from base64 import b64encode
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx
import msgspec
from cryptography.hazmat.primitives import serialization as ser
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from nguon.agent import identity, tls
from nguon.agent.files import write_whole
from nguon.agent.run import software
from nguon.wire.messages import Keys, Settings


class EnrolmentFailed(Exception):
    """The device was not enrolled; the text says why, in the server's words where it gave some."""


class _Answer(msgspec.Struct):
    device: str
    password: str
    broker: str
    settings: Settings
    keys: Keys
    ca: str = ""


def enrol(home: Path, server: str, code: str, *, client: httpx.Client | None = None) -> identity.Identity:
    """Make a key, trade the code for credentials, keep both in `home` (0700, files 0600). Raises EnrolmentFailed."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = _key(home)
    asked = {"code": code.strip().upper(), "public_key": _public(key), "software": software()}
    try:
        with client or httpx.Client(timeout=20, verify=tls.context()) as used:
            response = used.post(urljoin(server, "/api/1/enrol"), json=asked)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise EnrolmentFailed(f"no answer from {server}: {error}") from error
    if response.status_code != 200:
        raise EnrolmentFailed(_words(response))
    try:
        answer = msgspec.json.decode(response.content, type=_Answer)
    except msgspec.DecodeError as error:
        raise EnrolmentFailed(f"{server} gave an answer that cannot be read: {error}") from error
    given = (answer.device, answer.password, server, answer.broker, answer.settings, answer.keys, answer.ca)
    made = identity.Identity(*given)
    identity.save(home, made)
    return made


def _key(home: Path) -> Ed25519PrivateKey:
    """The key in `home`, made if there is none: a code that failed does not cost a new key."""
    path = home / identity.KEY
    if path.exists():
        found = ser.load_pem_private_key(path.read_bytes(), None)
        if isinstance(found, Ed25519PrivateKey):
            return found
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(ser.Encoding.PEM, ser.PrivateFormat.PKCS8, ser.NoEncryption())
    write_whole(path, pem, 0o600)
    return key


def _public(key: Ed25519PrivateKey) -> str:
    return b64encode(key.public_key().public_bytes(ser.Encoding.Raw, ser.PublicFormat.Raw)).decode()


def _words(response: httpx.Response) -> str:
    try:
        answer: Any = msgspec.json.decode(response.content)
        return f"{answer['error']} ({response.status_code})"
    except (msgspec.DecodeError, TypeError, KeyError):
        return f"the server answered {response.status_code}"
