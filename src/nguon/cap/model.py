"""A CAP 1.2 message as frozen structures, and the texts of its dates, lists, points and circles.

Names are ours, meanings the standard's (section 3.2). An element that is not there is an empty text, an empty tuple or
None. Texts are NFC without blanks around them. `checks` says whether a message keeps the rules.
"""

import re
from datetime import UTC, datetime
from decimal import Decimal

import msgspec

from nguon.cap.codes import Category, Certainty, MessageType, Response, Scope, Severity, Status, Urgency

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
LANGUAGE = "en-US"  # what a block of information without a language is in
_TOKEN = re.compile(r'"([^"]*)"|(\S+)')

Point = tuple[float, float]  # latitude, longitude in degrees, WGS 84


class Named(msgspec.Struct, frozen=True):
    """A name with a value: `eventCode`, `parameter`, `geocode`."""

    name: str
    value: str


class Circle(msgspec.Struct, frozen=True):
    """A point and a radius in kilometres."""

    centre: Point
    radius: float


class Reference(msgspec.Struct, frozen=True):
    """An earlier message that this one is about."""

    sender: str
    identifier: str
    sent: datetime


class Resource(msgspec.Struct, frozen=True, kw_only=True):
    """A file that belongs to it. `size` in bytes, `deref_uri` the file itself in base64, `digest` its SHA-1."""

    description: str
    mime_type: str
    size: int | None = None
    uri: str = ""
    deref_uri: str = ""
    digest: str = ""


class Area(msgspec.Struct, frozen=True, kw_only=True):
    """Where it holds: words, and the union of its polygons, circles and codes. `altitude` and `ceiling` in feet."""

    description: str
    polygons: tuple[tuple[Point, ...], ...] = ()
    circles: tuple[Circle, ...] = ()
    geocodes: tuple[Named, ...] = ()
    altitude: float | None = None
    ceiling: float | None = None


class Info(msgspec.Struct, frozen=True, kw_only=True):
    """What happens, in one language."""

    language: str = LANGUAGE
    categories: tuple[Category, ...]
    event: str
    responses: tuple[Response, ...] = ()
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    audience: str = ""
    event_codes: tuple[Named, ...] = ()
    effective: datetime | None = None
    onset: datetime | None = None
    expires: datetime | None = None
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    contact: str = ""
    parameters: tuple[Named, ...] = ()
    resources: tuple[Resource, ...] = ()
    areas: tuple[Area, ...] = ()


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """A whole message. `sent` is aware; its offset is written as given."""

    identifier: str
    sender: str
    sent: datetime
    status: Status
    message_type: MessageType
    scope: Scope
    source: str = ""
    restriction: str = ""
    addresses: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    note: str = ""
    references: tuple[Reference, ...] = ()
    incidents: tuple[str, ...] = ()
    infos: tuple[Info, ...] = ()

    @property
    def reference(self) -> Reference:
        """How a later message names this one."""
        return Reference(self.sender, self.identifier, self.sent)

    @property
    def expires(self) -> datetime | None:
        """When the last of it has run out; None if any block of information has no end."""
        ends = [info.expires for info in self.infos if info.expires is not None]
        return max(ends) if ends and len(ends) == len(self.infos) else None

    def info(self, language: str = "vi") -> Info | None:
        """The block of information in a language or a variety of it (`vi` finds `vi-VN`), or else the first one."""
        wanted = language.lower()
        for info in self.infos:
            spoken = info.language.lower()
            if spoken == wanted or spoken.startswith(f"{wanted}-"):
                return info
        return self.infos[0] if self.infos else None


def moment(text: str) -> datetime:
    """The moment of a CAP date, `2003-06-17T14:57:00-07:00`. Raises ValueError for any other form."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d", text, re.ASCII):
        raise ValueError(f"{text!r} is no date of the form 2026-10-18T19:30:00+07:00")
    found = datetime.fromisoformat(text)
    return found.astimezone(UTC) if text.endswith("-00:00") else found


def moment_text(value: datetime) -> str:
    """The CAP form of an aware moment to the second; UTC is -00:00, as the standard asks."""
    text = value.replace(microsecond=0).isoformat()
    return text[:-6] + "-00:00" if text.endswith("+00:00") else text


def tokens(text: str) -> tuple[str, ...]:
    """The items of a list by blanks, in which an item with blanks stands between quotation marks."""
    return tuple(quoted or bare for quoted, bare in _TOKEN.findall(text))


def token_text(items: tuple[str, ...]) -> str:
    """The text of such a list."""
    return " ".join(f'"{item}"' if re.search(r"\s", item) else item for item in items)


def reference(text: str) -> Reference:
    """One `sender,identifier,sent`. Raises ValueError."""
    parts = text.split(",")
    if len(parts) != 3 or not all(parts):
        raise ValueError(f"{text!r} is not sender,identifier,sent")
    return Reference(parts[0], parts[1], moment(parts[2]))


def reference_text(value: Reference) -> str:
    """`sender,identifier,sent`."""
    return f"{value.sender},{value.identifier},{moment_text(value.sent)}"


def number(text: str) -> float:
    """A plain decimal number. Raises ValueError for anything else, as infinity or `1_0`."""
    if not re.fullmatch(r"[-+]?(\d+(\.\d*)?|\.\d+)", text, re.ASCII):
        raise ValueError(f"{text!r} is no decimal number")
    return float(text)


def number_text(value: float) -> str:
    """The shortest decimal that reads as this number, without an exponent."""
    return format(Decimal(repr(value)), "f").removesuffix(".0")


def point(text: str) -> Point:
    """`latitude,longitude`. Raises ValueError."""
    parts = text.split(",")
    if len(parts) != 2:
        raise ValueError(f"{text!r} is not latitude,longitude")
    return number(parts[0]), number(parts[1])


def point_text(value: Point) -> str:
    """`latitude,longitude`."""
    return f"{number_text(value[0])},{number_text(value[1])}"


def polygon(text: str) -> tuple[Point, ...]:
    """Points by blanks. Raises ValueError."""
    return tuple(point(part) for part in text.split())


def circle(text: str) -> Circle:
    """`latitude,longitude radius`. Raises ValueError."""
    parts = text.split()
    if len(parts) != 2:
        raise ValueError(f"{text!r} is not latitude,longitude radius")
    return Circle(point(parts[0]), number(parts[1]))


def circle_text(value: Circle) -> str:
    """`latitude,longitude radius`."""
    return f"{point_text(value.centre)} {number_text(value.radius)}"
