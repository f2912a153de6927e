"""The device API as an OpenAPI 3.1 document, made from types and errors themselves. Served at /api/1/openapi.json."""

from importlib.metadata import version
from typing import Any

import msgspec

from nguon.api import errors, forms
from nguon.devices import errors as devices
from nguon.wire import messages

TITLE = "Nguồn: the API of devices"
ABOUT = (
    "What MQTT does not carry: enrolment, content, plans, proofs, photos, live voice, the time. A refusal is JSON, "
    '`{"error": words}`. Everything but enrolment, screens and the time asks for HTTP Basic with the device\'s id '
    "(32 hexadecimal digits) and the password it was given at enrolment."
)
REFS = "#/components/schemas/{name}"
BINARY = {"type": "string", "format": "binary"}
HEX = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
SHA256 = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
ETAG = {"ETag": {"description": "The SHA-256 of the whole, in quotes.", "schema": {"type": "string"}}}
RANGE = {
    "name": "Range",
    "in": "header",
    "description": "One range of bytes (RFC 9110, 14).",
    "schema": {"type": "string", "pattern": "^bytes=[0-9]{1,9}-$"},
}
Answers = dict[str, dict[str, Any]]
Refusal = type[errors.ApiError] | type[devices.DeviceError]


def document() -> dict[str, Any]:
    """The whole document."""
    kinds = [forms.Enrol, messages.Settings, forms.Show, forms.Ask, forms.ShownDay]
    (enrol, settings, show, ask, shown), schemas = msgspec.json.schema_components(kinds, ref_template=REFS)
    schemas["Refusal"] = _object({"error": {"type": "string"}})
    return {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": version("nguon"), "description": ABOUT},
        "servers": [{"url": "/api/1"}],
        "paths": {
            "/enrol": {"post": _enrol(enrol, settings)},
            "/screens": {"post": _screens(show)},
            "/screens/ask": {"post": _screens_ask(ask)},
            "/content/{sha256}": {"get": _bytes("content", "The sound of a broadcast meant for this device.", "*/*")},
            "/plan/{sha256}": {"get": _bytes("plan", "The plan this device is to live by.", "application/json")},
            "/proof/{broadcast}": {"put": _proof()},
            "/photo/{photo}": {"put": _photo()},
            "/shown/{day}": {"put": _shown(shown)},
            "/live/{session}": {"get": _live()},
            "/time": {"get": _time()},
        },
        "components": {
            "schemas": schemas,
            "securitySchemes": {"device": {"type": "http", "scheme": "basic"}},
        },
    }


def _enrol(body: dict[str, Any], settings: dict[str, Any]) -> dict[str, Any]:
    given = {"device": HEX, "password": {"type": "string"}, "broker": {"type": "string"}, "settings": settings}
    refusals = _refusals(
        errors.BadBody, errors.TooLarge, devices.BadKey, devices.CodeUnknown, devices.CodeSpent, devices.TooManyTries
    )
    return {
        "operationId": "enrol",
        "summary": "A code typed once buys an id and a password.",
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {"200": _json("What the device keeps.", _object(given)), **refusals},
    }


def _screens(body: dict[str, Any]) -> dict[str, Any]:
    given = {"code": {"type": "string"}, "ticket": {"type": "string"}, "expires": {"type": "integer"}}
    return {
        "operationId": "screens",
        "summary": "A code for a device to show, until somebody says in the office which device it is.",
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {
            "201": _json("Show the code; ask with the ticket, every few seconds.", _object(given)),
            **_refusals(errors.BadBody, errors.TooLarge, devices.ScreensFull),
        },
    }


def _screens_ask(body: dict[str, Any]) -> dict[str, Any]:
    given = {"code": {"type": ["string", "null"]}}
    return {
        "operationId": "screens-ask",
        "summary": "Whether it was named: then, once, the code to enrol with.",
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {
            "200": _json("Null while nobody has named it.", _object(given)),
            **_refusals(errors.BadBody, errors.TooLarge, devices.ScreenUnknown),
        },
    }


