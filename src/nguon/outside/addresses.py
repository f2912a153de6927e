"""Addresses of others: which may be asked at all, and why asking brought nothing. Pure."""

import ipaddress
import re
from collections.abc import Iterable
from enum import StrEnum
from urllib.parse import urlsplit

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Fault(StrEnum):
    """Why nothing came of asking a server."""

    ADDRESS = "address"  # no web address, or one that leads from https to http
    NAME = "name"  # its name is not known
    NEAR = "near"  # it leads into the network of the server
    CONNECT = "connect"
    TLS = "tls"
    LATE = "late"
    CUT = "cut"  # the connection broke off, or what came is no HTTP
    LARGE = "large"
    STATUS = "status"
    CIRCLE = "circle"  # too many redirects
    CONTENT = "content"  # not what was asked for


def networks(text: str) -> tuple[Network, ...]:
    """The networks of a list with commas, `10.12.0.0/16, 192.0.2.7`. Raises ValueError."""
    return tuple(ipaddress.ip_network(one.strip()) for one in text.split(",") if one.strip())


def reachable(address: str, allowed: Iterable[Network]) -> bool:
    """Whether an IP address may be connected to: it is of the open internet, or the operator named its network.

    An IPv4 address inside an IPv6 one (mapped, 6to4, NAT64) is judged by the inner one.
    """
    if within(address, allowed):
        return True
    try:
        found = _inner(ipaddress.ip_address(address.split("%")[0]))
    except ValueError:
        return False
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def within(address: str, networks: Iterable[Network]) -> bool:
    """Whether an IP address is in one of these networks."""
    try:
        found = _inner(ipaddress.ip_address(address.split("%")[0]))
    except ValueError:
        return False
    return any(found in network for network in networks if network.version == found.version)


def _inner(found: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    if isinstance(found, ipaddress.IPv4Address):
        return found
    if found in _NAT64:
        return ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    return found.ipv4_mapped or found.sixtofour or found


def is_feed_address(text: str) -> bool:
    """Whether a text is a web address without a name or password in it."""
    try:
        parts = urlsplit(text)
        _port = parts.port
    except ValueError:
        return False
    plain = parts.username is None and parts.password is None and not re.search(r"[\s\x00-\x20]", text)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and plain
