"""Looking at the links of a site: own ones are asked for in this process, others over the network, a few at a time."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from urllib.parse import urldefrag, urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from nguon.channels.site.asking import Asker
from nguon.channels.site.broken.gathering import Link, links
from nguon.channels.site.broken.models import Broken, Look
from nguon.kit.clock import LOCAL, local_day
from nguon.outside.addresses import Fault
from nguon.outside.fetching import FetchFailed, Limits, get
from nguon.portal.models import Site

NIGHT = (time(1), time(5))  # of Vietnam: the hours in which links are looked at
LIMITS = Limits(size=65_536, seconds=10.0)  # whether it is there is known long before its end
AT_ONCE = 4
THERE = (Fault.LARGE, Fault.CONTENT)  # something came
SHY = ("401", "403", "405", "429")  # statuses of servers that let in people, but no programs
SITES = 1  # looked at in one turn


def turn(now: datetime, base: str) -> int:
    """At night, look at the next site that was not looked at today; how many were. `base` as of `Asker`."""
    if not NIGHT[0] <= now.astimezone(LOCAL).time() < NIGHT[1]:
        return 0
    since = now - timedelta(hours=12)
    due = Site.objects.filter(Q(link_look=None) | Q(link_look__looked_at__lt=since), opened_at__lte=now)
    chosen = list(due.order_by("slug")[:SITES])
    for site in chosen:
        look(site=site, base=base, now=now)
    return len(chosen)


def look(*, site: Site, base: str, now: datetime) -> None:
    """Look at every link of an open site, and write down those that lead nowhere."""
    found = links(site, now)
    asker = Asker(site, base)
    own = {one.address: _path(one.address, asker) for one in found}
    faults = {address: _own(asker, path) for address, path in own.items() if path}
    faults |= _foreign(address for address, path in own.items() if not path)
    wrong = [(one, faults[one.address]) for one in found if faults[one.address]]
    _keep(site, wrong, {address for address, path in own.items() if not path}, len(found), now)


def _path(address: str, asker: Asker) -> str:
    """The path and query of an address of this site's host; empty for one of another server."""
    whole = urldefrag(address).url
    if whole.startswith("/"):
        return whole
    parts = urlsplit(whole)
    if parts.netloc.lower() != asker.host.lower():
        return ""
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _own(asker: Asker, path: str) -> str:
    if path.startswith(settings.STATIC_URL):
        return ""
    status = asker.ask(path).status_code
    if status < 400:
        return ""
    return {404: "missing", 410: "gone"}.get(status, "failed")


def _foreign(addresses: Iterable[str]) -> dict[str, str]:
    listed = list(addresses)
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="links") as pool:
        return dict(zip(listed, pool.map(_fault, listed), strict=True))


def _fault(address: str) -> str:
    """Why an address of another server leads nowhere; empty if it leads somewhere."""
    try:
        get(urldefrag(address).url, LIMITS)
    except FetchFailed as failed:
        shy = failed.fault == Fault.STATUS and failed.detail in SHY
        return "" if shy or failed.fault in THERE else str(failed.fault)
    return ""


@transaction.atomic
def _keep(site: Site, wrong: list[tuple[Link, str]], foreign: set[str], count: int, now: datetime) -> None:
    day = local_day(now)
    rows = Broken.objects.filter(site=site)
    before = {(row.source, row.address): row.first_on for row in rows}
    rows.delete()
    Broken.objects.bulk_create(_rows(site, wrong, foreign, before, day))
    Look.objects.update_or_create(site=site, defaults={"looked_at": now, "links": count})


def _rows(
    site: Site, wrong: list[tuple[Link, str]], foreign: set[str], before: dict[tuple[str, str], date], day: date
) -> Iterator[Broken]:
    for one, fault in wrong:
        address = one.address[:1000]
        yield Broken(
            site=site,
            source=one.source,
            where=one.where[:400],
            mend=one.mend,
            words=one.words[:300],
            address=address,
            foreign=one.address in foreign,
            fault=fault,
            first_on=before.get((one.source, address), day),
            last_on=day,
        )
