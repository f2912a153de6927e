"""Pure rules of speaking live: how long, what a name may be, when a link counts as lost."""

from datetime import timedelta

DEFAULT_MINUTES, MOST_MINUTES = 10, 60
GRACE = timedelta(seconds=8)  # without a sound from the browser: then the link is lost
ALIVE_EVERY = timedelta(seconds=5)  # how often the one who carries it says so
SAVING = timedelta(seconds=60)  # after the end, within which what was spoken becomes a file
DEAD_AFTER = timedelta(seconds=25)  # without that: the server that carried it is gone
UNUSED = timedelta(days=1)  # one never begun is forgotten then
LATE = timedelta(seconds=5)  # how long after its limit an order may still begin on a device

SPEAKER, STOPPED, LIMIT, LOST, RIGHT, FAULT, SERVER = (
    "speaker",
    "stopped",
    "limit",
    "lost",
    "right",
    "fault",
    "server",
)


def minutes(wanted: int) -> int:
    """A limit of speaking in minutes, within what is allowed at all."""
    return max(1, min(wanted, MOST_MINUTES))


def same_site(origin: str, host: str, trusted: list[str]) -> bool:
    """Whether a page of this server asks: its origin is `host` (with port), or one that the settings trust."""
    scheme, _, named = origin.partition("://")
    return scheme in ("http", "https") and (named.lower() == host.lower() or origin in trusted)
