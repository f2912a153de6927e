"""Lists of CAP files: an Atom feed of ours (RFC 4287), and the Atom and RSS 2.0 feeds of others read into addresses.

A feed only says where messages are; nothing in it is believed beyond that. Whoever fetches the addresses guards against
addresses within his own network, and verifies each message.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

import msgspec
from lxml import etree

from nguon.cap import model, xml
from nguon.cap.faults import Problem, Unreadable
from nguon.cap.model import Alert, Named
from nguon.cap.xml import Element
from nguon.kit import clock
from nguon.kit.text import nfc

ATOM = "http://www.w3.org/2005/Atom"
MIME = "application/cap+xml"
LIMIT = 4 * 1024 * 1024  # bytes of a feed; the largest of a national service are about half of that
MOST = 1000  # entries taken of one feed, the newest first
_WORDS = 300  # characters kept of a title or summary of others
_ADDRESS = 2000  # characters of an address or id of others
_XML_TYPES = ("application/xml", "text/xml")


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One message in a feed: where its CAP file is, and what the feed says of it. `details` are elements of CAP."""

    id: str
    cap: str
    title: str = ""
    updated: datetime | None = None
    expires: datetime | None = None
    page: str = ""
    summary: str = ""
    details: tuple[Named, ...] = ()


def entry(alert: Alert, *, cap: str, page: str = "", language: str = "vi") -> Entry:
    """What our feed says of a message whose file is at the address `cap`, and its page for people at `page`."""
    info = alert.info(language)
    details = [Named("status", alert.status), Named("msgType", alert.message_type)]
    if info is not None:
        details += [
            Named("event", info.event),
            Named("urgency", info.urgency),
            Named("severity", info.severity),
            Named("certainty", info.certainty),
            Named("areaDesc", "; ".join(area.description for area in info.areas)),
        ]
    return Entry(
        id=cap,
        cap=cap,
        title=(info.headline or info.event) if info is not None else alert.identifier,
        updated=alert.sent,
        expires=alert.expires,
        page=page,
        summary=(info.instruction or info.description) if info is not None else "",
        details=tuple(details),
    )


def current(entries: Iterable[Entry], now: datetime) -> tuple[Entry, ...]:
    """Those that have not run out, the newest first."""
    valid = [one for one in entries if one.expires is None or one.expires > now]
    return tuple(sorted(valid, key=lambda one: (_age(one), one.id), reverse=True))


def render(entries: Iterable[Entry], *, address: str, title: str, author: str, now: datetime) -> bytes:
    """An Atom feed of the entries that have not run out. `address` is its own, and its id.

    The same entries give the same bytes for as long as none runs out. Raises ValueError for an address that is none, or
    for words that XML cannot carry.
    """
    shown = current(entries, now)
    for where in (address, *(one.cap for one in shown)):
        if not _web(where):
            raise ValueError(f"{where!r} is no web address")
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM, "cap": model.NAMESPACE})
    _add(root, "id", address)
    _add(root, "title", title)
    # An empty feed has to have a date too; a fixed one, so that its bytes do not change by themselves.
    newest = max(map(_age, shown), default=datetime(1970, 1, 1, tzinfo=UTC))
    _add(root, "updated", _iso(newest))
    _add(etree.SubElement(root, f"{{{ATOM}}}author"), "name", author)
    _link(root, "self", "application/atom+xml", address)
    for one in shown:
        _entry(etree.SubElement(root, f"{{{ATOM}}}entry"), one)
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return document


def _entry(element: Element, one: Entry) -> None:
    _add(element, "id", one.id)
    _add(element, "title", one.title)
    _add(element, "updated", _iso(_age(one)))
    _link(element, "alternate", MIME, one.cap)
    if one.page:
        _link(element, "alternate", "text/html", one.page)
    if one.summary:
        _add(element, "summary", one.summary)
    for detail in one.details:
        etree.SubElement(element, f"{{{model.NAMESPACE}}}{detail.name}").text = detail.value
    if one.expires is not None:
        etree.SubElement(element, f"{{{model.NAMESPACE}}}expires").text = model.moment_text(one.expires)


def _add(element: Element, name: str, text: str) -> None:
    etree.SubElement(element, f"{{{ATOM}}}{name}").text = text


def _link(element: Element, rel: str, kind: str, address: str) -> None:
    etree.SubElement(element, f"{{{ATOM}}}link", rel=rel, type=kind, href=address)


