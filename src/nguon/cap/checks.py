"""The rules of CAP 1.2 that a message must keep beyond its form (section 3.2), each with the path of what breaks it."""

import math
import re
from collections.abc import Iterator
from datetime import datetime

import msgspec

from nguon.cap.codes import MessageType, Scope, Status
from nguon.cap.faults import Problem
from nguon.cap.model import Alert, Area, Info, Named, Point

_RESTRICTED = re.compile(r"[\s,<&]")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_ANSWERS = (MessageType.UPDATE, MessageType.CANCEL, MessageType.ACK, MessageType.ERROR)


def check(alert: Alert) -> tuple[Problem, ...]:
    """Everything by which a message breaks the standard; empty if it keeps it."""
    return tuple(_alert(alert))


def advise(alert: Alert) -> tuple[Problem, ...]:
    """What the standard only advises, or what nobody means: no reason to refuse a message, but to look at it."""
    return tuple(_advice(alert))


def _alert(alert: Alert) -> Iterator[Problem]:
    for name, value in (("identifier", alert.identifier), ("sender", alert.sender)):
        yield from _plain_name(f"/alert/{name}", value)
    yield from _texts("/alert", alert)
    yield from _dates("/alert", {"sent": alert.sent})
    if alert.message_type in _ANSWERS and not alert.references:
        text = f"a message of type {alert.message_type} names the message it is about"
        yield Problem("/alert/references", "references-missing", text)
    for at, reference in enumerate(alert.references, 1):
        path = f"/alert/references[{at}]"
        yield from (*_plain_name(path, reference.sender), *_plain_name(path, reference.identifier))
        yield from _dates(path, {"": reference.sent})
    if alert.scope == Scope.RESTRICTED and not alert.restriction:
        yield Problem("/alert/restriction", "restriction-missing", "a message of scope Restricted says for whom it is")
    if alert.scope == Scope.PRIVATE and not alert.addresses:
        yield Problem("/alert/addresses", "addresses-missing", "a message of scope Private names whom it is for")
    if not all(alert.codes):
        yield Problem("/alert/code", "missing", "a code is empty")
    for name, items in (("addresses", alert.addresses), ("incidents", alert.incidents)):
        if any('"' in item or not item for item in items):
            yield Problem(f"/alert/{name}", "quoting", "an item of a list is empty or holds a quotation mark")
    for at, info in enumerate(alert.infos, 1):
        yield from _info(f"/alert/info[{at}]", info)


def _info(path: str, info: Info) -> Iterator[Problem]:
    yield from _texts(path, info)
    yield from _required(path, {"event": info.event})
    yield from _dates(path, {"effective": info.effective, "onset": info.onset, "expires": info.expires})
    if not info.categories:
        yield Problem(f"{path}/category", "missing", "at least one is required")
    if not _LANGUAGE.fullmatch(info.language):
        yield Problem(f"{path}/language", "language", f"{info.language!r} is no code of a language (RFC 3066)")
    for name, values in (("eventCode", info.event_codes), ("parameter", info.parameters)):
        yield from _named(f"{path}/{name}", values)
    for at, resource in enumerate(info.resources, 1):
        inside = f"{path}/resource[{at}]"
        yield from _texts(inside, resource)
        yield from _required(inside, {"resourceDesc": resource.description, "mimeType": resource.mime_type})
        if resource.size is not None and resource.size < 0:
            yield Problem(f"{inside}/size", "size", f"{resource.size} bytes is no size")
    for at, area in enumerate(info.areas, 1):
        yield from _area(f"{path}/area[{at}]", area)


