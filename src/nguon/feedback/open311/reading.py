"""Reading what programs send. What is empty counts as not sent."""

import re
from collections.abc import Mapping
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from nguon.feedback.open311.contract import Refused
from nguon.feedback.open311.queries import MOST, Asked
from nguon.kit.clock import from_iso
from nguon.kit.text import clean

LONGEST = 4000  # characters of a description
YEARS = range(1970, 2200)  # of a date that is asked for: there is room for 90 days and any zone on both sides
_ATTRIBUTE = re.compile(r"attribute\[([^\]]{1,60})\](\[\])?")


def asked(query: QueryDict) -> Asked:
    """What is asked of the register. Raises Refused."""
    states = _several(query, "status")
    if unknown := set(states) - {"open", "closed"}:
        raise Refused(400, _("status “%(status)s” không có; dùng open hoặc closed.") % {"status": sorted(unknown)[0]})
    return Asked(
        numbers=_several(query, "service_request_id"),
        services=_several(query, "service_code"),
        states=states,
        start=_moment(query, "start_date"),
        end=_moment(query, "end_date"),
        page=_number(query, "page", 1, 10_000),
        size=_number(query, "page_size", MOST, MOST),
    )


def position(post: QueryDict) -> tuple[float, float] | None:
    """Where, if it was sent: both parts. Raises Refused."""
    given = [post.get(name, "").strip() for name in ("lat", "long")]
    if not any(given):
        return None
    try:
        latitude, longitude = (float(one) for one in given)
    except ValueError as error:
        raise Refused(400, _("lat và long phải có đủ cả hai và là số (WGS84).")) from error
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise Refused(400, _("lat và long nằm ngoài trái đất."))
    return latitude, longitude


def attributes(post: QueryDict) -> Mapping[str, str]:
    """The answers to the questions of a service; several of one joined by commas."""
    found: dict[str, str] = {}
    for name in post:
        if match := _ATTRIBUTE.fullmatch(name):
            values = [clean(one)[:1000] for one in post.getlist(name) if one.strip()]
            if values:
                found[match[1]] = ", ".join(values)
    return found


def text(post: QueryDict, name: str, longest: int) -> str:
    """A text as it is kept. Raises Refused if it is too long."""
    found = clean(post.get(name, ""))
    if len(found) > longest:
        raise Refused(400, _("%(name)s dài quá %(max)d ký tự.") % {"name": name, "max": longest})
    return found


def _several(query: QueryDict, name: str) -> tuple[str, ...]:
    return tuple(one.strip() for value in query.getlist(name) for one in value.split(",") if one.strip())[:MOST]


def _moment(query: QueryDict, name: str) -> datetime | None:
    written = query.get(name, "").strip().replace(" ", "+")  # a plus that was not written %2B
    if not written:
        return None
    found = from_iso(written)
    if found is None or found.year not in YEARS:
        raise Refused(400, _("%(name)s phải có dạng 2026-01-31T08:00:00Z.") % {"name": name})
    return found


def _number(query: QueryDict, name: str, usual: int, most: int) -> int:
    written = query.get(name, "").strip()
    if not written:
        return usual
    if not written.isdecimal() or len(written) > 9 or not int(written) >= 1:
        raise Refused(400, _("%(name)s phải là số từ 1 trở lên.") % {"name": name})
    return min(int(written), most)
