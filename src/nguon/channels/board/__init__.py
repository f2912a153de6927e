"""Boards: text becomes slides, a broadcast becomes one order per area; the page that is a board."""

from nguon.channels.board.channel import Board

__all__ = ["Board"]
