"""One look at a feed: what the network gives, apart from what the database keeps."""

from datetime import datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from nguon.channels.board.feeds.actions import Look
from nguon.channels.board.feeds.picking import take
from nguon.channels.board.feeds.reading import LIMIT, read
from nguon.channels.board.feeds.rules import AHEAD, Broken, Feed, Trouble
from nguon.outside.addresses import Network, is_feed_address, networks
from nguon.outside.fetching import FetchFailed, Limits, get

SECONDS = 15.0  # for all of an answer, redirects included
ACCEPT = "application/json, text/csv, application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.1"


def near() -> tuple[Network, ...]:
    """The networks of our own that the operator lets feeds be in."""
    return networks(settings.NGUON_LINK_NETWORKS)


def acceptable(address: str) -> bool:
    """Whether a feed may be there: https, or a machine in a network of our own that the operator named."""
    if not is_feed_address(address) or len(address) > 1000:
        return False
    parts = urlsplit(address)
    if parts.scheme == "https":
        return True
    try:
        return any(ip_address(parts.hostname or "") in network for network in near())
    except ValueError:
        return False


def fetch(address: str) -> tuple[str, Any]:
    """What stands there: its form and data. Raises FetchFailed, Broken."""
    found = get(address, Limits(LIMIT, SECONDS, near(), ACCEPT))
    return read(found.body or b"")


def look(feed: Feed, now: datetime, *, etag: str = "", modified: str = "") -> Look:
    """One look at a feed; what goes wrong is in the answer."""
    try:
        found = get(feed.address, Limits(LIMIT, SECONDS, near(), ACCEPT), etag=etag, modified=modified)
        if found.body is None:
            return Look(etag=found.etag or etag, modified=found.modified or modified)
        taken = take(feed, *read(found.body))
        if taken.hour is not None and taken.hour > now + AHEAD:
            raise Broken(Trouble.HOUR, taken.hour.isoformat())
    except FetchFailed as failed:
        return Look(fault=failed.fault.value, detail=failed.detail)
    except Broken as broken:
        return Look(fault=broken.trouble.value, detail=broken.detail)
    return Look(taken, etag=found.etag, modified=found.modified)
