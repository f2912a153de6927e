"""What came from a feed, made into plain data whatever its form: JSON, CSV, RSS or Atom. Pure; nothing is believed."""

from typing import Any

import msgspec

from nguon.cap import xml
from nguon.cap.faults import Unreadable
from nguon.channels.board.feeds.pasted import CannotRead, cells_of, text_of
from nguon.channels.board.feeds.rules import Broken, Trouble

LIMIT = 512 * 1024  # bytes of an answer
MOST_ROWS = 2_000  # of a CSV file
_ENTRIES = ("item", "entry")
_DATES = ("pubDate", "date", "published", "updated")
_PAGE = (b"<!doctype html", b"<html")
_FEEDS = ("rss", "feed", "RDF")


def read(body: bytes) -> tuple[str, Any]:
    """Its form ("json", "csv", "xml") and its data: lists, mappings and single values. Raises Broken.

    A CSV file is a list of mappings by the names of its columns, a list of titles one of {title, date}.
    """
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if any(mark in start[:2_000].lower() for mark in _PAGE):
        raise Broken(Trouble.HTML)
    if start[:1] in (b"{", b"["):
        return "json", _json(start)
    if start[:1] == b"<":
        return "xml", _titles(start)
    return "csv", _csv(body)


def _json(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Broken(Trouble.UNREAD) from error


def _titles(body: bytes) -> list[dict[str, str]]:
    try:
        root = xml.tree(body, limit=LIMIT)
    except Unreadable as error:
        raise Broken(Trouble.UNREAD) from error
    if xml.local(root) not in _FEEDS:
        raise Broken(Trouble.UNREAD)
    entries = [one for one in root.iter("{*}*") if xml.local(one) in _ENTRIES]
    return [_entry(one) for one in entries]


def _entry(element: xml.Element) -> dict[str, str]:
    told: dict[str, str] = {}
    for child in element.iterchildren("{*}*"):
        told.setdefault(xml.local(child), "".join(child.itertext()))
    return {"title": told.get("title", ""), "date": next((told[name] for name in _DATES if name in told), "")}


def _csv(body: bytes) -> list[dict[str, str]]:
    try:
        rows = cells_of(text_of(body))
    except CannotRead as error:
        raise Broken(Trouble.UNREAD) from error
    if len(rows) < 2 or len(rows[0]) < 2:
        raise Broken(Trouble.UNREAD)
    names = _names(rows[0])
    return [dict(zip(names, row, strict=False)) for row in rows[1 : MOST_ROWS + 1]]


def _names(head: list[str]) -> list[str]:
    """A name for each column that a dotted path can hold, no two alike."""
    found: list[str] = []
    for at, cell in enumerate(head, 1):
        name = cell.replace(".", " ").strip() or f"#{at}"
        found.append(name if name not in found else f"{name} {at}")
    return found
