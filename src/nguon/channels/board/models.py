"""The tables of the channel of boards. What a board shows, it keeps itself."""

from nguon.channels.board.feeds.models import Edition, Kind, Source
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

__all__ = [
    "BoardClass",
    "Edition",
    "Entry",
    "FarBoard",
    "FarShown",
    "Grant",
    "Kind",
    "Source",
    "Told",
    "UpperItem",
    "UpperSource",
]
