"""Whether this server serves sites at all: their pages are those of a channel, which is one line of the settings.

And the names that are the server's own, by which no site can be found.
"""

from urllib.parse import urlsplit

from django.conf import settings

from nguon.devices import channels

CHANNEL = "site"  # the channel that makes the articles and pages of sites


def served() -> bool:
    """Whether the channel of sites works here. Without it no site has pages, and nothing can be posted."""
    return CHANNEL in channels.active()


def pushes() -> bool:
    """Whether telephones are told of news and warnings here: not turned off, and push services are told whom to ask."""
    return settings.NGUON_PUSH and bool(push_contact())


def push_contact() -> str:
    """Where push services find whoever runs this server: `mailto:` or `https:`; empty if nobody said."""
    public = settings.NGUON_PUBLIC_URL
    return str(settings.NGUON_PUSH_CONTACT or (public if public.startswith("https://") else ""))


def office_name() -> str:
    """The name by which everybody reaches the server itself; empty if none was set."""
    return _name(settings.NGUON_PUBLIC_URL)


def own_names(asked: str = "") -> frozenset[str]:
    """The names that no site may take; `asked`: the host (and port) by which the server is asked just now."""
    found = {office_name(), _name(settings.NGUON_BROKER_PUBLIC_URL), _name(f"//{asked}")}
    return frozenset(found - {""})


def _name(url: str) -> str:
    return (urlsplit(url).hostname or "").rstrip(".")
