"""What search engines are told of a site: its addresses with the day of their last change, and what is not for them."""

from collections.abc import Iterator
from datetime import datetime
from xml.etree import ElementTree

from django.urls import reverse

from nguon.channels.site import calendars
from nguon.channels.site.feeds import Made, absolute
from nguon.portal import queries
from nguon.portal.events import queries as events
from nguon.portal.models import Site
from nguon.ui.skin import Skin

SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
MOST = 50_000  # addresses, as the protocol limits it
STANDING = ("site:front", "site:timetable", "site:listen", "site:map", "site:events", "site:feeds", "warned:in-force")


def sitemap(site: Site, skin: Skin, now: datetime) -> Made:
    """Every page for everybody."""
    root = ElementTree.Element("urlset", xmlns=SPACE)
    newest = site.updated_at
    for path, changed in list(_pages(site, skin, now))[:MOST]:
        entry = ElementTree.SubElement(root, "url")
        ElementTree.SubElement(entry, "loc").text = absolute(skin, path)
        if changed is not None:
            ElementTree.SubElement(entry, "lastmod").text = changed.isoformat(timespec="seconds")
            newest = max(newest, changed)
    data = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return Made(data, "application/xml; charset=utf-8", newest)


def _pages(site: Site, skin: Skin, now: datetime) -> Iterator[tuple[str, datetime | None]]:
    known = [reverse(name) for name in STANDING]
    sections = [way.url for way in skin.menu if way.url.startswith(skin.front)]
    yield from ((path, None) for path in dict.fromkeys([*known, *sections]))
    for row in queries.up(site, now).order_by("-publish_at")[:MOST]:
        yield reverse("site:article", args=[row.slug]), row.corrected_at or row.publish_at
    for one in events.public(site):
        yield reverse("site:event", args=[one.event.slug]), calendars.stamped(one)


def robots(skin: Skin) -> str:
    """The rules for robots: all but what people fill in."""
    told = f"{skin.front}phan-anh/"
    return f"User-agent: *\nDisallow: {told}\nAllow: /\n\nSitemap: {absolute(skin, reverse('site:sitemap'))}\n"