def _bytes(name: str, summary: str, mime: str) -> dict[str, Any]:
    whole = {"description": "All of it.", "headers": ETAG, "content": {mime: {"schema": BINARY}}}
    part = whole | {"description": "The range."}
    return {
        "operationId": name,
        "summary": summary,
        "security": [{"device": []}],
        "parameters": [_path("sha256", SHA256), RANGE],
        "responses": {
            "200": whole if mime == "*/*" else whole | {"content": {mime: {"schema": {}}}},
            "206": part,
            "416": {"description": "The range begins behind the end."},
            **_signed(errors.NotYours, errors.Gone),
        },
    }


def _proof() -> dict[str, Any]:
    return {
        "operationId": "proof",
        "summary": "The sound the device played, as MP3. Its type is found by looking into it.",
        "security": [{"device": []}],
        "parameters": [_path("broadcast", HEX)],
        "requestBody": {"required": True, "content": {"application/octet-stream": {"schema": BINARY}}},
        "responses": {
            "204": {"description": "Kept, or kept already."},
            **_signed(errors.BadBody, errors.Gone, errors.TooLarge, errors.NotAudio),
        },
    }


def _photo() -> dict[str, Any]:
    (said,), _defs = msgspec.json.schema_components([forms.Photo], ref_template=REFS)
    shape = _defs[str(said["$ref"]).rpartition("/")[2]]
    query = [
        {"name": name, "in": "query", "required": name in shape["required"], "schema": one}
        for name, one in shape["properties"].items()
    ]
    return {
        "operationId": "photo",
        "summary": "What the screen shows, as JPEG, when the settings ask for it. The device makes the id.",
        "security": [{"device": []}],
        "parameters": [_path("photo", HEX), *query],
        "requestBody": {"content": {"image/jpeg": {"schema": BINARY}}},
        "responses": {
            "204": {"description": "Kept, or kept already."},
            **_signed(
                errors.BadBody,
                errors.Gone,
                devices.NotPictured,
                devices.PhotoTooLarge,
                devices.NoPicture,
                devices.PhotosFull,
            ),
        },
    }


def _shown(body: dict[str, Any]) -> dict[str, Any]:
    day = {"type": "string", "format": "date"}
    return {
        "operationId": "shown",
        "summary": "How often and how long pages showed without an order on one day. Unknown pages are left out.",
        "security": [{"device": []}],
        "parameters": [_path("day", day)],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {
            "204": {"description": "Kept; of each page the larger counts."},
            **_signed(errors.BadBody, errors.Gone, errors.TooLarge, errors.TooOften),
        },
    }


def _live() -> dict[str, Any]:
    there = {"Location": {"description": "Where the voice is heard.", "schema": {"type": "string"}}}
    return {
        "operationId": "live",
        "summary": "On to where a live voice is heard, which nobody else is told.",
        "security": [{"device": []}],
        "parameters": [_path("session", HEX)],
        "responses": {
            "307": {"description": "There.", "headers": there},
            **_signed(errors.BadBody, errors.NotYours, errors.Gone),
        },
    }


def _time() -> dict[str, Any]:
    now = _object({"now": {"type": "integer", "description": "Milliseconds since 1970-01-01 UTC."}})
    return {"operationId": "time", "summary": "The server's clock.", "responses": {"200": _json("Now.", now)}}


def _signed(*more: Refusal) -> Answers:
    """The refusals of an address that asks for the device's password, and these."""
    return _refusals(errors.Unsigned, devices.WrongPassword, devices.TooManyTries, *more)


def _refusals(*kinds: Refusal) -> Answers:
    found: Answers = {}
    for kind in kinds:
        status, said = str(errors.status_of(kind())), (kind.__doc__ or "").splitlines()[0]
        known = found.get(status)
        words = f"{known['description']} {said}" if known and said not in known["description"] else said
        found[status] = _json(words, {"$ref": REFS.format(name="Refusal")})
    return dict(sorted(found.items()))


def _path(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _json(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}
