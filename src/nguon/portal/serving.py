"""Whether this server serves sites at all: their pages are those of a channel, which is one line of the settings."""

from nguon.devices import channels

CHANNEL = "site"  # the channel that makes the articles and pages of sites


def served() -> bool:
    """Whether the channel of sites works here. Without it no site has pages, and nothing can be posted."""
    return CHANNEL in channels.active()
