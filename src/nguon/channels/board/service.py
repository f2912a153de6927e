"""What boards need in the background: playlists of the systems above."""

from nguon.channels.board.upper import service


async def run() -> None:
    """For ever."""
    await service.run()
