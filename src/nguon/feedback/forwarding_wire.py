"""Speaking GeoReport v2 with an authority's endpoint, in XML: that is the form every endpoint must have.

Knows no database. What is sent is only what the caller gives.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.conf import settings

from nguon.cap import xml
from nguon.cap.faults import Unreadable
from nguon.outside.addresses import Fault, networks
from nguon.outside.fetching import Answer, FetchFailed, Limits, get, send_form

SIZE, SECONDS = 256 * 1024, 20.0
MADE = (200, 201)
REFUSALS = (400, 401, 403, 404, 409, 422)
TOO_MANY = 429  # later: as a status, or, where the contract knows none, as a code within a refusal
ACCEPT = "text/xml, application/xml;q=0.9"


class TheyRefuse(Exception):
    """The endpoint said no, in its own words: asking the same again brings nothing."""


@dataclass(frozen=True)
class Endpoint:
    """Where it is, and the jurisdiction it wants named."""

    address: str
    jurisdiction: str = ""


@dataclass(frozen=True)
class Standing:
    """How a request stands there. `number` or `token`, as they give it; `status`: open or closed."""

    number: str = ""
    token: str = ""
    status: str = ""
    notes: str = ""


def post(endpoint: Endpoint, key: str, fields: Mapping[str, str]) -> Standing:
    """Send a request. Raises FetchFailed, TheyRefuse."""
    given = {**_where(endpoint), "api_key": key, **fields}
    answer = send_form(_address(endpoint, "requests"), _limits(), given, taken=(*MADE, *REFUSALS))
    found = _read(answer)
    if not (found.number or found.token):
        raise FetchFailed(Fault.CONTENT, "neither a service_request_id nor a token")
    return found


def follow(endpoint: Endpoint, number: str) -> Standing:
    """How a request stands. Raises FetchFailed."""
    return _read(get(_address(endpoint, f"requests/{quote(number, '')}", ask=True), _limits()))


def exchange(endpoint: Endpoint, token: str) -> Standing:
    """The number of a token, once there is one. Raises FetchFailed."""
    return _read(get(_address(endpoint, f"tokens/{quote(token, '')}", ask=True), _limits()))


def _limits() -> Limits:
    return Limits(SIZE, SECONDS, networks(settings.NGUON_LINK_NETWORKS), ACCEPT)


def _address(endpoint: Endpoint, what: str, *, ask: bool = False) -> str:
    words = f"?{urlencode(_where(endpoint))}" if ask and endpoint.jurisdiction else ""
    return f"{endpoint.address.rstrip('/')}/{what}.xml{words}"


def _where(endpoint: Endpoint) -> dict[str, str]:
    return {"jurisdiction_id": endpoint.jurisdiction} if endpoint.jurisdiction else {}


def _read(answer: Answer) -> Standing:
    try:
        root = xml.tree(answer.body or b"")
    except Unreadable as error:
        if answer.status not in MADE:
            raise TheyRefuse(str(answer.status)) from error
        raise FetchFailed(Fault.CONTENT, str(error)) from error
    if answer.status not in MADE:
        if any(_text(one, "code") == str(TOO_MANY) for one in root.iter("error")):
            raise FetchFailed(Fault.STATUS, str(TOO_MANY))
        said = "; ".join(filter(None, (_text(one, "description") for one in root.iter("error"))))
        raise TheyRefuse(said or str(answer.status))
    first = next(root.iter("request"), None)
    if first is None:
        raise FetchFailed(Fault.CONTENT, "no request in it")
    names = {"number": "service_request_id", "token": "token", "status": "status", "notes": "status_notes"}
    return Standing(**{mine: _text(first, theirs) for mine, theirs in names.items()})


def _text(element: xml.Element, name: str) -> str:
    return (element.findtext(name) or "").strip()[:1000]
