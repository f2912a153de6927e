"""Which folders of the server an officer may import: those of their own places under the root the operator named.

A folder directly under the root belongs to the place whose official code (`21952`) or kind and name (`xa-phuoc-thuan`,
`Xã Phước Thuận`) it is called. Who has the right everywhere may import any folder. Nothing else is shown or opened.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings

from nguon.archive import rules
from nguon.kit.text import fold
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.places.models import Code, Place
from nguon.places.queries import holding

DEPTH, MOST = 3, 400  # levels and folders shown


@dataclass(frozen=True)
class Folder:
    """One that may be imported: its path under the root for people and in hex, and the place it belongs to."""

    name: str
    token: str
    depth: int
    place: UUID | None


def root() -> bytes:
    """The root, resolved; empty where the operator named none or it is not there."""
    named: str = settings.NGUON_ARCHIVE_ROOT
    return os.fsencode(os.path.realpath(named)) if named and os.path.isdir(named) else b""


def offered(person: Person, on: date) -> list[Folder]:
    """The folders the person may import, each below the one it lies in."""
    base = root()
    if not base:
        return []
    every, owned = scope.everywhere(person, Right.WRITE, on), _owners(person, on)
    found: list[Folder] = []
    for name in _below(base):
        owner = owned.get(_called(name))
        if every or owner is not None:
            _grow(base, name, 0, owner, found)
    return found


def chosen(person: Person, token: str, on: date) -> tuple[bytes, Folder] | None:
    """The path of an offered folder by its token, resolved, and the folder; None for anything else."""
    found = next((folder for folder in offered(person, on) if folder.token == token), None)
    if found is None:
        return None
    path = os.path.realpath(os.path.join(root(), bytes.fromhex(token)))
    return (path, found) if path.startswith(root() + b"/") else None


def _grow(base: bytes, raw: bytes, depth: int, owner: UUID | None, found: list[Folder]) -> None:
    if len(found) >= MOST:
        return
    found.append(Folder(rules.shown_name(os.path.basename(raw)), raw.hex(), depth, owner))
    if depth + 1 < DEPTH:
        for name in _below(os.path.join(base, raw)):
            _grow(base, os.path.join(raw, name), depth + 1, owner, found)


def _below(path: bytes) -> list[bytes]:
    """The folders directly in a folder, without links and hidden ones."""
    try:
        with os.scandir(path) as entries:
            names = [one.name for one in entries if one.is_dir(follow_symlinks=False) and not one.name.startswith(b".")]
    except OSError:
        return []
    return sorted(names)


def _owners(person: Person, on: date) -> Mapping[str, UUID]:
    """How a folder may be called, folded, and whose it then is. A name of two places is nobody's."""
    mine = scope.place_ids(person, Right.WRITE, on)
    names: dict[str, set[UUID]] = {}
    for place in Place.objects.filter(holding(on)):
        names.setdefault(_words(str(place)), set()).add(place.pk)
    for code in Code.objects.filter(holding(on)):
        names.setdefault(code.code.casefold(), set()).add(code.place_id)
    sole = {name: next(iter(found)) for name, found in names.items() if len(found) == 1}
    return {name: pk for name, pk in sole.items() if pk in mine}


def _called(raw: bytes) -> str:
    return _words(rules.shown_name(raw))


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text).replace("_", " ")))
