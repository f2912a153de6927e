"""Where the addresses of a site that is closed lead: on to the site in its place, or nowhere.

An old address leads to the same thing there where there is one: the article of the same bulletin, the page of the same
name. What people told and which warning is in force stays to be had in any case.
"""

import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve

from nguon.kit.clock import now, today
from nguon.places import queries as places
from nguon.portal import queries, skins
from nguon.portal.models import Posting, Site

ARTICLE = re.compile(r"/tin/(?P<slug>[a-z0-9-]+)(?P<rest>/nghe)?")
SECTION = re.compile(r"/muc/(?P<key>[a-z0-9-]+)/")
CHAIN = 5  # sites in the place of one another


def onward(request: HttpRequest, site: Site, path: str) -> str:
    """The whole address that a path (`/tin/x`) of a closed site leads to; empty where the site is only closed."""
    heir = successor(site)
    if heir is not None:
        return _absolute(request, heir) + _there(site, heir, path).removeprefix("/")
    return f"{skins.base(request)}{path}" if path.startswith(settings.NGUON_PUBLIC_PATHS) else ""


def gone(request: HttpRequest, site: Site) -> dict[str, Any]:
    """What is said of a closed site: which open one is the nearest (None if none), where to tell of something."""
    became = places.tree().successors(site.place_id, today()) or {site.place_id}
    near = next((found for pk in sorted(became) if (found := skins.nearest(pk))), None)
    told = f"{skins.base(request)}{settings.NGUON_PUBLIC_PATHS[0]}"
    return {"site": site, "near": near, "near_at": _absolute(request, near) if near else "", "told": told}


def successor(site: Site) -> Site | None:
    """The open site that took its place, at whatever remove; None if there is none."""
    found = site.successor
    for _step in range(CHAIN):
        if found is None or queries.is_open(found, now()):
            return found
        found = found.successor
    return None


def _there(site: Site, heir: Site, path: str) -> str:
    """The path of the same thing on the site in its place; else its front page."""
    if found := ARTICLE.fullmatch(path):
        posting = _same_article(site, heir, found["slug"])
        return f"/tin/{posting.slug}{found['rest'] or ''}" if posting else "/"
    if found := SECTION.fullmatch(path):
        return path if any(one.key == found["key"] for one in queries.filled(heir)) else "/"
    if path.startswith(settings.NGUON_PUBLIC_PATHS):
        return path
    try:
        return "/" if resolve(path, settings.NGUON_PUBLIC_URLCONF).kwargs else path
    except Resolver404:
        return "/"


def _same_article(site: Site, heir: Site, slug: str) -> Posting | None:
    """The article of the bulletin that stood there, where it stands now."""
    stood = site.postings.filter(slug=slug).first()
    return queries.up(heir, now()).filter(bulletin=stood.bulletin_id).first() if stood else None


def _absolute(request: HttpRequest, site: Site) -> str:
    """The address of a site as everybody reaches it."""
    scheme = "https" if request.is_secure() else "http"
    return f"{scheme}:{skins.below(site, '')}" if site.host else f"{skins.base(request)}{skins.below(site, '')}"
