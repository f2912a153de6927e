"""Whole CAP messages: one to change at will, and strategies that make any message the standard allows."""

import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from nguon.cap import codes
from nguon.cap.model import Alert, Area, Circle, Info, Named, Point, Reference, Resource

SENT = datetime(2026, 10, 18, 12, 30, tzinfo=UTC)


def alert(**changes: Any) -> Alert:
    """A flood warning of a commune."""
    values: dict[str, Any] = {
        "identifier": "VN-21970-2026-0042",
        "sender": "tuyphuocdong@example.vn",
        "sent": SENT,
        "status": codes.Status.ACTUAL,
        "message_type": codes.MessageType.ALERT,
        "scope": codes.Scope.PUBLIC,
        "infos": (info(),),
    }
    return Alert(**values | changes)


def info(**changes: Any) -> Info:
    """What it says."""
    values: dict[str, Any] = {
        "language": "vi-VN",
        "categories": (codes.Category.MET,),
        "event": "Lũ",
        "responses": (codes.Response.EVACUATE,),
        "urgency": codes.Urgency.IMMEDIATE,
        "severity": codes.Severity.SEVERE,
        "certainty": codes.Certainty.OBSERVED,
        "expires": SENT + timedelta(hours=6),
        "sender_name": "Ủy ban nhân dân xã Tuy Phước Đông",
        "headline": "Lũ trên sông Hà Thanh lên nhanh",
        "instruction": "Bà con ven sông đến trường tiểu học số 1 ngay.",
        "areas": (area(),),
    }
    return Info(**values | changes)


def area(**changes: Any) -> Area:
    """Where it holds."""
    square = ((13.85, 109.15), (13.85, 109.2), (13.9, 109.2), (13.9, 109.15), (13.85, 109.15))
    return Area(**{"description": "xã Tuy Phước Đông", "polygons": (square,)} | changes)


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


_XML = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
texts = st.text(_XML | st.sampled_from("\n\t<&>]]"), max_size=40).map(_tidy)
words = texts.filter(bool)
names = st.text(_XML, min_size=1, max_size=20).map(_tidy).filter(lambda name: not _restricted(name))
items = words.filter(lambda item: '"' not in item)
dates = st.builds(
    lambda day, minutes: day.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes))),
    st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1)),
    st.integers(-14 * 60, 14 * 60),
)
references = st.builds(Reference, names, names, dates)
named = st.lists(st.builds(Named, words, texts), max_size=3).map(tuple)


def _restricted(name: str) -> bool:
    return not name or any(letter in ",<&" or letter.isspace() for letter in name)


def _degrees(limit: int) -> st.SearchStrategy[float]:
    return st.floats(-limit, limit, allow_nan=False)


points: st.SearchStrategy[Point] = st.tuples(_degrees(90), _degrees(180))
polygons = st.lists(points, min_size=3, max_size=6).map(lambda ring: (*ring, ring[0]))
circles = st.builds(Circle, points, st.floats(0, 20_000))
_heights = st.floats(-1e6, 1e6)
areas = st.builds(
    Area,
    description=words,
    polygons=st.lists(polygons, max_size=2).map(tuple),
    circles=st.lists(circles, max_size=2).map(tuple),
    geocodes=named,
    altitude=_heights,
    ceiling=st.none() | _heights,
) | st.builds(Area, description=words)
resources = st.builds(
    Resource,
    description=words,
    mime_type=words,
    size=st.none() | st.integers(0, 10**15),
    uri=st.sampled_from(("", "https://xa.example.vn/tep/1", "siren.mp3")),
    deref_uri=texts,
    digest=texts,
)
infos = st.builds(
    Info,
    language=st.sampled_from(("en-US", "vi", "vi-VN", "ede")),
    categories=st.lists(st.sampled_from(codes.Category), min_size=1, max_size=3).map(tuple),
    event=words,
    responses=st.lists(st.sampled_from(codes.Response), max_size=2).map(tuple),
    urgency=st.sampled_from(codes.Urgency),
    severity=st.sampled_from(codes.Severity),
    certainty=st.sampled_from(codes.Certainty),
    audience=texts,
    event_codes=named,
    effective=st.none() | dates,
    onset=st.none() | dates,
    expires=st.none() | dates,
    sender_name=texts,
    headline=texts,
    description=texts,
    instruction=texts,
    web=st.sampled_from(("", "https://xa.example.vn/canh-bao")),
    contact=texts,
    parameters=named,
    resources=st.lists(resources, max_size=2).map(tuple),
    areas=st.lists(areas, max_size=2).map(tuple),
)
alerts = st.builds(
    Alert,
    identifier=names,
    sender=names,
    sent=dates,
    status=st.sampled_from(codes.Status),
    message_type=st.sampled_from(codes.MessageType),
    scope=st.sampled_from(codes.Scope),
    source=texts,
    restriction=words,
    addresses=st.lists(items, min_size=1, max_size=3).map(tuple),
    codes=st.lists(words, max_size=2).map(tuple),
    note=texts,
    references=st.lists(references, min_size=1, max_size=2).map(tuple),
    incidents=st.lists(items, max_size=2).map(tuple),
    infos=st.lists(infos, max_size=2).map(tuple),
)
