"""Which areas each device may read, told to mosquitto's own plugin of dynamic security.

Only areas: who signs in, and each device's own topics, are in the files (`devices.broker`), to which the plugin defers
for all it does not allow. Lines by device in the file of access are looked up one after the other: with 9,000 devices
each reload kept the whole broker standing for seconds. The plugin looks up by hash, and a change of one device is one
command of some milliseconds. At each start its file is written whole, so that nothing but the registry is the truth.
"""

import json
import os
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import msgspec

from nguon.agent.swarm import mqtt
from nguon.wire import topics

FILE = "areas.json"
PLUGIN = "mosquitto_dynamic_security.so"
TOPIC = "$CONTROL/dynamic-security/v1"
ANSWERS = f"{TOPIC}/response"
AT_ONCE = 50  # commands in one message: other messages pass in between
MOST = 500  # changes that are told while it runs; for more (the territory was changed) it is started anew
ANSWER_WITHIN = 20.0  # seconds
Allowed = Mapping[str, frozenset[str]]  # device → areas; who may read none is not in it


class NotTold(Exception):
    """The broker did not take the changes; the words say why."""


def plugin() -> Path | None:
    """Where the plugin stands on this machine, if it does."""
    for folder in (Path("/usr/lib"), Path("/usr/lib64"), Path("/usr/local/lib")):
        for found in (folder / PLUGIN, *folder.glob(f"*/{PLUGIN}")):
            if found.exists():
                return found
    return None


def document(allowed: Allowed) -> bytes:
    """The plugin's file: a role and a group for each area, and who is in it."""
    members: dict[str, list[str]] = {}
    for device, areas in allowed.items():
        for area in areas:
            members.setdefault(area, []).append(device)
    return msgspec.json.encode(
        {
            "defaultACLAccess": dict.fromkeys(
                ("publishClientSend", "publishClientReceive", "subscribe", "unsubscribe"), False
            ),
            "clients": [{"username": device} for device in allowed],
            "roles": [_role(area) for area in members],
            "groups": [
                {"groupname": area, "roles": [{"rolename": area}], "clients": [{"username": one} for one in devices]}
                for area, devices in members.items()
            ],
        }
    )


def changes(before: Allowed, now: Allowed) -> list[dict[str, Any]]:
    """The commands that make the one into the other. Whoever is changed is put out, and comes back by himself."""
    known = frozenset[str]().union(*before.values())
    found: list[dict[str, Any]] = []
    for area in sorted(frozenset[str]().union(*now.values()) - known):
        found.append({"command": "createRole", **_role(area)})
        found.append({"command": "createGroup", "groupname": area, "roles": [{"rolename": area}]})
    for device, areas in now.items():
        if before.get(device) != areas:
            verb = "modifyClient" if device in before else "createClient"
            groups = [{"groupname": area} for area in sorted(areas)]
            found.append({"command": verb, "username": device, "groups": groups})
    found += [{"command": "deleteClient", "username": device} for device in before if device not in now]
    return found


def _role(area: str) -> dict[str, Any]:
    may = {"acltype": "publishClientReceive", "topic": topics.area(area, "+"), "priority": 0, "allow": True}
    return {"rolename": area, "acls": [may]}


def tell(commands: list[dict[str, Any]], *, port: int, username: str, password: str) -> None:
    """Have the broker of this machine take the commands. Raises NotTold."""
    try:
        with Wire(port, username, password, ANSWERS) as wire:
            for start in range(0, len(commands), AT_ONCE):
                wire.say(TOPIC, msgspec.json.encode({"commands": commands[start : start + AT_ONCE]}))
                _judge(wire.hear()[1])
            wire.send(mqtt.FAREWELL)
    except OSError as error:
        raise NotTold(str(error) or type(error).__name__) from error


def _judge(answer: bytes) -> None:
    answers = json.loads(answer)["responses"]
    if wrong := [each for each in answers if "error" in each]:
        raise NotTold(f"{len(wrong)} commands failed, the first: {wrong[0]}")


class Wire:
    """One connection to the broker of this machine that waits for each answer; `asked`: the topics to listen to.

    Everything raises OSError.
    """

    def __init__(self, port: int, username: str, password: str, *asked: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=ANSWER_WITHIN)
        self._stream = self._socket.makefile("rb")
        try:
            self.send(mqtt.connect(username, password, 60, f"{topics.SERVER}/control", b""))
            if code := self.until(0x20)[1]:
                raise ConnectionRefusedError(f"the broker refused to let us in ({code})")
            if asked:
                self._ask(*asked)
        except OSError:
            self.close()
            raise

    def send(self, data: bytes) -> None:
        """A packet, as it is."""
        self._socket.sendall(data)

    def _ask(self, *asked: str) -> None:
        self.send(mqtt.subscribe(list(asked)))
        self.until(0x90)

    def say(self, topic: str, words: bytes) -> None:
        """Publish it."""
        self.send(mqtt.publish(mqtt.text(topic), words))

    def hear(self) -> tuple[str, bytes]:
        """The next message: topic, words."""
        body = self.until(0x30)
        length = int.from_bytes(body[:2], "big")
        return body[2 : 2 + length].decode(), body[2 + length :]

    def until(self, kind: int) -> bytes:
        """The body of the next packet of this kind; others are passed over."""
        while head := self._stream.read(1):
            length = self._length()
            body = self._stream.read(length)
            if len(body) < length:
                break
            if head[0] & 0xF0 == kind:
                return body
        raise ConnectionResetError("the broker hung up")

    def _length(self) -> int:
        length = shift = 0
        while more := self._stream.read(1):
            length |= (more[0] & 127) << shift
            shift += 7
            if more[0] < 128:
                return length
        raise ConnectionResetError("the broker hung up")

    def close(self) -> None:
        """Hang up."""
        self._stream.close()
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def write(folder: Path, allowed: Allowed) -> Path:
    """Put the plugin's file into the folder, mode 0600, before the broker starts. Raises OSError."""
    path = folder / FILE
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(document(allowed))
    return path
