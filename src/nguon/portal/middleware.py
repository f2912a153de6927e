"""Which site is asked for: by the host's own name, or by the path `/trang/<slug>/`.

Below it the addresses are those of `settings.NGUON_PUBLIC_URLCONF`, and the path of the site is the script prefix: so
`reverse` and `{% url %}` give the right address in either case, and no page knows which it is.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import get_script_prefix, set_script_prefix

from nguon.portal import skins
from nguon.portal.models import Site

PATH = "/trang/"
CLOSED = "nguon.portal.closed_urls"
SHARED = ("/static/", "/healthz")  # not of any site, whatever the host
Next = Callable[[HttpRequest], HttpResponse]


class SiteMiddleware:
    """Turns a request for a site to the pages of sites, with `request.skin`."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if bare := _bare(request):
            return bare
        found = self._site(request)
        if found is None:
            if closed := _closed(request):
                request.closed, request.path_info = closed  # type: ignore[attr-defined]
                request.urlconf = CLOSED
                request.skin = skins.of_closed(closed[0], request)  # type: ignore[attr-defined]
                return self.get_response(request)
            if request.path_info.startswith(settings.NGUON_PUBLIC_PATHS):
                request.skin = skins.common(request)  # type: ignore[attr-defined]
            return self.get_response(request)
        site, prefix, rest = found
        before = get_script_prefix()
        request.path_info = rest
        request.urlconf = settings.NGUON_PUBLIC_URLCONF
        set_script_prefix(prefix)
        try:
            request.skin = skins.of_site(site, request)  # type: ignore[attr-defined]
            return self.get_response(request)
        finally:
            set_script_prefix(before)

    def _site(self, request: HttpRequest) -> tuple[Site, str, str] | None:
        """The site that is asked for, its prefix and the rest of the path; None if it is none of a site."""
        path = request.path_info
        if path.startswith(PATH):
            slug, slash, rest = path[len(PATH) :].partition("/")
            by_slug = skins.by_slug(slug)
            return (by_slug, f"{PATH}{slug}/", f"/{rest}") if by_slug and slash else None
        if path.startswith(SHARED):
            return None
        by_host = skins.by_host(request.get_host().partition(":")[0].lower())
        return (by_host, "/", path) if by_host else None


def _closed(request: HttpRequest) -> tuple[Site, str] | None:
    """The site that is asked for and open no more, and the rest of the path; None if it is none of those."""
    path = request.path_info
    if path.startswith(PATH):
        slug, _slash, rest = path[len(PATH) :].partition("/")
        by_slug = skins.closed(slug=slug)
        return (by_slug, f"/{rest}") if by_slug else None
    if path.startswith((*SHARED, *settings.NGUON_PUBLIC_PATHS)):
        return None
    by_host = skins.closed(host=request.get_host().partition(":")[0].lower())
    return (by_host, path) if by_host else None


def _bare(request: HttpRequest) -> HttpResponse | None:
    """On to the front page of an open site whose path was typed without its last slash; else None."""
    slug = request.path_info.removeprefix(PATH)
    if slug == request.path_info or "/" in slug or skins.by_slug(slug) is None:
        return None
    query = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect(f"{PATH}{slug}/{'?' if query else ''}{query}")