def _age(one: Entry) -> datetime:
    return one.updated or datetime(1970, 1, 1, tzinfo=UTC)


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse(data: bytes, *, base: str = "") -> tuple[Entry, ...]:
    """The entries of an Atom or RSS 2.0 feed that lead to a CAP file, the newest first, at most MOST.

    `base` is the address of the feed: relative addresses are relative to it. Entries without a web address are left
    out; of two with the same id the newer counts. Raises Unreadable for what is neither kind of feed.
    """
    root = xml.tree(data, limit=LIMIT)
    if root.tag == f"{{{ATOM}}}feed":
        found = _atom(root, base)
    elif root.tag == "rss":
        found = _rss(root, base)
    else:
        text = f"this is <{xml.local(root)}>, neither an Atom nor an RSS 2.0 feed"
        raise Unreadable(Problem("/", "not-feed", text[:300], xml.line(root)))
    newest: dict[str, Entry] = {}
    for one in found:
        if one.id not in newest or _age(newest[one.id]) < _age(one):
            newest[one.id] = one
    return tuple(sorted(newest.values(), key=_age, reverse=True)[:MOST])


def _atom(root: Element, base: str) -> Iterator[Entry]:
    for element in root.iterchildren(f"{{{ATOM}}}entry"):
        links = [(one.get("rel") or "alternate", one.get("type") or "", one) for one in _children(element, "link")]
        cap = _best(links, element, base)
        if not cap:
            continue
        pages = (one for rel, kind, one in links if rel == "alternate" and kind == "text/html")
        yield Entry(
            id=_words(element, f"{{{ATOM}}}id", _ADDRESS) or cap,
            cap=cap,
            title=_words(element, f"{{{ATOM}}}title"),
            updated=clock.from_iso(_words(element, f"{{{ATOM}}}updated")),
            expires=_expires(element),
            page=next((_address(one, one.get("href"), base) for one in pages), ""),
            summary=_words(element, f"{{{ATOM}}}summary"),
        )


def _children(element: Element, name: str) -> list[Element]:
    return element.findall(f"{{{ATOM}}}{name}")


def _best(links: list[tuple[str, str, Element]], element: Element, base: str) -> str:
    """The address of the CAP file: of the link that says so, or that is XML, or the one link without a type."""

    def rank(link: tuple[str, str, Element]) -> int:
        rel, kind, _ = link
        kind = kind.partition(";")[0].strip().lower()
        if kind == MIME:
            return 0
        if rel not in ("alternate", "enclosure", "related"):
            return 9
        return 1 if kind in _XML_TYPES else 2 if not kind and rel == "alternate" else 9

    for link in sorted(links, key=rank):
        if rank(link) < 9 and (found := _address(link[2], link[2].get("href"), base)):
            return found
    content = element.find(f"{{{ATOM}}}content")
    return _address(content, content.get("src"), base) if content is not None and content.get("type") == MIME else ""


def _rss(root: Element, base: str) -> Iterator[Entry]:
    for element in root.iterfind("channel/item"):
        files = [one for one in element.findall("enclosure") if (one.get("type") or "").lower() == MIME]
        link = _words(element, "link", _ADDRESS + 1)
        cap = next((_address(one, one.get("url"), base) for one in files), "") or _address(element, link, base)
        if not cap:
            continue
        yield Entry(
            id=_words(element, "guid", _ADDRESS) or cap,
            cap=cap,
            title=_words(element, "title"),
            updated=_rfc822(_words(element, "pubDate")),
            expires=_expires(element),
            page=_address(element, link, base) if files else "",
            summary=_words(element, "description"),
        )


def _rfc822(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo is not None else None


def _expires(element: Element) -> datetime | None:
    """When an entry says the message runs out, in an element of CAP of any version."""
    for child in element.iterchildren(etree.Element):
        if xml.local(child) == "expires" and ":cap:" in xml.namespace(child):
            return clock.from_iso((child.text or "").strip())
    return None


def _words(element: Element, name: str, most: int = _WORDS) -> str:
    child = element.find(name)
    if child is None:
        return ""
    return nfc(" ".join("".join(map(str, child.itertext())).split()))[:most]


def _address(element: Element, written: str | None, base: str) -> str:
    """A web address, made whole by xml:base and the feed's own; empty if it is none."""
    if not written or len(written) > _ADDRESS:
        return ""
    try:
        found = urljoin(urljoin(base, element.base or ""), written.strip())
        return found if _web(found) else ""
    except ValueError:  # [ in a host
        return ""


def _web(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in ("http", "https") and bool(parts.hostname)
