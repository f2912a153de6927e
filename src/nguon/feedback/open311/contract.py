"""The documents of GeoReport v2 in both forms, and its errors. Pure.

JSON follows from XML by the rule of the specification: a list of the things inside, an empty element is null.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

JSON, XML = "json", "xml"
MIMES = {JSON: "application/json; charset=utf-8", XML: "text/xml; charset=utf-8"}
_BARE = {ord(sign): None for sign in map(chr, range(32)) if sign not in "\t\n\r"}  # what XML cannot hold


@dataclass(frozen=True)
class Kind:
    """What a document holds: the element around, the element of each."""

    root: str
    each: str


SERVICES = Kind("services", "service")
REQUESTS = Kind("service_requests", "request")
ERRORS = Kind("errors", "error")
_INSIDE = {"attributes": "attribute", "values": "value", "endpoints": "endpoint", "formats": "format"}


class Refused(Exception):
    """A request that is not done. By the contract `status` is 403 for a key, 404 for what is not there, else 400.

    `code` stands in the body, where it may say more.
    """

    def __init__(self, status: int, words: str, code: int = 0) -> None:
        super().__init__(words)
        self.status, self.words, self.code = status, words, code or status


def listed(kind: Kind, rows: Sequence[Mapping[str, Any]], form: str) -> bytes:
    """A list of things."""
    if form == JSON:
        return _json([dict(row) for row in rows])
    root = ElementTree.Element(kind.root)
    for row in rows:
        _filled(ElementTree.SubElement(root, kind.each), row)
    return _xml(root)


def single(name: str, row: Mapping[str, Any], form: str) -> bytes:
    """One thing that is no list: a definition, the discovery."""
    if form == JSON:
        return _json(dict(row))
    root = ElementTree.Element(name)
    _filled(root, row)
    return _xml(root)


def refusal(error: Refused, form: str) -> bytes:
    """An error as the contract writes it."""
    return listed(ERRORS, [{"code": error.code, "description": error.words}], form)


def stamp(moment: datetime | None) -> str | None:
    """A time as the contract writes it, in UTC to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def _filled(element: ElementTree.Element, row: Mapping[str, Any]) -> None:
    for name, value in row.items():
        inner = ElementTree.SubElement(element, name)
        if isinstance(value, list):
            for one in value:
                each = ElementTree.SubElement(inner, _INSIDE[name])
                if isinstance(one, Mapping):
                    _filled(each, one)
                else:
                    each.text = _text(one)
        else:
            inner.text = _text(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).translate(_BARE)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _xml(root: ElementTree.Element) -> bytes:
    found: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return found
