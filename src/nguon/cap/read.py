"""Bytes → message. The schema of the standard is checked, then its rules; the bytes stay with the caller, unchanged.

Elements and attributes of other namespaces than CAP's are left out, as a signature is: the standard lets nothing but a
signature stand there, but a warning is not lost for a neighbour's additions. Unknown elements of CAP's own namespace
are refused.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import TypeVar

import msgspec
from lxml import etree

from nguon.cap import checks, model, xml
from nguon.cap.codes import Category, Certainty, MessageType, Response, Scope, Severity, Status, Urgency
from nguon.cap.faults import SHOWN, Invalid, Problem, Unreadable
from nguon.cap.model import NAMESPACE, Alert, Area, Info, Named, Resource
from nguon.cap.xml import Element
from nguon.kit.text import nfc

_FAMILY = "urn:oasis:names:tc:emergency:cap:"
_OLDEST = "http://www.incident.com/cap/1.0"
_UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)  # stands for a date that was not understood; never leaves here
_T = TypeVar("_T")


class Reading(msgspec.Struct, frozen=True):
    """A message, and the paths of the elements and attributes of other namespaces that were left out of it."""

    alert: Alert
    left_out: tuple[str, ...]


def parse(data: bytes) -> Alert:
    """The message in these bytes; no signature is looked at. Raises Unreadable or Invalid."""
    return read(data).alert


def read(data: bytes) -> Reading:
    """The message, and what was left out of it. Raises Unreadable or Invalid."""
    root = document(data)
    left_out = tuple(_drop_foreign(root))
    _check_schema(root)
    reader = _Reader(root)
    alert = reader.alert(root)
    if problems := (*reader.problems, *checks.check(alert)):
        raise Invalid(*(msgspec.structs.replace(one, line=reader.line(one.path)) for one in problems))
    return Reading(alert, left_out)


def document(data: bytes) -> Element:
    """The tree of a CAP 1.2 document, its schema not yet checked. Raises Unreadable."""
    root = xml.tree(data)
    found = xml.namespace(root)
    if xml.local(root) == "alert" and found == NAMESPACE:
        return root
    if found in (_OLDEST, f"{_FAMILY}1.0", f"{_FAMILY}1.1"):
        version = found[-3:]
        text = f"this is CAP {version}; only CAP 1.2 is read (its namespace is {NAMESPACE})"
        raise Unreadable(Problem("/alert", "old-version", text, xml.line(root)))
    text = f"this is <{xml.local(root)}> of {found or 'no namespace'}, not an alert of CAP 1.2"
    raise Unreadable(Problem("/", "not-cap", text[:300], xml.line(root)))


def _drop_foreign(root: Element) -> Iterator[str]:
    """Takes the outermost elements and the attributes of other namespaces out of the tree, and gives their paths."""
    places = xml.places(root)
    for element, place in places.items():
        if xml.namespace(element) == NAMESPACE:
            for name in [name for name in element.attrib if str(name).startswith("{")]:
                del element.attrib[name]
                yield f"{place}/@{etree.QName(name).localname}"
            continue
        parent = element.getparent()
        if parent is None or xml.namespace(parent) != NAMESPACE or (element.tail or "").strip():
            continue  # goes with the one around it; or words stand beside it, and the schema will name them
        parent.remove(element)
        yield place


@cache
def _schema() -> etree.XMLSchema:
    source = files("nguon.cap").joinpath("schema", "CAP-v1.2.xsd").read_bytes()
    return etree.XMLSchema(etree.fromstring(source))


def _check_schema(root: Element) -> None:
    schema = _schema()
    whole = root.getroottree()
    if schema.validate(whole):
        return
    found = []
    for error in list(schema.error_log)[:SHOWN]:
        at = whole.xpath(error.path) if error.path else None
        place = xml.path(at[0]) if isinstance(at, list) and at and isinstance(at[0], Element) else "/alert"
        text = error.message.replace(f"{{{NAMESPACE}}}", "").replace("\n", " ")
        found.append(Problem(place, "schema", text[:300], error.line))
    raise Invalid(*found)


class _Reader:
    """Builds a message out of a tree that keeps the schema. What cannot be understood is kept in `problems`."""

    def __init__(self, root: Element) -> None:
        self.problems: list[Problem] = []
        self._places = xml.places(root)
        self._lines = {place: xml.line(element) for element, place in self._places.items()}

    def line(self, path: str) -> int:
        """The line of the element at a path, or of the nearest one around it."""
        while path not in self._lines and "/" in path[1:]:
            path = path.removesuffix(path[path.rfind("[") :]) if path.endswith("]") else path.rpartition("/")[0]
        return self._lines.get(path, 0)

    def alert(self, root: Element) -> Alert:
        earlier = [self.value(part, root, "references", model.reference) for part in _text(root, "references").split()]
        return Alert(
            identifier=_text(root, "identifier"),
            sender=_text(root, "sender"),
            sent=self.moment(root, "sent") or _UNKNOWN,
            status=Status(_text(root, "status")),
            message_type=MessageType(_text(root, "msgType")),
            scope=Scope(_text(root, "scope")),
            source=_text(root, "source"),
            restriction=_text(root, "restriction"),
            addresses=model.tokens(_text(root, "addresses")),
            codes=tuple(filter(None, _texts(root, "code"))),
            note=_text(root, "note"),
            references=tuple(filter(None, earlier)),
            incidents=model.tokens(_text(root, "incidents")),
            infos=tuple(self.info(one) for one in _all(root, "info")),
        )

    def info(self, element: Element) -> Info:
        return Info(
            language=_text(element, "language") or model.LANGUAGE,
            categories=tuple(Category(text) for text in _texts(element, "category")),
            event=_text(element, "event"),
            responses=tuple(Response(text) for text in _texts(element, "responseType")),
            urgency=Urgency(_text(element, "urgency")),
            severity=Severity(_text(element, "severity")),
            certainty=Certainty(_text(element, "certainty")),
            audience=_text(element, "audience"),
            event_codes=_named(element, "eventCode"),
            effective=self.moment(element, "effective"),
            onset=self.moment(element, "onset"),
            expires=self.moment(element, "expires"),
            sender_name=_text(element, "senderName"),
            headline=_text(element, "headline"),
            description=_text(element, "description"),
            instruction=_text(element, "instruction"),
            web=_text(element, "web"),
            contact=_text(element, "contact"),
            parameters=_named(element, "parameter"),
            resources=tuple(self.resource(one) for one in _all(element, "resource")),
            areas=tuple(self.area(one) for one in _all(element, "area")),
        )

    def resource(self, element: Element) -> Resource:
        size = _text(element, "size")
        return Resource(
            description=_text(element, "resourceDesc"),
            mime_type=_text(element, "mimeType"),
            size=self.value(size, element, "size", _whole) if size else None,
            uri=_text(element, "uri"),
            deref_uri=_text(element, "derefUri"),
            digest=_text(element, "digest"),
        )

    def area(self, element: Element) -> Area:
        polygons = [self.value(_own(one), one, "", model.polygon) for one in _all(element, "polygon")]
        circles = [self.value(_own(one), one, "", model.circle) for one in _all(element, "circle")]
        return Area(
            description=_text(element, "areaDesc"),
            polygons=tuple(one for one in polygons if one is not None),
            circles=tuple(filter(None, circles)),
            geocodes=_named(element, "geocode"),
            altitude=self.height(element, "altitude"),
            ceiling=self.height(element, "ceiling"),
        )

    def moment(self, element: Element, name: str) -> datetime | None:
        text = _text(element, name)
        return self.value(text, element, name, model.moment) if text else None

    def height(self, element: Element, name: str) -> float | None:
        text = _text(element, name)
        return self.value(text, element, name, model.number) if text else None

    def value(self, text: str, element: Element, name: str, read: Callable[[str], _T]) -> _T | None:
        """What the text of an element, or of the one named within it, means; a problem and None if it means nothing."""
        try:
            return read(text)
        except (ValueError, OverflowError) as error:
            place = self._places[element] + (f"/{name}" if name else "")
            self.problems.append(Problem(place, "value", str(error)[:300]))
            return None


def _whole(text: str) -> int:
    if len(text) > 18:
        raise ValueError(f"{text[:20]}… is too long a number")
    return int(text)


def _named(element: Element, name: str) -> tuple[Named, ...]:
    return tuple(Named(_text(one, "valueName"), _text(one, "value")) for one in _all(element, name))


def _own(element: Element) -> str:
    return nfc(element.text or "").strip()


def _all(element: Element, name: str) -> list[Element]:
    return element.findall(f"{{{NAMESPACE}}}{name}")


def _texts(element: Element, name: str) -> tuple[str, ...]:
    return tuple(_own(one) for one in _all(element, name))


def _text(element: Element, name: str) -> str:
    return next(iter(_texts(element, name)), "")
