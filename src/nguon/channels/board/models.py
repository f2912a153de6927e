"""The tables of the channel of boards."""

from nguon.channels.board.upper.models import (
    BoardClass,
    Entry,
    FarBoard,
    FarShown,
    Grant,
    Told,
    UpperItem,
    UpperSource,
)

__all__ = ["BoardClass", "Entry", "FarBoard", "FarShown", "Grant", "Told", "UpperItem", "UpperSource"]
