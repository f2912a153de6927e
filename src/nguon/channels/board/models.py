"""What the channel of boards keeps. A board itself keeps what it shows."""

from nguon.channels.board.feeds.models import Edition, Kind, Source

__all__ = ["Edition", "Kind", "Source"]
