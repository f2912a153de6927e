"""Rules of sites that need neither the database nor the clock: addresses, what is missing, how old."""

import ipaddress
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from nguon.kit.text import fold
from nguon.kit.words import gettext_noop

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NUMBER = re.compile(r"\+?\d[\d .\-]*")
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
NEEDED = {  # a site opens to the public only with these
    "owner": gettext_noop("cơ quan chủ quản"),
    "responsible": gettext_noop("người chịu trách nhiệm"),
    "address": gettext_noop("địa chỉ trụ sở"),
    "phone": gettext_noop("điện thoại"),
    "hours": gettext_noop("giờ làm việc"),
}
# Why a posting was not right when its page was fetched, as it is kept; an HTTP status comes after STATUS.
NO_ANSWER, STATUS, OTHER = "no-answer", "status-", "other"


class Fill(StrEnum):
    """How a section stands, for its owner."""

    FULL = "full"
    EMPTY = "empty"
    OVERDUE = "overdue"


def filled(newest: datetime | None, days: int, now: datetime) -> Fill:
    """How a section stands whose newest public word is of that moment. `days`: how old it may be; 0: for ever."""
    if newest is None:
        return Fill.EMPTY
    return Fill.OVERDUE if days and newest + timedelta(days=days) <= now else Fill.FULL


def due(newest: datetime, days: int) -> datetime:
    """When that word becomes too old."""
    return newest + timedelta(days=days)


def slug_of(words: str, longest: int = 60) -> str:
    """A path from a name: `Xã Phước Thuận` → `xa-phuoc-thuan`. Empty if nothing of it can be one."""
    return re.sub(r"[^a-z0-9]+", "-", fold(words)).strip("-")[:longest].strip("-")


def is_slug(slug: str) -> bool:
    """Whether it can be a path: small letters without marks, digits, single hyphens."""
    return bool(SLUG.fullmatch(slug)) and len(slug) <= 60


def is_host(host: str) -> bool:
    """Whether it can be the name of a site: a full name, no address of a machine, no port."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return bool(HOST.fullmatch(host)) and len(host) <= 200
    return False


def is_address(url: str) -> bool:
    """Whether it leads to a page of the web: http or https, with a host, without blanks."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(c.isspace() for c in url)
    except ValueError:
        return False


def lacking(said: Mapping[str, str]) -> list[str]:
    """What still keeps a site from being opened, in words, in order."""
    return [words for name, words in NEEDED.items() if not said.get(name, "").strip()]


def dialled(phone: str) -> str:
    """What a telephone dials of a number as it is written for people: `0256 000 001 (giờ hành chính)`; may be empty."""
    found = _NUMBER.search(phone)
    return re.sub(r"[^\d+]", "", found[0]) if found else ""
