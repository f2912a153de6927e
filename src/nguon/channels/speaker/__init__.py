"""Loudspeakers: text becomes speech, a broadcast becomes one order per area."""

from nguon.channels.speaker.channel import Speaker

__all__ = ["Speaker"]
