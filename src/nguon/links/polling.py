"""One look at the feed of a source: what the network gives, apart from what the database keeps."""

from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings

from nguon.cap import feed, read, xml
from nguon.cap.faults import CapError, Unreadable
from nguon.outside.addresses import Fault, Network, networks
from nguon.outside.fetching import Answer, FetchFailed, Limits, get

ACCEPT = "application/cap+xml, application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.1"
FEED_SECONDS, MESSAGE_SECONDS = 20.0, 15.0  # for all of one file, redirects included
MOST = 40  # messages taken at one look, the newest first; the rest at the next ones
GIVE_UP = 5  # files in a row that could not be had: the server has other worries


@dataclass(frozen=True)
class Listing:
    """What a feed says now. `alone`: the address holds one message itself. `same`: nothing changed since."""

    entries: list[tuple[str, str]]
    etag: str = ""
    modified: str = ""
    same: bool = False
    alone: bytes | None = None


@dataclass
class Haul:
    """Messages that were had, (address, stamp, bytes), and addresses that were not."""

    had: list[tuple[str, str, bytes]] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)


def near() -> tuple[Network, ...]:
    """The networks of our own that the operator lets sources be in."""
    return networks(settings.NGUON_LINK_NETWORKS)


def listing(address: str, *, etag: str, modified: str, now: datetime) -> Listing:
    """What the feed at an address lists and is not over by its own word. Raises FetchFailed."""
    limits = Limits(feed.LIMIT, FEED_SECONDS, near(), ACCEPT)
    found = get(address, limits, etag=etag, modified=modified)
    if found.body is None:
        return Listing([], found.etag or etag, found.modified or modified, same=True)
    if _is_message(found.body):
        return Listing([(address, "")], found.etag, found.modified, alone=found.body)
    try:
        entries = feed.parse(found.body, base=found.address)
    except CapError as error:
        raise FetchFailed(Fault.CONTENT, str(error)) from error
    current = [one for one in entries if one.expires is None or one.expires > now]
    stamped = [(one.cap, one.updated.isoformat() if one.updated else "") for one in current]
    return Listing(stamped, found.etag, found.modified)


def haul(entries: list[tuple[str, str]]) -> Haul:
    """The files of these entries, at most MOST."""
    found, failed = Haul(), 0
    for address, stamp in entries[:MOST]:
        try:
            answer: Answer = get(address, Limits(xml.LIMIT, MESSAGE_SECONDS, near(), ACCEPT))
        except FetchFailed:
            found.missed.append(address)
            failed += 1
            if failed >= GIVE_UP:
                break
            continue
        failed = 0
        found.had.append((address, stamp, answer.body or b""))
    return found


def _is_message(body: bytes) -> bool:
    if len(body) > xml.LIMIT:
        return False
    try:
        read.document(body)
    except Unreadable:
        return False
    return True
