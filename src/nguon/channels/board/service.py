"""What boards need in the background: feeds, and playlists of the systems above."""

import asyncio

from nguon.channels.board.feeds import service as feeds
from nguon.channels.board.upper import service as upper


async def run() -> None:
    """For ever, side by side."""
    await asyncio.gather(feeds.run(), upper.run())