def _area(path: str, area: Area) -> Iterator[Problem]:
    yield from _texts(path, area)
    yield from _required(path, {"areaDesc": area.description})
    for at, points in enumerate(area.polygons, 1):
        yield from _polygon(f"{path}/polygon[{at}]", points)
    for at, circle in enumerate(area.circles, 1):
        inside = f"{path}/circle[{at}]"
        yield from _points(inside, (circle.centre,))
        if not (math.isfinite(circle.radius) and circle.radius >= 0):
            yield Problem(inside, "radius", f"{circle.radius} km is no radius")
    yield from _named(f"{path}/geocode", area.geocodes)
    for name, height in (("altitude", area.altitude), ("ceiling", area.ceiling)):
        if height is not None and not math.isfinite(height):
            yield Problem(f"{path}/{name}", "height", f"{height} is no height")
    if area.ceiling is not None and area.altitude is None:
        yield Problem(f"{path}/ceiling", "ceiling-alone", "a ceiling is used with an altitude only")


def _polygon(path: str, points: tuple[Point, ...]) -> Iterator[Problem]:
    yield from _points(path, points)
    if len(points) < 4:
        yield Problem(path, "polygon-short", f"{len(points)} points; a polygon has at least 4, the last like the first")
    elif points[0] != points[-1]:
        yield Problem(path, "polygon-open", "the last point of a polygon is like its first")


def _points(path: str, points: tuple[Point, ...]) -> Iterator[Problem]:
    for latitude, longitude in points:
        if not (abs(latitude) <= 90 and abs(longitude) <= 180):  # also refuses what is no number
            yield Problem(path, "coordinates", f"{latitude},{longitude} is no latitude and longitude in degrees")
            return


def _plain_name(path: str, value: str) -> Iterator[Problem]:
    if not value:
        yield Problem(path, "missing", "required, and empty")
    elif _RESTRICTED.search(value):
        yield Problem(path, "restricted-character", f"{value!r} holds a blank, a comma, < or &")


def _required(path: str, values: dict[str, str]) -> Iterator[Problem]:
    for name, value in values.items():
        if not value:
            yield Problem(f"{path}/{name}", "missing", "required, and empty")


def _named(path: str, values: tuple[Named, ...]) -> Iterator[Problem]:
    for at, named in enumerate(values, 1):
        yield from _required(f"{path}[{at}]", {"valueName": named.name})
        yield from _texts(f"{path}[{at}]", named)


def _dates(path: str, dates: dict[str, datetime | None]) -> Iterator[Problem]:
    for name, date in dates.items():
        place = f"{path}/{name}" if name else path
        if date is None:
            continue
        offset = date.utcoffset()
        if offset is None:
            yield Problem(place, "date-offset", f"{date.isoformat()} has no offset from UTC")
        elif date.microsecond or offset.total_seconds() % 60 or date.year < 1000:
            yield Problem(place, "date-form", f"{date.isoformat()} cannot be written to the second as CAP asks")


def _texts(path: str, part: msgspec.Struct) -> Iterator[Problem]:
    for field in msgspec.structs.fields(part):
        value = getattr(part, field.name)
        texts = value if isinstance(value, tuple) else (value,)
        if any(isinstance(text, str) and _NOT_XML.search(text) for text in texts):
            yield Problem(f"{path}/{field.name}", "not-xml", "holds a character that XML cannot carry")


def _advice(alert: Alert) -> Iterator[Problem]:
    if alert.status == Status.EXERCISE and not alert.note:
        yield Problem("/alert/note", "exercise-unnamed", "a message of an exercise names the exercise in its note")
    if alert.message_type == MessageType.ERROR and not alert.note:
        yield Problem("/alert/note", "error-unexplained", "a message of type Error explains it in its note")
    if not alert.infos and alert.message_type in (MessageType.ALERT, MessageType.UPDATE):
        yield Problem("/alert", "no-info", "it holds no information")
    for at, info in enumerate(alert.infos, 1):
        path = f"/alert/info[{at}]"
        if info.expires is None:
            yield Problem(f"{path}/expires", "no-end", "it does not say when it ends")
        elif info.expires <= (info.effective or alert.sent):
            yield Problem(f"{path}/expires", "ends-before", "it ends before it begins")
        if len(info.headline) > 160:
            yield Problem(
                f"{path}/headline", "headline-long", f"{len(info.headline)} characters; 160 reach every device"
            )
        if not info.areas:
            yield Problem(f"{path}/area", "no-area", "it does not say where")
