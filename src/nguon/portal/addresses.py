"""Where the pages of a site are, said from outside of it: for links of the office, and for whoever looks at them."""

from django.conf import settings
from django.urls import get_script_prefix, reverse, set_script_prefix

from nguon.portal.middleware import PATH
from nguon.portal.models import Posting, Site


def of_site(site: Site, view: str, *args: str) -> str:
    """The path of a page of a site on this server, whatever name of its own the site has."""
    before = get_script_prefix()
    set_script_prefix(f"{PATH}{site.slug}/")
    try:
        return reverse(view, args=args, urlconf=settings.NGUON_PUBLIC_URLCONF)
    finally:
        set_script_prefix(before)


def of_posting(posting: Posting) -> str:
    """The path of an article."""
    return of_site(posting.site, "site:article", posting.slug)
