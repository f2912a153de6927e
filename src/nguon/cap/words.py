"""What a message and its faults say, in Vietnamese. The words are data, words.yaml beside this file."""

from datetime import datetime
from functools import cache
from importlib.resources import files

import msgspec

from nguon.cap.codes import Category, Certainty, MessageType, Response, Scope, Severity, Status, Urgency
from nguon.cap.faults import Problem
from nguon.cap.model import Alert, Area, Info
from nguon.kit.clock import LOCAL

Code = Status | MessageType | Scope | Category | Response | Urgency | Severity | Certainty
_SECTIONS: dict[type, str] = {
    Status: "status",
    MessageType: "msgType",
    Scope: "scope",
    Category: "category",
    Response: "responseType",
    Urgency: "urgency",
    Severity: "severity",
    Certainty: "certainty",
}


@cache
def _table() -> dict[str, dict[str, str]]:
    data = files("nguon.cap").joinpath("words.yaml").read_bytes()
    return msgspec.yaml.decode(data, type=dict[str, dict[str, str]])


def said(value: Code) -> str:
    """A coded value as Vietnamese says it: `Immediate` of urgency is `phải làm ngay`."""
    return _table()[_SECTIONS[type(value)]][value]


def problem(one: Problem) -> str:
    """A fault in one Vietnamese sentence. Its own text holds the details, for engineers."""
    return _table()["problems"][one.code]


def summary(alert: Alert) -> tuple[tuple[str, str], ...]:
    """What a message says, as (label, words), in the order one reads a warning; nothing that is not there.

    The block of information in Vietnamese is told, or else the first one.
    """
    info = alert.info("vi")
    label = _table()["labels"]
    kind = f"{said(alert.status)}, {said(alert.message_type)}, {said(alert.scope)}"
    lines = [("kind", kind), ("from", (info.sender_name if info else "") or alert.sender), ("sent", _when(alert.sent))]
    if info is not None:
        lines += _told(info)
    if alert.references:
        lines.append(("about", ", ".join(reference.identifier for reference in alert.references)))
    return tuple((label[name], text) for name, text in lines if text)


def _told(info: Info) -> list[tuple[str, str]]:
    rank = f"{said(info.urgency)}, {said(info.severity)}, {said(info.certainty)}"
    return [
        ("event", f"{info.event} ({', '.join(map(said, info.categories))})"),
        ("rank", rank),
        ("headline", info.headline),
        ("description", info.description),
        ("instruction", info.instruction),
        ("response", ", ".join(map(said, info.responses))),
        ("area", "; ".join(map(_where, info.areas))),
        ("onset", _when(info.onset)),
        ("expires", _when(info.expires)),
    ]


def _where(area: Area) -> str:
    shapes = len(area.polygons) + len(area.circles)
    drawn = _table()["labels"]["shapes"].replace("{n}", str(shapes)) if shapes else ""
    return f"{area.description}{drawn}"


def _when(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone(LOCAL).strftime("%H:%M %d/%m/%Y")
