"""A source that nobody else may see: for the walk along all addresses."""

from typing import Any

from nguon.channels.board.feeds.models import Edition, Source
from nguon.newsroom.models import Bulletin
from tests.app import feeding
from tests.app.desk import Desk

MODELS = (Source, Edition)


def make(desk: Desk, _bulletin: Bulletin, secret: str) -> dict[str, dict[str, Any]]:
    """A timetable of the commune that waits for approval."""
    source = feeding.Feeding(desk).written(feeding.BUS, title=f"{secret} lịch").source
    return {f"board:feeds:{name}": {"pk": source.pk} for name in ("detail", "edit", "end")}
