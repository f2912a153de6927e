"""Message → bytes: the same message gives the same bytes, in UTF-8, indented, with CAP as the default namespace."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from lxml import etree

from nguon.cap import checks, model
from nguon.cap.faults import Invalid
from nguon.cap.model import NAMESPACE, Alert, Area, Info, Named, Resource
from nguon.cap.xml import Element

_T = TypeVar("_T")


def render(alert: Alert) -> bytes:
    """The document of a message. Raises Invalid if it breaks a rule of the standard: nothing wrong leaves here."""
    if problems := checks.check(alert):
        raise Invalid(*problems)
    root = etree.Element(f"{{{NAMESPACE}}}alert", nsmap={None: NAMESPACE})
    _fields(
        root,
        ("identifier", alert.identifier),
        ("sender", alert.sender),
        ("sent", model.moment_text(alert.sent)),
        ("status", alert.status),
        ("msgType", alert.message_type),
        ("source", alert.source),
        ("scope", alert.scope),
        ("restriction", alert.restriction),
        ("addresses", model.token_text(alert.addresses)),
        *(("code", code) for code in alert.codes),
        ("note", alert.note),
        ("references", " ".join(map(model.reference_text, alert.references))),
        ("incidents", model.token_text(alert.incidents)),
    )
    for info in alert.infos:
        _info(_add(root, "info"), info)
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return document


def _info(element: Element, info: Info) -> None:
    _fields(
        element,
        ("language", info.language),
        *(("category", category) for category in info.categories),
        ("event", info.event),
        *(("responseType", response) for response in info.responses),
        ("urgency", info.urgency),
        ("severity", info.severity),
        ("certainty", info.certainty),
        ("audience", info.audience),
    )
    _named(element, "eventCode", info.event_codes)
    _fields(
        element,
        ("effective", _if(info.effective, model.moment_text)),
        ("onset", _if(info.onset, model.moment_text)),
        ("expires", _if(info.expires, model.moment_text)),
        ("senderName", info.sender_name),
        ("headline", info.headline),
        ("description", info.description),
        ("instruction", info.instruction),
        ("web", info.web),
        ("contact", info.contact),
    )
    _named(element, "parameter", info.parameters)
    for resource in info.resources:
        _resource(_add(element, "resource"), resource)
    for area in info.areas:
        _area(_add(element, "area"), area)


def _resource(element: Element, resource: Resource) -> None:
    _fields(
        element,
        ("resourceDesc", resource.description),
        ("mimeType", resource.mime_type),
        ("size", _if(resource.size, str)),
        ("uri", resource.uri),
        ("derefUri", resource.deref_uri),
        ("digest", resource.digest),
    )


def _area(element: Element, area: Area) -> None:
    _fields(
        element,
        ("areaDesc", area.description),
        *(("polygon", " ".join(map(model.point_text, points))) for points in area.polygons),
        *(("circle", model.circle_text(circle)) for circle in area.circles),
    )
    _named(element, "geocode", area.geocodes)
    _fields(
        element,
        ("altitude", _if(area.altitude, model.number_text)),
        ("ceiling", _if(area.ceiling, model.number_text)),
    )


def _named(element: Element, name: str, values: Iterable[Named]) -> None:
    for value in values:
        child = _add(element, name)
        _add(child, "valueName").text = value.name
        _add(child, "value").text = value.value


def _fields(element: Element, *fields: tuple[str, str]) -> None:
    """An element for each field that has a text."""
    for name, text in fields:
        if text:
            _add(element, name).text = str(text)


def _if(value: _T | None, text: Callable[[_T], str]) -> str:
    return "" if value is None else text(value)


def _add(element: Element, name: str) -> Element:
    return etree.SubElement(element, f"{{{NAMESPACE}}}{name}")
