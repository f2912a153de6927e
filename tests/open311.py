"""A client of Open311 GeoReport v2 that holds to the contract and to nothing else, in both forms.

Written from the specification alone: it knows none of our modules.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

Send = Callable[[str, str, bytes], tuple[int, str, bytes]]  # method, path with query, body → status, type, body
TYPES = {"json": "application/json", "xml": "text/xml"}
LISTS = {"attributes", "values"}


class Open311Error(Exception):
    """What a server refuses: the status, and each (code, description) of its body."""

    def __init__(self, status: int, errors: list[tuple[str, str]]) -> None:
        super().__init__(f"{status}: {errors}")
        self.status, self.errors = status, errors


@dataclass
class GeoReport:
    """One endpoint in one form, with or without a key and a jurisdiction."""

    send: Send
    form: str = "json"
    key: str = ""
    jurisdiction: str = ""

    def services(self) -> list[dict[str, Any]]:
        return self._list("GET", "services", "service")

    def definition(self, code: str) -> dict[str, Any]:
        found = self._ask("GET", f"services/{code}", {})
        return _plain(found) if isinstance(found, ElementTree.Element) else found

    def post(self, **values: Any) -> dict[str, Any]:
        given = {"api_key": self.key, **values}
        attributes = given.pop("attributes", {})
        given |= {f"attribute[{code}]": value for code, value in attributes.items()}
        (made,) = self._list("POST", "requests", "request", given)
        return made

    def requests(self, **values: Any) -> list[dict[str, Any]]:
        return self._list("GET", "requests", "request", values)

    def request(self, number: str) -> dict[str, Any]:
        (found,) = self._list("GET", f"requests/{number}", "request")
        return found

    def token(self, token: str) -> dict[str, Any]:
        (found,) = self._list("GET", f"tokens/{token}", "request")
        return found

    def _list(self, method: str, what: str, each: str, values: Mapping[str, Any] = {}) -> list[dict[str, Any]]:
        found = self._ask(method, what, values)
        if isinstance(found, ElementTree.Element):
            assert {one.tag for one in found} <= {each}
            return [_plain(one) for one in found]
        assert isinstance(found, list)
        return found

    def _ask(self, method: str, what: str, values: Mapping[str, Any]) -> Any:
        given = {**({"jurisdiction_id": self.jurisdiction} if self.jurisdiction else {}), **values}
        path, body = f"{what}.{self.form}", b""
        if method == "POST":
            body = urlencode(given).encode()
        elif given:
            path += "?" + urlencode(given)
        status, kind, answer = self.send(method, path, body)
        assert kind == f"{TYPES[self.form]}; charset=utf-8", kind
        if self.form == "xml":
            assert answer.startswith(b"<?xml")
            assert b"utf-8" in answer[:60].lower()
        found = ElementTree.fromstring(answer) if self.form == "xml" else json.loads(answer)
        if status >= 400:
            raise Open311Error(status, _errors(found))
        return found


def _errors(found: Any) -> list[tuple[str, str]]:
    if isinstance(found, ElementTree.Element):
        assert found.tag == "errors"
        return [(one.findtext("code", ""), one.findtext("description", "")) for one in found.findall("error")]
    return [(str(one["code"]), one["description"]) for one in found]


def _plain(element: ElementTree.Element) -> dict[str, Any]:
    """An element as the JSON of the contract has it, but every value a text; an empty one is None."""
    return {one.tag: [_plain(inner) for inner in one] if one.tag in LISTS else one.text or None for one in element}
